"""Leads by whose they are, and what one of them cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kpi_toolkit.analysis.proportions import Bounds, Part, chance_of_part, part_of
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Few, Observation
from kpi_toolkit.checks.sample import OCTOBER
from kpi_toolkit.i18n import Text

Told = Callable[[Row], bool | None]

# So far back a source's habits are looked up.
HISTORY_DAYS: Final = 180
ALL: Final = Text(zh="全部名單", en="all leads")
_SHOWN: Final = 20
_SHORT = Text(
    zh="{name}：這段期間有 {count} 筆可以判斷的名單，至少要 {least} 筆",
    en="{name}: {count} {count:lead|leads} can be judged in this period; at least {least} are needed",
)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A vendor's leads of the period (`vendor` '' where the campaign doesn't tell one), its leads before it, and everybody
    else's of the period; by time, platforms' test leads left out."""

    vendor: str
    now: Sequence[Row]
    before: Sequence[Row]
    others: Sequence[Row]


def batches(case: Case) -> list[Batch]:
    """The period's leads by vendor."""
    rows = case.rows("leads", "NOT coalesce(is_test, false)", days_before=HISTORY_DAYS)
    now = [row for row in rows if row["received_at"].date() >= case.period.start]
    return [
        Batch(
            vendor=vendor,
            now=[row for row in now if row["vendor"] == vendor],
            before=[row for row in rows if row["vendor"] == vendor and row["received_at"].date() < case.period.start],
            others=[row for row in now if row["vendor"] != vendor],
        )
        for vendor in sorted({row["vendor"] for row in now})
    ]


def name_of(case: Case, vendor: str) -> Text:
    """What a vendor is called; '' are the client's leads as a whole."""
    found = case.client.vendor(vendor)
    return found.name.text() if found else ALL


def worth(case: Case, batch: Batch, leads: float) -> Decimal | None:
    """What so many of the period's leads cost: leads × the spend for leads ÷ all the leads that came of it; None where the
    spend isn't known, or nobody can say which of it was for these leads."""
    spend = _spend(case, batch)
    return Decimal(str(round(leads * spend / len(batch.now), 2))) if spend and batch.now else None


def _spend(case: Case, batch: Batch) -> float | None:
    if not case.dataset.has("ads_daily") or (not batch.vendor and batch.others):
        return None
    table = case.measured(["spend"], ["vendor", "campaign", "currency"])
    own = table[(table["status"] != "no data") & (table["currency"] == case.client.currency)]
    own = own[own["vendor"] == batch.vendor] if batch.vendor else own
    # Where leads aren't all that is bought, other campaigns' money isn't theirs.
    named = own[own["campaign"].isin({row["campaign_name"] for row in batch.now if row["campaign_name"]})]
    chosen = own if case.client.goal == "leads" or named.empty else named
    return float(chosen["value"].sum())


def short(case: Case, batch: Batch, count: int, least: int) -> Few:
    """That a vendor has too few leads to be judged."""
    return Few(vendor=batch.vendor, needed=_SHORT.fill(name=name_of(case, batch.vendor), count=count, least=least))


def shares_checked(case: Case, told: Callable[[Batch], Told], bounds: Bounds, *, least: int, clumped: float) -> Answer:
    """An observation for each vendor: how many of its leads are `told` to be so, held against `bounds`.

    The words get name, count, of, share, usual; the amount is what the leads beyond the usual share cost.
    """
    observations, few = [], []
    for batch in batches(case):
        holds = told(batch)
        now, before, others = (part_of(rows, holds) for rows in (batch.now, batch.before, batch.others))
        if now.of < least:
            few.append(short(case, batch, now.of, least))
            continue
        p = chance_of_part(now, bounds.most_after(before, others), clumped=clumped)
        observations.append(_observed(case, batch, p, now, bounds.usual_after(before), holds))
    return Answer(observations=observations, few=few)


def _observed(case: Case, batch: Batch, p: float, now: Part, usual: float, holds: Told) -> Observation:
    return Observation(
        vendor=batch.vendor,
        p=p,
        amount=worth(case, batch, max(now.count - usual * now.of, 0.0)),
        currency=case.client.currency,
        values={
            "name": name_of(case, batch.vendor),
            "count": f"{now.count:,}",
            "of": f"{now.of:,}",
            "share": f"{now.share:.0%}",
            "usual": f"{usual:.0%}",
        },
        evidence=evidence([row for row in batch.now if holds(row)]),
    )


def evidence(rows: Sequence[Row]) -> list[Mapping[str, object]]:
    """Where leads stand in the client's own file: when they came, from which campaign, in which row. No keys of persons."""
    return [{name: row[name] for name in ("received_at", "campaign_name", "source_row")} for row in rows[:_SHOWN]]


def sample_leads(count: int, **changes: Callable[[int], object]) -> list[dict[str, object]]:
    """So many leads over October, one after the other by day at human hours, each another person's; `changes` say a
    column by the lead's number."""
    import random
    from datetime import datetime, time, timedelta

    chance, start = random.Random(count), datetime.combine(OCTOBER.start, time(9))
    rows: list[dict[str, object]] = []
    for at in range(count):
        when = start + timedelta(days=at * 7 % OCTOBER.days, seconds=chance.randrange(13 * 3600))
        row = {"lead_id": f"L{at}", "received_at": when, "phone_key": f"P{at}", "phone_state": "valid", "campaign_name": "BC_名單", "source_row": at + 2}  # fmt: skip
        rows.append(row | {name: told(at) for name, told in changes.items()})
    return rows


def sample_spend(amount: float = 31000.0) -> list[dict[str, object]]:
    """What the leads of a sample cost: so much a month, each day the same."""
    return [{"date_day": day, "campaign_name": "BC_名單", "spend": amount / OCTOBER.days} for day in OCTOBER.each_day()]
