"""A YAML file as plain data: text, lists and mappings, with the line that each value stands on.

Values stay text until a model gives them their type, so `0123`, `no` and `2026-10` arrive as they were written.
Tags, anchors and aliases have no use in an agreement, and are refused before anything is built from them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from kpi_toolkit.errors import AgreementError
from kpi_toolkit.i18n import Text, same

LARGEST = 512 * 1024
DEEPEST = 12

Place = tuple[str | int, ...]

# Control characters (line breaks and tabs aside), lone surrogates, and marks that turn the reading direction around.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_TAGGED = "refused"
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True)
class Document:
    """What a file holds: nested dict, list and str; `lines` says where a value stands; `faults` what is wrong so far.

    `refused` are the places of values that no model need judge: their tag's fault is told.
    """

    path: Path
    data: dict[str, object] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Text] = field(default_factory=list)
    refused: set[Place] = field(default_factory=set)

    def line(self, place: Place) -> int | None:
        """The line of the value at `place`, or of the nearest thing around it."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return None

    def fault(self, place: Place, what: Text) -> Text:
        """`what`, with the name of the field and its line before it."""
        name, line = field_name(place), self.line(place)
        if not place:
            return what
        if line is None:
            return Text(zh="{name}：{what}", en="{name}: {what}").fill(name=name, what=what)
        words = Text(zh="{name}（第 {line} 行）：{what}", en="{name} (line {line}): {what}")
        return words.fill(name=name, line=line, what=what)

    def is_refused(self, place: Place) -> bool:
        """Whether `place` is or lies in a refused value."""
        return any(place[:length] in self.refused for length in range(1, len(place) + 1))

    def error(self, faults: Sequence[Text]) -> AgreementError:
        """All of `faults` as one error about this file."""
        return to_mend(self.path, faults)


def to_mend(path: Path, faults: Sequence[Text]) -> AgreementError:
    """All of a file's faults as one error."""
    what = Text(zh="{count} 個地方要改", en="{count} {count:fault|faults} to mend")
    return AgreementError(what.fill(count=len(faults)), where=str(path), faults=faults)


def field_name(place: Place) -> str:
    """A place as people write it: vendors[2].campaigns[1].source, counted from 1."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")


def read_document(path: Path) -> Document:
    """The YAML file at `path`.

    Raises AgreementError when it is missing, too large, not UTF-8 or not YAML; tags, doubled keys and hidden
    characters are left in `faults`, to be told together with the model's.
    """
    document = Document(path)
    root = _composed(document, _text(document))
    if isinstance(root, yaml.MappingNode):
        document.data.update(_mapping(document, root, ()))
    elif root is not None:
        raise document.error(
            [Text(zh="檔案最外層要是「名稱: 值」", en="the file has to be a mapping of `name: value`")]
        )
    return document


def _text(document: Document) -> str:
    path = document.path
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as fault:
        why = Text(zh="讀不到這個檔案（{why}）", en="can't be read ({why})").fill(why=fault.strerror or "?")
        raise AgreementError(why, where=str(path)) from None
    if len(raw) > LARGEST:
        raise AgreementError(
            Text(zh="檔案超過 {size} KB，不像約定檔", en="larger than {size} KB: not an agreement").fill(
                size=LARGEST // 1024
            ),
            where=str(path),
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        todo = Text(zh="請另存為 UTF-8", en="save it as UTF-8")
        raise AgreementError(Text(zh="編碼不是 UTF-8", en="not in UTF-8"), where=str(path), todo=todo) from None


class _Refused(yaml.MarkedYAMLError):
    """Something that YAML allows and an agreement doesn't."""

    def __init__(self, problem: str, event: yaml.Event) -> None:
        super().__init__(problem=problem)
        self.problem_mark = event.start_mark  # type: ignore[assignment]  # the stubs know two kinds of mark


class _Composer(yaml.SafeLoader):
    """PyYAML's safe loader, used for its nodes alone: nothing is ever constructed. Stops at aliases and at depth."""

    def __init__(self, text: str, document: Document) -> None:
        super().__init__(text)
        self.document, self.depth = document, 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node, unless it is an alias or nested too deep."""
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("*", event)
        if self.depth >= DEEPEST:
            raise _Refused("nested too deep", event)
        if (tag := getattr(event, "tag", None)) is not None:
            self._refuse(tag, event.start_mark.line + 1)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        if node is not None and tag is not None:
            node.tag = _TAGGED  # nothing is constructed by it; nodes without a tag of their own have YAML's
        return node

    def _refuse(self, tag: str, line: int) -> None:
        what = Text(zh="不接受 YAML 標籤 {tag}", en="YAML tags are refused: {tag}")
        words = Text(zh="第 {line} 行：{what}", en="line {line}: {what}")
        self.document.faults.append(
            words.fill(line=line, what=what.fill(tag=_UNSEEN.sub("?", tag.replace("tag:yaml.org,2002:", "!!"))[:80]))
        )


def _composed(document: Document, text: str) -> yaml.Node | None:
    try:
        loader = _Composer(text, document)
        return loader.get_single_node()
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = Text(zh="第 {line} 行：{what}", en="line {line}: {what}")
        raise document.error(
            [*document.faults, line.fill(line=mark.line + 1 if mark else 1, what=_grammar(fault))]
        ) from None
    except yaml.reader.ReaderError:
        raise document.error([_HIDDEN]) from None


_HIDDEN = Text(zh="含有看不見的控制字元，請重新輸入", en="holds an invisible control character: type it anew")


def _grammar(fault: yaml.MarkedYAMLError) -> Text:
    if fault.problem == "*":
        return Text(zh='以 * 開頭的值要加引號，例如 "*_品牌"', en='a value that starts with * needs quotes: "*_brand"')
    if fault.problem == "nested too deep":
        return Text(zh="巢狀太深", en="nested too deep")
    words = Text(zh="不是正確的 YAML（{problem}）", en="not valid YAML ({problem})")
    return words.fill(problem=_UNSEEN.sub("?", fault.problem or fault.context or "?")[:120])


def _mapping(document: Document, node: yaml.MappingNode, place: Place) -> dict[str, object]:
    document.lines[place] = node.start_mark.line + 1
    found: dict[str, object] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            wrong = Text(zh="名稱要是文字", en="a name has to be text")
            document.lines[*place, "?"] = key_node.start_mark.line + 1
            document.faults.append(document.fault((*place, "?"), wrong))
            continue
        key = _scalar(document, key_node, place) or ""
        document.lines[*place, key] = key_node.start_mark.line + 1
        if key in found:
            document.faults.append(document.fault((*place, key), Text(zh="寫了兩次", en="stands here twice")))
        found[key] = _value(document, value_node, (*place, key))
    # A name with nothing behind it is a field left blank, as in a form.
    return {key: value for key, value in found.items() if value is not None}


def _value(document: Document, node: yaml.Node, place: Place) -> object:
    if node.tag == _TAGGED:
        document.refused.add(place)
    if isinstance(node, yaml.MappingNode):
        return _mapping(document, node, place)
    document.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_value(document, item, (*place, at)) for at, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(document, node, place)


def _scalar(document: Document, node: yaml.ScalarNode, place: Place) -> str | None:
    if node.style is None and node.value in _EMPTY:
        return None
    if _UNSEEN.search(node.value):
        document.faults.append(document.fault(place, _HIDDEN))
    return _UNSEEN.sub("?", node.value)


def quoted(value: object) -> Text:
    """A value as an error shows it: short, on one line."""
    words = " ".join(str(value).split())
    return same(repr(words if len(words) <= 60 else words[:59] + "…"))
