"""A client's page in a notebook: what a cell asks to be shown."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kpi_toolkit import paths
from kpi_toolkit.agreement.client import Client
from kpi_toolkit.errors import UsageError, unknown
from kpi_toolkit.i18n import LANGS, Lang, Text
from kpi_toolkit.periods import Period
from kpi_toolkit.report.runner import without_slow_schema_formats
from kpi_toolkit.sections.section import PARTS, Context, Section

REPORT = Text(zh="行銷成效月報", en="Monthly marketing report")
CONTENTS = Text(zh="目錄", en="Contents")
MADE_FROM = Text(zh="依 {count} 個檔案的資料製作。", en="Made from {count} {count:file|files}.")
TAP = Text(zh="每個名詞點一下就有說明。", en="Tap a term for its explanation.")


@dataclass(frozen=True)
class Page:
    """Sections over one client and month, told in one language and shown part by part."""

    context: Context
    sections: tuple[Section, ...]
    lang: Lang

    @cached_property
    def told(self) -> list[Any]:
        """Every section that has something to say. They are told once; the data are let go then."""
        from kpi_toolkit.sections.telling import tell

        with self.context.dataset:
            return tell(self.sections, self.context, self.lang)

    def cover(self) -> None:
        """Show the title, the contents, and put on record what the page is made from."""
        from kpi_toolkit.present.outputs import BASIS_MIME, markup, style

        if not os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):  # whose template has it already
            _show(style((paths.templates() / "report/kpi/page.css").read_text(encoding="utf-8")))
        _show(markup(self._cover(), {BASIS_MIME: self._basis()}))

    def show(self, part: str) -> None:
        """Show the sections of `part`. Raises UsageError for a part that doesn't exist."""
        from kpi_toolkit.present.outputs import markup, outputs
        from kpi_toolkit.present.page import heading

        if part not in PARTS:
            raise unknown(Text(zh="段落", en="part"), part, PARTS)
        for one in self.told:
            if one.section.part == part:
                title, question = one.section.title.say(self.lang), one.section.question.say(self.lang)
                _show(markup(heading(one.section.id, title, question)))
                for output in outputs(one.blocks, self.lang):
                    _show(output)

    def _cover(self) -> Markup:
        client, period = self.context.client, self.context.period
        links = Markup("").join(
            Markup('<li><a href="#{}">{}</a></li>').format(one.section.id, one.section.title.say(self.lang))
            for one in self.told
        )
        read = sum(report.error is None for report in self.context.reports)
        return Markup(
            '<header class="cover"><p class="kicker">{}</p><h1>{}</h1><p class="by">{}</p><p class="by tap">{}</p></header>'
            '<nav class="contents" aria-label="{}"><ul>{}</ul></nav>'
        ).format(
            f"{REPORT.say(self.lang)} · {period.label(self.lang)}", client.name.text().say(self.lang),
            MADE_FROM.fill(count=read).say(self.lang), TAP.say(self.lang), CONTENTS.say(self.lang), links,
        )  # fmt: skip

    def _basis(self) -> dict[str, Any]:
        inputs = [
            {key: report.as_json("en")[key] for key in ("file", "source", "table", "sha256", "rows_read", "rows_kept")}
            for report in self.context.reports
            if report.error is None
        ]
        unread = [
            {"file": report.file, "error": report.error.say("en")}
            for report in self.context.reports
            if report.error is not None
        ]
        name = self.context.client.name.text().say(self.lang)
        return {
            "client": self.context.client.id, "name": name, "period": str(self.context.period), "lang": self.lang,
            "sections": [one.section.id for one in self.told], "inputs": inputs,
            "unread": unread,
        }  # fmt: skip


def open_monthly(workspace: str, client_id: str, period: str, lang: str) -> Page:
    """The monthly report's page over a workspace's newest data, ready for `cover()` and `show(part)`.

    Raises UsageError for a workspace, client, period or language that doesn't exist, AgreementError and ReadError for
    faulty files.
    """
    without_slow_schema_formats()
    from kpi_toolkit.agreement.workspace import find_workspace, open_workspace
    from kpi_toolkit.checks.case import changed
    from kpi_toolkit.periods import parse_period
    from kpi_toolkit.present import renderer, theme
    from kpi_toolkit.sections import MONTHLY
    from kpi_toolkit.store import Store

    chosen = spoken(lang)
    # In JupyterLab "here" is the workspace's folder of notebooks.
    place = open_workspace(find_workspace(Path()) if workspace == "." else Path(workspace))
    client, month = place.client(client_id), parse_period(period)
    theme.register()
    renderer.register()
    store = Store(place)
    reports, dataset = store.load(client_id), store.dataset(client_id)
    noted = [replace(one, warnings=(*one.warnings, *dataset.notes.get(one.file, ()))) for one in reports]
    own = place.source_titles(client_id)
    restated = changed(store.restated(client_id))
    context = Context(client=client, dataset=dataset, period=month, reports=noted, sources=own, restated=restated)
    return Page(context, MONTHLY, chosen)


def monthly_title(client: Client, period: Period, lang: Lang) -> str:
    """What the client's report of a month is called. Raises UsageError for a period other than a month."""
    require_month(period)
    return f"{client.name.text().say(lang)} · {REPORT.say(lang)} · {period.label(lang)}"


def require_month(period: Period) -> None:
    """Raises UsageError for a period that no monthly report is made of."""
    if period.grain != "month":
        raise UsageError(
            Text(zh="月報需要一個月份", en="a monthly report needs a month"),
            where=str(period),
            todo=Text(zh="請寫成 2026-10", en="write 2026-10"),
        )


def spoken(lang: str) -> Lang:
    """`lang` as a language that reports are written in. Raises UsageError naming them."""
    for known in LANGS:
        if lang == known:
            return known
    raise unknown(Text(zh="語言", en="language"), lang, LANGS)


def _show(output: Any) -> None:
    from IPython.display import display

    display(output.data, metadata=output.metadata, raw=True)
