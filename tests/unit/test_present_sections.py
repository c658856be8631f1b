"""Sections over small tables: what is told, what is missing, and nothing in the wrong language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import get_args

import pandas as pd
import pytest

from kpi_toolkit.agreement.client import Client, Goal
from kpi_toolkit.analysis.figures import Earlier, Figure
from kpi_toolkit.i18n import LANGS, Lang, Text
from kpi_toolkit.metrics import METRICS
from kpi_toolkit.periods import parse_period
from kpi_toolkit.phrases import listed, said
from kpi_toolkit.present import reasons, tables
from kpi_toolkit.present.blocks import Block, Cards, Charts, Entries, Lead, Missing, Note, Paragraph, Table, each, terms
from kpi_toolkit.present.outputs import outputs
from kpi_toolkit.present.sentences import compared
from kpi_toolkit.report.page import MADE_FROM
from kpi_toolkit.sections import MONTHLY, Context, Section
from kpi_toolkit.sections.goals import GOALS
from kpi_toolkit.sections.questions import AT_MOST, questions
from kpi_toolkit.sections.telling import Told, tell
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.tables.dataset import Dataset, from_frames

MONTHS = (date(2025, 10, 1), date(2026, 9, 1), date(2026, 10, 1))
# 28 days of each month, from the first month's first day to the last month's last: neither is partly covered.
DAYS = [start + timedelta(days=day + 3 * (start == MONTHS[-1])) for start in MONTHS for day in range(28)]


def ads(counts: str, platforms: tuple[str, ...] = ("google_ads", "meta_ads")) -> pd.DataFrame:
    return pd.DataFrame([
        {
            "source": platform, "date_day": day, "campaign_name": f"{platform}-{number}", "spend": 100.0 * (number + 1), "impressions": 5000,
            "clicks": 100, "conversions": 4, "conversions_value": 3600.0, "currency": "TWD", "counts": counts, "definition": f"{platform}|v|2025-01-01|{counts}",
        }
        for day in DAYS for platform in platforms for number in range(6)
    ])  # fmt: skip


def orders(a_day: dict[date, int]) -> pd.DataFrame:
    return pd.DataFrame([
        {"source": "shopline", "order_id": f"{day}-{n}", "ordered_at": datetime.combine(day, datetime.min.time()), "status": "valid",
         "customer_key": f"c{n % 7}", "total": 1000.0, "currency": "TWD"}
        for day in DAYS for n in range(a_day[day.replace(day=1)])
    ])  # fmt: skip


def sessions() -> pd.DataFrame:
    return pd.DataFrame([
        {"source": "ga4", "date_day": day, "channel_group": "all", "sessions": 1000, "engaged_sessions": 600, "add_to_carts": 100, "checkouts": 50, "purchases": 25}
        for day in DAYS
    ])  # fmt: skip


def client(goal: str = "orders", **more: object) -> Client:
    return Client(id="c", name={"zh": "客戶", "en": "Client"}, goal=goal, gross_margin=0.5, **more)  # type: ignore[arg-type]


@cache
def dataset(counts: str) -> tuple[Dataset, dict]:
    """The tables, and what was asked of them already: the same for every goal."""
    frames = {
        "ads_daily": ads(counts),
        "orders": orders(dict(zip(MONTHS, (20, 10, 12), strict=True))),
        "sessions": sessions(),
    }
    return from_frames(frames, assumptions={"gross_margin": 0.5}), {}


def everything(goal: str = "orders", **more: object) -> Context:
    report = LoadReport(file="a.csv", source="google_ads", rows_read=10, rows_kept=9, dropped={"total row": 1})
    fault = LoadReport(file="b.csv", error=Text(zh="壞了", en="broken"))
    tables, asked = dataset("lead" if goal == "leads" else "purchase")
    return Context(
        client=client(goal, **more),
        dataset=tables,
        period=parse_period("2026-10"),
        reports=(report, fault),
        asked=asked,
    )


def told(context: Context, lang: Lang = "en") -> dict[str, Told]:
    return {one.section.id: one for one in tell(MONTHLY, context, lang)}


def words(blocks: tuple[Block, ...], lang: Lang = "en") -> str:
    found = [output.data.get("text/html") or output.data["text/plain"] for output in outputs(blocks, lang)]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(found)))


def test_the_order_stands_in_one_list() -> None:
    expected = "summary outcome funnel trend anomalies channels campaigns integrity sla actions data glossary"
    assert [section.id for section in MONTHLY] == expected.split()


def test_places_for_later_work_show_nothing() -> None:
    assert {"sla", "actions"} & set(told(everything())) == set()


@pytest.mark.parametrize("goal", get_args(Goal))
def test_every_goal_is_told_in_known_metrics(goal: str) -> None:
    chosen = GOALS[goal]
    named = {chosen.result, chosen.price, *chosen.cards, *chosen.outcomes, *chosen.trends, *chosen.places}
    assert named <= set(METRICS)
    assert chosen.places[0] == "spend"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("goal", get_args(Goal))
def test_everything_is_told_in_its_language(goal: str, lang: Lang) -> None:
    found = told(everything(goal), lang)
    assert list(found) == [
        "summary",
        "outcome",
        "funnel",
        "trend",
        "anomalies",
        "channels",
        "campaigns",
        "integrity",
        "data",
        "glossary",
    ]
    text = " ".join(words(one.blocks, lang) for one in found.values())
    assert not re.search(r"\bnan\b|None|several |google_ads(?!-)|\{[a-z_]+\}", text, re.I)
    if lang == "en":
        assert not re.search("[\u4e00-\u9fff，。：（）]", text)


def test_the_summary_says_what_was_paid_and_what_came_back() -> None:
    # 28 days of 2 platforms with 100 + 200 + … + 600 = 2,100 a day each; 12 orders of 1,000 a day
    text = words(told(everything())["summary"].blocks)
    assert "ad spend came to NT$117.6K" in text
    assert "the shop took NT$336K net" in text
    assert "up 20.0% vs last month" in text and "down 40.0% vs the same month last year" in text


def test_questions_are_few_and_polite() -> None:
    lists = [block for block in told(everything())["summary"].blocks if getattr(block, "ordered", False)]
    assert 1 <= len(lists[0].items) <= AT_MOST
    assert all(item.endswith("?") or "?" in item for item in lists[0].items)
    assert not re.search("fraud|cheat|lie|fake", " ".join(lists[0].items))


def test_leads_of_several_platforms_are_shown_apart() -> None:
    found = told(everything("leads", targets=[{"metric": "leads", "value": 1000}]))
    text = words(found["summary"].blocks)
    # 28 days of 6 campaigns with 4 each = 672
    assert "Google Ads 672 and Meta 672" in text and "1,344" not in text and "not added" in text
    rows = [row[0] for block in found["outcome"].blocks if isinstance(block, Table) for row in block.rows]
    labels = [cell.term.label for cell in rows]  # type: ignore[union-attr]
    assert {"Leads · Google Ads", "Leads · Meta"} <= set(labels)
    assert "whether it was met is left open" in words(found["outcome"].blocks)


def test_one_platforms_leads_are_one_figure() -> None:
    whole = everything("leads")
    alone = Context(
        client=whole.client, dataset=from_frames({"ads_daily": ads("lead", ("meta_ads",))}), period=whole.period
    )
    text = words(told(alone)["summary"].blocks)
    # 28 days of 6 campaigns with 4 leads = 672, for 28 times 2,100 = 58,800
    assert "leads: 672; CPL: NT$87.5 (ad spend only)" in text


def test_targets_are_judged_by_direction() -> None:
    targets = [{"metric": "revenue", "value": 300_000}, {"metric": "cost_per_order", "value": 100}]
    text = words(told(everything(targets=targets))["outcome"].blocks)
    assert "1 of 2 targets was met; not yet: Cost per order" in text


def test_a_changed_definition_is_not_compared() -> None:
    frame = ads("lead", ("meta_ads",))
    early = frame["date_day"] < date(2026, 10, 1)
    frame.loc[early, "definition"] = "meta_ads|v|2025-01-01|lead|every"
    frame.loc[~early, "definition"] = "meta_ads|v|2026-10-01|lead|one"
    whole = everything("leads")
    found = told(Context(client=whole.client, dataset=from_frames({"ads_daily": frame}), period=whole.period))
    text = words(found["outcome"].blocks)
    assert "redefined" in text and "what counts as a conversion changed on Oct 1, 2026" in text


def test_too_few_is_said() -> None:
    frame = ads("lead", ("meta_ads",)).assign(conversions=0)
    frame.loc[frame.groupby(frame["date_day"].map(lambda day: (day.year, day.month))).head(3).index, "conversions"] = 1
    whole = everything("leads")
    found = told(Context(client=whole.client, dataset=from_frames({"ads_daily": frame}), period=whole.period))
    (cards,) = [block for block in found["summary"].blocks if isinstance(block, Cards)]
    (cpl,) = [card for card in cards.items if card.term.id == "cpl"]
    assert cpl.note == "too few to say" and not any(fact.tone for fact in cpl.facts)
    assert "too few cases to rely on" in words(found["outcome"].blocks)


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_missing_is_said_with_the_export_that_would_help(lang: Lang) -> None:
    whole = everything()
    bare = Context(client=whole.client, dataset=from_frames({}), period=whole.period)
    found = told(bare, lang)
    assert list(found) == [
        "summary",
        "outcome",
        "funnel",
        "trend",
        "anomalies",
        "channels",
        "campaigns",
        "integrity",
        "data",
    ]
    for section in ("funnel", "channels", "campaigns"):
        assert isinstance(found[section].blocks[0], Missing)
        assert "Google Ads" in words(found[section].blocks, lang)


def test_a_month_without_data_is_told_as_such() -> None:
    whole = everything()
    found = told(
        Context(client=whole.client, dataset=whole.dataset, period=parse_period("2024-02"), reports=whole.reports)
    )
    assert "There are no data for February 2024" in words(found["summary"].blocks)
    assert not any(isinstance(block, Charts) for one in found.values() for block in one.blocks)


@pytest.mark.parametrize("goal", get_args(Goal))
def test_the_glossary_explains_exactly_the_terms_used(goal: str) -> None:
    found = told(everything(goal))
    used = set(terms(block for id, one in found.items() if id != "glossary" for block in one.blocks))
    (entries,) = [block for block in found["glossary"].blocks if isinstance(block, Entries)]
    assert {entry.term.id for entry in entries.items} == used and len(used) > 5


def test_what_was_dropped_is_counted_by_reason_and_faults_come_first() -> None:
    blocks = told(everything())["data"].blocks
    text = words(blocks)
    assert "Rows left out: 1 (totals rows: 1)" in text
    assert text.index("b.csv: broken") < text.index("rows read: 10")


def test_ids_on_the_page_are_unique() -> None:
    blocks = [block for one in told(everything("leads")).values() for block in one.blocks]
    ids = [(type(block), block.id) for block in each(blocks) if hasattr(block, "id")]
    assert len(ids) == len(set(ids)) > 8


def test_a_section_names_tables_that_exist() -> None:
    with pytest.raises(ValueError, match="no table"):
        Section(id="x", title=Text(zh="題", en="T"), question=Text(zh="問", en="Q"), part="results", needs=("order",))


def test_a_table_is_asked_once_for_all_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    from kpi_toolkit.sections import asking

    asked: list[object] = []
    real = asking.compare
    monkeypatch.setattr(asking, "compare", lambda *args, by, **more: (asked.append(by), real(*args, by=by, **more))[1])
    told(replace(everything(), asked={}))
    assert len(asked) == len(set(asked))  # type: ignore[arg-type]


def in_currencies(**currencies: str) -> Context:
    """The same spend on every platform, each in its own currency; the client's is TWD."""
    frame = ads("purchase", tuple(currencies))
    frame["currency"] = frame["source"].map(currencies)
    return replace(everything(), dataset=from_frames({"ads_daily": frame}), asked={})


