"""永強精機: a maker of machining centres that buys leads through one agency and closes its orders by phone."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from ..advertising import AdDay, AdUnit, between, deliver, spend_by_month
from ..exports import bookkeeping, ga4, google_ads, meta_ads, youtube
from ..exports.bookkeeping import Invoice, number, with_tax
from ..exports.ga4 import Channel, Visits
from ..exports.youtube import Video
from ..folder import Folder
from ..results import count, restate, share_credit
from ..seasons import FIRST, LAST, Peak, Rhythm, months, span
from ..streams import around, stream

CLIENT = "yongqiang-machinery"
RHYTHM = Rhythm(
    weekdays=(1.06, 1.08, 1.04, 1.0, 0.9, 0.22, 0.18),  # buyers search at the office
    holiday=0.12,
    peaks=(
        Peak(name="年底預算", start=date(2025, 11, 15), top=date(2025, 12, 5), fall=date(2025, 12, 18),
             end=date(2026, 1, 5), height=0.20),
        Peak(name="春節前後", start=date(2026, 2, 5), top=date(2026, 2, 12), fall=date(2026, 2, 23),
             end=date(2026, 3, 2), height=-0.35),
        Peak(name="自動化工業展", start=date(2026, 8, 10), top=date(2026, 8, 19), fall=date(2026, 8, 24),
             end=date(2026, 9, 2), height=0.35),
    ),
)  # fmt: skip

# The export campaign follows other countries' weeks, so it hardly rests on Taiwan's holidays.
ABROAD = Rhythm(weekdays=(1.05, 1.08, 1.06, 1.0, 0.92, 0.45, 0.40), holiday=0.85)


def _search(serial: int, campaign: str, **figures: float) -> AdUnit:
    return AdUnit(platform="google", campaign=campaign, id=f"1798220{serial:04d}", type="Search", season=1.0, **figures)  # type: ignore[arg-type]


HOME = [
    _search(3301, "RX_搜尋_品牌字_永強", budget=210, cpc=7.5, ctr=0.17, cvr=0.015, share=0.88),
    _search(3302, "RX_搜尋_一般字_CNC 加工中心", budget=1350, cpc=27, ctr=0.041, cvr=0.0052, share=0.38),
    _search(3303, "RX_搜尋_一般字_五軸加工機", budget=820, cpc=33, ctr=0.038, cvr=0.0056, share=0.33),
]
EXPORT = [
    _search(3304, "RX_Search_Export_US_5-axis", budget=1250, cpc=52, ctr=0.031, cvr=0.0055, share=0.14),
    _search(3305, "RX_Search_Export_VN-IN_VMC", budget=760, cpc=14, ctr=0.047, cvr=0.0026, share=0.27),
]


def _lead_ad(serial: int, ad: str, first: date, last: date, budget: float) -> AdUnit:
    return AdUnit(
        platform="meta", campaign="RX_Lead Ads_型錄索取", ad_group="TW_製造業決策者_30-60", ad=ad,
        id=f"1202098761{serial:08d}", type="OUTCOME_LEADS", indicator=meta_ads.LEAD, budget=budget, cpc=21, ctr=0.0085,
        season=0.35, cvr=0.0145, first=first, last=last,
    )  # fmt: skip


LEAD_ADS = [
    _lead_ad(20330001, "影片_五軸實機切削", FIRST, date(2026, 4, 30), 720),
    _lead_ad(20330002, "圖片_客戶案例_汽車模具", FIRST, LAST, 480),
    _lead_ad(20330003, "影片_自動化產線導入", date(2026, 5, 1), LAST, 760),
]
RESENT = (date(2026, 6, 1), date(2026, 6, 30))


def files() -> Folder:
    """Everything below the client's data folder."""
    folder, google, meta = Folder(), _google(), deliver(LEAD_ADS, RHYTHM, stream(CLIENT, "meta"), cents=False)
    count(meta, stream(CLIENT, "meta leads"))
    for first, last in months():
        content = google_ads.csv_en(between(google, first, last), first, last, uk=first.month == 1)
        folder.add(f"google-ads/campaign-report-{first:%Y-%m}.csv", content)
    june = restate(between(google, *RESENT), stream(CLIENT, "restated"))
    folder.add("google-ads/campaign-report-2026-06_resent.csv", google_ads.csv_en(june, *RESENT))
    _meta(folder, meta)
    _ga4(folder, google, meta)
    folder.add("youtube/Table data.csv", youtube.table_data(_videos()))
    _books(folder, google, meta)
    return folder


