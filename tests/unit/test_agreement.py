"""What was agreed: who owns a campaign, what counts, what is to be reached; the same in Python and as SQL."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
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
    kind_of_result,
)
from kpi_toolkit.agreement.glob import condition, matches
from kpi_toolkit.agreement.mapped import as_source
from kpi_toolkit.agreement.mapping import Mapping, read_mapping
from kpi_toolkit.agreement.terms import Words
from kpi_toolkit.agreement.vendor import Vendor, billed_by, billed_sql, vendor_of, vendor_sql
from kpi_toolkit.agreement.workspace import find_workspace, open_workspace
from kpi_toolkit.periods import parse_period

BAKERY = """
name: {zh: 麥田小舖, en: Wheatfield}
goal: orders
gross_margin: 0.52
lead_value:            # left blank, as in a form
vendors:
  - id: beichen
    name: {zh: 北辰數位, en: Beichen Digital}
    since: 2025-09
    campaigns:
      - {source: google_ads, campaign: "BC_*"}
      - {source: meta_ads, account: 0123}
conversions:
  - {source: google_ads, vendor: beichen, since: 2025-09-01, counts: purchase, counting: every, click_window_days: 30, view_window_days: 1}
targets:
  - {metric: revenue, value: 1200000, since: 2026-01, until: 2026-02}
  - {metric: revenue, value: 1500000, since: 2026-02}
  - {metric: spend, value: 9000, period: week}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "clients/bakery/data").mkdir(parents=True)
    (tmp_path / "workspace.yaml").write_text("language: en\ncurrency: JPY\ntimezone: Asia/Tokyo\n", encoding="utf-8")
    (tmp_path / "clients/bakery/client.yaml").write_text(BAKERY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def bakery(workspace: Path) -> Client:
    return open_workspace(workspace).client("bakery")


def test_a_client_is_what_its_file_says(bakery: Client) -> None:
    assert (bakery.id, bakery.goal, bakery.gross_margin, bakery.lead_value) == ("bakery", "orders", 0.52, None)
    assert bakery.vendors[0].since == date(2025, 9, 1)
    assert bakery.vendors[0].campaigns[1].account == "0123", "an account's leading zero is part of it"
    assert bakery.assumptions == {"gross_margin": 0.52}


def test_what_a_client_leaves_out_is_the_workspaces(bakery: Client) -> None:
    assert (bakery.currency, bakery.timezone) == ("JPY", "Asia/Tokyo")


def test_a_definition_is_one_line(bakery: Client) -> None:
    line = "google_ads|beichen|2025-09-01|purchase|every|30|1"
    assert bakery.definition_of("google_ads", "beichen", date(2026, 1, 1), "purchase") == line
    assert bakery.conversion(line) == bakery.conversions[0]
    assert bakery.definition_of("google_ads", "beichen", date(2025, 8, 31), "purchase") == ""
    assert bakery.definition_of("google_ads", "other", date(2026, 1, 1), "purchase") == ""


def test_names_keep_their_braces_in_both_languages() -> None:
    text = Words(zh="{甲}", en="{b}").text()
    assert (text.say("zh-TW"), text.say("en")) == ("{甲}", "{b}")


@pytest.mark.parametrize(
    ("metric", "period", "expected"),
    [
        ("revenue", "2025-12", None),
        ("revenue", "2026-01", 1200000),
        ("revenue", "2026-02", 1500000),  # both cover it: the later start wins
        ("revenue", "2030-01", 1500000),
        ("revenue", "2026-W05", None),  # a month's target says nothing of a week
        ("spend", "2026-W05", 9000),
        ("aov", "2026-01", None),
    ],
)
def test_the_target_that_covers_a_period(bakery: Client, metric: str, period: str, expected: float | None) -> None:
    found = bakery.target(metric, parse_period(period))
    assert (found and found.value) == expected


def test_unknown_targets_name_the_nearest(bakery: Client) -> None:
    assert bakery.unknown_targets(["revenue", "spend"]) == []
    (fault,) = bakery.unknown_targets(["revenues", "spend", "cpa"])[:1]
    assert fault.say("en").startswith("targets[1]: unknown metric 'revenue'; did you mean: revenues")


def test_unknown_sources_name_the_nearest(bakery: Client) -> None:
    assert bakery.unknown_sources(["google_ads", "meta_ads"]) == []
    (fault,) = bakery.unknown_sources(["google_ads", "meta_adz"])
    assert (
        fault.say("zh-TW") == "vendors[1].campaigns[2].source：沒有這個來源 'meta_ads'；最接近的：meta_adz, google_ads"
    )


# --- whose campaign it is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "account", "campaign", "expected"),
    [
        ("google_ads", "", "BC_品牌", "beichen"),
        ("google_ads", "", "bc_品牌", ""),
        ("google_ads", "", "BCX", ""),
        ("google_ads", "", "x BC_", ""),
        ("meta_ads", "0123", "anything", "beichen"),
        ("meta_ads", "123", "anything", ""),
        ("line_ads", "", "BC_品牌", ""),
    ],
)
def test_the_first_rule_that_fits_says_whose_campaign_it_is(
    bakery: Client, source: str, account: str, campaign: str, expected: str
) -> None:
    assert bakery.vendor_of(source, campaign, account) == expected


