"""People who stand among the leads again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from kpi_toolkit.analysis.proportions import Bounds, Part, chance_of_part, part_of
from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector, Observation
from kpi_toolkit.checks.leads import Batch, batches, evidence, name_of, sample_leads, sample_spend, short, worth
from kpi_toolkit.checks.sample import case_of
from kpi_toolkit.i18n import Text

_LEAST: Final = 15
# A lead of so long ago is a new one.
_STALE_DAYS: Final = 90
# People ask again, on another day; and press the button twice.
_LATER: Final = Bounds(usual=0.03, most=0.1, narrow=0.07, wide=0.2, times=2.0)
_AT_ALL: Final = Bounds(usual=0.05, most=0.22, narrow=0.18, wide=0.35, times=2.0)
_CLUMPED: Final = 1.3


def _check(case: Case) -> Answer:
    observations, few = [], []
    for batch in batches(case):
        later, at_all = _repeated([*batch.before, *batch.now, *batch.others])
        parts = [part_of(batch.now, later), part_of(batch.now, at_all)]
        if parts[0].of < _LEAST:
            few.append(short(case, batch, parts[0].of, _LEAST))
        else:
            observations.append(_observed(case, batch, parts, (later, at_all)))
    return Answer(observations=observations, few=few)


Told = Callable[[Row], bool | None]


def _repeated(rows: Iterable[Row]) -> tuple[Told, Told]:
    """Whether a lead's phone or e-mail was there before: on another day (or a third time on its own), and at all.

    None for leads with neither, which nobody can tell apart.
    """
    last: dict[str, list[date]] = {}
    told: dict[int, tuple[bool, bool]] = {}
    for row in sorted(rows, key=lambda row: row["received_at"]):
        keys, day = _keys(row), row["received_at"].date()
        seen = [one for key in keys for one in last.get(key, ()) if day - one <= timedelta(days=_STALE_DAYS)]
        if keys:
            told[id(row)] = (any(one < day for one in seen) or max(map(seen.count, seen), default=0) > 1, bool(seen))
        for key in keys:
            last.setdefault(key, []).append(day)
    return (lambda row: told[id(row)][0] if id(row) in told else None), (lambda row: told[id(row)][1] if id(row) in told else None)  # fmt: skip


def _keys(row: Row) -> list[str]:
    """What names a person; a phone that can't exist (0900000000) may be anybody's."""
    phone = row["phone_key"] if row["phone_state"] != "impossible" else None
    email = row["email_key"] if row["email_state"] != "impossible" else None
    return [f"{kind}{key}" for kind, key in (("p", phone), ("e", email)) if key]


def _observed(case: Case, batch: Batch, parts: Sequence[Part], told: tuple[Told, Told]) -> Observation:
    chances, surplus = [], []
    for now, holds, bounds in zip(parts, told, (_LATER, _AT_ALL), strict=True):
        before, others = part_of(_settled(case, batch.before), holds), part_of(batch.others, holds)
        chances.append(chance_of_part(now, bounds.most_after(before, others), clumped=_CLUMPED))
        surplus.append(max(now.count - bounds.usual_after(before) * now.of, 0.0))
    at = int(chances[1] < chances[0])
    return Observation(
        vendor=batch.vendor,
        p=min(1.0, 2 * chances[at]),
        amount=worth(case, batch, surplus[at]),
        currency=case.client.currency,
        values=_words(case, batch, parts[at]),
        evidence=evidence([row for row in batch.now if told[at](row)]),
    )


def _settled(case: Case, before: Sequence[Row]) -> list[Row]:
    """Earlier leads that had time enough behind them to be repeated ones."""
    start = case.period.start - timedelta(days=_STALE_DAYS)
    return [row for row in before if row["received_at"].date() >= start]


def _words(case: Case, batch: Batch, now: Part) -> Mapping[str, object]:
    return {
        "name": name_of(case, batch.vendor),
        "count": f"{now.count:,}",
        "of": f"{now.of:,}",
        "share": f"{now.share:.0%}",
        "days": _STALE_DAYS,
    }


def _sample(again: int, count: int = 80, *, days_later: int = 9) -> Case:
    """So many leads are the same people as earlier ones, some days later."""
    leads = sample_leads(count)
    copies = [row | {"lead_id": f"{row['lead_id']}b", "received_at": row["received_at"] + timedelta(days=days_later)} for row in leads if row["received_at"].day <= 20]  # type: ignore[attr-defined, operator]  # fmt: skip
    return case_of({"leads": [*leads, *copies[:again]], "ads_daily": sample_spend()}, goal="leads")


DETECTOR = Detector(
    id="duplicate_leads",
    title=Text(zh="同一個人重複出現在名單裡", en="The same people among the leads again and again"),
    system="S30",
    needs=("leads",),
    least=Text(zh="15 筆有電話或電子郵件的名單", en="15 leads with a phone or an e-mail"),
    reference="Nigrini, Forensic Analytics (2nd ed., 2020): the same-same-same test",
    says=Text(
        zh="{period}，{name}的 {of} 筆名單裡，有 {count} 筆（{share}）的電話或信箱在 {days} 天內已經出現過。",
        en="{name}, {period}: {count} of {of} leads ({share}) have a phone or an e-mail that was there before, within {days} days.",
    ),
    innocent=Text(
        zh="可能是客人多問了幾次、表單送出時按了兩下、一家人或一間公司共用電話，或系統重複匯入。",
        en="People may ask more than once or press the button twice, families and firms share phones, or a system may have imported leads again.",
    ),
    question=Text(
        zh="您好，{period}的 {of} 筆名單裡，有 {count} 筆的電話或信箱在 {days} 天內重複。請問是怎麼來的？計費時已經排除了嗎？",
        en="Of the {of} leads of {period}, {count} repeat a phone or an e-mail within {days} days. How did they come about, and were they left out of the bill?",
    ),
    action=Text(
        zh="和對方約定幾天內同一支電話或信箱只算一筆；付款前先扣掉重複的。",
        en="Agree within how many days one phone or e-mail counts as one lead, and take repeated ones off before paying.",
    ),
    check=_check,
    fires=lambda: _sample(30),
    quiet=lambda: _sample(4),
    few=lambda: _sample(2, count=8),
)
