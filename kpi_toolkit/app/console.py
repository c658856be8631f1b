"""What the server's terminal shows: one line a fault, and nobody's data."""

from __future__ import annotations

import logging

from kpi_toolkit.app import words
from kpi_toolkit.i18n import Lang, Text


class OneLine(logging.Formatter):
    """A fault as its kind alone, for its message may quote somebody's data; anything else as its first line."""

    def __init__(self, lang: Lang) -> None:
        super().__init__()
        self.lang = lang

    def format(self, record: logging.LogRecord) -> str:
        """The record in one line."""
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None:
            return told(fault).say(self.lang)
        return next(iter(record.getMessage().splitlines()), "")


def told(fault: BaseException) -> Text:
    """What went wrong: which kind of error, and in a cell of the page the kind of the cell's."""
    if hasattr(fault, "ename"):
        return words.CELL.fill(name=fault.ename)
    return words.FAULT.fill(name=type(fault).__name__)
