"""Integrity: what to look at before the figures are believed, what money has no explanation yet, and what couldn't be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpi_toolkit import phrases
from kpi_toolkit.agreement.client import Client
from kpi_toolkit.checks.detector import Detector, Verdict
from kpi_toolkit.checks.examination import Checked, Finding
from kpi_toolkit.checks.money import Paid, paid
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.periods import Period
from kpi_toolkit.present import formats
from kpi_toolkit.present.blocks import Block, Cell, Column, Details, Lead, Note, Paragraph, Points, Table
from kpi_toolkit.present.glossary import term
from kpi_toolkit.present.inquiries import inquiry, vendor_name
from kpi_toolkit.sections import examining
from kpi_toolkit.sections.section import Context, Section

UNCHECKED = Text(
    zh="{all} 項查核裡，有 {left} 項缺資料或資料太少，還不能下結論",
    en="Of {all} checks, {left} could not be concluded: data are missing or too few",
)
COMPLETE = Text(zh="{all} 項查核都完成了", en="Every check was done ({all})")
TO_LOOK = Text(
    zh="；完成的 {ran} 項裡，有 {found} 件事要請您看一下。",
    en="; the {ran} that were done give {found} {found:thing|things} to look at.",
)
NOTHING = Text(zh="；完成的 {ran} 項裡，沒有需要問的事。", en="; the {ran} that were done give nothing to ask about.")
NONE_RAN = Text(zh="；目前一項都查不了。", en="; so far no check could be done.")
MONEY = Text(
    zh="付給廠商的錢裡，有 {amount} 還找不到依據。", en="Of what vendors invoiced, {amount} has no explanation yet."
)
SETTLED = Text(zh="付給廠商的錢，每一筆都有依據。", en="All that vendors invoiced is accounted for.")
NOT_ACCUSED = Text(
    zh="這裡列的是「值得看一眼」的地方，不是指控：每一件都先看可能的原因，再把問題傳給廠商。所有查核一起看，沒有問題的月份被誤列的機會控制在約 2%。",
    en="What is listed here is worth a look and accuses nobody: read the harmless causes first, then hand on the question. All checks are judged together, so that a month in which all is well is listed by mistake in about 2% of the cases.",
)
MONEY_TABLE = Text(zh="付出去的錢到哪裡了", en="Where the money went")
VENDOR, WHOLE = Text(zh="廠商", en="Vendor"), Text(zh="付出（未稅）", en="Paid, without tax")
REACHED, UNEXPLAINED = Text(zh="到達平台", en="Reached the platforms"), Text(zh="還沒有依據", en="Not explained yet")
NO_INVOICE, NO_EXPORT = Text(zh="沒有請款資料", en="no invoices"), Text(zh="沒有平台匯出", en="no export")
FOREIGN = Text(zh="其他幣別的請款沒有算進來：{vendors}。", en="Invoices in other currencies are left out: {vendors}.")
NOT_RUN = Text(
    zh="還不能下結論的查核（{count} 項）：補上資料就會查",
    en="Checks without a conclusion yet ({count}): with these data they will be done",
)
CHECK, STATE, NEEDS = (
    Text(zh="查核項目", en="Check"),
    Text(zh="原因", en="Why"),
    Text(zh="需要什麼", en="What it needs"),
)
CLEAR = Text(zh="看過、沒有發現這些情形（{count} 項）", en="Looked for, and not found ({count})")
STATES: dict[Verdict, Text] = {
    "too few": Text(zh="樣本不足", en="not enough data"),
    "not applicable": Text(zh="缺少資料", en="data missing"),
    "error": Text(zh="沒有跑完", en="did not finish"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Result:
    """Every detector's verdict, and the vendors' money."""

    client: Client
    period: Period
    checked: Sequence[Checked]
    money: Sequence[Paid]

    @property
    def findings(self) -> list[tuple[Detector, Finding]]:
        """What to look at, the largest amounts first."""
        found = [(one.detector, finding) for one in self.checked for finding in one.findings]
        return sorted(found, key=lambda pair: -(pair[1].observation.amount or Decimal(0)))


def compute(context: Context) -> Result:
    """All checks on the period."""
    checked = examining.results(context)
    money = paid(examining.case(context), checked)
    return Result(client=context.client, period=context.period, checked=checked, money=money)


def tell(result: Result, lang: Lang) -> list[Block]:
    """What couldn't be checked comes first, then the money, then each finding, then the rest."""
    findings = result.findings
    blocks: list[Block] = [Lead(text=phrases.sentences([verdict(result.checked, lang), _money(result, lang)], lang))]
    if result.money:
        blocks.append(_where(result, lang))
    if findings:
        blocks.append(Paragraph(text=NOT_ACCUSED.say(lang)))
    blocks += [inquiry(detector, one, result.client, at, lang) for at, (detector, one) in enumerate(findings, start=1)]
    return [*blocks, *_rest(result, lang)]


