"""Whose a campaign or an invoice is and what a conversion counts as: the same in Python and as SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.conversion import (
    RESULT_WORDS,
    Conversion,
    counts_of,
    counts_sql,
    definition_of,
    definition_sql,
)
from kpi_toolkit.agreement.glob import condition, matches
from kpi_toolkit.agreement.vendor import Vendor, billed_by, billed_sql, vendor_of, vendor_sql

Answers = Callable[[str, str, Sequence[tuple]], list[str]]
# Names as hostile as they come: quotes, wildcards of every dialect, line breaks, other scripts, halves of escapes.
CHARACTERS = st.one_of(
    st.sampled_from("aAbB_%*?[]!^-\\'\"`;$(){}|.+ \n\t｜品牌é🙂#&~\u0130\u212a"),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)
NAMES = st.text(CHARACTERS, max_size=8)
PATTERNS = st.text(st.one_of(st.sampled_from("aab*?_%['\\ \n品"), CHARACTERS), min_size=1, max_size=6)
SOURCES = st.sampled_from(["google_ads", "meta_ads"])
DAYS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 6)))


@settings(max_examples=300, deadline=None)
@given(pattern=PATTERNS, names=st.lists(NAMES, min_size=1, max_size=5))
def test_a_pattern_means_the_same_in_sql(answers: Answers, pattern: str, names: list[str]) -> None:
    names = [*names, pattern, pattern.replace("*", "xx").replace("?", "品")]
    expected = [matches(pattern, name) for name in names]
    assert expected[-1] or "?" in pattern or "*" in pattern
    assert answers(condition(pattern, "name"), "name", [(name,) for name in names]) == expected


@pytest.mark.parametrize("pattern", ["*", "**", "a", "a*", "*a", "*a*", "a?c", "a*c", "'; DROP TABLE t; --", "%_[x]"])
def test_every_shape_of_pattern_means_the_same_in_sql(answers: Answers, pattern: str) -> None:
    names = ["", "a", "ab", "ba", "bab", "abc", "a品c", "a\nc", "A", "'; DROP TABLE t; --", "%_[x]", "%_x", "zz[x]"]
    expected = [matches(pattern, name) for name in names]
    assert any(expected)
    assert answers(condition(pattern, "name"), "name", [(name,) for name in names]) == expected


RULES = st.fixed_dictionaries({"campaign": PATTERNS.filter(str.strip)}, optional={"source": SOURCES, "account": PATTERNS.filter(str.strip)})  # fmt: skip
VENDORS = st.lists(st.lists(RULES, min_size=1, max_size=3), max_size=3).map(
    lambda given: [
        Vendor.model_validate({"id": f"v{at}", "name": "x", "campaigns": rules}) for at, rules in enumerate(given)
    ]
)


@settings(max_examples=150, deadline=None)
@given(vendors=VENDORS, rows=st.lists(st.tuples(SOURCES, NAMES, NAMES), min_size=1, max_size=6))
def test_vendors_are_the_same_in_sql(answers: Answers, vendors: list[Vendor], rows: list[tuple[str, str, str]]) -> None:
    rows += [
        (rule.source or "line_ads", rule.account or "", rule.campaign or "")
        for vendor in vendors
        for rule in vendor.campaigns
    ]
    expected = [vendor_of(vendors, source, campaign, account) for source, account, campaign in rows]
    assert answers(vendor_sql(vendors), "source, account_id, campaign_name", rows) == expected


def test_columns_without_a_value_are_nobodys(answers: Answers, bakery: Client) -> None:
    rows: list[tuple] = [("google_ads", None, None), ("google_ads", None, "BC_1"), (None, None, None)]
    sql = vendor_sql(bakery.vendors)
    assert answers(sql, "source, account_id, campaign_name", rows) == ["", "beichen", ""]


def test_invoices_carry_a_vendors_name_or_another_of_its(answers: Answers) -> None:
    vendors = [
        Vendor.model_validate(
            {"id": "bei", "name": {"zh": "北辰數位", "en": "O'Beichen"}, "billed_as": ["北辰*有限公司"]}
        ),
        Vendor.model_validate({"id": "qing", "name": "晴天"}),
    ]
    names = ["北辰數位", "O'Beichen", "北辰數位行銷有限公司", "晴天", "晴天社群", "", None]
    expected = ["bei", "bei", "bei", "qing", "", "", ""]
    assert [billed_by(vendors, name or "") for name in names] == expected
    assert answers(billed_sql(vendors), "vendor_name", [(name,) for name in names]) == expected


def agreed(source: str = "meta_ads", counts: str = "lead", **more: object) -> Conversion:
    return Conversion.model_validate({"source": source, "counts": counts, "counting": "one", **more})


CONVERSIONS = st.lists(
    st.builds(
        agreed,
        source=SOURCES,
        counts=st.sampled_from(["lead", "purchase", "other"]),
        vendor=st.sampled_from([None, "v", "w"]),
        since=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 5))),
    ),
    max_size=5,
    unique_by=lambda one: (one.source, one.vendor, one.since, one.counts),
)
SAID = st.one_of(
    NAMES, st.sampled_from(sorted({p.strip("*") for patterns in RESULT_WORDS.values() for p in patterns}))
).flatmap(lambda word: st.sampled_from([word, word.upper(), f"x{word}", f"{word}.x"]))


@settings(max_examples=150, deadline=None)
@given(
    ledger=CONVERSIONS,
    rows=st.lists(st.tuples(SOURCES, st.sampled_from(["", "v", "w"]), DAYS, SAID), min_size=1, max_size=6),
)
def test_definitions_are_the_same_in_sql(
    answers: Answers, ledger: list[Conversion], rows: list[tuple[str, str, date | None, str]]
) -> None:
    columns, rows = "source, vendor, date, conversion_type", [*rows, ("meta_ads", "v", None, "")]
    counts = [counts_of(ledger, *row) for row in rows]
    assert answers(counts_sql(ledger), columns, rows) == counts
    expected = [definition_of(ledger, *row[:3], counted) for row, counted in zip(rows, counts, strict=True)]
    assert answers(definition_sql(ledger, counts=counts_sql(ledger)), columns, rows) == expected
