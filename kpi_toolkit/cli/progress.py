"""A progress bar on stderr for a person at a terminal; elsewhere nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kpi_toolkit.cli.output import plain

Progress = Callable[[int, int, str], None]


@contextmanager
def following(words: str) -> Iterator[Progress | None]:
    """A function to call with how many steps are done, how many there are, and what is at hand; None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(plain(words)), total=None)  # it only pulses until somebody counts

        def follow(done: int, total: int, at: str) -> None:
            bar.update(task, completed=done, total=total, description=escape(plain(f"{words}: {at}")[-60:]))

        yield follow
