"""Reading cells: SQL expressions that turn text into numbers, dates, times, ids and flags.

Whatever can't be read becomes NULL; `unreadable` tells it from cells that are honestly empty. Nothing is guessed: `1,23`,
`1.234,56`, `1e4`, `NaN` and impossible dates are unreadable. Plain cells take the first branch and cost little.
"""

from __future__ import annotations

from collections.abc import Iterable

from kpi_toolkit.tables.table import Kind

# Cells that mean "not known", never 0.
EMPTY = ("", "--", "-", "—", "–", "N/A", "n/a", "NA", "#N/A", "null", "NULL", "(not set)", "(data not available)", "∞")

# What stands around a cell: spaces, tabs, no-break spaces; Excel's apostrophe before figures.
SPACES = " \t\u00a0"
_SPACES = f"'{SPACES}'"
_SPACES_AND_QUOTE = "' \t\u00a0'''"
_WIDE = "０１２３４５６７８９，．－（）％＋／：　＄"
_NARROW = "0123456789,.-()%+/: $"
_MARKS = r"NT\$|US\$|HK\$|TWD|NTD|USD|HKD|[$¥￥€£%元圓円]"
# A long figure that begins with 0 is a phone number or an id, not a figure.
PLAIN = r"([1-9][0-9]*|0[0-9]{0,5})(\.[0-9]*)?"
GROUPED = r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?"
_SIGNED = rf"[-+]?({PLAIN}|\.[0-9]+|{GROUPED})"
ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SLASHED = r"[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?"
# Ids without anything around them that could have been destroyed: figures, `#1001`, e-mails, phones.
BARE_ID = r"[0-9]+|[#+_A-Za-z][!-~]*"
AMBIGUOUS = r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})"


def number(cell: str) -> str:
    """A number as DOUBLE: thousands separators, currency signs, full-width digits, `(5000)` and `△5` for negatives.

    A percent sign is dropped, the figure stays in percent points. `> 90%` and `< 10%` are bounds, not numbers: NULL.
    """
    return (
        f"CASE WHEN regexp_full_match({cell}, '{PLAIN}') THEN TRY_CAST({cell} AS DOUBLE) "
        f"WHEN regexp_full_match({cell}, '{GROUPED}') THEN TRY_CAST(replace({cell}, ',', '') AS DOUBLE) "
        f"WHEN {cell} IS NULL THEN NULL ELSE {_dressed_number(_bare(cell))} END"
    )


def _bare(cell: str) -> str:
    return f"trim(translate(trim({cell}, {_SPACES_AND_QUOTE}), '{_WIDE}', '{_NARROW}'))"


def _dressed_number(bare: str) -> str:
    """A figure with a currency sign before it, a unit behind it, and its sign anywhere around it."""
    without_sign = rf"regexp_replace({bare}, '(?i)^([-+(△▲−–]?) *(?:{_MARKS}) *', '\1')"
    without_unit = rf"regexp_replace({without_sign}, '(?i) *(?:{_MARKS}) *([-)]?)$', '\1')"
    signed = rf"regexp_replace({without_unit}, '^\( *(.*?) *\)$|^[△▲−–] *(.*)$|^([0-9.,]+) *-$', '-\1\2\3')"
    return (
        f"CASE WHEN regexp_full_match({signed}, '{_SIGNED}') "
        f"THEN TRY_CAST(replace(replace({signed}, ',', ''), '+', '') AS DOUBLE) END"
    )


def is_empty(cell: str) -> str:
    """Whether the cell says nothing."""
    return f"({cell} IS NULL OR {_among(f'trim({cell}, {_SPACES})', EMPTY)})"


def _among(text: str, choices: Iterable[str]) -> str:
    # DuckDB makes a join of a long IN list and trims and looks up every row for it, also where a CASE rules that out.
    listed = ", ".join(f"'{choice}'" for choice in choices)
    return f"list_position([{listed}], {text}) IS NOT NULL"


def unreadable(cell: str, value: str, kind: Kind) -> str:
    """Whether `cell` says something that `value`, its reading as `kind`, could not hold."""
    bound = (
        f" AND NOT regexp_full_match(trim({cell}), '[<>] ?[0-9.,]+ ?%?')"
        if kind in {"count", "quantity", "money", "ratio"}
        else ""
    )
    return f"CASE WHEN {value} IS NULL THEN NOT {is_empty(cell)}{bound} ELSE false END"


