"""Amounts over all groups at once: values, and for each group without one the reason why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi_toolkit.metrics.buckets import Bucket
from kpi_toolkit.metrics.incomplete import caveat as incomplete
from kpi_toolkit.metrics.metric import Amount, Guard, Mean, Metric, Quantity, Total, one_definition
from kpi_toolkit.metrics.query import Sheet

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]

_SEVERAL: dict[Guard, str] = {
    "currency": "currencies", "source": "platforms", "counts": "result types", "conversion_type": "result types",
    "attribution": "attribution settings", "definition": "definitions",
}  # fmt: skip


# What gives way to other reasons: that figures are empty says less than that a table is missing or kinds differ.
WEAK = ("no values", "not additive", "denominator is 0")


@dataclass(frozen=True)
class Figures:
    """An amount for every group: NaN where `reason` says why not; `caveat` is what to know about a value given."""

    value: Numbers
    reason: Words
    caveat: Words


@dataclass(frozen=True)
class Answers:
    """The sheets of all tables on one common list of groups.

    `groups` has a row for each bucket and group (`bucket` and the groupings' columns); `missing` says of tables that
    could not be asked why not; `ledger_start` is the first day of each table that answers rest on the past of.
    """

    groups: pd.DataFrame
    sheets: dict[str, Sheet]
    missing: dict[str, str]
    buckets: Sequence[Bucket]
    ledger_start: dict[str, date] = field(default_factory=dict)

    @cached_property
    def size(self) -> int:
        """How many groups there are."""
        return len(self.groups)

    @cached_property
    def places(self) -> dict[str, Place]:
        """Each sheet's rows as numbers of groups."""
        return {name: Place(self, sheet) for name, sheet in self.sheets.items()}

    def blank(self) -> Words:
        """Empty words for every group."""
        return np.full(self.size, "", dtype=object)


class Place:
    """A sheet's rows, placed in the common groups."""

    def __init__(self, answers: Answers, sheet: Sheet) -> None:
        self.answers, self.sheet, rows = answers, sheet, sheet.rows
        self.group = _numbers_of(answers.groups, rows, sheet.question.by)
        self.uncut = rows["uncut"].to_numpy() != ""
        self.present: Flags = self._count(np.ones(len(rows), dtype=bool)) > 0

    def _count(self, chosen: Flags) -> Numbers:
        return np.bincount(self.group[chosen], minlength=self.answers.size).astype(float)

    def _sum(self, chosen: Flags, values: Numbers) -> Numbers:
        return np.bincount(self.group[chosen], values[chosen], self.answers.size).astype(float)

    def column(self, name: str) -> Numbers:
        """A column of the sheet as numbers, NaN where empty."""
        return self.sheet.rows[name].to_numpy(dtype=float, na_value=np.nan)

    @cached_property
    def _platform(self) -> npt.NDArray[np.int64]:
        """Each row's platform within its asked period, as a number."""
        asked = np.array([one.asked for one in self.answers.buckets])
        source = pd.factorize(self.sheet.rows["guard_source"])[0]
        return asked[self.sheet.rows["bucket"].to_numpy()] * (source.max(initial=0) + 1) + source

    def comparable(self, quantities: Iterable[Quantity]) -> Flags:
        """The rows of platforms that give all `quantities` at all in the asked period.

        Within such a platform an empty cell adds nothing (Meta leaves actions that never happened blank); a platform
        without the column is left out of numerator and denominator alike.
        """
        kept = np.ones(len(self.sheet.rows), dtype=bool)
        if "guard_source" not in self.sheet.rows or not self.sheet.question.grained:
            return kept
        for quantity in quantities:
            if quantity.how == "sum":
                figures = self.column(quantity.id)
                told = ~np.isnan(figures) & ((figures != 0) | (not quantity.zero_is_untracked))
                kept &= (np.bincount(self._platform, told) > 0)[self._platform]
        return kept

    def left_out(self, kept: Flags, values: Numbers) -> dict[int, list[str]]:
        """The platforms whose rows were left out, by group that has a value all the same."""
        gone = ~kept & ~self.uncut
        if not gone.any():
            return {}
        pairs = pd.DataFrame({"group": self.group[gone], "source": self.sheet.rows["guard_source"].to_numpy()[gone]})
        pairs = pairs[~np.isnan(values[pairs["group"].to_numpy()])].drop_duplicates()
        return _listed(pairs["group"], pairs["source"])

    def instead_of_days(self, kept: Flags, values: Numbers) -> dict[int, str]:
        """The platforms whose whole-period rows were used though some of the days are told too, by group with a value."""
        if not self.sheet.instead or "guard_source" not in self.sheet.rows:
            return {}
        pairs = pd.DataFrame({
            "group": self.group, "bucket": self.sheet.rows["bucket"], "source": self.sheet.rows["guard_source"],
        })[kept & ~self.uncut].drop_duplicates()  # fmt: skip
        chosen = [pair in self.sheet.instead for pair in zip(pairs["bucket"], pairs["source"], strict=True)]
        told = np.array(chosen, dtype=bool)
        pairs = pairs[told & ~np.isnan(values[pairs["group"].to_numpy()])]
        found = _listed(pairs["group"], pairs["source"])
        return {group: f"whole periods instead of days: {', '.join(names)}" for group, names in found.items()}

    def contributing(self, quantity: Quantity, kept: Flags) -> Flags:
        """The rows that hold something of `quantity`."""
        values = self.column(quantity.id)
        return kept & ~self.uncut & ~np.isnan(values) & (values != 0)

    def uncut_reasons(self, quantity: Quantity) -> dict[int, str]:
        """Why groups can't be cut by bucket: whole-period rows with figures lie across the border."""
        lying = self.uncut & ~np.isnan(self.column(quantity.id))
        spans = pd.DataFrame(
            {"group": self.group[lying], "span": self.sheet.rows["uncut"].to_numpy()[lying]}
        ).drop_duplicates()
        found = _listed(spans["group"], spans["span"])
        return {group: f"no per-day column: {', '.join(names)}" for group, names in found.items()}

    def measure(self, quantity: Quantity, kept: Flags) -> Figures:
        """One quantity over every group."""
        values, reason, caveat = self.column(quantity.id), self.answers.blank(), self.answers.blank()
        chosen = kept & ~self.uncut & ~np.isnan(values)
        value = np.where(self._count(chosen) > 0, self._sum(chosen, values), np.nan)
        reason[np.isnan(value)] = "no values"
        if quantity.how == "single":
            self._only_single(value, reason)
        if quantity.assumption:
            self._assume(quantity, value, reason, caveat)
        if quantity.due != "false":
            self._incomplete(quantity, kept, caveat)
        if self.uncut.any():
            _say(reason, self.uncut_reasons(quantity))
        reason[~self.present] = "no rows"
        return Figures(np.where(reason == "", value, np.nan), reason, caveat)

    def _only_single(self, value: Numbers, reason: Words) -> None:
        whole = ~self.uncut
        alone = (self._sum(whole, self.column("rows")) == 1) & (self._sum(whole, self.column("exact")) == 1)
        reason[~alone & ~np.isnan(value)] = "not additive"

    def _incomplete(self, quantity: Quantity, kept: Flags, caveat: Words) -> None:
        """Say in how many rows of the group the cell is empty that should hold the quantity."""
        rows = self._sum(kept & ~self.uncut, self.column(f"empty_{quantity.id}"))
        _add(caveat, {int(group): incomplete(quantity.of, rows[group]) for group in np.flatnonzero(rows)})

    def _assume(self, quantity: Quantity, value: Numbers, reason: Words, caveat: Words) -> None:
        lacking = self._sum(~self.uncut, self.column(f"lacking_{quantity.id}")) > 0
        figure = self.sheet.question.dataset.assumptions.get(quantity.assumption)
        if figure is None:
            reason[lacking & ~np.isnan(value)] = reason[lacking & np.isnan(value)] = (
                f"{quantity.assumption} is not in client.yaml"
            )
        else:
            caveat[lacking] = f"{quantity.assumption} of client.yaml: {figure:g}"


def sheet_name(quantity: Quantity) -> str:
    """The sheet that answers `quantity`: of its table, its window, and apart where groups can't be added."""
    kind = " distinct" if quantity.how == "distinct" else ""
    return f"{quantity.table}{kind}{f' {quantity.window_days}' if quantity.window_days else ''}"


class Reckoning:
    """One metric over every group of the answers."""

    def __init__(self, answers: Answers, metric: Metric) -> None:
        self.answers, self.metric = answers, metric
        self.several_tables = len({part.table for part in metric.parts}) > 1
        self.kept = {
            name: self._kept(name) for name in {sheet_name(part) for part in metric.parts} & set(answers.sheets)
        }

    def _kept(self, name: str) -> Flags:
        return self.answers.places[name].comparable(part for part in self.metric.parts if sheet_name(part) == name)

    def of(self, amount: Amount) -> Figures:
        """The amount over every group."""
        if isinstance(amount, Quantity):
            return self._quantity(amount)
        if isinstance(amount, Total):
            return self._total(amount)
        return self._mean(amount)

    def _quantity(self, quantity: Quantity) -> Figures:
        name, blank = sheet_name(quantity), self.answers.blank
        if name not in self.answers.sheets:
            reason = blank()
            reason[:] = self.answers.missing[name]
            found = Figures(np.full(self.answers.size, np.nan), reason, blank())
        else:
            found = self._asked(quantity, name)
        return _as_zero(found, quantity) if quantity.optional else found

    def _asked(self, quantity: Quantity, name: str) -> Figures:
        place = self.answers.places[name]
        kept = self.kept.get(name, np.ones(len(place.group), dtype=bool))
        found = place.measure(quantity, kept)
        self._explain(found, place, quantity.table)
        whole = all(part.where == "true" for part in self.metric.parts if sheet_name(part) == name)
        outside = place.left_out(kept, found.value) if whole else {}
        _add(found.caveat, {group: f"without {', '.join(names)}: not given" for group, names in outside.items()})
        _add(found.caveat, place.instead_of_days(kept, found.value))
        if "tax_included" in quantity.guards:
            _add(found.caveat, self._mixed_tax(quantity, found.value))
        if quantity.history_days:
            _add(found.caveat, self._short_history(quantity, found.value))
        return found

    def _explain(self, found: Figures, place: Place, table: str) -> None:
        """Say which grouping the table does not know, where that is why it has no rows."""
        none = found.reason == "no rows"
        if self.several_tables:
            found.reason[none] = f"{table}: no rows"
            for name in place.sheet.blank:
                found.reason[none & (self.answers.groups[name] != "").to_numpy()] = f"{table}: not known by {name}"
            _say(found.reason, self._untold)

    @cached_property
    def _untold(self) -> dict[int, str]:
        """Groups of rows that don't say whose they are while another table's do: they may be of any group there."""
        places = [self.answers.places[name] for name in self.kept]
        return {
            int(group): f"{place.sheet.question.table}: not known by {name}"
            for place in places
            for name in sorted(place.sheet.blank - frozenset.intersection(*(one.sheet.blank for one in places)))
            for group in np.flatnonzero(place.present)
        }

    def _mixed_tax(self, quantity: Quantity, value: Numbers) -> dict[int, str]:
        groups, kinds = self._pairs("tax_included", [quantity])
        pairs = pd.DataFrame({"group": groups, "kind": kinds})
        said = pairs[pairs["kind"] != ""].drop_duplicates().groupby("group").size()
        return {int(group): "with and without VAT" for group in said.index[said > 1] if not np.isnan(value[group])}

    def _short_history(self, quantity: Quantity, value: Numbers) -> dict[int, str]:
        start = self.answers.ledger_start.get(quantity.table)
        if start is None:
            return {}
        ends = np.array([one.period.end for one in self.answers.buckets], dtype="datetime64[D]")
        needed = ends[self.answers.groups["bucket"].to_numpy()] - np.timedelta64(quantity.history_days - 1, "D")
        short = (needed < np.datetime64(start, "D")) & ~np.isnan(value)
        return {int(group): f"{quantity.table} begin {start:%Y-%m-%d}" for group in np.flatnonzero(short)}

    def _total(self, amount: Total) -> Figures:
        plus, minus = [self.of(part) for part in amount.plus], [self.of(part) for part in amount.minus]
        value = np.sum([part.value for part in plus], axis=0) - np.sum([part.value for part in minus], axis=0)
        return Figures(value, *_joined([*plus, *minus]))

    def _mean(self, amount: Mean) -> Figures:
        return divided(self.of(amount.of), self.of(amount.per))

    def kinds(self, guard: Guard) -> tuple[Words, dict[int, list[str]]]:
        """What kind (currency, platform, definition …) each group's figures are of, and the groups that clash.

        None where nothing contributes.
        """
        found: Words = np.full(self.answers.size, None, dtype=object)
        parts = [part for part in self.metric.parts if guard in part.guards and sheet_name(part) in self.kept]
        groups, names = self._pairs(guard, parts)
        if not len(groups) or (names == names[0]).all():
            found[groups] = names[0] if len(names) else None
            return found, {}
        pairs = pd.DataFrame({"group": groups, "kind": names})
        kinds = pairs.drop_duplicates().sort_values(["group", "kind"])
        doubled = kinds["group"].duplicated(keep=False)
        single = kinds[~doubled]
        found[single["group"].to_numpy()] = single["kind"].to_numpy()
        several = _listed(kinds["group"][doubled], kinds["kind"][doubled])
        if guard == "definition":
            alike = {group: "; ".join(names) for group, names in several.items() if one_definition(names)}
            _say(found, alike)
            several = {group: names for group, names in several.items() if group not in alike}
        return found, several

    def sources(self) -> Words:
        """The platforms and shops whose figures each group holds, parted by `, `."""
        found = self.answers.blank()
        asked = [part for part in self.metric.parts if not part.optional and sheet_name(part) in self.kept]
        telling = [part for part in asked if "guard_source" in self.answers.places[sheet_name(part)].sheet.rows]
        groups, kinds = self._pairs("source", [part for part in telling if not part.window_days])
        several = pd.DataFrame({"group": groups, "kind": kinds}).drop_duplicates()
        if not several.empty:
            _say(
                found, {group: ", ".join(names) for group, names in _listed(several["group"], several["kind"]).items()}
            )
        return found

    def _pairs(self, guard: Guard, parts: Sequence[Quantity]) -> tuple[np.ndarray, np.ndarray]:
        """The group and the kind of every sum that contributes to one of `parts`."""
        groups, kinds = [np.array([], dtype=int)], [np.array([], dtype=object)]
        for part in parts:
            place = self.answers.places[sheet_name(part)]
            holding = place.contributing(part, self.kept[sheet_name(part)])
            groups.append(place.group[holding])
            kinds.append(place.sheet.rows[f"guard_{guard}"].to_numpy(dtype=object)[holding])
        return np.concatenate(groups), np.concatenate(kinds)


def clash(guard: Guard, names: Sequence[str]) -> str:
    """The reason for a group whose figures are of several kinds."""
    return f"several {_SEVERAL[guard]}: {', '.join(name or 'unknown' for name in names)}"


def divided(over: Figures, under: Figures, scale: float = 1.0) -> Figures:
    """One amount for each unit of another; a denominator of 0 gives no value."""
    reason, caveat = _joined([over, under])
    nothing = (under.value == 0) & (reason == "")
    reason[nothing] = "denominator is 0"
    with np.errstate(divide="ignore", invalid="ignore"):
        value = scale * over.value / under.value
    return Figures(np.where(reason == "", value, np.nan), reason, caveat)


def _joined(parts: Sequence[Figures]) -> tuple[Words, Words]:
    """The first of the weightiest reasons and all caveats, group by group."""
    reason, caveat = parts[0].reason.copy(), parts[0].caveat.copy()
    for part in parts[1:]:
        weightier = (reason == "") | (np.isin(reason, WEAK) & ~np.isin(part.reason, ["", *WEAK]))
        reason = np.where(weightier, part.reason, reason)
        more = np.flatnonzero((part.caveat != "") & (part.caveat != caveat))
        _add(caveat, {int(group): part.caveat[group] for group in more})
    return reason, caveat


def _as_zero(found: Figures, quantity: Quantity) -> Figures:
    """An optional amount: nothing there counts as 0, and the caveat says so."""
    absent = np.array(
        [reason.endswith("no rows") or reason.startswith("no table") for reason in found.reason], dtype=bool
    )
    caveat = found.caveat.copy()
    caveat[absent] = f"without {quantity.table}"
    return Figures(np.where(absent, 0.0, found.value), np.where(absent, "", found.reason), caveat)


def _listed(groups: pd.Series[int], names: pd.Series[str]) -> dict[int, list[str]]:
    """The names of each group, sorted."""
    found: dict[int, list[str]] = {}
    for group, name in sorted(zip(groups.tolist(), names.tolist(), strict=True)):
        found.setdefault(group, []).append(name)
    return found


def _say(words: Words, said: dict[int, str]) -> None:
    for group, sentence in said.items():
        words[group] = sentence


def _add(words: Words, said: dict[int, str]) -> None:
    for group, sentence in said.items():
        if sentence not in words[group].split("; "):
            words[group] = f"{words[group]}; {sentence}" if words[group] else sentence


def _numbers_of(groups: pd.DataFrame, rows: pd.DataFrame, by: Sequence[str]) -> npt.NDArray[np.int64]:
    """For each row the number of its group."""
    if not by:
        return rows["bucket"].to_numpy(dtype=np.int64)
    asked = rows[["bucket", *(f"by_{name}" for name in by)]].set_axis(["bucket", *by], axis=1)
    numbered = groups.assign(number=np.arange(len(groups)))
    return asked.merge(numbered, how="left", on=["bucket", *by])["number"].to_numpy(dtype=np.int64)