def drawn(told_: Told) -> str:
    return str([chart.spec() for block in told_.blocks if isinstance(block, Charts) for chart in block.items])


@pytest.mark.parametrize("lang", LANGS)
def test_currencies_are_never_added_or_ranked(lang: Lang) -> None:
    found = told(in_currencies(google_ads="USD", meta_ads="TWD"), lang)
    why = {"zh-TW": "不同的幣別（TWD 和 USD）", "en": "different currencies (TWD and USD)"}[lang]
    for section in ("channels", "campaigns"):
        text = words(found[section].blocks, lang)
        assert why in text and "%" not in words(found[section].blocks[:1], lang)
        charts = [chart for block in found[section].blocks if isinstance(block, Charts) for chart in block.items]
        assert [chart.id for chart in charts] == [f"{section}-twd", f"{section}-usd"]
        for chart, own, other in zip(charts, ("NT$", "US$"), ("US$", "NT$"), strict=True):
            said = str(chart.spec())
            assert own in said and other not in said and "%" not in said.replace("100%", "")
    assert "US$" in words(found["channels"].blocks, lang) and "50.0%" not in words(found["channels"].blocks, lang)
    assert "US$" in words(found["summary"].blocks, lang)


def test_charts_are_in_the_currency_of_the_figures() -> None:
    found = told(in_currencies(google_ads="USD"))
    for section in ("channels", "campaigns"):
        assert "US$" in drawn(found[section]) and "NT$" not in drawn(found[section])
    says = [chart.says for block in found["trend"].blocks if isinstance(block, Charts) for chart in block.items]
    assert any("US$" in said for said in says) and not any("NT$" in said for said in says)


