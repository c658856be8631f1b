"""Errors as people meet them: one line, in their language, with an exit code."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from kpi_toolkit.cli import output
from kpi_toolkit.cli.language import language_of
from kpi_toolkit.errors import KpiError
from kpi_toolkit.i18n import Lang, Text


def told(command: Callable[..., int]) -> Callable[..., int]:
    """`command`, with its errors told in one line in the reader's language and turned into exit codes."""

    @wraps(command)
    def wrapper(**given: object) -> int:
        try:
            return command(**given)
        except BrokenPipeError:
            raise
        except Exception as fault:
            return complain(fault, language_of(given), debug=bool(given.get("debug")))

    return wrapper


def complain(fault: Exception, lang: Lang, *, debug: bool, about: str = "") -> int:
    """Tell of `fault` in one line and give its exit code.

    An unforeseen one is told by its kind and place alone, for its message may quote somebody's data.
    """
    words = fault.message(lang) if isinstance(fault, KpiError) else _unforeseen(fault).say(lang)
    output.error_line(f"{about}: {words}" if about else words, lang)
    if debug:
        traceback.print_exception(fault)
    return fault.exit_code if isinstance(fault, KpiError) else 1


def _unforeseen(fault: Exception) -> Text:
    if isinstance(fault, OSError) and fault.strerror:
        words = Text(
            zh="{place}：系統不允許這個動作（{why}）→ 請確認位置存在、可以寫入、空間足夠",
            en="{place}: the system refused ({why}) -> check that the place exists, may be written to and has room",
        )
        return words.fill(place=str(fault.filename or "-"), why=fault.strerror)
    frame = traceback.extract_tb(fault.__traceback__)[-1]
    words = Text(
        zh="沒料到的錯誤 {kind}（{file} 第 {line} 行）→ 加上 --debug 可看細節",
        en="unforeseen {kind} ({file}, line {line}) -> run with --debug for details",
    )
    return words.fill(kind=type(fault).__name__, file=Path(frame.filename).name, line=frame.lineno)
