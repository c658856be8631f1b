"""The clinics' appointment book, an own table that no shop system writes."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from .exports.delimited import Row, cp950
from .seasons import FIRST, HOLIDAYS, LAST, Peak, Rhythm, span
from .streams import stream

CLIENT = "smile-dental"
RHYTHM = Rhythm(
    weekdays=(1.20, 1.02, 0.98, 1.0, 1.05, 1.10, 0.0),  # closed on Sundays
    holiday=0.0,
    yearly_growth=0.08,
    peaks=(
        Peak(name="年前看牙", start=date(2026, 1, 12), top=date(2026, 2, 2), fall=date(2026, 2, 11),
             end=date(2026, 2, 14), height=0.25),
        Peak(name="暑期矯正", start=date(2026, 6, 20), top=date(2026, 7, 6), fall=date(2026, 8, 20),
             end=date(2026, 8, 31), height=0.22),
    ),
)  # fmt: skip
CLINICS = {"板橋店": 0.42, "新莊店": 0.33, "中和店": 0.25}
# treatment: chance, price from, price to (TWD; the patient's own part)
TREATMENTS = {
    "健保洗牙": (0.36, 150, 150),
    "補牙": (0.20, 150, 150),
    "根管治療": (0.09, 150, 150),
    "矯正諮詢": (0.10, 0, 0),
    "植牙諮詢": (0.08, 0, 0),
    "冷光美白": (0.06, 8800, 12800),
    "全瓷冠": (0.05, 15000, 20000),
    "隱形矯正頭期款": (0.035, 40000, 60000),
    "單顆植牙": (0.025, 55000, 75000),
}
HEADER = ["預約單號", "預約日期", "診所", "項目", "金額", "狀態", "病歷號", "備註"]


@dataclass(frozen=True)
class Appointment:
    """One line of the book."""

    number: str
    day: date
    clinic: str
    treatment: str
    amount: int
    status: str  # 已完成 | 已取消
    chart: str  # 病歷號
    note: str


def book() -> list[Appointment]:
    """All appointments made through the clinics' booking, by day."""
    rng, patients = stream(CLIENT, "appointments"), 900
    out = []
    for day in span(FIRST, LAST):
        for at in range(int(rng.poisson(14 * _demand(day)))):
            new = rng.random() < 0.38
            patients += int(new)
            chart = patients if new else int(rng.integers(1, patients))
            out.append(_appointment(day, at, f"S{chart:06d}", rng))
    return out


def _demand(day: date) -> float:
    return 0.0 if day in HOLIDAYS or day.weekday() == 6 else RHYTHM(day)


def _appointment(day: date, at: int, chart: str, rng: np.random.Generator) -> Appointment:
    clinics, treatments = list(CLINICS), list(TREATMENTS)
    odds = [TREATMENTS[name][0] for name in treatments]
    clinic = clinics[int(rng.choice(3, p=list(CLINICS.values())))]
    treatment = treatments[int(rng.choice(len(treatments), p=odds))]
    _, low, high = TREATMENTS[treatment]
    amount = low if low == high else 100 * int(rng.integers(low // 100, high // 100 + 1))
    dice = rng.random()
    status, note = ("已取消", "未到診") if dice < 0.07 else ("已取消", "") if dice < 0.12 else ("已完成", "")
    paid = amount if status == "已完成" else 0
    return Appointment(f"AP{day:%Y%m%d}{at + 1:03d}", day, clinic, treatment, paid, status, chart, note)


def csv(appointments: list[Appointment]) -> bytes:
    """The booking program's export: cp950."""
    rows: list[Row] = [
        [a.number, f"{a.day:%Y/%m/%d}", a.clinic, a.treatment, a.amount, a.status, a.chart, a.note]
        for a in appointments
    ]
    return cp950([HEADER, *rows])
