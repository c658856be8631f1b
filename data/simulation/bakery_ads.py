"""The bakery's campaigns, as its two agencies named them."""

from datetime import date

from .advertising import AdUnit
from .exports.meta_ads import PURCHASE
from .seasons import FIRST, LAST, Peak, Rhythm, span

CLIENT = "wheatfield-bakery"
RHYTHM = Rhythm(
    weekdays=(1.12, 1.06, 1.0, 1.02, 0.95, 0.84, 0.97),
    holiday=0.80,
    yearly_growth=0.12,
    closed=tuple(span(date(2026, 2, 14), date(2026, 2, 20))),  # the kitchen rests over New Year
    peaks=(
        # Moon cakes sell until the kitchen's last delivery day, a few days before the festival.
        Peak(name="中秋 2025", start=date(2025, 8, 25), top=date(2025, 9, 20), fall=date(2025, 9, 29),
             end=date(2025, 10, 4), height=1.35),
        Peak(name="雙11 前觀望", start=date(2025, 10, 30), top=date(2025, 11, 2), fall=date(2025, 11, 6),
             end=date(2025, 11, 8), height=-0.14),
        Peak(name="雙11", start=date(2025, 11, 7), top=date(2025, 11, 11), fall=date(2025, 11, 11),
             end=date(2025, 11, 12), height=2.6),
        Peak(name="雙11 後", start=date(2025, 11, 11), top=date(2025, 11, 13), fall=date(2025, 11, 15),
             end=date(2025, 11, 20), height=-0.22),
        Peak(name="聖誕", start=date(2025, 12, 6), top=date(2025, 12, 15), fall=date(2025, 12, 21),
             end=date(2025, 12, 25), height=0.30),
        Peak(name="年節禮盒", start=date(2026, 1, 12), top=date(2026, 1, 28), fall=date(2026, 2, 5),
             end=date(2026, 2, 12), height=1.05),
        Peak(name="年後", start=date(2026, 2, 20), top=date(2026, 2, 21), fall=date(2026, 2, 27),
             end=date(2026, 3, 7), height=-0.30),
        Peak(name="母親節", start=date(2026, 4, 18), top=date(2026, 5, 1), fall=date(2026, 5, 6),
             end=date(2026, 5, 9), height=0.85),
        Peak(name="端午", start=date(2026, 6, 8), top=date(2026, 6, 14), fall=date(2026, 6, 17),
             end=date(2026, 6, 19), height=0.15),
        Peak(name="盛夏", start=date(2026, 6, 28), top=date(2026, 7, 8), fall=date(2026, 7, 27),
             end=date(2026, 8, 6), height=-0.12),
        Peak(name="父親節", start=date(2026, 7, 27), top=date(2026, 8, 3), fall=date(2026, 8, 5),
             end=date(2026, 8, 8), height=0.25),
        Peak(name="中秋 2026", start=date(2026, 8, 20), top=date(2026, 9, 9), fall=date(2026, 9, 18),
             end=date(2026, 9, 23), height=1.45),
    ),
)  # fmt: skip

GOOGLE = [
    AdUnit(platform="google", campaign="BC_搜尋_品牌字_麥田小舖", id="21876500101", type="Search", budget=360, cpc=4.6,
           ctr=0.21, season=0.8, cvr=0.062, echo=0.075, newcomers=0.35, share=0.86),
    AdUnit(platform="google", campaign="BC_搜尋_一般字_甜點宅配", id="21876500102", type="Search", budget=620, cpc=13.5,
           ctr=0.055, season=0.5, cvr=0.021, echo=0.006, newcomers=0.75, share=0.42),
    AdUnit(platform="google", campaign="BC_PMax_全品項", id="21876500103", type="Performance Max", budget=760, cpc=8.2,
           ctr=0.012, season=0.7, cvr=0.021, echo=0.045, newcomers=0.6),
    AdUnit(platform="google", campaign="BC_搜尋_檔期_中秋月餅禮盒", id="21876500104", type="Search", budget=560, cpc=16,
           ctr=0.06, season=0.6, cvr=0.027, echo=0.01, newcomers=0.8, share=0.31, last=date(2025, 10, 3)),
    AdUnit(platform="google", campaign="BC_搜尋_檔期_年節禮盒", id="21876500105", type="Search", budget=520, cpc=15.5,
           ctr=0.06, season=0.6, cvr=0.026, echo=0.01, newcomers=0.8, share=0.33,
           first=date(2026, 1, 12), last=date(2026, 2, 10)),
    AdUnit(platform="google", campaign="BC_搜尋_檔期_中秋月餅禮盒_2026", id="21876500106", type="Search", budget=560,
           cpc=16.5, ctr=0.06, season=0.6, cvr=0.027, echo=0.01, newcomers=0.8, share=0.29,
           first=date(2026, 8, 20), last=date(2026, 9, 21)),
]  # fmt: skip


