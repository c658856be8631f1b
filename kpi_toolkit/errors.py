"""Errors that say what, where and what to do, in the reader's language.

Each family of error has an exit code of its own; the command line prints the message in one line without a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from kpi_toolkit.i18n import Lang, Text


class KpiError(Exception):
    """Something went wrong that a person can mend.

    `what` is the fault, `where` the file, row or field (may be empty), `todo` the way out.
    `faults` holds further faults of the same file or form, so that all are told at once.
    """

    exit_code = 1

    def __init__(self, what: Text, *, where: str = "", todo: Text | None = None, faults: Sequence[Text] = ()) -> None:
        self.what, self.where, self.todo, self.faults = what, where, todo, tuple(faults)
        super().__init__(self.message("en"))

    def message(self, lang: Lang) -> str:
        """The whole error as one line in `lang`."""
        parts = [f"{self.where}: " if self.where else "", self.what.say(lang)]
        if self.faults:
            parts.append(
                {"zh-TW": "：", "en": ": "}[lang]
                + {"zh-TW": "；", "en": "; "}[lang].join(fault.say(lang) for fault in self.faults)
            )
        if self.todo is not None:
            parts.append({"zh-TW": " → ", "en": " -> "}[lang] + self.todo.say(lang))
        return " ".join("".join(parts).split())

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a worker process, keyword arguments included."""
        return _rebuild, (type(self), self.what, self.where, self.todo, self.faults)


def _rebuild(kind: type[KpiError], what: Text, where: str, todo: Text | None, faults: Sequence[Text]) -> KpiError:
    return kind(what, where=where, todo=todo, faults=faults)


class UsageError(KpiError):
    """The command, parameter or argument itself is wrong: nothing was started."""

    exit_code = 2


class ReadError(KpiError):
    """A data file can't be read as it is."""


class AgreementError(KpiError):
    """workspace.yaml, client.yaml or a mapping file holds faults."""


class ReportError(KpiError):
    """A report could not be made."""


def nearest(word: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known words most like `word`, best first; empty when none is near."""
    return get_close_matches(word, list(known), n=count, cutoff=0.5)


def unknown(kind: Text, word: str, known: Iterable[str], *, where: str = "") -> UsageError:
    """The error for a name nobody declared: names the nearest ones, or else lists all."""
    names = sorted(known)
    near = nearest(word, names) or names
    return UsageError(
        Text(zh="沒有這個{kind}：{word}", en="unknown {kind}: {word}").fill(kind=kind, word=repr(word)),
        where=where,
        todo=Text(zh="可用：{names}", en="did you mean: {names}").fill(names=", ".join(near[:12])),
    )
