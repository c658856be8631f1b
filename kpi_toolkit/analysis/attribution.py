"""What a platform's words for its attribution setting mean: how many days after a click, a view or an engaged view."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Final

from kpi_toolkit.i18n import Text, finished

# In the order in which they are tried: an engaged view is no plain one.
_WORDS: Final = (
    ("engaged", r"engaged[- _]?view(?:ed)?(?:[- ]?through)?|互動觀看|互動瀏覽"),
    ("click", r"click(?:ed|ing|s)?(?:[- ]?through)?|點擊|點閱|點選|pc(?=\d)"),
    ("view", r"view(?:ed|ing|s)?(?:[- ]?through)?|瀏覽|觀看|看過|曝光|impressions?|pv(?=\d)"),
)
_NUMBER: Final = r"(?P<number>\d+)\s*-?\s*(?P<unit>天|日|小時|days?|hours?|hrs?|[dh](?![a-z])|d(?=pv))"
_TOKEN: Final = re.compile("|".join([*(f"(?P<{name}>{words})" for name, words in _WORDS), _NUMBER]), re.IGNORECASE)
_HOURS: Final = 24


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Days within which a conversion is credited after a click, a view, an engaged view; 0: not credited at all."""

    click: int = 0
    view: int = 0
    engaged: int = 0

    def wider_than(self, other: Setting) -> bool:
        """Whether it credits all that the other does, and more."""
        pairs = [(getattr(self, one.name), getattr(other, one.name)) for one in fields(self)]
        return self != other and all(own >= its for own, its in pairs)

    def text(self) -> Text:
        """As a person reads it."""
        named = [
            (self.click, "點擊後 {n} 天", "{n}-day click"),
            (self.view, "瀏覽後 {n} 天", "{n}-day view"),
            (self.engaged, "互動觀看後 {n} 天", "{n}-day engaged view"),
        ]
        told = [(zh.format(n=days), en.format(n=days)) for days, zh, en in named if days]
        return finished("或".join(zh for zh, _ in told) or "不計", " or ".join(en for _, en in told) or "none")


def setting_of(words: str) -> Setting | None:
    """The setting that the words mean, in any of the platforms' spellings (`7-day click or 1-day view`, 「點擊後 7 天或瀏覽後 1 天內」,
    `7d_click`, `Pc30dPv24h`); None for words that name no days (data-driven, last click)."""
    tokens = [(str(found.lastgroup), found) for found in _TOKEN.finditer(words)]
    number_first = bool(tokens) and tokens[0][1]["number"] is not None
    days: dict[str, int] = {}
    waiting: list[str] = []
    held: int | None = None
    for _, found in tokens:
        if found["number"] is not None:
            held = _days(found)
            if not number_first:
                days |= dict.fromkeys(waiting, held)
                waiting = []
        else:
            kind = next(name for name, _ in _WORDS if found[name] is not None)
            if number_first and held is not None:
                days.setdefault(kind, held)
            else:
                waiting.append(kind)
    return Setting(**days) if days else None


def _days(found: re.Match[str]) -> int:
    number = int(found["number"][:5])
    return -(-number // _HOURS) if found["unit"].lower().startswith(("h", "小")) else number
