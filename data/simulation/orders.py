"""The shop's orders: who, when, what, paid how, and what became of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from .bakery_goods import DOUBLE_11, GOODS, Line, basket
from .people import Person

COD = "7-11 取貨付款"
PAYMENTS = [("信用卡", 0.52), (COD, 0.22), ("LINE Pay", 0.18), ("ATM 轉帳", 0.08)]
# Share of a day's orders placed in each hour: lunch and after dinner.
HOURS = np.array(
    [3, 1.5, 0.8, 0.4, 0.3, 0.4, 1, 2, 3.5, 4.5, 5.5, 6, 7.5, 6.5, 5, 4.5, 4.5, 4.5, 4.5, 5.5, 7, 8.5, 9, 6.5]
)
EXPORTED = datetime(2026, 11, 2, 10, 0)  # when the client downloaded everything


@dataclass(frozen=True, kw_only=True)
class Money:
    """An order's amounts, TWD, by the platform's own parts."""

    subtotal: int
    shipping: int
    surcharge: int
    coupon: int
    custom: int
    credit: int
    points: int

    @property
    def total(self) -> int:
        """小計 + 運費 + 附加費 + 稅費 (none) - 優惠 - 自訂折扣 - 購物金 - 點數."""
        return self.subtotal + self.shipping + self.surcharge - self.coupon - self.custom - self.credit - self.points


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order as the shop's back office shows it at the time of export."""

    number: str
    at: datetime
    driver: str  # what really brought it; no export tells
    person: Person
    lines: list[Line]
    money: Money
    payment: str
    status: str  # 訂單狀態
    paid: str  # 付款狀態
    delivery: str  # 送貨狀態
    refunded: int
    referral: str = ""


def place(day: date, driver: str, person: Person, serial: int, rng: np.random.Generator) -> Order:
    """One order on a day, filled and carried through to where it stood at the time of export."""
    at = datetime(day.year, day.month, day.day, int(rng.choice(24, p=HOURS / HOURS.sum())), *rng.integers(0, 60, 2))
    lines = basket(GOODS, day, rng)
    names, odds = zip(*PAYMENTS, strict=True)
    payment = names[int(rng.choice(len(names), p=odds))]
    money = _money(day, lines, payment, rng)
    fate = _cod_fate(at, rng) if payment == COD else _paid_fate(at, payment, money, rng)
    referral = "KOL_BREADMOM" if driver == "kol" else ""
    number = f"#{at:%Y%m%d%H%M%S}{serial % 1000:03d}"
    return Order(
        number=number, at=at, driver=driver, person=person, lines=lines, money=money, payment=payment,
        status=fate[0], paid=fate[1], delivery=fate[2], refunded=fate[3], referral=referral,
    )  # fmt: skip


def _money(day: date, lines: list[Line], payment: str, rng: np.random.Generator) -> Money:
    subtotal = sum(line.amount for line in lines)
    shipping = 0 if subtotal >= 1500 else 110 if payment == COD else 150
    coupon = round(subtotal * 0.12) if DOUBLE_11(day) else 100 if subtotal >= 600 and rng.random() < 0.12 else 0
    points = 5 * int(rng.integers(1, 11)) if rng.random() < 0.07 else 0
    return Money(
        subtotal=subtotal,
        shipping=shipping,
        surcharge=20 if payment == COD and rng.random() < 0.3 else 0,  # cold pick-up box
        coupon=coupon,
        custom=50 if rng.random() < 0.01 else 0,
        credit=50 if subtotal > 400 and rng.random() < 0.09 else 0,
        points=min(points, subtotal // 10),
    )


Fate = tuple[str, str, str, int]


def _cod_fate(at: datetime, rng: np.random.Generator) -> Fate:
    age = (EXPORTED - at) / timedelta(days=1)
    if age < 3 + 7 * rng.random():  # shipped after two days, then up to a week on the store's shelf
        return "處理中", "未付款", "備貨中" if age < 2 else "已到達", 0
    dice = rng.random()
    if dice < 0.05:
        return "已取消", "未付款", "已退回", 0  # never fetched
    return ("已取消", "未付款", "備貨中", 0) if dice < 0.07 else ("已完成", "已付款", "已取貨", 0)


def _paid_fate(at: datetime, payment: str, money: Money, rng: np.random.Generator) -> Fate:
    dice = rng.random()
    if payment == "ATM 轉帳" and dice < 0.10:
        return "已取消", "未付款", "備貨中", 0  # never transferred
    if dice < 0.022:
        return "已取消", "已退款", "備貨中", money.total
    if dice < 0.030:
        return "已完成", "已退款", "已退回", money.total
    if dice < 0.045:  # broken on the way: part of the goods is paid back
        return "已完成", "部分退款", "已到達", max(50, money.subtotal * int(rng.integers(2, 6)) // 10)
    fresh = EXPORTED - at < timedelta(days=2.5)
    return ("處理中", "已付款", "備貨中", 0) if fresh else ("已完成", "已付款", "已到達", 0)
