"""Blocks as HTML: one function a kind of block, every value escaped, nothing that needs a script."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from markupsafe import Markup

from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.phrases import listed
from kpi_toolkit.present import formats
from kpi_toolkit.present.blocks import (
    Block,
    Card,
    Cards,
    Cell,
    Charts,
    Column,
    Details,
    Entries,
    Entry,
    Fact,
    Heading,
    Inquiry,
    Lead,
    Missing,
    Note,
    Paragraph,
    Points,
    Remark,
    Table,
    Term,
    Tone,
)  # fmt: skip
from kpi_toolkit.present.labels import columns, plain

MORE = Text(zh="完整說明", en="more")
TERMS_HERE = Text(zh="表中名詞", en="Terms in this table")
FORMULA = Text(zh="算法", en="Formula")
WHY = Text(zh="為什麼看", en="Why it matters")
FEEDS = Text(zh="影響", en="Feeds")
TONES: dict[Tone, Text] = {
    "better": Text(zh="較好", en="better"),
    "worse": Text(zh="較差", en="worse"),
}
_PLAIN: dict[type, str] = {
    Lead: '<p class="lead">{}</p>',
    Paragraph: "<p>{}</p>",
    Heading: "<h3>{}</h3>",
    Note: '<p class="note">{}</p>',
    Missing: '<p class="missing">{}</p>',
}
_SHORT = 4  # rows that print keeps together on a page
_LONG, _BRIEF = 24, 12  # a longer name may be broken anywhere, a shorter one nowhere


def html(block: Block, lang: Lang) -> Markup:
    """`block` as HTML in `lang`. Raises TypeError for charts, which are drawn from their spec."""
    match block:
        case Points():
            return points(block)
        case Cards():
            return cards(block, lang)
        case Table():
            return table(block, lang)
        case Details():
            return details(block, lang)
        case Inquiry():
            return inquiry(block, lang)
        case Entries():
            return entries(block, lang)
        case Charts():
            raise TypeError("charts are drawn from their spec, not written as HTML")
    return Markup(_PLAIN[type(block)]).format(block.text)


def heading(anchor: str, title: str, question: str) -> Markup:
    """A section's heading and the question that it answers."""
    return Markup('<h2 id="{}">{}</h2>\n<p class="question">{}</p>').format(anchor, title, question)


def points(block: Points) -> Markup:
    """A list."""
    items = _joined(Markup("<li>{}</li>").format(item) for item in block.items)
    return Markup("<{0}>{1}</{0}>").format(Markup("ol" if block.ordered else "ul"), items)


def term(word: Term, lang: Lang) -> Markup:
    """A term that opens its explanation where it stands, without a script."""
    return Markup(
        '<details class="term"><summary>{}</summary><span class="plain">{} <a href="#term-{}">{}</a></span></details>'
    ).format(word.label, word.plain, word.id, MORE.say(lang))


def cards(block: Cards, lang: Lang) -> Markup:
    """Figures side by side."""
    return Markup('<div class="cards">{}</div>').format(_joined(_card(card, lang) for card in block.items))


def _card(card: Card, lang: Lang) -> Markup:
    facts = _joined(_fact(fact, lang) for fact in card.facts)
    note = Markup('<p class="note">{}</p>').format(card.note) if card.note else Markup("")
    figure = Markup('<p class="figure">{}</p>').format(card.value) if card.value else Markup("")
    return Markup('<div class="card{}">{}{}{}{}</div>').format(
        "" if card.value else " parts",
        term(card.term, lang),
        figure,
        Markup("<dl>{}</dl>").format(facts) if card.facts else "",
        note,
    )


def _fact(fact: Fact, lang: Lang) -> Markup:
    return Markup("<div><dt>{}</dt><dd{}>{}</dd></div>").format(
        fact.label, _toned(fact.tone), _value(fact.value, fact.tone, lang)
    )


