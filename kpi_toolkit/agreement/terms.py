"""The kinds of value that agreements are written in: ids, names in two languages, currencies, time zones, days."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import partial
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from kpi_toolkit.agreement.document import quoted
from kpi_toolkit.agreement.model import Agreed, wrong
from kpi_toolkit.errors import nearest
from kpi_toolkit.i18n import Text, finished

ID = re.compile(r"[a-z0-9-]{1,64}")
_SOURCE = re.compile(r"[a-z0-9_-]{1,64}")
CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)

IS_ID = Text(
    zh="編號只能用小寫英文、數字和 -，最多 64 字：{value}", en="ids are a-z, 0-9 and -, at most 64 of them: {value}"
)


def is_id(words: str) -> bool:
    """Whether `words` can name a client or a vendor: never a path, never hidden, the same on every file system."""
    return ID.fullmatch(words) is not None


def _spelled(shape: re.Pattern[str], words: Text, value: object) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise wrong(words.fill(value=quoted(value)))
    return value


def _zone(value: object) -> str:
    if not isinstance(value, str) or value not in available_timezones():
        near = ", ".join(nearest(str(value), available_timezones())) or "Asia/Taipei"
        words = Text(zh="沒有這個時區：{value}；例如：{near}", en="no such time zone: {value}; perhaps {near}")
        raise wrong(words.fill(value=quoted(value), near=near))
    return ZoneInfo(value).key


def _day(value: object, *, last: bool) -> date:
    """A date; a month stands for its first or its last day."""
    if isinstance(value, date):
        return value
    try:
        year, month, day = (int(part or 0) for part in _DAY.fullmatch(str(value)).groups())  # type: ignore[union-attr]
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except (AttributeError, ValueError):
        words = Text(
            zh="不是日期：{value}；請寫 2026-10 或 2026-10-01", en="not a date: {value}; write 2026-10 or 2026-10-01"
        )
        raise wrong(words.fill(value=quoted(value))) from None


_SOURCE_WORDS = Text(zh="來源只能用小寫英文、數字、_ 和 -：{value}", en="a source is a-z, 0-9, _ and -: {value}")
CURRENCY_WORDS = Text(
    zh="幣別是三個大寫字母，例如 TWD：{value}", en="a currency is three capitals such as TWD: {value}"
)

Id = Annotated[str, BeforeValidator(partial(_spelled, ID, IS_ID))]
Source = Annotated[str, BeforeValidator(partial(_spelled, _SOURCE, _SOURCE_WORDS))]
Currency = Annotated[str, BeforeValidator(partial(_spelled, CURRENCY, CURRENCY_WORDS))]
Zone = Annotated[str, BeforeValidator(_zone)]
Since = Annotated[date, BeforeValidator(partial(_day, last=False))]
Until = Annotated[date, BeforeValidator(partial(_day, last=True))]
Share = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=0)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Note = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Words(Agreed):
    """A name or note in both languages; one text alone stands for both."""

    zh: Note
    en: Note

    @model_validator(mode="before")
    @classmethod
    def _one_for_both(cls, value: Any) -> Any:
        return {"zh": value, "en": value} if isinstance(value, str) else value

    def text(self) -> Text:
        """The same as a Text; braces in it stay braces."""
        return finished(self.zh, self.en)


class Lasting(Agreed):
    """Something that holds from the day `since` to the day `until`, both included; None: without a beginning or an end."""

    since: Since | None = None
    until: Until | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Any:
        if self.since and self.until and self.until < self.since:
            raise wrong(Text(zh="until 早於 since", en="until is before since"))
        return self
