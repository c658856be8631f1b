"""Zip files of several members: those of one kind are one table, and the others are named."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi_toolkit.sources import rawtable
from kpi_toolkit.sources.load_report import LoadReport

Look = Callable[..., LoadReport]
Said = Callable[[LoadReport], str]


def zipped(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return path


ORDERS = "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price\n"


@pytest.mark.parametrize("scanned_from", [1 << 40, 1])
def test_members_of_one_kind_are_read_as_one_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scanned_from: int, whole: Look, said: Said
) -> None:
    monkeypatch.setattr(rawtable, "SCANNED_FROM_BYTES", scanned_from)
    first = ORDERS + "#1,a@example.com,paid,TWD,960,2026-11-01 23:30:00 +0800,1,Mug,960\n#1,,,,,,2,Tea,0\n"
    second = ORDERS + "#2,b@example.com,paid,TWD,300,2026-11-02 10:00:00 +0800,1,Cup,300\n"
    path = zipped(tmp_path / "orders.zip", orders_export_1=first, notes="x,y\n1,2\n", orders_export_2=second)
    report = whole(path)
    assert (report.rows_kept, report.totals["orders"], report.totals["revenue"]) == (3, 2, 960 + 300)
    assert (
        "2 files of one kind in the zip were read as one table (row numbers run on): orders_export_1.csv, orders_export_2.csv"
        in said(report)
    )
    assert "not read: notes.csv;" in said(report)


def test_members_of_other_periods_or_headers_are_not_joined(tmp_path: Path, whole: Look, said: Said) -> None:
    ads = "Campaign report\n2026-{month}-01 - 2026-{month}-28\nCampaign,Cost,Impr.,Clicks\nA,{cost},100,1\n"
    report = whole(
        zipped(tmp_path / "a.zip", october=ads.format(month=10, cost=5), november=ads.format(month=11, cost=7))
    )
    assert report.totals["spend"] == 5
    assert "not read: november.csv;" in said(report)
    more = zipped(
        tmp_path / "b.zip",
        a="Day,Campaign,Cost,Impr.\n2026-11-01,A,5,10\n",
        b="Day,Campaign,Impr.,Cost\n2026-11-02,A,10,7\n",
    )
    assert whole(more).totals["spend"] == 5
    cost = "Day,Campaign,Cost ({currency}),Impr.\n2026-11-{day:02},A,{day},10\n"
    priced = whole(
        zipped(tmp_path / "c.zip", a=cost.format(currency="TWD", day=5), b=cost.format(currency="USD", day=6))
    )
    assert (priced.totals["spend"], priced.currency) == (5, "TWD")
    assert "not read: b.csv;" in said(priced)


@pytest.mark.parametrize("scanned_from", [1 << 40, 1])
def test_rows_of_joined_members_are_numbered_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scanned_from: int, whole: Look, said: Said
) -> None:
    monkeypatch.setattr(rawtable, "SCANNED_FROM_BYTES", scanned_from)
    top = "Day,Campaign,Cost,Impr.\n"
    first = top + "".join(f"2026-11-01,A{number},5,10\n" for number in range(200))
    second = top + "2026-11-02,B,5,10\n2026-11-02,C,1,234,10\n2026-11-02,D,x,10\n2026-11-02,E,1,10,text\n" + "".join(f"2026-11-03,A{number},5,10\n" for number in range(200))  # fmt: skip
    report = whole(zipped(tmp_path / "a.zip", a=first, b=second))
    assert report.dropped == {"shifted row": 1, "unreadable spend": 1}
    assert "row 203 has more cells than the header" in said(report)
    assert "row 204, column Cost (spend): can't read 'x'" in said(report)
    assert "was not read (unquoted commas in text?): row 205" in said(report)
