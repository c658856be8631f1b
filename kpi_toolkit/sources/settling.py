"""Claims settled: their metrics, their values in the metric's own unit, their totals held against their rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kpi_toolkit.i18n import Text
from kpi_toolkit.sources import claim_words as words
from kpi_toolkit.sources.layout import Claim, Gathered
from kpi_toolkit.sources.rawtable import listed_rows
from kpi_toolkit.sources.spans import Span
from kpi_toolkit.sources.vendor_report import REPORTED, Reported

_SHOWN = 12
# Row, period, platform and metric of a figure.
_At = tuple[int, Span | None, str, str]
_IN_UNITS = re.compile(r"單位\s*[:：]\s*(?:新?[臺台]幣)?\s*([萬千仟])元")
# Beside figures of these, revenue is what the ads are said to have brought in.
_OF_ADS = frozenset({"spend", "impressions", "clicks", "claimed_roas"})
# What a ratio is of what: bare figures without a percent sign are held against it.
_MADE_OF = {"ctr": ("clicks", "impressions"), "cvr": ("conversions", "clicks"), "interaction_rate": ("interactions", "impressions")}  # fmt: skip


def first_columns(claims: Sequence[Claim]) -> tuple[list[Claim], list[Text]]:
    """Of two columns of one metric the first: clicks and link clicks side by side."""
    seen: dict[tuple[object, ...], str] = {}
    kept, doubled = list[Claim](), dict[tuple[str, str], None]()
    for claim in claims:
        key = (claim.scope, claim.row, claim.span, claim.platform, claim.is_beside, claim.name.metric)
        if seen.setdefault(key, claim.column) == claim.column:
            kept.append(claim)
        else:
            doubled[(claim.column, seen[key])] = None
    text = Text(
        zh="「{other}」和「{column}」是同一個指標，只讀入後者",
        en="{other!r} is the same metric as {column!r}; only the latter was read",
    )
    return kept, [text.fill(other=words.shown(other), column=words.shown(column)) for other, column in doubled]


@dataclass(frozen=True)
class Settled:
    """A claim with its metric, its period and its value in the metric's own unit; `step` is the worth of the last digit."""

    claim: Claim
    metric: Reported
    span: Span | None
    value: float
    step: float
    platform: str


def with_metric(claims: Sequence[Claim], warnings: list[Text]) -> list[tuple[Claim, Reported]]:
    """Each claim with its metric; whose revenue `營收` is follows from what stands beside it."""
    ids: dict[int, set[str]] = {}
    for claim in claims:
        ids.setdefault(claim.scope, set()).add(claim.name.metric.id if claim.name.metric else "")
    settled = []
    told = False
    for claim in claims:
        beside = ids[claim.scope]
        of_ads = bool(beside & _OF_ADS) and "conversions_value" not in beside and "revenue" not in beside
        told = told or (claim.name.metric is None and of_ads)
        settled.append((claim, claim.name.metric or REPORTED["conversions_value" if of_ads else "revenue"]))
    if told:
        text = Text(
            zh="「營收／業績」和廣告數字並列，當作平台回報的轉換價值；若是全站營收，請寫「網站營收」",
            en="revenue beside figures of ads is taken for the conversion value that platforms claim; call it site revenue if it is the shop's",
        )
        warnings.append(text)
    return settled


def in_units(claims: Sequence[tuple[Claim, Reported]], told: Gathered) -> tuple[list[Settled], list[Text]]:
    """Values in the metric's own unit; where a ratio has no percent sign, what it is of what decides."""
    points = {
        key: _are_points(key, claims)
        for key in {(one.scope, metric.id) for one, metric in claims if metric.unit == "ratio"}
    }
    settled, guessed = list[Settled](), dict[str, str]()
    for claim, metric in claims:
        assert claim.figure is not None
        scale = _scale(claim, metric, told.scopes[claim.scope])
        percent = claim.figure.percent or claim.name.percent
        if metric.unit == "ratio" and not percent and points[claim.scope, metric.id]:
            percent = True
            guessed[metric.id] = claim.column
        scale *= 0.01 if percent and metric.unit in {"ratio", "times"} else 1
        settled.append(
            Settled(
                claim,
                metric,
                claim.span,
                round(claim.figure.number * scale, 12),
                claim.figure.step * scale,
                claim.platform,
            )
        )
    text = Text(
        zh="「{column}」的數字沒有百分號，當作百分比",
        en="figures of {column!r} have no percent sign and were taken for percent",
    )
    return settled, [text.fill(column=words.shown(column)) for column in guessed.values()]


def _scale(claim: Claim, metric: Reported, titles: Sequence[str]) -> float:
    """What the header or the lines above the table say that figures are counted in; a cell's own 萬 says it all."""
    if re.search(r"[萬万億亿千仟kKmM]", claim.text):
        return 1.0
    unit = next((found[1] for line in titles if (found := _IN_UNITS.search(line))), "")
    if claim.name.scale != 1.0 or metric.unit != "money":
        return claim.name.scale
    return {"萬": 1e4, "千": 1e3, "仟": 1e3}.get(unit, 1.0)