def _google() -> list[AdDay]:
    home, abroad = deliver(HOME, RHYTHM, stream(CLIENT, "home")), deliver(EXPORT, ABROAD, stream(CLIENT, "abroad"))
    days, rng = [*home, *abroad], stream(CLIENT, "leads")
    count(days, rng)
    share_credit(days, rng)
    return days


def _meta(folder: Folder, days: list[AdDay]) -> None:
    quarters = [
        (FIRST, date(2025, 11, 30)),
        (date(2025, 12, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 5, 31)),
    ]
    # The last two overlap: the agency began its September file in the last days of August.
    for first, last in [*quarters, (date(2026, 6, 1), date(2026, 8, 31)), (date(2026, 8, 28), LAST)]:
        content = meta_ads.csv(between(days, first, last), first, last, meta_ads.LEADS, zh=False)
        folder.add(
            f"meta/YQ-Machinery-Ads-{first:%b}-{first.day}-{first.year}-{last:%b}-{last.day}-{last.year}.csv", content
        )


SOURCES = {"(direct) / (none)": (46, 0.0040), "google / organic": (88, 0.0045), "youtube.com / referral": (9, 0.0020),
           "linkedin.com / referral": (6, 0.0060), "expo.example.org / referral": (3, 0.0100)}  # fmt: skip


def _ga4(folder: Folder, google: Sequence[AdDay], meta: Sequence[AdDay]) -> None:
    visits = _visits(google, meta, stream(CLIENT, "ga4"))
    for name, first, last in (("data-export", FIRST, date(2026, 3, 31)), ("data-export (1)", date(2026, 4, 1), LAST)):
        rows = [visit for visit in visits if first <= visit.day <= last]
        folder.add(f"ga4/{name}.csv", ga4.exploration(rows, first, last, ga4.LEADS))
    first, last = date(2026, 7, 1), date(2026, 9, 30)
    channels = _channels([visit for visit in visits if first <= visit.day <= last])
    content = ga4.acquisition(channels, first, last, "Yongqiang Machinery", "yongqiang.example.com")
    folder.add("ga4/2026Q3 traffic acquisition/data-export.csv", content)


def _visits(google: Sequence[AdDay], meta: Sequence[AdDay], rng: np.random.Generator) -> list[Visits]:
    visits = []
    for day in span(FIRST, LAST):
        paid = [("google / cpc", google, 0.90), ("facebook / paid_social", meta, 0.55)]
        for name, rows, landed in paid:
            today = [row for row in rows if row.day == day]
            leads = sum(row.conversions for row in today) if name == "google / cpc" else 0
            visits.append(_visit(day, name, landed * sum(row.clicks for row in today), leads * 0.8, rng))
        for name, (sessions, rate) in SOURCES.items():
            base = sessions * max(0.25, RHYTHM(day))
            visits.append(_visit(day, name, base, base * rate, rng))
    return [visit for visit in visits if visit.sessions]


def _visit(day: date, name: str, base: float, leads: float, rng: np.random.Generator) -> Visits:
    sessions = int(around(rng, base, 0.10) + 0.5)
    users = (9 * sessions + 9) // 10
    engaged = min(sessions, int(sessions * around(rng, 0.40 if "paid" in name else 0.58, 0.08)))
    return Visits(
        day, name, sessions, engaged, users, int(users * 0.7), key_events=min(sessions, int(rng.poisson(leads)))
    )


CHANNELS = {"google / cpc": "Paid Search", "facebook / paid_social": "Paid Social", "(direct) / (none)": "Direct",
            "google / organic": "Organic Search", "youtube.com / referral": "Organic Video",
            "linkedin.com / referral": "Organic Social", "expo.example.org / referral": "Referral"}  # fmt: skip


