"""Saying that there is too little, and what would be enough."""

from __future__ import annotations

from typing import Final

from kpi_toolkit.analysis.evidence import Spread, power, weeks_needed
from kpi_toolkit.i18n import Text

# The level that a single look has to pass when some twenty others are taken in the same month.
LEVEL: Final = 0.001
_WEEKS: Final = 52 / 12
_SOON = Text(
    zh="{vendor}：以一個月約 {count} 筆{what}來說，總共要累積約 {weeks} 週的資料才看得準（一個月裡變成 {times} 倍，約有 {chance} 的機會看得出來）",
    en="{vendor}: with about {count} {what} a month, about {weeks} {weeks:week|weeks} of data are needed ({times} times as many in a month would be seen in about {chance} of the cases)",
)
_NEVER = Text(
    zh="{vendor}：一個月只有約 {count} 筆{what}，就算變成 {times} 倍，看得出來的機會也只有約 {chance}；收滿一年也不夠",
    en="{vendor}: with about {count} {what} a month, {times} times as many would be seen in about {chance} of the cases, and a year of data would not be enough",
)


def too_few(vendor: Text, what: Text, a_month: float, spread: Spread, *, times: float = 2.0) -> Text:
    """What `a_month` of something can show: the chance that `times` as many are noticed, and the weeks that are needed."""
    chance = power(a_month, times, spread, LEVEL)
    weeks = weeks_needed(a_month / _WEEKS, times, spread, LEVEL)
    said = {
        "vendor": vendor,
        "what": what,
        "count": f"{a_month:,.0f}",
        "times": f"{times:g}",
        "chance": f"{chance:.0%}",
    }
    return _NEVER.fill(**said) if weeks is None else _SOON.fill(**said, weeks=weeks)
