"""An honest client-month: all its tables, made of one plan and one course of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import pandas as pd

from benchmarks.integrity import books, contacts, exports, history, lists, posts, reports, shop, visits
from benchmarks.integrity.advertising import Facts, facts
from benchmarks.integrity.plan import Plan, drawn
from benchmarks.integrity.ranges import Ranges
from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.conversion import definition_of
from kpi_toolkit.checks.case import Case
from kpi_toolkit.tables.dataset import from_frames


@dataclass(frozen=True, kw_only=True)
class World:
    """A client-month. `frames` are its canonical tables by name, with what the agreement adds to them; `agreed` is its
    client.yaml; `ledger` are the orders with the campaign that brought each, which nobody but the generator knows."""

    plan: Plan
    facts: Facts
    agreed: Mapping[str, Any]
    frames: Mapping[str, pd.DataFrame]
    ledger: pd.DataFrame | None = None
    restated: tuple[Mapping[str, Any], ...] | None = None

    @property
    def client(self) -> Client:
        return Client.model_validate(dict(self.agreed))

    def case(self) -> Case:
        """What the checks look into. Its dataset is to be closed."""
        client = self.client
        dataset = from_frames(self.frames, assumptions=client.assumptions)
        # Questions over so few rows are answered faster by one thread than by many.
        dataset.connection.execute("SET threads = 1")
        return Case(client=client, dataset=dataset, period=self.plan.period, restated=self.restated)

    @property
    def fingerprint(self) -> str:
        """What tells these tables and this agreement from any others."""
        words = [f"{name}\n{self.frames[name].to_csv(index=False)}" for name in sorted(self.frames)]
        return sha256("".join([*words, repr(self.agreed), repr(self.restated)]).encode()).hexdigest()

    def with_tables(self, **tables: pd.DataFrame) -> World:
        """The same with other tables."""
        return replace(self, frames={**self.frames, **tables})

    def advertised(self, changed: Facts) -> World:
        """The same with other figures of the ads, in the exports and in all that is made of them."""
        client, frames = self.client, dict(self.frames)
        frames["ads_daily"] = agreed_upon(client, exports.ads(self.plan, changed))
        if "vendor_claims" in frames:
            frames["vendor_claims"] = reports.claims(self.plan, changed, self.ledger)
        if "invoices_fees" in frames:
            frames["invoices_fees"] = books.invoices(self.plan, changed, client)
        return replace(self, facts=changed, frames=frames)


def honest(seed: int, ranges: Ranges, wants: frozenset[str] = frozenset()) -> World:
    """The honest client-month of that seed; see plan.drawn about `wants`."""
    plan = drawn(seed, ranges, wants)
    course = facts(plan)
    agreed = {name: value for name, value in books.agreement(plan).items() if value is not None}
    client = Client.model_validate(agreed)
    frames = {"ads_daily": agreed_upon(client, exports.ads(plan, course))}
    ledger = shop.orders(plan, course) if "orders" in plan.has else None
    if ledger is not None:
        frames["orders"] = ledger.drop(columns="campaign")
        if "commission_list" in plan.has:
            frames["claimed_orders"] = lists.claimed_orders(plan, ledger)
    if "leads" in plan.has:
        frames["leads"] = _leads(client, contacts.leads(plan, course))
    if "sessions" in plan.has:
        frames["sessions"] = visits.sessions(plan, course)
    if "books" in plan.has:
        frames["invoices_fees"] = books.invoices(plan, course, client)
    if "reports" in plan.has:
        frames["vendor_claims"] = reports.claims(plan, course, ledger)
    if "content" in plan.has:
        frames["content"] = posts.content(plan)
    frames = {name: frame.reset_index(drop=True) for name, frame in frames.items() if len(frame)}
    changed = history.restated(plan, frames) if "restated" in plan.has else None
    return World(plan=plan, facts=course, agreed=agreed, frames=frames, ledger=ledger, restated=changed)


def agreed_upon(client: Client, ads: pd.DataFrame) -> pd.DataFrame:
    """Ads with what the agreement says of them: whose they are, what they count."""
    known = ads[["source", "campaign_name", "account_id", "conversion_type"]].astype(object)
    known = known.where(known.notna(), "")
    keys = list(zip(*(known[name] for name in known), strict=True))
    said = {key: _said(client, *key) for key in dict.fromkeys(keys)}
    columns = pd.DataFrame([said[key] for key in keys], columns=["vendor", "counts", "definition"], index=ads.index)
    return pd.concat([ads, columns], axis=1).assign(channel=ads["source"])


def _said(client: Client, source: str, campaign: str, account: str, word: str) -> tuple[str, str, str]:
    vendor = client.vendor_of(source, campaign, account)
    counts = client.counts_of(source, vendor, None, word)
    return vendor, counts, definition_of(client.conversions, source, vendor, None, counts)


def _leads(client: Client, leads: pd.DataFrame) -> pd.DataFrame:
    """A lead is the vendor's whose campaign brought it, as far as its name tells."""
    platforms = {"google": "google_ads", "facebook": "meta_ads", "line": "line_ads", "tiktok": "tiktok_ads"}
    pairs = list(zip(leads["referral"], leads["campaign_name"], strict=True))
    whose = {
        pair: client.vendor_of(platforms.get(pair[0], ""), pair[1]) if isinstance(pair[1], str) else ""
        for pair in dict.fromkeys(pairs)
    }
    return leads.assign(vendor=[whose[pair] for pair in pairs])
