"""Text in SQL: whatever a name, a path or a pattern holds, it stays that text."""

from __future__ import annotations


def literal(words: str) -> str:
    """A text as an SQL literal."""
    return "'" + words.replace("'", "''") + "'"
