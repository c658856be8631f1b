"""Names that vendors chose, made fit to print: still their text, but on one line and no longer than there is room."""

from __future__ import annotations

import unicodedata

# Controls, lone surrogates, and the marks that turn the direction of everything after them.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINING = frozenset("\u200d\ufe0e\ufe0f")


def plain(name: object) -> str:
    """`name` on one line, without control characters and marks that turn the writing direction."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in str(name) if _printable(c))
    return " ".join(kept.split())


def short(name: object, room: int = 36) -> str:
    """`name` cut to `room` half-width columns, a Chinese character taking two; an ellipsis tells of the cut."""
    words = plain(name)
    if columns(words) <= room:
        return words
    kept, used = [], 1
    for character in words:
        used += columns(character)
        if used > room:
            break
        kept.append(character)
    return "".join(kept).rstrip("".join(_JOINING) + " ") + "…"


def columns(words: str) -> int:
    """How many half-width columns `words` takes."""
    return sum(_columns(character) for character in words)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or character in _JOINING:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _printable(character: str) -> bool:
    return character not in _TURNING and unicodedata.category(character) != "Cs"
