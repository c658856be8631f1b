"""What reading a file came to: nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kpi_toolkit.i18n import LANGS, Lang, Text, finished


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """One file as it was read.

    `dropped` counts rows by reason; rows_read = rows_kept + sum(dropped). `totals` are sums over the kept rows in the
    columns' own units (money in `currency`); `period_*` are the first and last day covered. `grain` is day or period.
    A file that can't be read has `error` and nothing else but its name.
    """

    file: str
    source: str | None = None
    table: str | None = None
    encoding: str | None = None
    sha256: str | None = None
    rows_read: int = 0
    rows_kept: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    period_start: date | None = None
    period_end: date | None = None
    grain: str = ""
    shape: str = ""
    currency: str | None = None
    totals: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[Text, ...] = ()
    error: Text | None = None

    def as_json(self, lang: Lang) -> dict[str, object]:
        """The public JSON: plain values, dates in ISO form, sentences in `lang`."""
        plain: dict[str, object] = {
            "file": self.file, "source": self.source, "table": self.table, "encoding": self.encoding, "sha256": self.sha256,
            "rows_read": self.rows_read, "rows_kept": self.rows_kept, "dropped": dict(self.dropped),
            "period_start": _iso(self.period_start), "period_end": _iso(self.period_end), "grain": self.grain,
            "currency": self.currency, "totals": dict(self.totals), "warnings": [text.say(lang) for text in self.warnings],
        }  # fmt: skip
        return plain | ({"error": self.error.say(lang)} if self.error is not None else {})

    def stored(self) -> dict[str, object]:
        """A form that `restored` turns back into the same report: for the snapshot's own record."""
        both = {"warnings": [_pair(text) for text in self.warnings], "error": _pair(self.error) if self.error else None}
        return self.as_json("en") | {"shape": self.shape} | both


def restored(record: Mapping[str, object]) -> LoadReport:
    """The report that `LoadReport.stored` wrote down."""
    values = dict(record)
    dates = {name: _date(values[name]) for name in ("period_start", "period_end")}
    warnings = tuple(_text(pair) for pair in values["warnings"])  # type: ignore[attr-defined]
    error = _text(values["error"]) if values["error"] else None
    return replace(LoadReport(**values), **dates, warnings=warnings, error=error)  # type: ignore[arg-type]


def renamed(report: LoadReport, name: str) -> LoadReport:
    """The report of the same content under another name; an error that begins with the old one changes with it."""
    if report.error is None:
        return replace(report, file=name)
    said = (report.error.say(lang) for lang in LANGS)
    words = [
        f"{name}: {line.removeprefix(f'{report.file}: ')}" if line.startswith(f"{report.file}: ") else line
        for line in said
    ]
    return replace(report, file=name, error=_text(words))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(written: object) -> date | None:
    return date.fromisoformat(str(written)) if written else None


def _pair(text: Text) -> list[str]:
    return [text.say("zh-TW"), text.say("en")]


def _text(pair: object) -> Text:
    zh, en = (str(words) for words in pair)  # type: ignore[attr-defined]
    return finished(zh, en)
