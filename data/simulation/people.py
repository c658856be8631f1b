"""Invented customers: names from short lists, serial 0900 numbers, example.com addresses, streets that don't exist."""

from dataclasses import dataclass
from datetime import date

import numpy as np

SURNAMES = "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高"
GIVEN = "怡君 雅婷 淑芬 美玲 宜庭 佩珊 家豪 志明 俊傑 建宏 冠宇 承恩 詠晴 思妤 子涵 欣怡 惠雯 麗華 秀琴 品妍 柏翰 彥廷 筱涵 郁婷"
CITIES = ["台北市", "新北市", "新北市", "桃園市", "台中市", "台中市", "台南市", "高雄市", "新竹市", "彰化縣", "宜蘭縣"]


@dataclass(frozen=True)
class Person:
    """A customer of the shop; every detail is visibly made up."""

    serial: int
    name: str
    city: str

    @property
    def id(self) -> str:
        """SHOPLINE's customer id: 24 hexadecimal digits."""
        return f"65a0{self.serial * 2654435761 % 2**64:016x}{self.serial % 65536:04x}"

    @property
    def email(self) -> str:
        """An address under the domain reserved for examples."""
        return f"guest{self.serial:05d}@example.com"

    @property
    def phone(self) -> str:
        """A serial number that looks like a mobile."""
        return f"0900{self.serial:06d}"

    @property
    def address(self) -> str:
        """A street that is called "example"."""
        return f"{self.city}範例區示範路{self.serial % 9 + 1}段{self.serial % 280 + 1}號"

    @property
    def store(self) -> tuple[str, str]:
        """The 7-11 a parcel is fetched from: name and store number."""
        number = self.serial % 40 + 1
        return f"示範{number:02d}門市", f"9990{number:02d}"


class Crowd:
    """The people who know the shop: some come back often, many never, each with an own rate."""

    def __init__(self, rng: np.random.Generator, before: int) -> None:
        self._rng = rng
        self.people: list[Person] = []
        self._rates: list[float] = []
        self._gone: list[float] = []
        for _ in range(before):
            self._meet(0)

    def _meet(self, day: int) -> Person:
        rng, serial = self._rng, len(self.people) + 1
        name = SURNAMES[rng.integers(len(SURNAMES))] + str(GIVEN.split()[rng.integers(len(GIVEN.split()))])
        self.people.append(Person(serial, name, CITIES[rng.integers(len(CITIES))]))
        self._rates.append(float(rng.gamma(0.7)))
        self._gone.append(day + float(rng.exponential(260)))
        return self.people[-1]

    def on(self, day: date, start: date, newcomers: list[float]) -> list[Person]:
        """Who ordered on a day; each entry of ``newcomers`` is one order's chance of coming from a new customer."""
        now = (day - start).days
        rates = np.array(self._rates) * (np.array(self._gone) > now)
        known = list(self.people)
        rates = rates / rates.sum()
        back = self._rng.choice(len(known), size=len(newcomers), p=rates)
        return [
            self._meet(now) if self._rng.random() < chance else known[at]
            for chance, at in zip(newcomers, back, strict=True)
        ]