def _are_points(key: tuple[int, str], claims: Sequence[tuple[Claim, Reported]]) -> bool:
    """Whether bare figures of this ratio are percent points: some are above 1, or 100 × what they are made of."""
    figures = {(one.row, one.span, one.platform, metric.id): one.figure.number for one, metric in claims if one.scope == key[0] and one.figure}  # fmt: skip
    bare = [(one, one.figure.number) for one, metric in claims if (one.scope, metric.id) == key and one.figure and not one.figure.percent]  # fmt: skip
    if any(number > 1 for _, number in bare):
        return True
    for one, number in bare:
        parts = [_beside(figures, claims, one, name) for name in _MADE_OF.get(key[1], ())]
        if len(parts) == 2 and parts[0] and parts[1] and number > 0:
            return number > 10 * parts[0] / parts[1]
    return False


def _beside(figures: Mapping[_At, float], claims: Sequence[tuple[Claim, Reported]], one: Claim, metric: str) -> float | None:  # fmt: skip
    """The figure of another metric of the same thing: in the same row, or in the same column of the rows around it."""
    own = figures.get((one.row, one.span, one.platform, metric))
    alike = (
        other.figure.number
        for other, its in claims
        if its.id == metric and other.figure and (other.scope, other.span, other.platform, other.campaign, other.is_total) == (one.scope, one.span, one.platform, one.campaign, one.is_total)
    )  # fmt: skip
    return own if own is not None else next(alike, None)


# --- totals ------------------------------------------------------------------------------------------------------


def totals_dated(claims: Sequence[Settled]) -> list[Settled]:
    """Totals without a period of their own cover that of the rows that they add up; a subtotal its platform, too."""
    settled = []
    for one in claims:
        if one.claim.is_total and (one.span is None or one.claim.is_subtotal):
            parts = _parts(one, claims)
            spans = [part.span for part in parts if part.span]
            platforms = {part.platform for part in parts}
            span = one.span or ((min(start for start, _ in spans), max(end for _, end in spans)) if spans else None)
            own = (
                next(iter(platforms))
                if one.claim.is_subtotal and not one.platform and len(platforms) == 1
                else one.platform
            )
            one = replace(one, span=span, platform=own)
        if one.span is not None:
            settled.append(one)
    return settled


def _parts(total: Settled, claims: Sequence[Settled]) -> list[Settled]:
    """The rows that a total adds up."""
    own = total.claim
    rows = [
        one
        for one in claims
        if one.claim.scope == own.scope and one.metric == total.metric and not one.claim.is_total and one.claim.vendor == own.vendor
    ]  # fmt: skip
    if own.is_beside:
        return [one for one in rows if one.claim.row == own.row]
    if own.is_subtotal and own.span is None:
        before = max((one.claim.row for one in claims if one.claim.scope == own.scope and one.claim.is_total and one.claim.row < own.row), default=0)  # fmt: skip
        rows = [one for one in rows if before < one.claim.row < own.row]
    if own.platform:
        rows = [one for one in rows if one.platform == own.platform]
    if own.span is not None:
        rows = [one for one in rows if one.span and own.span[0] <= one.span[0] and one.span[1] <= own.span[1]]
    campaigns = [one for one in rows if one.claim.campaign]
    return campaigns or rows


def totals(claims: Sequence[Settled]) -> list[Text]:
    """A warning for each of the report's totals that its rows contradict by more than rounding can."""
    text = Text(
        zh="第 {row} 列的合計「{column}」寫 {stated}，但各列加總是 {summed}，請向廠商確認",
        en="the total in row {row} says {column} = {stated}, but its rows add up to {summed}: ask the vendor",
    )
    told = []
    for total in claims:
        parts = _parts(total, claims) if total.claim.is_total and total.metric.additive else []
        summed = sum(part.value for part in parts)
        # Whole counts are told exactly; money and figures in 萬 have been rounded in each row.
        rounded = [part.step for part in parts if part.metric.unit == "money" or part.step != 1]
        slack = 0.51 * total.step + 0.5 * sum(rounded)
        if parts and abs(summed - total.value) > max(slack, 1e-9):
            told.append(text.fill(row=total.claim.row, column=words.shown(total.claim.column), stated=plain(total.value), summed=plain(summed)))  # fmt: skip
    return told[:_SHOWN]


def conflicts(claims: Sequence[Settled]) -> list[Text]:
    """A warning where one figure is told twice, and differently."""
    told: dict[tuple[object, ...], Settled] = {}
    rows = set()
    for one in claims:
        own = one.claim
        first = told.setdefault((own.vendor, one.platform, own.campaign, one.span, one.metric.id, own.is_total), one)
        if abs(first.value - one.value) > 0.51 * (first.step + one.step):
            rows |= {first.claim.row, own.row}
    if not rows:
        return []
    text = Text(
        zh="同一個活動、期間和指標出現不只一個數字（第 {rows} 列）：可能還細分到廣告組合或受眾，請補上可以分辨的欄位",
        en="one campaign, period and metric has more than one figure ({rows}): the rows may be split further, by ad set or audience; add what tells them apart",
    )
    return [text.fill(rows=listed_rows(sorted(rows)))]


def plain(value: float) -> str:
    """Without exponent and float noise."""
    written = f"{value:.12f}".rstrip("0").rstrip(".")
    return "0" if written in {"", "-0"} else written
