"""Why a figure is not given, or not compared: the metric layer's codes in words that a person can do something with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from kpi_toolkit import phrases
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.metrics import GROUPINGS, incomplete
from kpi_toolkit.metrics.groupings import TIME_GRAINS
from kpi_toolkit.present import formats, labels, names

UNKNOWN = Text(zh="資料有限制，這裡無法細說", en="the data have a limit that can't be told here")
_PLAIN: Mapping[str, Text] = {
    "no rows": Text(zh="這段期間沒有資料", en="there are no data in this period"),
    "no values": Text(zh="匯出的報表沒有這個欄位", en="the export does not give it"),
    "not additive": Text(zh="人數不能相加（同一個人會重複算）", en="people can't be added up (the same person would count twice)"),
    "denominator is 0": Text(zh="分母是 0，算不出來", en="the denominator is 0"),
    "it was 0": Text(zh="先前是 0，無法計算變化", en="it was 0 before, so there is no change to compute"),
    "it was negative": Text(zh="先前是負數，無法計算變化", en="it was negative before, so there is no change to compute"),
    "with and without VAT": Text(zh="有些金額含稅、有些未稅，加總不準", en="some amounts include VAT and some don't, so the sum is not exact"),
    "definition changed": Text(zh="轉換的定義改過，前後不能比", en="what counts as a conversion has changed, so the two can't be compared"),
}  # fmt: skip
_SHAPED: tuple[tuple[str, Text], ...] = (
    (r"several platforms: (?P<platforms>.*)", Text(zh="{platforms} 各自認列成果，可能算到同一筆，不能相加", en="{platforms} each credit themselves, maybe for the same sale, so they can't be added")),
    (r"several result types: (?P<results>.*)", Text(zh="成果種類不同（{results}），不能相加", en="different kinds of result ({results}) can't be added")),
    (r"whole periods instead of days: (?P<platforms>.*)", Text(zh="{platforms} 用整段期間的匯出檔，沒有另加其中幾天的檔案", en="{platforms}: taken from the export of the whole period, single days of it are left out")),
    (r"several currencies: (?P<words>.*)", Text(zh="有兩種以上的幣別（{words}），不能相加", en="amounts in several currencies ({words}) can't be added")),
    (r"several attribution settings: .*", Text(zh="歸因設定不同，不能相加", en="results under different attribution settings can't be added")),
    (r"several definitions: .*", Text(zh="期間內轉換的定義不只一種，不能相加", en="several definitions of a conversion applied, so they can't be added")),
    (r"definition changed on (?P<day>\S+)", Text(zh="轉換的定義在 {day} 改過，前後不能比", en="what counts as a conversion changed on {day}, so the two can't be compared")),
    (r"partly covered: data begin (?P<day>\S+)", Text(zh="資料從 {day} 才開始，先前不完整", en="the data only begin on {day}")),
    (r"partly covered: data end (?P<day>\S+)", Text(zh="資料只到 {day}，之後不完整", en="the data end on {day}")),
    (r"partly covered.*", Text(zh="資料只涵蓋一部分日子", en="the data cover only some of the days")),
    (r"different platforms: (?P<platforms>.*)", Text(zh="前後不是同一個平台（{platforms}）", en="not the same platforms ({platforms})")),
    (r"different result types: (?P<results>.*)", Text(zh="前後的成果種類不同（{results}）", en="different kinds of result ({results})")),
    (r"different attribution settings: .*", Text(zh="前後的歸因設定不同", en="different attribution settings")),
    (r"different currencies: (?P<words>.*)", Text(zh="前後的幣別不同（{words}）", en="different currencies ({words})")),
    (r"no per-day column: (?P<words>.*)", Text(zh="匯出的報表沒有按日分列（{words}）", en="the export has no column by day ({words})")),
    (r"no table: (?P<table>\w+)", Text(zh="缺少{table}的資料", en="data are missing: {table}")),
    (r"(?P<table>\w+): no rows", Text(zh="{table}這段期間沒有資料", en="no data in this period: {table}")),
    (r"(?P<table>\w+): not known by (?P<groups>.*)", Text(zh="{table}分不出{groups}", en="{table} can't be told apart by {groups}")),
    (r"not by (?P<groups>\w+)", Text(zh="不能按{groups}看", en="not available by {groups}")),
    (r"(?P<agreed>\w+) is not in client\.yaml", Text(zh="client.yaml 沒有填{agreed}", en="client.yaml does not give {agreed}")),
    (r"(?P<agreed>\w+) of client\.yaml: (?P<words>.*)", Text(zh="用 client.yaml 的{agreed}計算：{words}", en="computed with {agreed} of client.yaml: {words}")),
    (r"without (?P<platforms>.*): not given", Text(zh="不含 {platforms}，它的報表沒有這一項", en="without {platforms}, whose export does not give it")),
    (r"without (?P<platforms>.*) then", Text(zh="比較的那段期間沒有「{platforms}」的資料", en="the earlier period is without {platforms}")),
    (r"without (?P<table>\w+)", Text(zh="不含{table}（沒有資料）", en="without {table} (no data)")),
    (r"(?P<table>\w+) begin (?P<day>\S+)", Text(zh="{table}從 {day} 才開始，較早的看不到", en="{table} begin on {day}; nothing earlier is known")),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), words) for pattern, words in _SHAPED)

_BRIEF: tuple[tuple[str, Text], ...] = (
    ("several ", Text(zh="無法加總", en="not added")),
    ("not additive", Text(zh="無法加總", en="not added")),
    ("definition", Text(zh="定義改過", en="redefined")),
    ("different", Text(zh="種類不同", en="not alike")),
    ("partly", Text(zh="資料不全", en="partial")),
    ("without", Text(zh="資料不全", en="partial")),
    ("incomplete", Text(zh="資料不全", en="partial")),
    ("whole periods", Text(zh="整段期間", en="whole period")),
    ("with and", Text(zh="稅別不一", en="mixed VAT")),
    ("it was", Text(zh="無法比較", en="no base")),
    ("denominator", Text(zh="算不出來", en="undefined")),
)


def why(code: str, lang: Lang) -> str:
    """A reason or a caveat in plain words; several, parted by `; `, as one phrase."""
    return {"zh-TW": "；", "en": "; "}[lang].join(dict.fromkeys(_one(part, lang) for part in code.split("; ") if part))


def _one(code: str, lang: Lang) -> str:
    if code in _PLAIN:
        return _PLAIN[code].say(lang)
    if told := incomplete.words(code):
        return phrases.said(told, lang)
    for pattern, words in _PATTERNS:
        if found := pattern.fullmatch(code):
            return phrases.said(words, lang, **{name: _named(name, value, lang) for name, value in found.groupdict().items()})  # fmt: skip
    return UNKNOWN.say(lang)


def _named(kind: str, value: str, lang: Lang) -> str:
    parts = value.split(", ")
    if kind == "platforms":
        return phrases.listed([names.platform(part, lang) for part in parts], lang)
    if kind == "results":
        return phrases.listed(
            [names.RESULTS[part].say(lang) if part in names.RESULTS else part for part in parts], lang
        )
    if kind == "table":
        return names.table(value, lang)
    if kind == "groups":
        known = {name: grouping.label for name, grouping in GROUPINGS.items()} | TIME_GRAINS
        return phrases.listed([known[part].say(lang) if part in known else part for part in parts], lang)
    if kind == "agreed":
        return names.AGREED[value].say(lang) if value in names.AGREED else value
    return _day(value, lang) if kind == "day" else value


def _day(value: str, lang: Lang) -> str:
    try:
        return formats.day(date.fromisoformat(value), lang)
    except ValueError:
        return labels.plain(value)


def brief(code: str, lang: Lang) -> str:
    """The same in two or three words, for a cell."""
    for start, words in _BRIEF:
        if code.startswith(start):
            return words.say(lang)
    return phrases.NO_DATA.say(lang)