def day(cell: str, order: str = "") -> str:
    """A date: ISO, `2026/1/5`, `20261101`, `2026年11月1日`, `Nov 1, 2026`, `1 November 2026`, Excel serials, and the
    ROC calendar (`115/11/01`, `115.11.5`, `1151110`, `中華民國115年11月30日`; year + 1911).

    `order` decides `03/04/2026`: `mdy` or `dmy`; without it such cells are unreadable. No date rolls over.
    """
    return (
        f"CASE WHEN regexp_full_match({cell}, '{ISO}|{_SLASHED}') THEN TRY_CAST({cell} AS DATE) "
        f"WHEN {cell} IS NULL THEN NULL ELSE {_other_day(_bare(cell), order)} END"
    )


def _other_day(bare: str, order: str) -> str:
    western = rf"regexp_extract({bare}, '^([0-9]{{4}})[/.年-] ?([0-9]{{1,2}})[/.月-] ?([0-9]{{1,2}})日?(?:[ T].*)?$', ['y', 'm', 'd'])"
    roc = rf"regexp_extract({bare}, '^(?:中華民國|民國|ROC)? ?([0-9]{{2,3}})[/.年-] ?([0-9]{{1,2}})[/.月-] ?([0-9]{{1,2}})日?$', ['y', 'm', 'd'])"
    digits = rf"regexp_extract({bare}, '^([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})$', ['y', 'm', 'd'])"
    roc_digits = rf"regexp_extract({bare}, '^([01][0-9]{{2}})([0-9]{{2}})([0-9]{{2}})$', ['y', 'm', 'd'])"
    branches = [
        f"WHEN {western}.y <> '' THEN {_made(western)}",
        f"WHEN {roc}.y <> '' THEN {_made(roc, 1911)}",
        f"WHEN {digits}.y <> '' THEN {_made(digits)}",
        f"WHEN {roc_digits}.y <> '' THEN {_made(roc_digits, 1911)}",
        rf"WHEN regexp_full_match({bare}, '[3-6][0-9]{{4}}(\.[0-9]+)?') THEN DATE '1899-12-30' + CAST(floor(CAST({bare} AS DOUBLE)) AS INTEGER)",
        f"WHEN regexp_matches({bare}, '(?i)[a-z]{{3}}') THEN {_worded_day(bare)}",
    ]
    if order in {"mdy", "dmy"}:
        first, second = ("m", "d") if order == "mdy" else ("d", "m")
        parts = rf"regexp_extract({bare}, '^{AMBIGUOUS}(?:[ T].*)?$', ['{first}', '{second}', 'y'])"
        branches.append(f"WHEN {parts}.y <> '' THEN {_made(parts)}")
    return f"CASE {' '.join(branches)} END"


def _made(parts: str, plus: int = 0) -> str:
    # A cast of text refuses 30 February, where make_date would need a guard of its own.
    year = f"CAST({parts}.y AS INTEGER) + {plus}" if plus else f"CAST({parts}.y AS INTEGER)"
    return f"TRY_CAST(printf('%04d-%02d-%02d', {year}, CAST({parts}.m AS INTEGER), CAST({parts}.d AS INTEGER)) AS DATE)"


def _worded_day(bare: str) -> str:
    american = rf"regexp_extract({bare}, '(?i)^(?:[a-z]{{3,9}},? )?([a-z]{{3,9}})\.? ([0-9]{{1,2}}),? ([0-9]{{4}})', ['w', 'd', 'y'])"
    british = rf"regexp_extract({bare}, '(?i)^([0-9]{{1,2}})[ -]([a-z]{{3,9}})\.?[ -]([0-9]{{4}})', ['d', 'w', 'y'])"

    def part(name: str) -> str:
        return f"CASE WHEN {american}.y <> '' THEN {american}.{name} ELSE {british}.{name} END"

    number_of_month = _numbered(part("w"))
    return (
        f"CASE WHEN {part('y')} <> '' AND {number_of_month} > 0 THEN "
        f"TRY_CAST(printf('%s-%02d-%02d', {part('y')}, {number_of_month}, CAST({part('d')} AS INTEGER)) AS DATE) END"
    )


