"""麥田小舖烘焙: a web shop with two agencies; the files its owner keeps."""

from datetime import date

from .. import bakery_reports
from ..advertising import AdDay, between, spend_by_month
from ..bakery_ads import CLIENT
from ..bakery_reports import CHANGED, EXTRA_SERVICE, MARKED_UP_FROM, MARKUP
from ..bakery_shop import Year, ordered, simulate, sold, visited
from ..exports import bookkeeping, ga4, google_ads, line_ads, meta_ads, shopee, shopline
from ..exports.bookkeeping import Invoice, number, with_tax
from ..folder import Folder
from ..orders import Order
from ..seasons import FIRST, LAST, month_end, months

UTF16_MONTHS = {(2025, 9), (2025, 10), (2025, 11), (2025, 12), (2026, 4), (2026, 5)}
META_XLSX = {(2025, 11), (2026, 2), (2026, 5), (2026, 6), (2026, 9)}
# Exports that begin before their month, because a hand picked the dates.
EARLY = {("google", 2026, 3): date(2026, 2, 26), ("meta", 2026, 7): date(2026, 6, 29)}


def files() -> Folder:
    """Everything below the client's data folder."""
    year, folder = simulate(), Folder()
    _google(folder, year.google)
    _meta(folder, year.meta)
    _line(folder, year.line)
    _orders(folder, year)
    _shopee(folder, year)
    _ga4(folder, year)
    _books(folder, year)
    bakery_reports.add(folder, year)
    return folder


def _google(folder: Folder, days: list[AdDay]) -> None:
    for at, (first, last) in enumerate(months()):
        key = (first.year, first.month)
        start = EARLY.get(("google", *key), first)
        rows = between(days, start, last)
        copy = f" ({at})" if at else ""
        place = f"Google 廣告/{first.year}年/{first.month}月"
        if key in UTF16_MONTHS:
            folder.add(f"{place}/廣告活動報表{copy}.csv", google_ads.excel_csv_zh(rows, start, last))
        else:
            folder.add(f"{place}/Campaign report{copy}.csv", google_ads.csv_en(rows, start, last))


def _meta(folder: Folder, days: list[AdDay]) -> None:
    for month, last in months():
        key = (month.year, month.month)
        first = EARLY.get(("meta", *key), month)
        rows = between(days, first, last)
        name = f"Meta/{month.year}年/麥田小舖-廣告-{_words(first)}-{_words(last)}"
        if key in META_XLSX:
            folder.add(f"{name}.xlsx", meta_ads.workbook(rows, first, last, meta_ads.SHOP))
        else:
            folder.add(f"{name}.csv", meta_ads.csv(rows, first, last, meta_ads.SHOP))
    # Downloaded twice, as happens.
    again = next(name for name in folder if "廣告-2026年8月1日" in name)
    folder.add(again.replace(".csv", " (1).csv"), folder[again])


def _words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _line(folder: Folder, days: list[AdDay]) -> None:
    ranges = [(FIRST, date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30))]
    for first, last in [*ranges, (date(2026, 7, 1), date(2026, 9, 30)), (date(2026, 10, 1), LAST)]:
        content = line_ads.csv(between(days, first, last), "麥田小舖", "A73920115846")
        folder.add(f"LINE/LAP_daily_{first:%Y%m%d}_{last:%Y%m%d}.csv", content)


def _orders(folder: Folder, year: Year) -> None:
    def take(first: date, last: date) -> list[Order]:
        return ordered(year.orders, first, last)

    full, short = shopline.FULL, shopline.SHORT
    sep, autumn = take(FIRST, date(2025, 9, 30)), take(date(2025, 10, 1), date(2025, 11, 30))
    folder.add("訂單/2025年/orders_20250901-20250930.xlsx", shopline.workbook(sep, short, repeat=True))
    folder.add("訂單/2025年/訂單報表 10-11月.xlsx", shopline.workbook(autumn, full, repeat=False))
    december = take(date(2025, 12, 1), date(2025, 12, 31))
    folder.add("訂單/2025年/訂單報表 12月.csv", shopline.csv(december, short, repeat=False))
    new_year = take(date(2026, 1, 1), date(2026, 2, 28))
    folder.add("訂單/2026年/訂單報表 1-2月.xlsx", shopline.workbook(new_year, full, repeat=True))
    for first, last in months(date(2026, 3, 1), date(2026, 9, 30)):
        name = f"訂單/2026年/{first.month}月/訂單報表.xlsx"
        folder.add(name, shopline.workbook(take(first, last), full, repeat=False))
    # The newest one begins three days early.
    october = take(date(2026, 9, 28), LAST)
    folder.add("訂單/2026年/10月/訂單報表 (2).csv", shopline.csv(october, short, repeat=True))