def _channels(visits: Sequence[Visits]) -> list[Channel]:
    rows = []
    for source, channel in CHANNELS.items():
        own = [visit for visit in visits if visit.source == source]
        sessions, engaged = sum(v.sessions for v in own), sum(v.engaged for v in own)
        rows.append(Channel(channel, sessions, engaged, 4 * sessions + 3 * engaged, sum(v.key_events for v in own)))
    return [*sorted(rows, key=lambda row: -row.sessions), Channel("(not set)", 7, 0, 9, 0)]


TITLES = """五軸加工中心 YQ-5X500 實機切削|永強精機廠區巡禮|3 分鐘看懂立式與臥式加工中心差異|汽車模具客戶案例：換線時間少一半
主軸熱變位補償怎麼做|YQ-5X500 5-axis machining demo (titanium)|自動化產線導入：從 2 人顧 1 台到 1 人顧 4 台|工具機展展後回顧
刀庫換刀 1.8 秒實測|How to choose a VMC for mold making|機台精度檢驗：雷射干涉儀|業師開講：少量多樣怎麼排程|五軸入門：3+2 與同動的差別
保養篇：導軌潤滑油怎麼選|客戶案例：航太零件一次裝夾|台北自動化工業展 永強攤位直擊|YQ-V850 unboxing and installation|切削液管理的三個誤區"""


def _videos() -> list[Video]:
    rng = stream(CLIENT, "youtube")
    titles = TITLES.replace("\n", "|").split("|")
    return [_video(at, title, rng) for at, title in enumerate(titles)]


LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789_-"


def _video(at: int, title: str, rng: np.random.Generator) -> Video:
    shown = int(around(rng, 9000, 0.3) * (1 + 2.5 * float(rng.random()) ** 3))
    ctr = 0.02 + 0.05 * float(rng.random())
    views = int(shown * ctr * 1.8) + 60
    return Video(
        id="".join(LETTERS[int(n)] for n in rng.integers(0, len(LETTERS), 11)).replace("-", "q", 1),
        title=title,
        published=date.fromordinal(date(2025, 9, 9).toordinal() + 22 * at + int(rng.integers(0, 9))),
        seconds=int(rng.integers(70, 620)),
        views=views,
        watched=0.28 + 0.25 * float(rng.random()),
        subscribers=int(rng.poisson(views * 0.008)),
        impressions=shown,
        ctr=ctr,
        likes=int(rng.poisson(views * 0.021)),
        shares=int(rng.poisson(views * 0.006)),
        comments=int(rng.poisson(views * 0.002)),
    )


def _books(folder: Folder, google: Sequence[AdDay], meta: Sequence[AdDay]) -> None:
    lines = invoices(google, meta)
    for roc in (114, 115):
        mine = [line for line in lines if line.day.year - 1911 == roc]
        period = f"中華民國{roc}年度{'1月至10月' if roc == 115 else '9月至12月'}"
        folder.add(f"accounting/{roc}年行銷費用.xlsx", bookkeeping.book("永強精機股份有限公司", period, mine))


def invoices(google: Sequence[AdDay], meta: Sequence[AdDay]) -> list[Invoice]:
    """The agency's fees and the media it paid in advance, with tax, month by month."""
    media = spend_by_month([*google, *meta])
    out = []
    for at, (_, last) in enumerate(months()):
        month = f"{last.month}月"
        out += [
            Invoice(day=last.replace(day=8), vendor="銳行整合行銷", what=f"{month}代操服務費(月費)", number=number(last, 31700000 + 1709 * at),
                    amount=with_tax(35000)),
            Invoice(day=last, vendor="銳行整合行銷", what=f"{month}廣告代墊款(Google、Meta)",
                    number=number(last, 55200000 + 2063 * at), amount=with_tax(media[last.year, last.month])),
        ]  # fmt: skip
        if last.month in (11, 5):
            film = Invoice(day=last.replace(day=18), vendor="銳行整合行銷", what="產品影片製作",
                           number=number(last, 60010000 + at), amount=with_tax(68000))  # fmt: skip
            out.insert(-1, film)
    return out


__all__ = ["CLIENT", "files"]