def month(cell: str) -> str:
    """The first day of a month that stands in a cell of its own: `2026-10`, `2026/10`, `202610`, `2026年10月`, `10/2026`,
    `October 2026`, `Oct 2026`, Excel's `Oct-26`, and the ROC calendar (`115年10月`, `115/10`, `11510`; year + 1911)."""
    bare = _bare(cell)
    western = rf"regexp_extract({bare}, '^([0-9]{{4}})(?:[/.年-] ?)?([0-9]{{1,2}})(?:月份?)?$', ['y', 'm'])"
    turned = rf"regexp_extract({bare}, '^([0-9]{{1,2}})/([0-9]{{4}})$', ['m', 'y'])"
    roc = rf"regexp_extract({bare}, '^(?:中華民國|民國|ROC)? ?([0-9]{{2,3}})[/.年-] ?([0-9]{{1,2}})(?:月份?)?$', ['y', 'm'])"
    roc_digits = rf"regexp_extract({bare}, '^(1[0-9]{{2}})([0-9]{{2}})$', ['y', 'm'])"
    worded = rf"regexp_extract({bare}, '(?i)^([a-z]{{3,9}})\.?(?:,? |-)((?:20)?[0-9]{{2}})$', ['w', 'y'])"
    century = f"TRY_CAST({worded}.y AS INTEGER) % 100 + 2000"
    branches = [
        f"WHEN {western}.y <> '' THEN {_first_day(f'TRY_CAST({western}.y AS INTEGER)', f'TRY_CAST({western}.m AS INTEGER)')}",
        f"WHEN {turned}.y <> '' THEN {_first_day(f'TRY_CAST({turned}.y AS INTEGER)', f'TRY_CAST({turned}.m AS INTEGER)')}",
        *(
            f"WHEN {parts}.y <> '' THEN {_first_day(f'TRY_CAST({parts}.y AS INTEGER) + 1911', f'TRY_CAST({parts}.m AS INTEGER)')}"
            for parts in (roc, roc_digits)
        ),
        f"WHEN {worded}.y <> '' THEN {_first_day(century, _numbered(f'{worded}.w'))}",
    ]
    return f"CASE {' '.join(branches)} END"


def _first_day(year: str, number: str) -> str:
    return f"TRY_CAST(printf('%04d-%02d-01', {year}, {number}) AS DATE)"


def _numbered(word: str) -> str:
    """The number of a month's English name."""
    listed = ", ".join(f"'{name}'" for name in MONTHS)
    return f"coalesce(list_position([{listed}], lower(({word})[1:3])), 0)"


def time(cell: str, timezone: str, order: str = "") -> str:
    """A moment as TIMESTAMP in `timezone`: any date of `day`, with an hour (上午/下午 and AM/PM too) and an offset."""
    local = f"({ISO}|{_SLASHED}) [0-9]{{1,2}}:[0-9]{{2}}(:[0-9]{{2}})?"
    with_offset = f"{ISO}[ T][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}} ?[+-][0-9]{{2}}:?[0-9]{{2}}"
    return (
        f"CASE WHEN regexp_full_match({cell}, '{local}') THEN TRY_CAST({cell} AS TIMESTAMP) "
        f"WHEN regexp_full_match({cell}, '{with_offset}') "
        f"THEN timezone('{timezone}', TRY_CAST({cell}[:19] || ltrim({cell}[20:]) AS TIMESTAMPTZ)) "
        f"WHEN {cell} IS NULL THEN NULL ELSE {_other_time(_bare(cell), timezone, order)} END"
    )


def _other_time(bare: str, timezone: str, order: str) -> str:
    date_part = rf"regexp_replace({bare}, '[ T]+(上午|下午|[0-9]{{1,2}}:).*$', '')"
    clock = rf"regexp_extract({bare}, '{_TIME}', ['h', 'm', 's'])"
    hour = (
        f"CASE WHEN regexp_matches({bare}, '(?i)下午|[0-9] ?pm') AND CAST({clock}.h AS INTEGER) < 12 THEN CAST({clock}.h AS INTEGER) + 12 "
        f"WHEN regexp_matches({bare}, '(?i)上午|[0-9] ?am') AND {clock}.h = '12' THEN 0 ELSE CAST({clock}.h AS INTEGER) END"
    )
    seconds = f"CASE WHEN {clock}.h = '' THEN 0 ELSE ({hour}) * 3600 + CAST({clock}.m AS INTEGER) * 60 + CAST('0' || {clock}.s AS INTEGER) END"
    serial = rf"CASE WHEN regexp_full_match({bare}, '[3-6][0-9]{{4}}\.[0-9]+') THEN round((CAST({bare} AS DOUBLE) % 1) * 86400) ELSE {seconds} END"
    local = f"CAST({day(date_part, order)} AS TIMESTAMP) + to_seconds({serial})"
    offset = rf"regexp_extract({bare}, '[0-9] ?([+-])([0-9]{{2}}):?([0-9]{{2}})$', ['sign', 'h', 'm'])"
    minutes = f"CASE {offset}.sign WHEN '' THEN 0 WHEN '-' THEN -1 ELSE 1 END * (TRY_CAST('0' || {offset}.h AS INTEGER) * 60 + TRY_CAST('0' || {offset}.m AS INTEGER))"
    zone = rf"CASE WHEN {offset}.sign <> '' OR regexp_matches({bare}, '[0-9] ?(Z|UTC|GMT)$') THEN 'UTC' ELSE '{timezone}' END"
    return f"timezone('{timezone}', timezone({zone}, {local} - to_minutes({minutes})))"