def test_the_first_vendor_wins() -> None:
    first, second = (
        Vendor.model_validate({"id": name, "name": name, "campaigns": [{"campaign": glob}]})
        for name, glob in (("one", "A*"), ("two", "*"))
    )
    assert [vendor_of([first, second], "x", name) for name in ("AB", "B")] == ["one", "two"]
    assert [vendor_of([second, first], "x", name) for name in ("AB", "B")] == ["two", "two"]


# Names as hostile as they come: quotes, wildcards of every dialect, line breaks, other scripts, halves of escapes.
CHARACTERS = st.one_of(
    st.sampled_from("aAbB_%*?[]!^-\\'\"`;$(){}|.+ \n\t｜品牌é🙂#&~\u0130\u212a"),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)
NAMES = st.text(CHARACTERS, max_size=8)
PATTERNS = st.text(st.one_of(st.sampled_from("aab*?_%['\\ \n品"), CHARACTERS), min_size=1, max_size=6)
SOURCES = st.sampled_from(["google_ads", "meta_ads"])
DAYS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 6)))


@pytest.fixture(scope="module")
def duck() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def answers(duck: duckdb.DuckDBPyConnection, expression: str, columns: str, rows: list[tuple]) -> list[str]:
    """The expression over the rows, in order."""
    slots = f"({', '.join('?' for _ in rows[0])})"
    sql = f"SELECT {expression} FROM (VALUES {', '.join([slots] * len(rows))}) AS t({columns})"
    return [answer for (answer,) in duck.execute(sql, [value for row in rows for value in row]).fetchall()]


@settings(max_examples=300, deadline=None)
@given(pattern=PATTERNS, names=st.lists(NAMES, min_size=1, max_size=5))
def test_a_pattern_means_the_same_in_sql(duck: duckdb.DuckDBPyConnection, pattern: str, names: list[str]) -> None:
    names = [*names, pattern, pattern.replace("*", "xx").replace("?", "品")]
    expected = [matches(pattern, name) for name in names]
    assert expected[-1] or "?" in pattern or "*" in pattern
    assert answers(duck, condition(pattern, "name"), "name", [(name,) for name in names]) == expected


@pytest.mark.parametrize("pattern", ["*", "**", "a", "a*", "*a", "*a*", "a?c", "a*c", "'; DROP TABLE t; --", "%_[x]"])
def test_every_shape_of_pattern_means_the_same_in_sql(duck: duckdb.DuckDBPyConnection, pattern: str) -> None:
    names = ["", "a", "ab", "ba", "bab", "abc", "a品c", "a\nc", "A", "'; DROP TABLE t; --", "%_[x]", "%_x", "zz[x]"]
    expected = [matches(pattern, name) for name in names]
    assert any(expected)
    assert answers(duck, condition(pattern, "name"), "name", [(name,) for name in names]) == expected


