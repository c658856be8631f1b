"""A mapping: which column of any other table is which canonical one. Files are called `*.mapping.yaml`."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from kpi_toolkit.agreement.document import quoted, read_document
from kpi_toolkit.agreement.model import Agreed, agreed, wrong
from kpi_toolkit.agreement.terms import CURRENCY, CURRENCY_WORDS, Line, Source, Words
from kpi_toolkit.errors import nearest
from kpi_toolkit.i18n import Text
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.table import Column

# Tables that a file can be read into, and what each can't do without: one of the columns in every group.
NEEDED: Dict[str, tuple[tuple[str, ...], ...]] = {
    "ads_daily": (("date_day", "period_start"),),
    "orders": (("order_id",), ("ordered_at",), ("total", "line_total", "unit_price")),
    "sessions": (("date_day", "period_start"),),
    "invoices_fees": (("doc_date",), ("amount",)),
    "content": (("post_id", "title"),),
}
# A file of order lines is given as orders: its lines' columns are welcome too.
ALSO: Dict[str, tuple[str, ...]] = {"orders": ("order_lines",)}
# What the reader knows by itself.
GIVEN = frozenset({"source", "source_row"})


def _table(value: object) -> str:
    if value not in NEEDED:
        near = ", ".join(nearest(str(value), NEEDED) or NEEDED)
        words = Text(zh="沒有這個表：{value}；可用：{near}", en="no such table: {value}; use {near}")
        raise wrong(words.fill(value=quoted(value), near=near))
    return str(value)


class Mapping(Agreed):
    """Canonical names with the headers that a file gives them; `constants` stand for columns that it doesn't have.

    `values` turns a file's own words in a column of choices into the canonical ones. `name` becomes the `source` of the
    rows, `title` is what people read instead of it. `date_order` says how dates such as 03/04/2026 are meant.
    """

    name: Source
    title: Words | None = None
    table: Annotated[str, BeforeValidator(_table)]
    columns: dict[str, Line]
    constants: dict[str, Line] = Field(default_factory=dict)
    values: dict[str, dict[str, Line]] = Field(default_factory=dict)
    date_order: Literal["dmy", "mdy", "ymd"] | None = None

    @model_validator(mode="after")
    def _fits_its_table(self) -> Any:
        known = canonical(self.table)
        faults = [_unknown(part, name, known) for part, name in self._named() if name not in known]
        faults += [_twice(name) for name in self.constants if name in self.columns]
        faults += [_missing(group) for group in NEEDED[self.table] if not {*group} & {*self.columns, *self.constants}]
        faults += [
            fault for name, value in self.constants.items() if name in known for fault in _unfit(known[name], value)
        ]
        faults += [fault for name in self.values for fault in self._untranslatable(name, known)]
        if faults:
            raise wrong(*faults)
        return self

    def _untranslatable(self, name: str, known: Dict[str, Column]) -> list[Text]:
        choices = known[name].allowed if name in self.columns and name in known else ()
        if not choices:
            words = Text(
                zh="values 只能用在 columns 裡有固定選項的欄位，不能是 {name}",
                en="values are for columns of choices that `columns` names, not {name}",
            )
            return [words.fill(name=quoted(name))]
        return [fault for meaning in self.values[name].values() for fault in _unfit(known[name], meaning)]

    def _named(self) -> list[tuple[str, str]]:
        return [*(("columns", name) for name in self.columns), *(("constants", name) for name in self.constants)]

    @property
    def headers(self) -> set[str]:
        """The headers that a file needs for this mapping to be its own."""
        return set(self.columns.values())


def read_mapping(path: Path) -> Mapping:
    """The mapping file at `path`; one without a title is called by the file's name, as a mapping.

    Raises AgreementError with all of its faults.
    """
    name = path.name.removesuffix(".yaml").removesuffix(".mapping")
    untitled = {"zh": f"{name}（對照檔）", "en": f"{name} (mapping)"}
    return agreed(Mapping, read_document(path), title=untitled)


def canonical(table: str) -> dict[str, Column]:
    """The canonical columns that a mapping for `table` may name."""
    tables = (*ALSO.get(table, ()), table)
    return {column.name: column for one in tables for column in TABLES[one].columns if column.name not in GIVEN}


def _unknown(part: str, name: str, known: Dict[str, Column]) -> Text:
    words = Text(
        zh="{part}：沒有標準欄位 {name}；最接近的：{near}",
        en="{part}: no canonical column {name}; did you mean: {near}",
    )
    return words.fill(part=part, name=quoted(name), near=", ".join(nearest(name, known) or known))


def _twice(name: str) -> Text:
    words = Text(zh="{name} 同時寫在 columns 與 constants", en="{name} stands in columns and in constants")
    return words.fill(name=quoted(name))


def _missing(group: tuple[str, ...]) -> Text:
    words = Text(zh="columns 缺少 {names}", en="columns lacks {names}")
    return words.fill(names=Text(zh="{n}", en="{n}").fill(n=" / ".join(group)))


def _unfit(column: Column, value: str) -> list[Text]:
    """Why `value` can't stand in every row of `column`; empty when it can."""
    if column.name == "currency" and not CURRENCY.fullmatch(value):
        return [CURRENCY_WORDS.fill(value=quoted(value))]
    if column.allowed and value not in column.allowed:
        words = Text(zh="{name} 不能是 {value}；可用：{names}", en="{name} can't be {value}; use {names}")
        return [words.fill(name=column.name, value=quoted(value), names=", ".join(column.allowed))]
    if column.numeric and not _is_number(value):
        words = Text(zh="{name} 不是數字：{value}", en="{name} is not a number: {value}")
        return [words.fill(name=column.name, value=quoted(value))]
    return []


def _is_number(value: str) -> bool:
    try:
        return isfinite(float(value))
    except ValueError:
        return False
