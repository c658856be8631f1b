"""Many leads from one device."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from kpi_toolkit.checks.case import Case, Row
from kpi_toolkit.checks.detector import Answer, Detector, Few, Observation
from kpi_toolkit.checks.leads import Batch, batches, evidence, name_of, sample_leads, sample_spend, short, worth
from kpi_toolkit.checks.sample import case_of
from kpi_toolkit.i18n import Text

_LEAST: Final = 15
# Offices and telecoms share an address among some people; never among a fifth of a month's leads.
_BUSY: Final = 8
_BUSY_SHARE: Final = 0.05
_FOUND: Final = 10
_FOUND_SHARE: Final = 0.18
# Where nearly every lead carries one address it is the website's own.
_OWN_SHARE: Final = 0.9
# An event's tablet takes down many people's names within some days.
_EVENT_DAYS: Final = 3
# Such leads are keyed in by the client's own people.
_BY_HAND: Final = frozenset({"phone", "walk_in", "exhibition", "recommended", "email"})
_NO_DEVICES = Text(
    zh="名單裡沒有裝置或 IP 欄位；請在匯出時加上 IP 位址（匯入後只留雜湊）",
    en="the leads carry no device or IP address: add the IP address to the export (only a hash of it is kept)",
)
_OWN = Text(
    zh="{name}：幾乎每筆名單都是同一個 IP，應該是網站伺服器自己的；請網站記錄訪客的 IP",
    en="{name}: nearly every lead carries one IP address, most likely the website's own server; have the site record the visitor's",
)


def _check(case: Case) -> Answer:
    found = batches(case)
    if found and not any(row["device_key"] for batch in found for row in batch.now):
        return Answer(few=[Few(needed=_NO_DEVICES)])
    observations, few = [], []
    for batch in found:
        known = [row for row in batch.now if row["device_key"] and row["referral"] not in _BY_HAND]
        if len(known) < _LEAST:
            few.append(short(case, batch, len(known), _LEAST))
        elif _same_everywhere(known):
            few.append(Few(vendor=batch.vendor, needed=_OWN.fill(name=name_of(case, batch.vendor))))
        else:
            observations += _observed(case, batch, known)
    return Answer(observations=observations, few=few)


def _same_everywhere(known: Sequence[Row]) -> bool:
    ((_, most),) = Counter(row["device_key"] for row in known).most_common(1)
    return most >= _OWN_SHARE * len(known)


def _observed(case: Case, batch: Batch, known: Sequence[Row]) -> list[Observation]:
    leads = Counter(row["device_key"] for row in known)
    busy = sorted(key for key, count in leads.items() if count >= max(_BUSY, _BUSY_SHARE * len(known)))
    theirs = [row for row in known if row["device_key"] in busy and not _at_an_event(batch, row, known)]
    if len(theirs) < max(_FOUND, _FOUND_SHARE * len(known)):
        return []
    devices = {row["device_key"] for row in theirs}
    values = {
        "name": name_of(case, batch.vendor),
        "count": f"{len(theirs):,}",
        "of": f"{len(known):,}",
        "share": f"{len(theirs) / len(known):.0%}",
        "devices": len(devices),
    }
    return [
        Observation(
            vendor=batch.vendor,
            amount=worth(case, batch, len(theirs) - len(devices)),
            currency=case.client.currency,
            values=values,
            evidence=evidence(theirs),
        )
    ]


def _at_an_event(batch: Batch, row: Row, known: Sequence[Row]) -> bool:
    """Whether a device may stand at the client's own counter: no campaign brought its leads, which came on few days."""
    days = {one["received_at"].date() for one in known if one["device_key"] == row["device_key"]}
    return not batch.vendor and (max(days) - min(days)).days < _EVENT_DAYS


def _sample(alike: int, count: int = 80) -> Case:
    leads = sample_leads(count, device_key=lambda at: "D" if at < alike else f"D{at}")
    return case_of({"leads": leads, "ads_daily": sample_spend()}, goal="leads")


DETECTOR = Detector(
    id="one_device",
    title=Text(zh="很多名單來自同一個裝置", en="Many leads from one device"),
    system="S30",
    needs=("leads",),
    least=Text(zh="15 筆有 IP 或裝置代碼的名單", en="15 leads with an IP address or a device"),
    reference="MRC, Invalid Traffic Detection and Filtration Standards Addendum (2020): activity-based filtration",
    says=Text(
        zh="{period}，{name}的 {of} 筆名單裡，有 {count} 筆（{share}）來自 {devices} 個裝置或網路位址（IP）。",
        en="{name}, {period}: {count} of {of} leads ({share}) came from {devices} {devices:device or IP address|devices or IP addresses}.",
    ),
    innocent=Text(
        zh="可能是活動現場用平板登記、同仁代客人填表、公司或學校共用一個網路位址，或網站記到的是中繼主機的位址。",
        en="A tablet at an event, staff who fill in the form for customers, a firm or school behind one address, or a site that records a relay's address may be behind it.",
    ),
    question=Text(
        zh="您好，{period}的 {of} 筆名單裡，有 {count} 筆來自同樣的 {devices} 個裝置或網路位址。請問是在哪裡、怎麼收集的？有現場活動或代填嗎？",
        en="Of the {of} leads of {period}, {count} came from {devices} {devices:device or IP address|devices or IP addresses}. Where and how were they collected? Was there an event, or did somebody fill in the form for others?",
    ),
    action=Text(
        zh="抽幾筆打電話問是不是本人填的；不是活動收集的，就請對方說明來源。",
        en="Call some of them and ask whether they filled in the form; if they weren't collected at an event, ask where they came from.",
    ),
    check=_check,
    fires=lambda: _sample(28),
    quiet=lambda: _sample(6),
    few=lambda: _sample(3, count=8),
)