def _shopee(folder: Folder, year: Year) -> None:
    for first in (date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1), date(2026, 9, 1)):
        last = month_end(date(first.year, first.month + 1, 1))
        name = f"訂單/蝦皮/Order.all.{first:%Y%m%d}_{last:%Y%m%d}.xlsx"
        folder.add(name, shopee.workbook(sold(year.shopee, first, last)))


def _ga4(folder: Folder, year: Year) -> None:
    starts = [FIRST, date(2025, 12, 1), date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1)]
    ends = [date(2025, 11, 30), date(2026, 2, 28), date(2026, 5, 31), date(2026, 8, 31), LAST]
    for at, (first, last) in enumerate(zip(starts, ends, strict=True)):
        rows = visited(year.visits, first, last)
        content = ga4.exploration(rows, first, last, ga4.SHOP, zh=at in (1, 3))
        folder.add(f"GA4/data-export{f' ({at})' if at else ''}.csv", content)


def _books(folder: Folder, year: Year) -> None:
    lines = invoices(year)
    for roc, quarter in [(114, 3), (114, 4), (115, 1), (115, 2), (115, 3), (115, 4)]:
        mine = [i for i in lines if (i.day.year - 1911, (i.day.month + 2) // 3) == (roc, quarter)]
        period = f"中華民國{roc}年第{quarter}季"
        content = bookkeeping.ledger("麥田小舖食品有限公司", period, mine)
        folder.add(f"帳務/{roc}年Q{quarter}_行銷費用.csv", content)


def invoices(year: Year) -> list[Invoice]:
    """What was paid for marketing: both agencies' fees, media paid through an agency, Google by the owner's own card."""
    google = spend_by_month(year.google)
    social = spend_by_month([*year.meta, *year.line])
    out: list[Invoice] = []
    for at, (_, last) in enumerate(months()):
        out += _month(at, last, google[last.year, last.month], social[last.year, last.month])
    return out


def _month(at: int, last: date, google: float, social: float) -> list[Invoice]:
    north, sunny, month = bakery_reports.NORTH, bakery_reports.SUNNY, f"{last.month}月"
    numbers = [number(last, 20480000 + at * 613 + n * 7919) for n in range(5)]
    media = social * (MARKUP if last >= MARKED_UP_FROM else 1)
    extra, fee = EXTRA_SERVICE
    return [
        Invoice(day=last.replace(day=5), vendor=sunny, what=f"{month}代操服務費(月費)", number=numbers[0],
                amount=with_tax(18000)),
        Invoice(day=last.replace(day=10), vendor=north, what=f"{month}代操服務費(月費)", number=numbers[1],
                amount=with_tax(15000)),
        *([Invoice(day=last.replace(day=20), vendor=sunny, what="檔期素材製作", number=numbers[2],
                   amount=with_tax(12000), note="檔期")] if last.month in (10, 1, 4, 8) else []),
        *([Invoice(day=last.replace(day=23), vendor=sunny, what="代墊款溢收退回", amount=-3150, note="退款")]
          if (last.year, last.month) == (2026, 3) else []),
        *([Invoice(day=last.replace(day=28), vendor=sunny, what=f"{month}{extra}", number=numbers[4],
                   amount=with_tax(fee))] if last >= CHANGED else []),
        Invoice(day=last, vendor=sunny, what=f"{month}廣告代墊款(Meta、LINE)", number=numbers[3],
                amount=with_tax(media)),
        Invoice(day=last, vendor="Google", what=f"{month} Google Ads 廣告費(公司卡扣款)", amount=int(google + 0.5),
                note="境外電商 未含稅"),
    ]  # fmt: skip


__all__ = ["CLIENT", "files", "invoices"]