RULES = st.fixed_dictionaries({"campaign": PATTERNS.filter(str.strip)}, optional={"source": SOURCES, "account": PATTERNS.filter(str.strip)})  # fmt: skip
VENDORS = st.lists(st.lists(RULES, min_size=1, max_size=3), max_size=3).map(
    lambda given: [
        Vendor.model_validate({"id": f"v{at}", "name": "x", "campaigns": rules}) for at, rules in enumerate(given)
    ]
)


@settings(max_examples=150, deadline=None)
@given(vendors=VENDORS, rows=st.lists(st.tuples(SOURCES, NAMES, NAMES), min_size=1, max_size=6))
def test_vendors_are_the_same_in_sql(
    duck: duckdb.DuckDBPyConnection, vendors: list[Vendor], rows: list[tuple[str, str, str]]
) -> None:
    rows += [
        (rule.source or "line_ads", rule.account or "", rule.campaign or "")
        for vendor in vendors
        for rule in vendor.campaigns
    ]
    expected = [vendor_of(vendors, source, campaign, account) for source, account, campaign in rows]
    assert answers(duck, vendor_sql(vendors), "source, account_id, campaign_name", rows) == expected


def test_columns_without_a_value_are_nobodys(duck: duckdb.DuckDBPyConnection, bakery: Client) -> None:
    rows: list[tuple] = [("google_ads", None, None), ("google_ads", None, "BC_1"), (None, None, None)]
    sql = vendor_sql(bakery.vendors)
    assert answers(duck, sql, "source, account_id, campaign_name", rows) == ["", "beichen", ""]


def test_invoices_carry_a_vendors_name_or_another_of_its(duck: duckdb.DuckDBPyConnection) -> None:
    vendors = [
        Vendor.model_validate(
            {"id": "bei", "name": {"zh": "北辰數位", "en": "O'Beichen"}, "billed_as": ["北辰*有限公司"]}
        ),
        Vendor.model_validate({"id": "qing", "name": "晴天"}),
    ]
    names = ["北辰數位", "O'Beichen", "北辰數位行銷有限公司", "晴天", "晴天社群", "", None]
    expected = ["bei", "bei", "bei", "qing", "", "", ""]
    assert [billed_by(vendors, name or "") for name in names] == expected
    assert answers(duck, billed_sql(vendors), "vendor_name", [(name,) for name in names]) == expected


# --- what counts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("actions:lead", "lead"),
        ("actions:offsite_conversion.fb_pixel_lead", "lead"),
        ("actions:onsite_conversion.lead_grouped", "lead"),
        ("潛在顧客", "lead"),
        ("actions:offsite_conversion.fb_pixel_purchase", "purchase"),
        ("Website purchases", "purchase"),
        ("網站購買", "purchase"),
        ("Complete payment (website)", "purchase"),
        ("actions:onsite_conversion.messaging_conversation_started_7d", "message"),
        ("訊息對話開始次數", "message"),
        ("actions:offsite_conversion.fb_pixel_add_to_cart", "add_to_cart"),
        ("加到購物車次數", "add_to_cart"),
        ("link_click", "traffic"),
        ("actions:link_click", "traffic"),
        ("landing_page_view", "traffic"),
        ("連結點擊次數", "traffic"),
        ("video_thruplay_watched_actions", "video"),
        ("actions:post_engagement", "engagement"),
        ("reach", "reach"),
        ("actions:offsite_conversion.fb_pixel_initiate_checkout", "other"),
        ("actions:offsite_conversion.fb_pixel_custom", ""),
        ("actions:offsite_conversion.custom.1234567890", ""),
        ("線上預約表單", None),
        ("misleading", None),
        ("", None),
    ],
)
def test_the_platforms_words(word: str, kind: str | None) -> None:
    assert kind_of_result(word) == kind


def agreed(source: str = "meta_ads", counts: str = "lead", **more: object) -> Conversion:
    return Conversion.model_validate({"source": source, "counts": counts, "counting": "one", **more})


