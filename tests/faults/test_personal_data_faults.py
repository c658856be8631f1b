"""Ledgers, sound or broken: nothing of a person's stands in what is told of them or kept."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from kpi_toolkit.i18n import LANGS
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect, read


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


PRIVATE = {"name": "祕密王小明", "phone": "0987654321", "mail": "secret@example.com", "address": "祕密路九號"}
LEDGERS: dict[str, tuple[list[str], list[list[str]]]] = {
    "shopline": (
        "訂單號碼,訂單日期,訂單狀態,付款狀態,貨幣,已退款金額,訂單小計,運費,優惠折扣,自訂折扣合計,折抵購物金,點數折現,訂單合計,商品名稱,數量,商品結帳價,收件人,收件人電話號碼,完整地址,顧客 ID,電郵,電話號碼".split(","),
        [
            "#1,2026-11-01 09:00:00,已完成,已付款,TWD,0,100,0,0,0,0,0,100,茶,1,100,{name},{phone},{address},C1,{mail},{phone}".split(","),
            "#2,2026-11-02 09:00:00,已完成,已付款,TWD,0,200,0,0,0,0,0,200,茶,2,100,{name},{phone},{address},,{mail},{phone}".split(","),
        ],
    ),
    "shopify": (
        "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Shipping Address1,Phone,Refunded Amount".split(","),
        [
            "#1,{mail},paid,TWD,100,0,0,100,0,2026-11-01 09:00:00 +0800,1,Tea,100,{name},{address},{phone},0".split(","),
            "#2,{mail},paid,TWD,200,0,0,200,0,2026-11-02 09:00:00 +0800,2,Tea,100,{name},{address},{phone},0".split(","),
        ],
    ),
    "91app": (
        "主單編號,訂單編號,轉單日期時間,訂單狀態,銷售金額(折扣後),商品名稱,數量,商品單價,收件人,會員編號,取消原因,幣別".split(","),
        [
            "TM1,TS1,2026/11/01 09:00,已完成,100,茶,1,100,{name},{phone},,TWD".split(","),
            "TM2,TS2,2026/11/02 09:00,已完成,200,茶,2,100,{name},{mail},,TWD".split(","),
        ],
    ),
    "shopee": (
        "訂單編號,訂單狀態,訂單成立日期,買家帳號,訂單小計,買家支付運費,買家總支付金額,收件者姓名,收件者電話,收件地址,商品名稱,數量,商品活動價格".split(","),
        [
            "A1,完成,2026-11-01 09:00,{mail},100,0,100,{name},{phone},{address},茶,1,100".split(","),
            "A2,完成,2026-11-02 09:00,{mail},200,0,200,{name},{phone},{address},茶,2,100".split(","),
        ],
    ),
    "woocommerce": (
        "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),N. Revenue".split(","),
        [
            "2026-11-01 09:00:00,1,NT$100,completed,{name},new,1× Tea,1,,100".split(","),
            "2026-11-02 09:00:00,2,NT$200,completed,{mail},returning,2× Tea,2,,200".split(","),
        ],
    ),
    "canonical_orders": (
        "order_id,ordered_at,status,customer_key,currency,total,refunded".split(","),
        ["A1,2026-11-01 09:00:00,valid,{mail},TWD,100,0".split(","), "A2,2026-11-02 09:00:00,valid,{phone},TWD,200,0".split(",")],
    ),
}  # fmt: skip


def ledger(source: str) -> tuple[list[str], list[list[str]]]:
    top, rows = LEDGERS[source]
    return top, [[cell.format(**PRIVATE) for cell in row] for row in rows]


def comma(rows: list[list[str]]) -> str:
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)


def nothing_private(report: LoadReport) -> None:
    for lang in LANGS:
        told = json.dumps(report.as_json(lang), ensure_ascii=False)
        assert [value for value in PRIVATE.values() if value in told] == [], told


@pytest.mark.parametrize("source", LEDGERS)
def test_a_good_ledger_keeps_nobodys_data(tmp_path: Path, source: str) -> None:
    top, rows = ledger(source)
    loaded = read(put(tmp_path / "a.csv", comma([top, *rows])), tmp_path, salt="salt")
    nothing_private(loaded.report)
    assert loaded.report.error is None, loaded.report.error.say("en")
    assert loaded.report.totals["revenue"] == 100 + 200
    written = b"".join(path.read_bytes() for path in loaded.tables.values())
    stored = "".join(
        pd.read_parquet(path).to_json(force_ascii=False, date_format="iso") for path in loaded.tables.values()
    )
    for value in PRIVATE.values():
        assert value not in stored
        assert value.encode() not in written


def many(top: list[str], row: list[str], count: int) -> list[list[str]]:
    """As many orders like `row`, each with a number of its own."""
    at = next(
        index
        for index, cell in enumerate(top)
        if cell in {"訂單號碼", "Name", "主單編號", "訂單編號", "Order #", "order_id"}
    )
    return [[*row[:at], f"{row[at]}-{number}", *row[at + 1 :]] for number in range(count)]


@pytest.mark.parametrize("source", LEDGERS)
@pytest.mark.parametrize("good", [0, 500], ids=["in every row", "in a few rows among many"])
def test_no_column_that_holds_a_persons_data_by_mistake_is_echoed(tmp_path: Path, source: str, good: int) -> None:
    top, rows = ledger(source)
    for column, title in enumerate(top):
        spoilt = [
            [*row[:column], value, *row[column + 1 :]]
            for row, value in zip(many(top, rows[1], len(PRIVATE)), PRIVATE.values(), strict=True)
        ]
        report = inspect(put(tmp_path / "a.csv", comma([top, *many(top, rows[0], good), *spoilt])))
        nothing_private(report)
        if title in {"Total", "訂單合計", "買家總支付金額", "N. Revenue", "total", "銷售金額(折扣後)"}:
            assert (report.error is not None) == (good == 0)
            assert report.error or any("(not shown)" in text.say("en") for text in report.warnings)


@pytest.mark.parametrize("source", LEDGERS)
@pytest.mark.parametrize("by", [1, 2, 3, -1, -2, -3, 7])
def test_shifted_columns_echo_nobodys_data(tmp_path: Path, source: str, by: int) -> None:
    top, rows = ledger(source)
    shifted = [[*row[-by:], *row[:-by]] for row in rows]
    nothing_private(inspect(put(tmp_path / "a.csv", comma([top, *shifted]))))
    nothing_private(inspect(put(tmp_path / "b.csv", comma([top, rows[0], *shifted]))))
    longer = [["x"] * max(by, 0) + row for row in rows]
    nothing_private(inspect(put(tmp_path / "c.csv", comma([top, *longer]))))


@pytest.mark.parametrize("source", LEDGERS)
def test_broken_ledgers_echo_nobodys_data(tmp_path: Path, source: str) -> None:
    top, rows = ledger(source)
    text = comma([top, *rows])
    spoilt: dict[str, str | bytes] = {
        "without a header": comma(rows), "a person as header": comma([rows[0], *rows]), "cut": text[: -len(text) // 4], "cut in a quote": text[:-3],
        "other encodings": comma([top, rows[0]]).encode() + comma([rows[1]]).encode("cp950"), "lines joined": text.replace("\n", ","),
        "semicolons": text.replace('","', '";"'), "doubled header": comma([[*top, *top], *[[*row, *reversed(row)] for row in rows]]),
        "half of the header": comma([top[: len(top) // 2], *rows]), "contradicting": comma([top, *rows, [*rows[0][:4], *rows[1][4:]]]),
        "private header": comma([[*top, *PRIVATE.values()], *[[*row, *PRIVATE.values()] for row in rows]]),
    }  # fmt: skip
    for case, content in spoilt.items():
        path = put(tmp_path / "a.csv", content)
        report = inspect(path)
        if case != "private header":
            nothing_private(report)
        assert (report.error is None) == (report.rows_kept > 0), case
        assert report.rows_read == report.rows_kept + sum(report.dropped.values()), case


@pytest.mark.parametrize("source", LEDGERS)
def test_workbooks_and_zips_of_ledgers_echo_nobodys_data(tmp_path: Path, source: str) -> None:
    top, rows = ledger(source)
    wrong = [[*row[1:], row[0]] for row in rows]
    pd.DataFrame([top, *wrong]).to_excel(tmp_path / "a.xlsx", header=False, index=False, engine="xlsxwriter")
    nothing_private(inspect(tmp_path / "a.xlsx"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", comma([top, *wrong]))
    nothing_private(inspect(tmp_path / "a.zip"))
    nothing_private(inspect(put(tmp_path / "a.gz", gzip.compress(comma([top, *wrong]).encode()))))


def test_customer_keys_depend_on_the_salt_and_not_on_case_or_spaces(tmp_path: Path) -> None:
    top, rows = ledger("shopify")
    rows[1][1] = "  SECRET@example.com "
    path = put(tmp_path / "a.csv", comma([top, *rows]))
    keys = {}
    for salt in ("one", "two"):
        folder = tmp_path / salt
        folder.mkdir()
        keys[salt] = pd.read_parquet(read(path, folder, salt=salt).tables["orders"])["customer_key"].tolist()
    assert keys["one"][0] == keys["one"][1]
    assert keys["one"][0] != keys["two"][0]