def test_a_target_in_another_currency_is_not_judged_by() -> None:
    context = in_currencies(google_ads="USD")
    aimed = replace(context, client=client(targets=[{"metric": "cpc", "value": 5}]))
    text = words(told(aimed)["outcome"].blocks)
    assert "The target for CPC is NT$5, while the figure is in USD" in text and "targets were met" not in text


def test_months_in_another_currency_are_left_blank() -> None:
    frame = ads("purchase", ("google_ads",))
    frame["currency"] = ["USD" if day < date(2026, 10, 1) else "TWD" for day in frame["date_day"]]
    found = told(replace(everything("traffic"), dataset=from_frames({"ads_daily": frame}), asked={}))
    charts = [chart for block in found["trend"].blocks if isinstance(block, Charts) for chart in block.items]
    assert charts and not any("US$" in chart.says for chart in charts)


def test_shares_move_by_points() -> None:
    ratio = Figure(metric="cvr", value=0.040, status="ok", last_year=Earlier(value=0.044, change=-0.0909))
    assert compared(ratio, ratio.last_year, "zh-TW") == "比去年同月低 0.4 個百分點"
    assert compared(ratio, ratio.last_year, "en") == "down 0.4 points vs the same month last year"
    assert tables.changed(ratio, ratio.last_year, "en").kind == "points"
    facts = tables.card(ratio, "en").facts
    assert [fact.value for fact in facts if fact.value] == ["\u22120.4\u00a0pt"]