def test_the_platforms_word_comes_before_the_agreement() -> None:
    lead = [agreed(counts="lead")]
    day = date(2026, 1, 1)
    assert counts_of(lead, "meta_ads", "", day, "網站購買") == "purchase"
    assert counts_of(lead, "meta_ads", "", day, "") == "lead"
    assert counts_of(lead, "meta_ads", "", day, "線上預約表單") == "lead"
    assert counts_of([], "meta_ads", "", day, "線上預約表單") == "other"
    assert counts_of([], "meta_ads", "", day, "") == ""


def test_two_kinds_from_one_day_are_told_apart_by_the_platforms_word_alone() -> None:
    both = [agreed(counts="lead", since="2026-01-01"), agreed(counts="message", since="2026-01-01")]
    day = date(2026, 2, 1)
    assert counts_of(both, "meta_ads", "", day, "actions:lead") == "lead"
    assert counts_of(both, "meta_ads", "", day, "訊息對話開始次數") == "message"
    assert counts_of(both, "meta_ads", "", day, "") == ""
    assert definition_of(both, "meta_ads", "", day, "message") == "meta_ads||2026-01-01|message|one||"
    assert definition_of(both, "meta_ads", "", day, "") == ""


def test_the_latest_definition_wins_and_the_vendors_own_on_the_same_day() -> None:
    ledger = [agreed(since="2026-01-01"), agreed(since="2026-03-01", click_window_days=7)]
    assert definition_of(ledger, "meta_ads", "v", date(2026, 2, 28), "lead") == "meta_ads||2026-01-01|lead|one||"
    assert definition_of(ledger, "meta_ads", "v", date(2026, 3, 1), "lead") == "meta_ads||2026-03-01|lead|one|7|"
    own = [*ledger, agreed(since="2026-03-01", vendor="v")]
    assert definition_of(own, "meta_ads", "v", date(2026, 3, 1), "lead") == "meta_ads|v|2026-03-01|lead|one||"
    assert definition_of(own, "meta_ads", "w", date(2026, 3, 1), "lead") == "meta_ads||2026-03-01|lead|one|7|"


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
    duck: duckdb.DuckDBPyConnection, ledger: list[Conversion], rows: list[tuple[str, str, date | None, str]]
) -> None:
    columns, rows = "source, vendor, date, conversion_type", [*rows, ("meta_ads", "v", None, "")]
    counts = [counts_of(ledger, *row) for row in rows]
    assert answers(duck, counts_sql(ledger), columns, rows) == counts
    expected = [definition_of(ledger, *row[:3], counted) for row, counted in zip(rows, counts, strict=True)]
    assert answers(duck, definition_sql(ledger, counts=counts_sql(ledger)), columns, rows) == expected


# --- the templates ---------------------------------------------------------------------------------------------------


def uncommented(text: str) -> str:
    """client.yaml's template with all of its examples in force."""
    text = re.sub(r"^(vendors|conversions|targets): \[\]$", r"\1:", text, flags=re.M)
    text = re.sub(r"^# ([a-z_]+: .*)$", r"\1", text, flags=re.M)
    return re.sub(r"^#(  +\S.*)$", lambda found: found[1] if re.match(r" +(- [{a-z]|[a-z_]+:)", found[1]) else found[0], text, flags=re.M)  # fmt: skip


@pytest.mark.parametrize("examples", [False, True], ids=["as it is", "with its examples"])
def test_the_template_of_a_client_is_valid(root: Path, workspace: Path, examples: bool) -> None:
    text = (root / "templates/client.yaml").read_text(encoding="utf-8")
    (workspace / "clients/bakery/client.yaml").write_text(uncommented(text) if examples else text, encoding="utf-8")
    client = open_workspace(workspace).client("bakery")
    assert client.goal == "orders"
    assert [len(client.vendors), len(client.conversions), len(client.targets)] == ([1, 1, 2] if examples else [0, 0, 0])
    if examples:
        assert (client.lead_value, client.vendors[0].billed_as) == (3000, ("北辰*有限公司",))
        assert len(client.vendors[0].campaigns) == 3
    written = set(re.findall(r"^#? ?([a-z_]+):", text, flags=re.M))
    assert written >= set(Client.model_fields) - {"id"}, "the template tells of every field"