def _meta(campaign: str, ad_group: str, ad: str, serial: int, first: date, last: date, **figures: float) -> AdUnit:
    return AdUnit(
        platform="meta", campaign=campaign, ad_group=ad_group, ad=ad, id=f"1202154788{serial:08d}",
        type="OUTCOME_SALES", indicator=PURCHASE, first=first, last=last, **figures,  # type: ignore[arg-type]
    )  # fmt: skip


PROSPECTING = "晴天_轉換_新客開發"
RETARGETING = "晴天_轉換_再行銷_瀏覽未購"
COLD = {"cpc": 9.8, "ctr": 0.013, "cvr": 0.020, "echo": 0.024, "newcomers": 0.82}
WARM = {"cpc": 8.4, "ctr": 0.021, "cvr": 0.033, "echo": 0.085, "newcomers": 0.25, "season": 0.6}
SALE = {"cpc": 9.2, "ctr": 0.017, "cvr": 0.027, "echo": 0.030, "newcomers": 0.65, "season": 0.7}
META = [
    _meta(PROSPECTING, "類似受眾_購買 1%", "影片_開箱早餐組", 10410001, FIRST, date(2026, 3, 31), budget=560, **COLD),
    _meta(PROSPECTING, "類似受眾_購買 1%", "影片_師傅的一天", 10410002, date(2026, 4, 1), LAST, budget=600, **COLD),
    _meta(PROSPECTING, "興趣_烘焙甜點_25-44 女", "輪播_熱銷 TOP5", 10410003, FIRST, LAST, budget=520, **COLD),
    _meta(RETARGETING, "30 天瀏覽", "輪播_購物車提醒", 10410004, FIRST, LAST, budget=360, **WARM),
    _meta("晴天_轉換_中秋禮盒", "廣泛受眾", "圖片_月見禮盒_早鳥", 10410005, FIRST, date(2025, 10, 2), budget=620, **SALE),
    _meta("晴天_轉換_雙11 囤貨節", "廣泛受眾", "圖片_雙11 倒數", 10410006, date(2025, 11, 3), date(2025, 11, 11),
          budget=1500, **SALE),
    _meta("晴天_轉換_雙11 囤貨節", "再行銷_180 天", "圖片_雙11 倒數 - 複本", 10410007, date(2025, 11, 8), date(2025, 11, 11),
          budget=800, **SALE),
    _meta("晴天_轉換_年節禮盒", "廣泛受眾", "圖片_金馬迎春", 10410008, date(2026, 1, 12), date(2026, 2, 9), budget=760,
          **SALE),
    _meta("晴天_轉換_母親節蛋糕", "廣泛受眾", "影片_媽媽的第一口", 10410009, date(2026, 4, 18), date(2026, 5, 7),
          budget=720, **SALE),
    _meta("晴天_轉換_中秋禮盒_2026", "廣泛受眾", "圖片_月見禮盒_早鳥", 10410010, date(2026, 8, 20), date(2026, 9, 20),
          budget=780, **SALE),
]  # fmt: skip
LINE = [
    AdUnit(platform="line", campaign="晴天_LAP_轉換_甜點禮盒", id="1230000041501", type="WEBSITE_CONVERSION", budget=380,
           cpc=6.6, ctr=0.011, season=0.7, cvr=0.013, echo=0.012, newcomers=0.65),
    AdUnit(platform="line", campaign="晴天_LAP_轉換_節慶檔期", id="1230000041502", type="WEBSITE_CONVERSION", budget=420,
           cpc=6.2, ctr=0.013, season=0.8, cvr=0.016, echo=0.012, newcomers=0.65,
           first=date(2026, 8, 24), last=date(2026, 9, 20)),
]  # fmt: skip

UNITS = {unit.id: unit for unit in [*GOOGLE, *META, *LINE]}
