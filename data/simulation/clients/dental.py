"""微笑牙醫: three clinics that changed their agency in spring; names, accounts and habits changed with it."""

from collections.abc import Sequence
from datetime import date

from .. import appointments
from ..advertising import AdDay, AdUnit, between, deliver, spend_by_month
from ..appointments import CLIENT
from ..exports import bookkeeping, google_ads, line_ads, meta_ads, tiktok_ads
from ..exports.bookkeeping import Invoice, number, with_tax
from ..folder import Folder
from ..results import count, share_credit
from ..seasons import FIRST, LAST, Peak, Rhythm, months
from ..streams import stream

# People look for a dentist on Sundays too.
RHYTHM = Rhythm(
    weekdays=(1.10, 1.05, 1.0, 1.0, 0.98, 0.88, 0.92),
    holiday=0.82,
    peaks=(
        Peak(name="春節", start=date(2026, 2, 11), top=date(2026, 2, 15), fall=date(2026, 2, 19),
             end=date(2026, 2, 24), height=-0.55),
        *appointments.RHYTHM.peaks,
    ),
)  # fmt: skip
HANDOVER = date(2026, 3, 31)  # the first agency's last day
TAKEOVER = date(2026, 4, 1)


def _google(serial: int, campaign: str, first: date, last: date, **figures: float) -> AdUnit:
    return AdUnit(platform="google", campaign=campaign, id=f"2093344{serial:04d}", type="Search", first=first, last=last,
                  season=0.6, **figures)  # type: ignore[arg-type]  # fmt: skip


GOOGLE = [
    _google(7101, "亮點_搜尋_品牌字_微笑牙醫", FIRST, HANDOVER, budget=260, cpc=6.2, ctr=0.19, cvr=0.085, share=0.84),
    _google(7102, "亮點_搜尋_植牙_板橋新莊中和", FIRST, HANDOVER, budget=980, cpc=46, ctr=0.048, cvr=0.041, share=0.30),
    _google(7103, "亮點_搜尋_隱形矯正_雙北", FIRST, HANDOVER, budget=760, cpc=38, ctr=0.045, cvr=0.036, share=0.27),
    _google(7201, "禾光｜搜尋｜品牌字", TAKEOVER, LAST, budget=200, cpc=5.6, ctr=0.20, cvr=0.088, share=0.88),
    _google(7202, "禾光｜搜尋｜植牙", TAKEOVER, LAST, budget=1020, cpc=42, ctr=0.052, cvr=0.045, share=0.34),
    _google(7203, "禾光｜搜尋｜隱形矯正", TAKEOVER, LAST, budget=720, cpc=35, ctr=0.049, cvr=0.040, share=0.31),
]


def _meta(serial: int, name: str, ad: str, message: bool, first: date, last: date, **figures: float) -> AdUnit:
    return AdUnit(
        platform="meta", campaign=name, ad_group="雙北_25-45", ad=ad, id=f"1202263305{serial:08d}",
        indicator=meta_ads.MESSAGE if message else meta_ads.LEAD, first=first, last=last, season=0.5, **figures,  # type: ignore[arg-type]
    )  # fmt: skip


META = [
    _meta(10880001, "亮點_訊息_隱形矯正諮詢", "圖片_素人見證", True, FIRST, HANDOVER, budget=620, cpc=14, ctr=0.012, cvr=0.062),
    _meta(10880002, "亮點_名單_植牙講座", "影片_院長說明", False, FIRST, HANDOVER, budget=430, cpc=17, ctr=0.010, cvr=0.034),
    _meta(10880003, "禾光｜訊息｜隱形矯正", "影片_矯正日記", True, TAKEOVER, LAST, budget=660, cpc=12.5, ctr=0.014, cvr=0.066),
    _meta(10880004, "禾光｜名單｜植牙免費評估", "輪播_三店門診", False, TAKEOVER, LAST, budget=400, cpc=16, ctr=0.011, cvr=0.038),
]  # fmt: skip
LINE = [
    AdUnit(platform="line", campaign="亮點_LAP_加好友_洗牙優惠", id="1230000077301", type="GAIN_FRIENDS", budget=260, cpc=5.8,
           ctr=0.016, cvr=0.14, last=HANDOVER),
    AdUnit(platform="line", campaign="禾光｜LAP｜加好友", id="1230000077402", type="GAIN_FRIENDS", budget=280, cpc=5.2,
           ctr=0.018, cvr=0.15, first=TAKEOVER),
]  # fmt: skip
TIKTOK = [
    AdUnit(platform="tiktok", campaign="禾光｜短影音｜隱形矯正", ad_group="雙北 18-30", ad=ad, id=f"18355011{serial:08d}",
           budget=240, cpc=6.8, ctr=0.008, cvr=0.011, first=date(2026, 6, 1), last=date(2026, 8, 31))
    for serial, ad in [(20440101, "牙套開箱 15 秒"), (20440102, "醫師快問快答")]
]  # fmt: skip


