"""The benchmark of manipulation itself: what it makes is the same everywhere, and a manipulation touches what it says."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from benchmarks.integrity import judging, tuning
from benchmarks.integrity.__main__ import main
from benchmarks.integrity.chance import counted, stream
from benchmarks.integrity.manipulation import STRENGTHS, Manipulated, Manipulation
from benchmarks.integrity.manipulations import MANIPULATIONS
from benchmarks.integrity.runner import Looked, Raised, named, tasks
from benchmarks.integrity.telling import interval, page
from benchmarks.integrity.world import World, honest
from kpi_toolkit.tables import TABLES
from kpi_toolkit.tables.contract import faults
from kpi_toolkit.tables.dataset import derived

ROOT = Path(__file__).resolve().parents[2]
SETS = {one.RANGES.name: one.RANGES for one in (tuning, judging)}


def test_the_same_seed_gives_the_same_tables_in_any_process() -> None:
    told = "from benchmarks.integrity import judging, world; print(world.honest(7, judging.RANGES).fingerprint)"
    other = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == honest(7, judging.RANGES).fingerprint
    assert honest(8, judging.RANGES).fingerprint != honest(7, judging.RANGES).fingerprint


@pytest.mark.parametrize("name", SETS)
def test_tables_keep_their_contracts(name: str) -> None:
    seen: set[str] = set()
    for seed in range(8):
        world = honest(seed, SETS[name])
        seen |= set(world.frames)
        for table, frame in world.frames.items():
            plain = frame.drop(columns=[one for one in derived(table) if one in frame])
            assert faults(plain, TABLES[table]).empty, (seed, table)
        assert not (world.frames["ads_daily"]["vendor"] == "").all()
        with world.case().dataset as dataset:
            assert set(dataset.relations) == set(world.frames)
    assert seen >= {"ads_daily", "orders", "leads", "sessions", "invoices_fees", "vendor_claims"}


def test_the_two_sets_share_no_range_and_no_random_number() -> None:
    wide = [one.name for one in fields(judging.RANGES) if one.name not in {"name", "salt"}]
    same = [name for name in wide if getattr(tuning.RANGES, name) == getattr(judging.RANGES, name)]
    assert same == []
    assert tuning.RANGES.months[1] < judging.RANGES.months[0]
    assert stream(tuning.RANGES.salt, 1, "plan").random() != stream(judging.RANGES.salt, 1, "plan").random()


@pytest.mark.parametrize("dispersion", [1.0, 2.0, 5.0])
def test_counts_vary_as_much_as_they_are_asked_to(dispersion: float) -> None:
    drawn = counted(np.random.default_rng(1), np.full(40_000, 30.0), dispersion)
    assert drawn.mean() == pytest.approx(30, rel=0.02)
    assert drawn.var() / drawn.mean() == pytest.approx(dispersion, rel=0.05)


@cache
def client(seed: int, wants: frozenset[str]) -> World:
    return honest(seed, judging.RANGES, wants)


def applied(one: Manipulation, strength: str) -> tuple[World, Manipulated]:
    """The first client that allows it, before and after."""
    for seed in range(40):
        world = client(9_000 + seed, one.wants)
        made = one.apply(world, strength, stream(judging.RANGES.salt, seed, one.id))  # type: ignore[arg-type]
        if made is not None:
            return world, made
    raise AssertionError(f"no client allows {one.id}")


@pytest.mark.parametrize("one", MANIPULATIONS.values(), ids=MANIPULATIONS)
def test_a_manipulation_changes_its_tables_and_no_others(one: Manipulation) -> None:
    world, made = applied(one, "strong")
    before = {name: frame.copy() for name, frame in world.frames.items()}
    changed = {name for name, frame in made.world.frames.items() if not frame.equals(before[name])}
    changed |= {"restated"} if made.world.restated != world.restated else set()
    assert changed
    assert changed <= one.tables
    assert made.vendors
    assert all(np.isfinite(amount) for amount in made.amounts)
    again = one.apply(world, "strong", stream(judging.RANGES.salt, 9_999, one.id))
    assert all(frame.equals(before[name]) for name, frame in world.frames.items()), "it changed what it was given"
    assert again is None or again.world is not world
    for table in changed & set(made.world.frames):
        frame = made.world.frames[table]
        plain = frame.drop(columns=[name for name in derived(table) if name in frame])
        assert faults(plain, TABLES[table]).empty, table


def test_every_question_has_manipulations() -> None:
    asked = {one.system for one in MANIPULATIONS.values()}
    assert asked >= {f"S{number}" for number in range(22, 34)}
    assert len(MANIPULATIONS) >= 20
    assert {strength for one in tasks("judging", 0, 1, 0) for strength in [one.strength]} == set(STRENGTHS)


@pytest.mark.parametrize(
    ("label", "seed", "manipulation"),
    [("17", 17, ""), ("honest:17", 17, ""), ("inflated_spend:weak:1000025", 1_000_025, "inflated_spend")],
)
def test_a_label_names_one_client_month(label: str, seed: int, manipulation: str) -> None:
    one = named("judging", label)
    assert (one.seed, one.manipulation) == (seed, manipulation)
    with pytest.raises(ValueError, match="nothing"):
        named("judging", "nothing:strong:1")


def test_the_interval_is_wilsons() -> None:
    # 0 of 10: z² / (n + z²) = 3.8415 / 13.8415
    assert interval(0, 10) == pytest.approx((0.0, 3.841459 / 13.841459), abs=1e-6)
    assert interval(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def looked(label: str, *found: float, **given: object) -> Looked:
    hits = tuple(Raised(detector="claim_differs", vendor="a", amount=one, says="") for one in found)
    said = {"raised": hits, "found": hits, "verdicts": {}, "seconds": {}, **given}
    return Looked(label=label, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "amounts", "right"),
    [
        ((119.0,), (100.0,), True),
        ((121.0,), (100.0,), False),
        ((60.0, 55.0), (100.0,), True),  # together
        ((50.0,), (100.0, 50.0), True),  # either reading
        ((), (100.0,), None),
        ((50.0,), (), None),
    ],
)
def test_an_amount_is_right_within_a_fifth(
    found: tuple[float, ...], amounts: tuple[float, ...], right: bool | None
) -> None:
    assert looked("x", *found, amounts=amounts).amount_right is right


def test_a_small_run_works_from_end_to_end(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "page.md"
    asked = [
        "--honest",
        "1",
        "--manipulated",
        "3",
        "--only",
        "duplicate_invoice",
        "--workers",
        "1",
        "--list",
        "--out",
        str(out),
    ]
    assert main(asked) == 0
    told = capsys.readouterr().out
    assert out.read_text(encoding="utf-8") == told
    assert "1 honest client-months, 3 manipulated ones" in told
    assert "invoiced_twice" in told
    assert main(["--case", "honest:3"]) == 0
    assert capsys.readouterr().out.startswith("honest:3")


def test_a_page_without_any_client_month_is_a_page() -> None:
    assert "0 honest client-months" in page([], "judging")
