"""Numbers, dates, times, ids and flags as people write them, against plain Python."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi_toolkit.sources import cells

Read = Callable[[str, Sequence[str | None]], list[Any]]
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def read() -> Iterator[Read]:
    """Evaluate an expression over `cell` for each text."""
    with duckdb.connect() as connection:

        def evaluate(expression: str, texts: Sequence[str | None]) -> list[Any]:
            rows = "SELECT unnest(?::VARCHAR[]) AS cell, unnest(range(?)) AS number"
            sql = f"SELECT {expression} FROM ({rows}) ORDER BY number"
            return [value for (value,) in connection.execute(sql, [list(texts), len(texts)]).fetchall()]

        yield evaluate


WIDE = str.maketrans("0123456789,.-()%", "０１２３４５６７８９，．－（）％")
CURRENCIES = ("", "NT$", "$", "US$", "HK$", "TWD ", "nt$", "¥")
UNITS = ("", "元", "圓", "%", " TWD")
SIGNS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text, "minus": lambda text: f"-{text}", "brackets": lambda text: f"({text})", "triangle": lambda text: f"△{text}", "trailing": lambda text: f"{text}-",
}  # fmt: skip


@st.composite
def written_numbers(draw: st.DrawFn) -> tuple[str, float]:
    """A number in one of the ways that exports and books write it, and its value."""
    whole, places = draw(st.integers(0, 10**12)), draw(st.integers(0, 4))
    fraction = "".join(draw(st.lists(st.sampled_from("0123456789"), min_size=places, max_size=places)))
    digits = f"{whole:,}" if draw(st.booleans()) else str(whole)
    figure = f"{digits}.{fraction}" if fraction else digits
    sign = draw(st.sampled_from(sorted(SIGNS)))
    text = SIGNS[sign](draw(st.sampled_from(CURRENCIES)) + figure + draw(st.sampled_from(UNITS)))
    text = text.translate(WIDE) if draw(st.booleans()) else text
    value = float(Decimal(f"{whole}.{fraction or 0}"))
    return draw(st.sampled_from(["", " ", "'", "\u00a0"])) + text + draw(st.sampled_from(["", " "])), value if sign == "plain" else -value  # fmt: skip


@quick
@given(st.lists(written_numbers(), min_size=1, max_size=40))
def test_a_number_is_read_however_it_is_written(read: Read, written: list[tuple[str, float]]) -> None:
    found = read(cells.number("cell"), [text for text, _ in written])
    assert dict(zip((text for text, _ in written), found, strict=True)) == {text: pytest.approx(value) for text, value in written}  # fmt: skip


def plainly(text: str) -> float | None:
    """An independent reading of ASCII figures: digits, thousands in threes, one point, one sign; else nothing."""
    sign = 1
    body = text
    if body[:1] in ("+", "-"):
        sign, body = (-1 if body[0] == "-" else 1), body[1:]
    whole, point, fraction = body.partition(".")
    groups = whole.split(",")
    even = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    figures = [*groups, fraction] if point and fraction else groups
    good = all(part.isascii() and part.isdigit() for part in figures if part or len(groups) > 1)
    long_zero = len(groups) == 1 and whole.startswith("0") and len(whole) > 6
    if not even or not good or not (whole or fraction) or long_zero or (not whole and len(groups) > 1):  # fmt: skip
        return None
    return sign * float(f"{''.join(groups) or 0}.{fraction or 0}")


@quick
@given(st.lists(st.text("0123456789,.+-", min_size=1, max_size=9), min_size=1, max_size=60))
def test_figures_of_any_shape_are_read_as_plain_python_would_or_not_at_all(read: Read, texts: list[str]) -> None:
    texts = [text for text in texts if not (text.endswith("-") and len(text) > 1)]
    assert dict(zip(texts, read(cells.number("cell"), texts), strict=True)) == {text: plainly(text) for text in texts}


@pytest.mark.parametrize(
    "text",
    ["1,23", "1.234,56", "1,2345", "1 020,50", "1e4", "1E+05", "NaN", "Infinity", "inf", "--5", "(5", "5)", "1.2.3", "abc", "12abc", "0x10", "５萬", "> 90%", "< 10%", "0987654321", "一百", "1/2", "3:20"],
)  # fmt: skip
def test_what_is_no_number_is_not_guessed(read: Read, text: str) -> None:
    assert read(cells.number("cell"), [text]) == [None]


@pytest.mark.parametrize("text", ["", " ", " --", "--", "-", "—", "N/A", "n/a", "#N/A", "null", "(not set)", "(data not available)", None])  # fmt: skip
def test_empty_cells_are_unknown_and_not_unreadable(read: Read, text: str | None) -> None:
    assert read(cells.number("cell"), [text]) == [None]
    assert read(cells.is_empty("cell"), [text]) == [True]
    assert read(cells.unreadable("cell", f"({cells.number('cell')})", "count"), [text]) == [False]


@pytest.mark.parametrize(("text", "fault"), [("> 90%", False), ("< 10%", False), ("12", False), ("x", True), ("1,23", True), ("0", False)])  # fmt: skip
def test_bounds_are_honest_and_words_are_not(read: Read, text: str, fault: bool) -> None:
    assert read(cells.unreadable("cell", f"({cells.number('cell')})", "ratio"), [text]) == [fault]
    assert read(cells.is_empty("cell"), [text]) == [False]


MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
LONG = "January February March April May June July August September October November December".split()
SPELLINGS: dict[str, Callable[[dt.date], str]] = {
    "2026-11-05": lambda day: day.isoformat(),
    "2026/11/5": lambda day: f"{day.year}/{day.month}/{day.day}",
    "2026.11.05": lambda day: f"{day.year}.{day.month:02d}.{day.day:02d}",
    "20261105": lambda day: f"{day:%Y%m%d}",
    "2026年11月5日": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "Nov 5, 2026": lambda day: f"{MONTHS[day.month - 1]} {day.day}, {day.year}",
    "November 5, 2026": lambda day: f"{LONG[day.month - 1]} {day.day}, {day.year}",
    "5 Nov 2026": lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    "27 January 2026": lambda day: f"{day.day} {LONG[day.month - 1]} {day.year}",
    "Excel": lambda day: str((day - dt.date(1899, 12, 30)).days),
    "Excel with a clock": lambda day: f"{(day - dt.date(1899, 12, 30)).days}.75",
    "115/11/05": lambda day: f"{day.year - 1911}/{day.month:02d}/{day.day:02d}",
    "115.11.5": lambda day: f"{day.year - 1911}.{day.month}.{day.day}",
    "115-11-05": lambda day: f"{day.year - 1911}-{day.month:02d}-{day.day:02d}",
    "1151105": lambda day: f"{day.year - 1911:03d}{day.month:02d}{day.day:02d}",
    "115年11月5日": lambda day: f"{day.year - 1911}年{day.month}月{day.day}日",
    "中華民國115年11月5日": lambda day: f"中華民國{day.year - 1911}年{day.month}月{day.day}日",
    "民國115年11月5日": lambda day: f"民國{day.year - 1911}年{day.month}月{day.day}日",
    "with an hour": lambda day: f"{day.year}/{day.month}/{day.day} 09:30",
    "full width": lambda day: day.isoformat().translate(WIDE),
}  # fmt: skip
DAYS = st.dates(dt.date(1983, 1, 1), dt.date(2090, 12, 31))


@quick
@given(st.lists(st.tuples(DAYS, st.sampled_from(sorted(SPELLINGS))), min_size=1, max_size=40))
def test_a_day_is_read_in_each_spelling(read: Read, days: list[tuple[dt.date, str]]) -> None:
    texts = [SPELLINGS[spelling](day) for day, spelling in days]
    assert list(zip(texts, read(cells.day("cell"), texts), strict=True)) == list(zip(texts, [day for day, _ in days], strict=True))  # fmt: skip


def made(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


PARTS = st.tuples(st.integers(1960, 2100), st.integers(0, 14), st.integers(0, 33))
FORMS = ("{y:04d}-{m:02d}-{d:02d}", "{y}/{m}/{d}", "{y:04d}{m:02d}{d:02d}", "{y}年{m}月{d}日", "民國{roc}年{m}月{d}日")


@quick
@given(st.lists(st.tuples(PARTS, st.sampled_from(FORMS)), min_size=1, max_size=40))
def test_days_that_no_calendar_has_never_roll_over(read: Read, written: list[tuple[tuple[int, int, int], str]]) -> None:
    texts = [form.format(y=y, m=m, d=d, roc=y - 1911) for (y, m, d), form in written]
    assert read(cells.day("cell"), texts) == [made(*parts) for parts, _ in written]


@quick
@given(st.lists(st.tuples(st.integers(1, 31), st.integers(1, 31), st.integers(2000, 2099), st.sampled_from("/.-")), min_size=1, max_size=40))  # fmt: skip
def test_ambiguous_days_are_read_only_when_the_order_is_told(
    read: Read, parts: list[tuple[int, int, int, str]]
) -> None:
    texts = [f"{first:02d}{mark}{second:02d}{mark}{year}" for first, second, year, mark in parts]
    assert read(cells.day("cell"), texts) == [None] * len(texts)
    assert read(cells.day("cell", "mdy"), texts) == [made(year, first, second) for first, second, year, _ in parts]
    assert read(cells.day("cell", "dmy"), texts) == [made(year, second, first) for first, second, year, _ in parts]


@quick
@given(st.lists(st.text("0123456789/-.年月日 ,NovJan", max_size=14), min_size=1, max_size=60))
def test_any_text_is_a_real_day_or_none(read: Read, texts: list[str]) -> None:
    assert all(value is None or isinstance(value, dt.date) for value in read(cells.day("cell", "dmy"), texts))


@pytest.mark.parametrize(("text", "day"), [("0890101", dt.date(2000, 1, 1)), ("1151110", dt.date(2026, 11, 10)), ("99/12/31", dt.date(2010, 12, 31)), ("115/02/29", None), ("113/02/29", dt.date(2024, 2, 29)), ("1150229", None), ("All time", None), ("總計", None), ("2026-11", None), ("115/13/01", None)])  # fmt: skip
def test_days_worth_naming(read: Read, text: str, day: dt.date | None) -> None:
    assert read(cells.day("cell"), [text]) == [day]


TAIPEI = ZoneInfo("Asia/Taipei")
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 12, 31)).map(lambda moment: moment.replace(microsecond=0))  # fmt: skip
OFFSETS = st.integers(-11 * 60, 13 * 60)


@quick
@given(st.lists(st.tuples(MOMENTS, OFFSETS), min_size=1, max_size=30))
def test_moments_with_an_offset_are_told_in_the_clients_time(
    read: Read, moments: list[tuple[dt.datetime, int]]
) -> None:
    aware = [moment.replace(tzinfo=dt.timezone(dt.timedelta(minutes=offset))) for moment, offset in moments]
    here = [moment.astimezone(TAIPEI).replace(tzinfo=None) for moment in aware]
    spellings = [
        *(f"{moment:%Y-%m-%d %H:%M:%S %z}" for moment in aware),
        *(f"{moment:%Y-%m-%dT%H:%M:%S%z}" for moment in aware),
        *(moment.isoformat() for moment in aware),
        *(f" {moment:%Y/%m/%d %H:%M:%S %z}" for moment in aware),
    ]
    assert read(cells.time("cell", "Asia/Taipei"), spellings) == here * 4


@quick
@given(st.lists(MOMENTS, min_size=1, max_size=30))
def test_moments_without_an_offset_are_the_clients_own(read: Read, moments: list[dt.datetime]) -> None:
    written: list[tuple[str, dt.datetime]] = []
    for moment in moments:
        half, hour = ("AM", "上午") if moment.hour < 12 else ("PM", "下午"), moment.hour % 12 or 12
        utc = moment.replace(tzinfo=dt.UTC).astimezone(TAIPEI).replace(tzinfo=None)
        written += [
            (f"{moment:%Y-%m-%d %H:%M:%S}", moment),
            (f"{moment:%Y/%m/%d %H:%M}", moment.replace(second=0)),
            (f"{moment.year}/{moment.month}/{moment.day} {half[1]} {hour}:{moment:%M:%S}", moment),
            (f"{moment:%Y-%m-%d} {hour}:{moment:%M:%S} {half[0]}", moment),
            (f"{moment:%Y-%m-%d}", dt.datetime.combine(moment.date(), dt.time())),
            (f"{moment:%Y-%m-%dT%H:%M:%S}Z", utc),
            (f"{moment:%Y-%m-%d %H:%M:%S} UTC", utc),
        ]
    found = read(cells.time("cell", "Asia/Taipei"), [text for text, _ in written])
    assert list(zip((text for text, _ in written), found, strict=True)) == written


@quick
@given(st.lists(st.text("0123456789ABCabc-_#", min_size=1, max_size=20), min_size=1, max_size=40))
def test_ids_stay_text_to_the_last_digit(read: Read, texts: list[str]) -> None:
    destroyed = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]+")
    expected = [None if destroyed.fullmatch(text) else text for text in texts]
    assert read(cells.identifier("cell"), texts) == expected
    assert read(cells.identifier("cell"), [f"'{text}" for text in texts if not destroyed.fullmatch(text)]) == [text for text in texts if not destroyed.fullmatch(text)]  # fmt: skip
    assert read(cells.identifier("cell"), [f'="{text}"' for text in texts]) == texts


@pytest.mark.parametrize("text", ["1.20234E+17", "1E+17", "1.2e17"])
def test_ids_that_excel_destroyed_are_unknown(read: Read, text: str) -> None:
    assert read(cells.identifier("cell"), [text]) == [None]
    assert read(cells.destroyed("cell"), [text]) == [True]


@pytest.mark.parametrize(("text", "value"), [("是", True), ("否", False), ("Yes", True), ("no", False), ("TRUE", True), ("new", True), ("returning", False), ("1", True), ("0", False), ("", None), ("maybe", None), (None, None)])  # fmt: skip
def test_flags(read: Read, text: str | None, value: bool | None) -> None:
    assert read(cells.flag("cell"), [text]) == [value]


@pytest.mark.parametrize(("text", "code"), [("TWD", "TWD"), (" twd ", "TWD"), ("NT$", "TWD"), ("NTD", "TWD"), ("新臺幣", "TWD"), ("usd", "USD"), ("美金", "USD"), ("王小明", None), ("0912345678", None), ("", None), (None, None)])  # fmt: skip
def test_currencies(read: Read, text: str | None, code: str | None) -> None:
    assert read(cells.currency("cell"), [text]) == [code]


@quick
@given(st.lists(st.text(max_size=30), min_size=1, max_size=30))
def test_no_text_whatever_breaks_a_reading(read: Read, texts: list[str]) -> None:
    texts = [text.replace("\0", "") for text in texts]
    for expression in (cells.number("cell"), cells.day("cell", "mdy"), cells.time("cell", "Asia/Taipei", "mdy"), cells.identifier("cell"), cells.flag("cell"), cells.currency("cell")):  # fmt: skip
        assert len(read(expression, texts)) == len(texts)
    stripped = [text.strip(" \t\u00a0") or None for text in texts]
    assert read(cells.words("cell"), texts) == stripped