def files() -> Folder:
    """Everything below the client's data folder."""
    folder = Folder()
    google, meta, line, tiktok = (_delivered(units) for units in (GOOGLE, META, LINE, TIKTOK))
    share_credit(google, stream(CLIENT, "credit"))
    _google_files(folder, google)
    _meta_files(folder, meta)
    for first, last in ((FIRST, HANDOVER), (TAKEOVER, LAST)):
        content = line_ads.csv(between(line, first, last), "微笑牙醫", "A55120937710")
        folder.add(f"LINE/LINE廣告_每日_{first:%Y%m%d}-{last:%Y%m%d}.csv", content)
    for first, last in months(date(2026, 6, 1), date(2026, 8, 31)):
        days = tiktok_ads.workbook(between(tiktok, first, last))
        folder.add(f"TikTok/Campaign Report-({first} to {last}).xlsx", days)
    _appointments(folder)
    _books(folder, google, [*meta, *line, *tiktok])
    return folder


def _delivered(units: Sequence[AdUnit]) -> list[AdDay]:
    platform = units[0].platform
    days = deliver(units, RHYTHM, stream(CLIENT, platform), cents=platform in ("google", "tiktok"))
    count(days, stream(CLIENT, f"{platform} results"))
    return days


def _google_files(folder: Folder, days: Sequence[AdDay]) -> None:
    starts = [
        FIRST,
        date(2025, 12, 1),
        date(2026, 2, 1),
        TAKEOVER,
        date(2026, 6, 1),
        date(2026, 8, 1),
        date(2026, 10, 1),
    ]
    ends = [date.fromordinal(day.toordinal() - 1) for day in starts[1:]] + [LAST]
    for at, (first, last) in enumerate(zip(starts, ends, strict=True)):
        rows = between(days, first, last)
        write = google_ads.csv_zh if at % 3 == 1 else google_ads.excel_csv_zh
        who = "亮點行銷" if last <= HANDOVER else "禾光數位"
        folder.add(f"{who}/Google/廣告活動報表{f' ({at})' if at else ''}.csv", write(rows, first, last))


def _meta_files(folder: Folder, days: Sequence[AdDay]) -> None:
    starts = [FIRST, date(2025, 12, 1), TAKEOVER, date(2026, 7, 1), date(2026, 9, 28)]
    ends = [date(2025, 11, 30), HANDOVER, date(2026, 6, 30), date(2026, 9, 30), LAST]
    for first, last in zip(starts, ends, strict=True):
        who = "亮點行銷" if last <= HANDOVER else "禾光數位"
        content = meta_ads.csv(between(days, first, last), first, last, meta_ads.CLINIC)
        folder.add(f"{who}/Meta/微笑牙醫_廣告報表_{first:%Y%m%d}-{last:%Y%m%d}.csv", content)


def _appointments(folder: Folder) -> None:
    book = appointments.book()
    for year in (2025, 2026):
        content = appointments.csv([line for line in book if line.day.year == year])
        folder.add(f"預約/預約明細_{year - 1911}年.csv", content)


def _books(folder: Folder, google: Sequence[AdDay], social: Sequence[AdDay]) -> None:
    media = spend_by_month([*google, *social])
    lines = []
    for at, (_, last) in enumerate(months()):
        vendor = "亮點行銷" if last <= HANDOVER else "禾光數位"
        fee = with_tax(25000 if last <= HANDOVER else 28000)
        month = f"{last.month}月"
        lines += [
            Invoice(day=last.replace(day=6), vendor=vendor, what=f"{month}代操服務費(月費)",
                    number=number(last, 41230000 + 977 * at), amount=fee),
            Invoice(day=last, vendor=vendor, what=f"{month}廣告代墊款", number=number(last, 41650000 + 1103 * at),
                    amount=with_tax(media[last.year, last.month])),
        ]  # fmt: skip
    for roc in (114, 115):
        mine = [line for line in lines if line.day.year - 1911 == roc]
        folder.add(f"會計/{roc}年 行銷支出.csv", bookkeeping.ledger("微笑牙醫聯合診所", f"中華民國{roc}年度", mine))


__all__ = ["CLIENT", "files"]