def table(block: Table, lang: Lang) -> Markup:
    """A table whose rows become cards of label and value on a phone (by the style sheet).

    The roles say what the elements are anyway: Safari forgets it where a style sheet lays them out in another way.
    """
    own = [at for at, column in enumerate(block.columns) if not column.joins]
    head = _joined(_head(block.columns[at]) for at in own)
    rows = _joined(_row(block, at, own, lang) for at in range(len(block.rows)))
    mains = _joined(
        Markup('<span class="main" aria-hidden="true">{}</span>').format(column.title)
        for column in block.columns
        if column.main
    )
    caption = Markup("<caption>{}{}</caption>").format(block.title, mains) if block.title else ""
    note = Markup('<p class="note">{}</p>').format(block.note) if block.note else ""
    words = [column.term for column in block.columns if column.term]
    kinds = ["joined"] * (len(own) < len(block.columns)) + ["short"] * (len(block.rows) <= _SHORT)
    kinds += ["headed"] * bool(mains)
    return Markup(
        '<div class="table"><table role="table" id="t-{}"{}>{}<thead role="rowgroup"><tr role="row">{}</tr></thead>'
        '<tbody role="rowgroup">{}</tbody></table></div>{}{}'
    ).format(block.id, _class(" ".join(kinds)), caption, head, rows, note, _terms(words, lang) if words else "")


def _head(column: Column) -> Markup:
    title = Markup('<a href="#term-{}">{}</a>').format(column.term.id, column.title) if column.term else column.title
    kinds = " ".join(["num"] * (column.kind != "text") + ["main"] * column.main)
    return Markup('<th role="columnheader" scope="col"{}>{}</th>').format(_class(kinds), title)


def _row(block: Table, at: int, own: list[int], lang: Lang) -> Markup:
    """A row: each column of its own, with those that join it."""
    ends = [*own[1:], len(block.columns)]
    groups = [[block.cell(at, column) for column in range(start, end)] for start, end in zip(own, ends, strict=True)]
    heads = [block.columns[column] for column in own]
    cells = _joined(_cell(group, head, lang) for group, head in zip(groups[1:], heads[1:], strict=True))
    return Markup('<tr role="row">{}{}</tr>').format(_row_head(groups[0], lang), cells)


def _row_head(group: list[Cell], lang: Lang) -> Markup:
    first = group[0]
    said = term(first.term, lang) if first.term else name(printed(first, lang))
    told = [words for cell in group[1:] if (words := printed(cell, lang)) not in ("", formats.NOTHING)]
    beside = Markup('<span class="beside">{}</span>').format(name(" · ".join(told))) if told else ""
    return Markup('<th role="rowheader" scope="row">{}{}</th>').format(said, beside)


def _cell(group: list[Cell], head: Column, lang: Lang) -> Markup:
    first = group[0]
    said = _value(printed(first, lang), first.tone, lang) if first.kind != "text" else name(printed(first, lang))
    kinds = (
        ["num"] * (head.kind != "text") + ["none"] * (printed(first, lang) == formats.NOTHING) + ["main"] * head.main
    )
    return Markup('<td role="cell"{} data-label="{}"><span class="value{}">{}</span>{}</td>').format(
        _class(" ".join(kinds)), head.title, _classes(first), said, _beside(group[1:], lang)
    )


def _beside(cells: list[Cell], lang: Lang) -> Markup:
    """The joining columns' values; one that has nothing to say is not printed."""
    said = [(cell, printed(cell, lang)) for cell in cells]
    told = [(cell, words) for cell, words in said if words not in ("", formats.NOTHING)]
    return Markup("").join(
        Markup('<span class="beside{}">{}</span>').format(
            _classes(cell), name(words) if cell.kind == "text" else _value(words, cell.tone, lang)
        )
        for cell, words in told
    )


def _classes(cell: Cell) -> str:
    return "".join(f" {word}" for word in ("why" if cell.why else "", cell.tone) if word)


