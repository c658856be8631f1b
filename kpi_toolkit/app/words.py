"""What a live page says by itself, beside the report: that it is on its way, and that it isn't coming."""

from __future__ import annotations

from markupsafe import Markup

from kpi_toolkit.i18n import Text

LOADING = Text(
    zh="正在用最新的資料整理「{name}」的月報，請稍候幾秒鐘。",
    en="Putting the report of {name} together from the newest data; it takes a few seconds.",
)
FAILED = Text(
    zh="這一段目前無法產生。請重新整理頁面；若仍不行，請聯絡負責報表的人。",
    en="This part can't be made right now. Reload the page; if that doesn't help, ask whoever prepares the report.",
)
WITHOUT_SCRIPT = Text(
    zh="沒有 JavaScript 時看不到圖表；文字和表格都在。",
    en="Charts need JavaScript; words and tables are all here.",
)
CELL = Text(
    zh="頁面有一格失敗：{name} → 加上 --debug 可看細節",
    en="a cell of the page failed: {name} -> run with --debug for details",
)
FAULT = Text(zh="沒料到的錯誤 {name} → 加上 --debug 可看細節", en="unforeseen {name} -> run with --debug for details")
_NO_PAGE = Text(zh="這裡沒有東西。報表在首頁。", en="Nothing is here. The report is on the first page.")
_NOT_NOW = Text(zh="這一頁現在打不開，請稍後再試。", en="The page can't be opened right now; please try again later.")
_REFUSED = Text(zh="這個網址不能用來看報表。", en="The report can't be seen at this address.")
_PAGE = Markup(
    '<!DOCTYPE html><html lang="zh-Hant-TW"><head><meta charset="utf-8"><title>{code}</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
    '<body style="font:1.0625rem/1.75 sans-serif;margin:3rem 1rem;color:#1b2733">'
    '<p>{zh}</p><p lang="en">{en}</p></body></html>'
)


def unavailable(status: int) -> str:
    """The page for an error of the given HTTP status, in both languages."""
    text = {403: _REFUSED, 404: _NO_PAGE}.get(status, _NOT_NOW)
    return str(_PAGE.format(code=status, zh=text.say("zh-TW"), en=text.say("en")))
