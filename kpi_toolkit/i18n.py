"""Two languages, side by side: every sentence a person reads is a Text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Literal, get_args

Lang = Literal["zh-TW", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)
DEFAULT_LANG: Lang = "zh-TW"

# Libraries spell the same language in their own ways; Babel's is this.
BABEL: Mapping[Lang, str] = {"zh-TW": "zh_Hant_TW", "en": "en"}

_PLACEHOLDER = re.compile(r"\{([a-z_]+)[^{}]*\}")


class _Counted(Formatter):
    """str.format, with one word for one and another for many."""

    def format_field(self, value: object, spec: str) -> str:
        one, bar, many = spec.partition("|")
        return super().format_field(value, spec) if not bar else one if str(value) == "1" else many


_COUNTED = _Counted()


@dataclass(frozen=True, kw_only=True)
class Text:
    """One sentence in both languages, with the same `{placeholders}` in each.

    `{count:row|rows}` is `row` where the count is 1 and `rows` elsewhere.

    Raises ValueError when a language is empty or the placeholders differ.
    """

    zh: str
    en: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.zh.strip() or not self.en.strip():
            raise ValueError(f"a Text needs both languages: zh={self.zh!r}, en={self.en!r}")
        in_zh, in_en = (set(_PLACEHOLDER.findall(words)) for words in (self.zh, self.en))
        if in_zh != in_en:
            raise ValueError(f"placeholders differ: zh has {sorted(in_zh)}, en has {sorted(in_en)} in {self.en!r}")

    def fill(self, **values: object) -> Text:
        """The same sentence with `values` for its placeholders; a value may be a Text itself."""
        return Text(zh=self.zh, en=self.en, values={**self.values, **values})

    def say(self, lang: Lang) -> str:
        """The sentence in `lang`, placeholders filled. Raises KeyError naming a placeholder without a value."""
        words = self.zh if lang == "zh-TW" else self.en
        if not self.values:
            return words.replace("{{", "{").replace("}}", "}") if _PLACEHOLDER.search(words) is None else words
        spoken = {key: value.say(lang) if isinstance(value, Text) else value for key, value in self.values.items()}
        return _COUNTED.vformat(words, (), spoken)


def finished(zh: str, en: str) -> Text:
    """A Text of sentences that are said already: whatever they hold, braces too, stays as it is."""
    # Both placeholders stand in both languages, as a Text asks for, the other language's cut to nothing.
    return Text(zh="{zh}{en:.0}", en="{zh:.0}{en}", values={"zh": zh, "en": en})


def same(words: str) -> Text:
    """A Text that reads the same in both languages: a name, an id, a figure."""
    return finished(words, words)
