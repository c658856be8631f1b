"""What the bakery sells, when, and how a basket is filled."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from .seasons import MOON_2025, MOON_2026, span

Season = Callable[[date], float]


def always(_: date) -> float:
    """Sold all year."""
    return 1.0


def within(*windows: tuple[date, date]) -> Season:
    """Sold only inside these windows."""
    days = frozenset(day for first, last in windows for day in span(first, last))
    return lambda day: 1.0 if day in days else 0.0


MOON = within((date(2025, 9, 1), MOON_2025), (date(2026, 8, 17), MOON_2026))
NEW_YEAR_GIFTS = within((date(2026, 1, 12), date(2026, 2, 12)))
MOTHERS_DAY = within((date(2026, 4, 18), date(2026, 5, 10)))
DOUBLE_11 = within((date(2025, 11, 8), date(2025, 11, 11)))
SUMMER = within((date(2026, 6, 1), date(2026, 8, 31)))
CHRISTMAS = within((date(2025, 12, 5), date(2025, 12, 25)))


@dataclass(frozen=True)
class Good:
    """One article; a bundle has several article numbers, one a line of its cell."""

    sku: str
    name: str
    price: int
    weight: float  # how often it is chosen while on sale
    sold: Season = always
    options: tuple[str, ...] = ("",)
    kind: str = "商品"


GOODS = [
    Good("BR-001", "湯種鮮奶吐司", 165, 10, options=("原味", "紅豆", "黑芝麻")),
    Good("BR-002", "法式布里歐吐司", 190, 5),
    Good("BG-006", "紐約貝果 6 入", 330, 9, options=("原味", "藍莓", "起司", "綜合")),
    Good("CR-004", "發酵奶油可頌 4 入", 280, 7),
    Good("CN-004", "肉桂捲 4 入", 320, 8),
    Good("PC-001", "老奶奶檸檬磅蛋糕", 420, 8),
    Good("BQ-006", "巴斯克乳酪蛋糕 6 吋", 680, 6, options=("原味", "伯爵茶", "抹茶")),
    Good("CK-001", "手工曲奇鐵盒", 390, 6),
    Good("PA-010", "土鳳梨酥 10 入", 450, 5),
    Good("SC-006", "英式司康 6 入", 300, 4),
    Good("ST-001", "小農草莓生乳捲", 520, 6, within((date(2025, 12, 20), date(2026, 4, 12)))),
    Good("MG-001", "愛文芒果生乳捲", 540, 8, SUMMER),
    Good("XM-001", "德式史多倫聖誕麵包", 480, 16, CHRISTMAS),
    Good("MC-006", "蛋黃酥 6 入", 480, 34, MOON, options=("烏豆沙", "白豆沙", "綜合")),
    Good("MC-901", "月見中秋禮盒 9 入", 880, 30, MOON, options=("廣式", "綜合")),
    Good("NY-801", "金馬迎春年節禮盒", 1080, 34, NEW_YEAR_GIFTS),
    Good("NY-802", "麥田團圓年節禮盒", 880, 26, NEW_YEAR_GIFTS),
    Good("MD-006", "康乃馨母親節蛋糕 6 吋", 980, 36, MOTHERS_DAY),
    Good("MD-008", "康乃馨母親節蛋糕 8 吋", 1380, 12, MOTHERS_DAY),
    Good("BR-001\nBG-006\nCN-004", "早餐補貨組", 735, 7, kind="組合商品"),
    Good("PC-001\nCK-001", "下午茶雙享組", 729, 5, kind="組合商品"),
    Good("BG-006\nCR-004\nPC-001\nCK-001", "雙11 冷凍庫囤貨組", 1111, 60, DOUBLE_11, kind="組合商品"),
]
ADD_ONS = [
    Good("AD-001", "保冷提袋", 59, 5, kind="加購品"),
    Good("AD-002", "手寫卡片", 20, 3, kind="加購品"),
    Good("AD-003", "奶酥抹醬", 180, 4, kind="加購品"),
]
SHOPEE_GOODS = [good for good in GOODS if good.sold is always and "\n" not in good.sku]


@dataclass(frozen=True)
class Line:
    """One article of a basket."""

    good: Good
    option: str
    quantity: int

    @property
    def amount(self) -> int:
        """TWD."""
        return self.good.price * self.quantity


def basket(goods: list[Good], day: date, rng: np.random.Generator) -> list[Line]:
    """What one person puts in: different articles, now and then several of one, sometimes an add-on."""
    on_sale = [good for good in goods if good.sold(day)]
    weights = np.array([good.weight for good in on_sale])
    count = 1 + int(rng.random() < 0.38) + int(rng.random() < 0.12)
    chosen = rng.choice(len(on_sale), size=count, replace=False, p=weights / weights.sum())
    lines = [_line(on_sale[at], rng) for at in chosen]
    if goods is GOODS and rng.random() < 0.06:
        lines.append(Line(ADD_ONS[int(rng.integers(len(ADD_ONS)))], "", 1))
    return lines


def _line(good: Good, rng: np.random.Generator) -> Line:
    gift = good.price >= 880 and good.kind == "商品"
    quantity = 1 + int(rng.random() < (0.42 if gift else 0.34)) + int(rng.random() < 0.10)
    if gift and rng.random() < 0.03:  # a company orders for its customers
        quantity += int(rng.integers(5, 16))
    return Line(good, good.options[int(rng.integers(len(good.options)))], quantity)