def verdict(checked: Sequence[Checked], lang: Lang) -> str:
    """How much could be checked, and how many things there are to look at."""
    ran, found = sum(one.ran for one in checked), sum(len(one.findings) for one in checked)
    left = len(checked) - ran
    coverage = UNCHECKED.fill(all=len(checked), left=left) if left else COMPLETE.fill(all=len(checked))
    outcome = (TO_LOOK if found else NOTHING if ran else NONE_RAN).fill(ran=ran, found=found)
    return coverage.say(lang) + outcome.say(lang)


def _money(result: Result, lang: Lang) -> str:
    if not any(one.invoiced is not None for one in result.money):
        return ""
    unexplained = sum((one.unexplained for one in result.money), Decimal(0))
    if unexplained:
        return phrases.said(MONEY, lang, amount=formats.money(float(unexplained), result.client.currency, lang))
    # Silence of checks that couldn't be done settles nothing.
    done = all(one.ran for one in result.checked if one.detector.system == "S31")
    return SETTLED.say(lang) if done else ""


def _where(result: Result, lang: Lang) -> Table:
    ratio = term("working_media_ratio", lang)
    columns = (
        Column(title=VENDOR.say(lang)), Column(title=WHOLE.say(lang), kind="money", currency=result.client.currency, main=True),
        Column(title=REACHED.say(lang), kind="money", currency=result.client.currency),
        Column(title=ratio.label, kind="share", term=ratio),
        Column(title=UNEXPLAINED.say(lang), kind="money", currency=result.client.currency),
    )  # fmt: skip
    rows = tuple(
        (vendor_name(result.client, one.vendor, lang), _amount(one.whole, NO_INVOICE, lang), _amount(one.reached, NO_EXPORT, lang),
         Cell(value=one.working_media_ratio, kind="share"), Cell(value=float(one.unexplained), kind="money", tone="worse" if one.unexplained else ""))
        for one in result.money
    )  # fmt: skip
    foreign = [vendor_name(result.client, one.vendor, lang) for one in result.money if one.foreign]
    note = phrases.said(FOREIGN, lang, vendors=phrases.listed(foreign, lang)) if foreign else ""
    return Table(id="money", title=MONEY_TABLE.say(lang), columns=columns, rows=rows, note=note)


def _amount(value: Decimal | None, missing: Text, lang: Lang) -> Cell:
    return Cell(value=None if value is None else float(value), kind="money", why="" if value is not None else missing.say(lang))  # fmt: skip


def _rest(result: Result, lang: Lang) -> list[Block]:
    left = [one for one in result.checked if not one.ran]
    clear = tuple(one.detector.title.say(lang) for one in result.checked if one.verdict == "clear")
    blocks: list[Block] = []
    if left:
        head = tuple(Column(title=words.say(lang)) for words in (CHECK, STATE, NEEDS))
        rows = tuple((one.detector.title.say(lang), STATES[one.verdict].say(lang), "; ".join(need.say(lang) for need in one.needs)) for one in left)  # fmt: skip
        title = NOT_RUN.fill(count=len(left)).say(lang)
        blocks.append(Details(summary=title, blocks=(Table(id="not_checked", title=title, columns=head, rows=rows),)))
    if clear:
        blocks.append(Details(summary=CLEAR.fill(count=len(clear)).say(lang), blocks=(Points(items=clear),)))
    too_few = [need for one in result.checked if one.ran for need in one.needs]
    return [*blocks, *(Note(text=need.say(lang)) for need in too_few)]


SECTION = Section(
    id="integrity",
    title=Text(zh="對帳與查核", en="Integrity"),
    question=Text(zh="可以相信這些數字嗎？", en="Can these numbers be believed?"),
    part="trust",
    compute=compute,
    tell=tell,
)
