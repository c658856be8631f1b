"""What is to be reached: a metric's value in a month or a week, since when and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from kpi_toolkit.agreement.document import quoted
from kpi_toolkit.agreement.terms import Lasting
from kpi_toolkit.errors import nearest
from kpi_toolkit.i18n import Text
from kpi_toolkit.periods import Period


class Target(Lasting):
    """The value that `metric` should have in each month (or week); money in the client's currency, shares 0 to 1."""

    metric: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    value: float
    period: Literal["month", "week"] = "month"

    def covers(self, period: Period) -> bool:
        """Whether the target speaks of `period`: of its kind, and begun and not over on its first day."""
        after = self.since is None or self.since <= period.start
        return period.grain == self.period and after and (self.until is None or period.start <= self.until)


def target_of(targets: Iterable[Target], metric: str, period: Period) -> Target | None:
    """The target of `metric` for `period`; the one agreed for the latest start when several cover it."""
    covering = [one for one in targets if one.metric == metric and one.covers(period)]
    return max(covering, key=lambda one: one.since or date.min, default=None)


def unknown_targets(targets: Iterable[Target], known: Iterable[str]) -> list[Text]:
    """A fault for each target whose metric isn't among `known`, with the nearest names."""
    names = set(known)
    words = Text(
        zh="targets[{at}]：沒有這個指標 {metric}；最接近的：{near}",
        en="targets[{at}]: unknown metric {metric}; did you mean: {near}",
    )
    return [
        words.fill(at=at, metric=quoted(one.metric), near=", ".join(nearest(one.metric, names)) or "-")
        for at, one in enumerate(targets, start=1)
        if one.metric not in names
    ]
