"""Manipulations: one file for each question of the domain, each with a list of its own."""

from __future__ import annotations

from benchmarks.integrity.manipulation import Manipulation
from kpi_toolkit.discovery import discover

MANIPULATIONS: dict[str, Manipulation] = discover("benchmarks.integrity.manipulations", "MANIPULATIONS", Manipulation)