def test_counts_are_more_and_prices_are_higher() -> None:
    then = Earlier(value=100, change=0.25)
    said = {metric: compared(Figure(metric=metric, value=125, status="ok", previous=then), then, "zh-TW") for metric in ("orders", "cpc")}  # fmt: skip
    assert said == {"orders": "比上月多 25.0%", "cpc": "比上月高 25.0%"}
    still = Figure(metric="cpc", value=100, status="ok", previous=Earlier(value=100, change=0.001))
    assert compared(still, still.previous, "zh-TW") == "和上月差不多"
    assert compared(still, still.previous, "en") == "about the same as last month"


def test_a_cost_above_its_target_is_to_come_down() -> None:
    dear = Figure(metric="cpc", value=20, status="ok", currency="TWD", target=5, target_currency="TWD")
    (asked,) = questions([dear], "zh-TW")
    assert asked == "單次點擊成本 NT$20，高於目標 NT$5：打算怎麼降下來，需要我們配合什麼？"
    assert "brought down" in questions([dear], "en")[0]


def test_the_lead_claims_no_cause() -> None:
    text = words(told(everything("traffic"), "zh-TW")["summary"].blocks, "zh-TW")
    assert "；同期工作階段 2.8 萬；廣告帶來的每次造訪 NT$" in text and "（只算廣告費）" in text and "換來" not in text


