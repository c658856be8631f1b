"""Faulty contracts: every fault of the file at once, each with its place and what to write instead."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.errors import AgreementError

CLIENT = "name: A\ngoal: orders\nvendors:\n  - {id: a, name: A}\n  - id: b\n    name: B\n    contracts:\n"


def faults_of(folder: Path, contracts: str) -> list[str]:
    """The faults of a client.yaml whose second vendor has these contracts, in English."""
    (folder / "workspace.yaml").write_text("", encoding="utf-8")
    (folder / "clients/acme").mkdir(parents=True, exist_ok=True)
    (folder / "clients/acme/client.yaml").write_text(CLIENT + contracts, encoding="utf-8")
    with pytest.raises(AgreementError) as raised:
        open_workspace(folder).client("acme")
    for lang in ("zh-TW", "en"):
        assert "\n" not in raised.value.message(lang)
    return [fault.say("en") for fault in raised.value.faults]


def test_all_faults_of_contracts_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path,
        "      - {since: 2026-01, until: 2026-06, taxes: included, media: {billed_by: me, mark_up: 0.1}}\n"
        "      - since: 2026-06-30\n"
        "        fees:\n"
        "          - {kind: commission, base: media_spend, share: 15, amount: 3}\n"
        "          - {kind: fixed, amount: 60000}\n"
        "          - {kind: retainer, amout: 1}\n"
        "          - {kind: commission, base: clicks, tiers: [{form: 0, share: 1.5}]}\n"
        "        items: [{text: '*', kind: media, limit: -1}]\n"
        "        tax: 含稅\n"
        "      - {since: 2026-13}\n",
    )
    assert sorted(fault.split(":")[0] for fault in found) == [
        "vendors[2].contracts[1].media.billed_by (line 8)",
        "vendors[2].contracts[1].media.mark_up (line 8)",
        "vendors[2].contracts[1].taxes (line 8)",
        "vendors[2].contracts[2] (line 9)",
        "vendors[2].contracts[2].fees[1].amount (line 11)",
        "vendors[2].contracts[2].fees[1].share (line 11)",
        "vendors[2].contracts[2].fees[2].kind (line 12)",
        "vendors[2].contracts[2].fees[3] (line 13)",
        "vendors[2].contracts[2].fees[3].amout (line 13)",
        "vendors[2].contracts[2].fees[4].base (line 14)",
        "vendors[2].contracts[2].fees[4].tiers[1].form (line 14)",
        "vendors[2].contracts[2].fees[4].tiers[1].from (line 14)",
        "vendors[2].contracts[2].fees[4].tiers[1].share (line 14)",
        "vendors[2].contracts[2].items[1].kind (line 15)",
        "vendors[2].contracts[2].items[1].limit (line 15)",
        "vendors[2].contracts[2].tax (line 16)",
        "vendors[2].contracts[3].since (line 17)",
    ]
    told = "\n".join(found)
    for words in (
        "did you mean: tax", "did you mean: markup", "did you mean: amount", "did you mean: from", "can't be 'me'; use vendor, platform",
        "use retainer, commission, production, kol, tool, other", "can't be 'media'; use retainer, commission, media_passthrough",
        "can't be more than 1.0 (it is '15')", "amount (line 11): doesn't go with commission", "use media_spend, net_revenue, orders",
        "holds on days on which contracts[1] holds",
    ):  # fmt: skip
        assert words in told, words


@pytest.mark.parametrize(
    ("fee", "told"),
    [
        ("{amount: 1}", r"fees\[1\].kind.*: is missing"),
        ("{kind: retainer}", r"fees\[1\] .*retainer needs amount"),
        ("{kind: retainer, amount: 1, once: 2026-01-01}", r"once .*doesn't go with retainer"),
        ("{kind: retainer, amount: '30,000'}", r"amount .*not a number: '30,000'"),
        ("{kind: retainer, amount: -1}", r"amount .*can't be less than 0"),
        ("{kind: retainer, amount: .inf}", r"amount .*not a number"),
        ("{kind: media_passthrough, amount: 1}", r"kind .*can't be 'media_passthrough'; use retainer"),
        ("{kind: tool}", r"needs either amount or limit"),
        ("{kind: tool, amount: 1, limit: 2}", r"needs either amount or limit"),
        ("{kind: tool, limit: 2, once: 2026-01-01}", r"once .*goes with amount alone"),
        ("{kind: tool, amount: 2, share: 0.1}", r"share .*doesn't go with tool"),
        ("{kind: tool, amount: 2, once: 2026-13}", r"once .*not a date"),
        ("{kind: other, amount: 2}", r"other needs text"),
        ("{kind: commission, share: 0.1}", r"commission needs base: media_spend, net_revenue, orders"),
        ("{kind: commission, base: orders, share: 0.1}", r"share .*with base orders, write each"),
        ("{kind: commission, base: net_revenue, each: 20}", r"each .*with base net_revenue, write share"),
        ("{kind: commission, base: orders}", r"needs either each or tiers"),
        ("{kind: commission, base: orders, each: 1, tiering: whole, tiers: [{from: 0, each: 1}]}", r"needs either each or tiers"),
        ("{kind: commission, base: orders, tiers: [{from: 0, each: 1}]}", r"tiers and tiering go together"),
        ("{kind: commission, base: orders, each: 1, tiering: whole}", r"tiers and tiering go together"),
        ("{kind: commission, base: orders, tiering: whole, tiers: []}", r"tiers .*needs at least one tier"),
        ("{kind: commission, base: orders, tiering: stepped, tiers: [{from: 0, each: 1}]}", r"tiering .*use whole, marginal"),
        ("{kind: commission, base: orders, tiering: whole, tiers: [{from: 0, each: 1}, {from: 9, share: 0.1}]}", r"tiers\[2\] .*with base orders, write each"),
        ("{kind: commission, base: media_spend, tiering: whole, tiers: [{from: 9, share: 0.1}]}", r"tiers\[1\].from .*has to start from 0"),
        ("{kind: commission, base: media_spend, tiering: whole, tiers: [{from: 0, share: 0.1}, {from: 5, share: 0.1}, {from: 5, share: 0.1}]}", r"tiers\[3\].from .*more than the tier's before"),
        ("{kind: commission, base: media_spend, share: 0.1, minimum: 3, maximum: 2}", r"maximum .*less than minimum"),
        ("{kind: tool, amount: 2, clause: ''}", r"clause .*can't be empty"),
        ("a", r"fees\[1\] .*has to be `name: value` pairs"),
        ("{kind: [tool], amount: 2}", r"kind .*can't be"),
        ("{kind: commission, base: [orders], each: 2}", r"base .*can't be"),
        ("{kind: commission, base: orders, tiering: whole, tiers: 3}", r"tiers .*has to be a list"),
    ],
)  # fmt: skip
def test_faulty_fees(tmp_path: Path, fee: str, told: str) -> None:
    (fault,) = faults_of(tmp_path, f"      - fees: [{fee}]\n")
    assert fault.startswith("vendors[2].contracts[1].fees[1]")
    assert re.search(told, fault), fault


@pytest.mark.parametrize(
    ("contracts", "told"),
    [
        ("      - {since: 2026-02, until: 2026-01}\n", [r"contracts\[1\] .*until is before since"]),
        ("      - {}\n      - {since: 2026-01}\n", [r"contracts\[2\] .*on which contracts\[1\] holds; end the earlier"]),
        ("      - {since: 2026-03, until: 2026-03-31}\n      - {until: 2026-03-01}\n", [r"contracts\[1\] .*on which contracts\[2\] holds"]),
        (
            "      - {until: 2026-12}\n      - {since: 2026-02, until: 2026-02}\n      - {since: 2026-12-31}\n",
            [r"contracts\[2\] .*on which contracts\[1\] holds", r"contracts\[3\] .*on which contracts\[1\] holds"],
        ),
        ("      - {since: 2026-02, fees: [{kind: tool, amount: 1, once: 2026-01-31}]}\n", [r"fees\[1\].once .*doesn't hold on that day"]),
        ("      - {media: {billed_by: platform, markup: 0.1}}\n", [r"media.markup .*the platform bills by itself"]),
        ("      - {media: {billed_by: vendor, markup: 15}}\n", [r"media.markup .*can't be more than 1"]),
        ("      - {tax_rate: 5}\n", [r"tax_rate .*can't be more than 1"]),
        ("      - {items: [{text: a}]}\n", [r"items\[1\].kind .*is missing"]),
        ("      - {items: {text: a, kind: tool}}\n", [r"items .*has to be a list"]),
        ("      {since: 2026-01}\n", [r"contracts .*has to be a list"]),
        ("      - !a {since: 2026-02, fees: 3}\n", [r"line 8: YAML tags are refused"]),
    ],
)  # fmt: skip
def test_faulty_contracts(tmp_path: Path, contracts: str, told: list[str]) -> None:
    found = faults_of(tmp_path, contracts)
    assert len(found) == len(told), found
    for fault, expected in zip(found, told, strict=True):
        assert re.search(expected, fault), fault


def test_many_overlapping_contracts_are_told_of_in_time(tmp_path: Path) -> None:
    began = time.process_time()
    assert len(faults_of(tmp_path, "      - {since: 2026-01}\n" * 3000)) == 2999
    assert time.process_time() - began < 5