def test_the_other_templates_are_valid(root: Path) -> None:
    assert open_workspace(root / "templates").language == "zh-TW"
    for file in [root / "templates/mapping.yaml", *sorted((root / "templates/mappings").iterdir())]:
        assert as_source(read_mapping(file)).table == "orders"


# --- mappings and workspaces ----------------------------------------------------------------------------------------


def test_a_mapping_for_orders_may_name_the_columns_of_their_lines() -> None:
    columns = {"order_id": "InvoiceNo", "ordered_at": "InvoiceDate", "sku": "StockCode", "unit_price": "UnitPrice"}
    mapping = Mapping.model_validate(
        {"name": "pos", "table": "orders", "columns": columns, "constants": {"currency": "GBP"}}
    )
    assert mapping.headers == {"InvoiceNo", "InvoiceDate", "StockCode", "UnitPrice"}


def test_a_mapping_reads_the_words_of_a_choice(duck: duckdb.DuckDBPyConnection) -> None:
    columns = {"order_id": "no", "ordered_at": "day", "total": "sum", "status": "state"}
    mapping = Mapping.model_validate(
        {
            "name": "pos",
            "table": "orders",
            "columns": columns,
            "values": {"status": {"棄單": "pending", "Done": "refunded"}},
        }
    )
    format_ = as_source(mapping)
    assert format_.headers["_status"] == ("state",)
    words = {"已完成": "valid", " Paid ": "valid", "棄單": "pending", "DONE": "refunded", "已取消": "cancelled", "what's this": "what's this", None: None}  # fmt: skip
    assert answers(duck, format_.computed["status"], "_status", [(word,) for word in words]) == list(words.values())


def test_lines_of_orders_are_added_up() -> None:
    columns = {"order_id": "a", "ordered_at": "b", "quantity": "c", "unit_price": "d"}
    format_ = as_source(Mapping.model_validate({"name": "pos", "table": "orders", "columns": columns}))
    assert format_.lines
    assert format_.computed == {"line_total": "quantity * unit_price"}


def test_a_clients_mappings_are_found_by_name(workspace: Path) -> None:
    text = "name: pos\ntable: orders\ncolumns: {order_id: 單號, ordered_at: 日期, total: 金額}\n"
    (workspace / "clients/bakery/shop.mapping.yaml").write_text(text, encoding="utf-8")
    (found,) = open_workspace(workspace).mappings("bakery")
    assert (found.name, found.columns["order_id"], found.date_order) == ("pos", "單號", None)


def test_a_workspace_knows_its_places(workspace: Path) -> None:
    opened = open_workspace(workspace)
    assert opened.client_ids() == ["bakery"]
    assert opened.data_dir("bakery") == workspace / "clients/bakery/data"
    assert opened.reports_dir(parse_period("2026-10"), "bakery") == workspace / "reports/2026-10/bakery"
    assert opened.state_dir == workspace / ".kpi"
    assert (opened.language, opened.currency, opened.timezone) == ("en", "JPY", "Asia/Tokyo")


def test_a_workspace_is_found_from_within(workspace: Path) -> None:
    assert find_workspace(workspace / "clients/bakery/data") == workspace
    assert find_workspace(workspace) == workspace


def test_the_salt_is_made_once_and_for_its_owner_alone(workspace: Path) -> None:
    first = open_workspace(workspace).salt()
    assert len(first) == 64
    assert open_workspace(workspace).salt() == first
    assert (workspace / ".kpi/salt").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (workspace / ".kpi").glob(".*")] == []


def test_folders_that_cannot_be_clients_are_told_of(workspace: Path) -> None:
    (workspace / "clients/麥田").mkdir()
    (workspace / "clients/麥田/client.yaml").write_text(BAKERY, encoding="utf-8")
    assert open_workspace(workspace).client_ids() == ["bakery"]
    assert open_workspace(workspace).misnamed() == ["麥田"]