def currency(cell: str) -> str:
    """A currency as its ISO code: `twd`, `NT$`, 新台幣 and the like too; whatever else is unreadable."""
    bare = f"upper(trim({cell}, {_SPACES}))"
    return (
        f"CASE WHEN regexp_full_match({cell}, '[A-Z]{{3}}') AND {cell} <> 'NTD' THEN {cell} "
        f"WHEN regexp_full_match({bare}, '[A-Z]{{3}}') AND {bare} <> 'NTD' THEN {bare} "
        f"WHEN {_among(bare, ('NTD', 'NT$', 'NT', '台幣', '臺幣', '新台幣', '新臺幣'))} THEN 'TWD' WHEN {bare} IN ('US$', '美元', '美金') THEN 'USD' "
        f"WHEN {bare} IN ('HK$', '港幣', '港元') THEN 'HKD' WHEN {bare} IN ('日幣', '日圓') THEN 'JPY' END"
    )


def hour(cell: str) -> str:
    """The hour of the day as `0` … `23`: `00`, `00:00:00 - 00:59:59`, `13:00`, `1 PM`, `下午 1 點`, and that of a moment."""
    parts = (
        rf"regexp_extract({_bare(cell)}, '(?i)^(?:{ISO}[ T])?(上午|下午)? ?([0-9]{{1,2}})(?::[0-9]{{2}}){{0,2}} ?([ap]\.?m\.?|時|點)?"
        r"(?: ?[-–—~至] ?(?:上午|下午)? ?[0-9]{1,2}(?::[0-9]{2}){0,2} ?(?:[ap]\.?m\.?|時|點)?)?$', ['half', 'h', 'sign'])"
    )
    figure = f"TRY_CAST({parts}.h AS INTEGER)"
    early, late = (f"regexp_matches({parts}.half || {parts}.sign, '(?i)^({words})')" for words in ("上午|a", "下午|p"))
    told = (
        f"CASE WHEN {late} AND {figure} < 12 THEN {figure} + 12 WHEN {early} AND {figure} = 12 THEN 0 ELSE {figure} END"
    )
    return f"CASE WHEN {figure} BETWEEN 0 AND 23 THEN ({told})::VARCHAR END"


def words(cell: str) -> str:
    """Text without the spaces around it; empty becomes NULL."""
    # Looking at both ends costs a third of trimming, and most cells need none.
    outer = f"{cell}[1] > ' ' AND {cell}[1] <> '\u00a0' AND {cell}[-1] NOT IN (' ', '\t', '\u00a0')"
    return f"CASE WHEN {outer} THEN {cell} ELSE nullif(trim({cell}, {_SPACES}), '') END"


def identifier(cell: str) -> str:
    """An id as text: Excel's guards (`'001`, `="001"`) are taken off; ids that Excel destroyed (`1.2E+17`) are NULL."""
    bare = rf"regexp_replace(trim({cell}, {_SPACES}), '^''|^=\"(.*)\"$', '\1')"
    return (
        f"CASE WHEN regexp_full_match({cell}, '{BARE_ID}') THEN {cell} "
        f"WHEN {cell} IS NULL OR {destroyed(cell)} THEN NULL ELSE nullif({bare}, '') END"
    )


def destroyed(cell: str) -> str:
    """Whether Excel turned the id into a rounded figure."""
    return rf"coalesce(regexp_full_match(trim({cell}), '[0-9](\.[0-9]+)?[Ee]\+?[0-9]+'), false)"


def flag(cell: str) -> str:
    """Yes or no: 是/否, yes/no, true/false, new/returning, 1/0."""
    lower = f"lower(trim({cell}))"
    return (
        f"CASE WHEN {_among(lower, ('是', 'yes', 'y', 'true', '1', 'new', '新', '新客', '新會員', '新顧客', '首購', '首購客', 'new customer', 'first order'))} THEN true "
        f"WHEN {_among(lower, ('否', 'no', 'n', 'false', '0', 'returning', '舊', '舊客', '舊會員', '舊顧客', '老客', '回購', '回購客', 'returning customer', 'existing', 'existing customer', 'repeat'))} THEN false END"
    )


def value(cell: str, kind: Kind, *, timezone: str, order: str = "") -> str:
    """The reading of `cell` as `kind`."""
    if kind == "date":
        return day(cell, order)
    if kind == "time":
        return time(cell, timezone, order)
    if kind == "flag":
        return flag(cell)
    if kind in {"text", "id"}:
        return words(cell) if kind == "text" else identifier(cell)
    return number(cell)
