"""Every code that a reading is told with has words in both languages."""

from __future__ import annotations

import re

import pytest

from kpi_toolkit.i18n import LANGS, Lang
from kpi_toolkit.present import readings
from kpi_toolkit.tables import TABLES

SUMS = ("orders", "gross_total", "cancelled", "refunded", "pending", "revenue")
DROPPED = (
    "total row", "footer row", "blank row", "duplicate row", "incomplete order", "row without order number", "shifted row",
    "unreadable date_day", "invalid spend",
)  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_sums_have_names(lang: Lang) -> None:
    columns = {column.name for table in TABLES.values() for column in table.columns if column.numeric}
    for name in (*SUMS, *columns):
        words = readings.total(name, lang)
        assert "_" not in words
        if lang == "zh-TW":
            assert re.search("[\u4e00-\u9fff]", words), name


@pytest.mark.parametrize("lang", LANGS)
def test_reasons_for_leaving_rows_out_have_words(lang: Lang) -> None:
    other = readings.dropped("something new", lang)
    said = [readings.dropped(code, lang) for code in DROPPED]
    assert len(set(said)) == len(said) and other not in said
    assert not any("_" in words for words in said)
    assert other == {"zh-TW": "其他原因", "en": "other reasons"}[lang]