def printed(cell: Cell, lang: Lang) -> str:
    """A cell's value as text: why it is missing, where it is."""
    if cell.value is None or cell.value != cell.value:
        return cell.why or formats.NOTHING
    if isinstance(cell.value, date):
        return formats.day(cell.value, lang, brief=True)
    if isinstance(cell.value, str):
        return cell.value
    return formats.number(cell.value, cell.kind or "count", lang, currency=cell.currency)


def name(words: str) -> Markup:
    """A name that somebody else chose: on its own as to direction, breakable when it is long."""
    said = plain(words)
    length = columns(said)
    return Markup("<bdi{}>{}</bdi>").format(
        _class("long" if length > _LONG else "brief" if length <= _BRIEF else ""), said
    )


def details(block: Details, lang: Lang) -> Markup:
    """Folded blocks; a table is titled by the summary, and by its caption for those who can't see that."""
    return Markup('<details class="more"><summary>{}</summary>{}</details>').format(
        block.summary, _joined(html(one, lang) for one in block.blocks)
    )


def inquiry(block: Inquiry, lang: Lang) -> Markup:
    """Something to look at, with the question in words that can be handed on as they are."""
    by = Markup(' <span class="by">{}</span>').format(name(block.by)) if block.by else Markup("")
    stake = Markup('<p class="stake">{}</p>').format(block.stake) if block.stake else Markup("")
    remarks = _joined([*(_remark(one, "") for one in block.remarks[:1]), _remark(block.question, "ask"), *(_remark(one, "") for one in block.remarks[1:])])  # fmt: skip
    rows = Markup('<details class="more"><summary>{}</summary>{}</details>').format(block.rows.title, table(block.rows, lang))  # fmt: skip
    return Markup('<article class="inquiry"><h3>{}{}</h3>{}<p>{}</p><dl>{}</dl>{}</article>').format(
        block.title, by, stake, block.says, remarks, rows
    )


def _remark(remark: Remark, kind: str) -> Markup:
    return Markup("<div{}><dt>{}</dt><dd>{}</dd></div>").format(_class(kind), remark.label, remark.text)


def entries(block: Entries, lang: Lang) -> Markup:
    """The glossary, each entry with the anchor that its terms point to."""
    return Markup('<dl class="glossary">{}</dl>').format(_joined(_entry(entry, lang) for entry in block.items))


def _entry(entry: Entry, lang: Lang) -> Markup:
    facts = [(FORMULA, entry.formula), (WHY, entry.why), (FEEDS, listed(entry.feeds, lang))]
    more = _joined(Markup("<p><b>{}</b> {}</p>").format(label.say(lang), words) for label, words in facts if words)
    full = Markup(' <span class="full">{}</span>').format(entry.full) if entry.full else ""
    return Markup('<div class="entry"><dt id="term-{}">{}{}</dt><dd><p>{}</p>{}</dd></div>').format(
        entry.term.id, entry.term.label, full, entry.term.plain, more
    )


def _terms(words: Iterable[Term], lang: Lang) -> Markup:
    said = _joined(
        Markup('<div><dt><a href="#term-{}">{}</a></dt><dd>{}</dd></div>').format(word.id, word.label, word.plain)
        for word in words
    )
    return Markup('<details class="terms"><summary>{}</summary><dl>{}</dl></details>').format(
        TERMS_HERE.say(lang), said
    )


def _value(words: str, tone: Tone, lang: Lang) -> Markup:
    spoken = Markup('<span class="spoken">{}</span>').format(TONES[tone].say(lang)) if tone else ""
    return Markup("{}{}").format(words, spoken)


def _toned(tone: Tone) -> Markup | str:
    return _class(tone) if tone else ""


def _class(names: str) -> Markup | str:
    return Markup(' class="{}"').format(names) if names else ""


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("\n").join(parts)
