"""The store: immutable snapshots of every import, and a client's tables made of the newest of them."""

from __future__ import annotations

from kpi_toolkit.store.store import Store

__all__ = ["Store"]
