"""Detectors: one file each."""

from __future__ import annotations

from kpi_toolkit.checks.detector import Detector
from kpi_toolkit.discovery import discover

DETECTORS: dict[str, Detector] = discover("kpi_toolkit.checks.detectors", "DETECTOR", Detector)
