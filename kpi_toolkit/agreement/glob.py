"""Patterns for names: `*` is any text, `?` any one character, everything else is itself; upper and lower case differ.

Square brackets are plain characters, because campaigns are often called `[品牌]_搜尋`. The same pattern answers in
Python and as SQL, and a property test holds the two equal.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from kpi_toolkit.tables.quoting import literal


def matches(pattern: str, name: str) -> bool:
    """Whether the whole of `name` fits `pattern`."""
    return fnmatchcase(name, pattern.replace("[", "[[]"))


def condition(pattern: str, column: str) -> str:
    """The same as a DuckDB condition over `column` (a column or other SQL expression that is text and not NULL)."""
    inner = pattern.strip("*")
    if "?" in inner or "*" in inner:
        return f"regexp_full_match({column}, {literal(_regex(pattern))}, 's')"
    open_start, open_end = pattern.startswith("*"), pattern.endswith("*")
    if not inner:
        return "true" if open_start else f"{column} = ''"
    if open_start and open_end:
        return f"contains({column}, {literal(inner)})"
    if open_start or open_end:
        return f"{'ends_with' if open_start else 'starts_with'}({column}, {literal(inner)})"
    return f"{column} = {literal(inner)}"


_ODD = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]")


def _regex(pattern: str) -> str:
    # Every ASCII character that isn't a letter or digit by its number: no quote or operator is left to misread.
    spelled = {"*": ".*", "?": "."}
    return _ODD.sub(lambda found: spelled.get(found[0]) or f"\\x{ord(found[0]):02x}", pattern)