def test_latin_and_han_are_parted_where_they_meet() -> None:
    text = Text(zh="{name}用掉{share}的花費", en="{name} took {share}")
    assert said(text, "zh-TW", name="Meta", share="5%") == "Meta 用掉 5% 的花費"
    assert said(text, "zh-TW", name="春季A活動", share="五成") == "春季A活動用掉五成的花費"
    assert said(text, "en", name="Meta", share="5%") == "Meta took 5%"
    assert listed(["Google Ads", "蝦皮"], "zh-TW") == "Google Ads 和蝦皮" and listed([], "zh-TW") == ""
    assert listed(["Google Ads", "Meta", "LINE"], "zh-TW") == "Google Ads、Meta 和 LINE"


@pytest.mark.parametrize("goal", get_args(Goal))
def test_chinese_prose_has_no_latin_stuck_to_it(goal: str) -> None:
    prose = [
        block for one in told(everything(goal), "zh-TW").values() if one.section.id != "data" for block in one.blocks
    ]
    said_ = "\n".join(block.text for block in prose if isinstance(block, (Lead, Paragraph, Note, Missing)))
    assert not re.search(r"[\u4e00-\u9fff][A-Za-z]|[A-Za-z%][\u4e00-\u9fff]|[。；] ", said_)


@pytest.mark.parametrize("lang", LANGS)
def test_no_reason_shows_as_its_code(lang: Lang) -> None:
    codes = ["partly covered: data end 2026-10-15", "without meta_ads then", "with and without VAT", "partly covered: data end soon"]  # fmt: skip
    for code in [*codes, "something new: meta_ads 7"]:
        text = reasons.why(code, lang)
        assert text and code not in text and "meta_ads" not in text and reasons.brief(code, lang)
    assert "Oct 15, 2026" in reasons.why(codes[0], "en") and "Meta" in reasons.why(codes[1], lang)


@pytest.mark.parametrize(("lang", "start"), [("zh-TW", "營收還沒達到目標。"), ("en", "The target was not met: Revenue.")])  # fmt: skip
def test_a_single_target_is_told_in_the_singular(lang: Lang, start: str) -> None:
    found = told(everything(targets=[{"metric": "revenue", "value": 900_000}]), lang)
    assert words(found["outcome"].blocks[:1], lang).strip() == start


def test_english_tells_one_from_many() -> None:
    frame = ads("purchase", ("google_ads",))
    whole = everything()
    for names, start in (
        (("google_ads-5",), "1 campaign spent money this month."),
        (("google_ads-4", "google_ads-5"), "2 campaigns spent money this month."),
    ):
        tables_ = from_frames({"ads_daily": frame[frame["campaign_name"].isin(names)]})
        text = words(told(replace(whole, dataset=tables_, asked={}))["campaigns"].blocks)
        assert start in text and not re.search(r"\b1 campaigns", text)


@pytest.mark.parametrize(
    ("owned", "unowned", "zh", "en"),
    [
        (0, 1, "這 1 個活動在 client.yaml 裡分不出是哪家廠商的。", "client.yaml names no vendor for it."),
        (0, 2, "這 2 個活動在 client.yaml 裡分不出是哪家廠商的。", "client.yaml names no vendor for any of them."),
        (2, 1, "其中 1 個在 client.yaml 裡分不出是哪家廠商的。", "For 1 of them client.yaml names no vendor."),
        (1, 0, "", ""),
    ],
)
def test_campaigns_of_no_vendor_are_told(owned: int, unowned: int, zh: str, en: str) -> None:
    frame = ads("purchase", ("google_ads",))
    number = frame["campaign_name"].str[-1].astype(int)
    frame["vendor"] = (number < owned).map({True: "v", False: ""})
    tables_ = from_frames({"ads_daily": frame[number < owned + unowned]})
    context = replace(everything(vendors=[{"id": "v", "name": "甲"}]), dataset=tables_, asked={})
    for lang, sentence in zip(LANGS, (zh, en), strict=True):
        text = words(told(context, lang)["campaigns"].blocks[:1], lang)
        assert sentence in text and ("client.yaml" in text) is bool(sentence)


@pytest.mark.parametrize(("count", "said_"), [(0, "from 0 files."), (1, "from 1 file."), (2, "from 2 files.")])
def test_one_file_is_not_files(count: int, said_: str) -> None:
    assert MADE_FROM.fill(count=count).say("en").endswith(said_)
