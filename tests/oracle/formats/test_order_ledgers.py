"""Order exports, small enough to add up by hand: the expected figures are written as the sums."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect

Put = Callable[..., Path]
Look = Callable[..., LoadReport]
Kept = Callable[..., pd.DataFrame]
Said = Callable[[LoadReport], str]


NINETY_ONE = """購物車編號,主單編號,訂單編號,轉單日期時間,訂單來源,商品名稱,商品料號,數量,商品單價,運費,出貨單狀態,訂單狀態,折扣金額,銷售金額(折扣後),付款方式,折價券活動名稱,會員編號,取消原因,購物車總額,總成本
TG1,TM1,TS1,2026/11/11 00:03,官網,洗髮精,A1,2,500,60,已出貨,已完成,100,900,信用卡,雙11折價券,M7,,1360,400
TG1,TM1,TS2,2026/11/11 00:03,官網,護髮油,A2,1,400,60,已取消,已取消,0,400,信用卡,雙11折價券,M7,缺貨,1360,150
TG1,TM2,TS3,2026/11/11 00:03,官網,梳子,A3,1,60,60,已出貨,已完成,0,60,信用卡,,M7,,1360,20
TG2,TM3,TS4,2026/11/12 21:40,APP,洗髮精,A1,1,500,60,待出貨,待出貨,0,500,7-11取貨付款,,M8,,560,200
TG3,TM4,TS5,2026/11/13 08:15,APP,洗髮精,A1,1,500,0,已取消,已取消,0,500,信用卡,,M9,不想要了,1000,200
TG3,TM4,TS6,2026/11/13 08:15,APP,洗髮精,A1,1,500,0,已取消,已取消,0,500,信用卡,,M9,不想要了,1000,200
"""


def test_91app_money_is_the_sum_of_the_rows_and_never_the_repeated_cart(
    tmp_path: Path, table: Put, whole: Look, kept: Kept
) -> None:
    path = table(tmp_path / "order.csv", NINETY_ONE, "cp950")
    report = whole(path)
    assert (report.source, report.table, report.rows_kept) == ("91app", "orders", 6)
    assert report.totals == {
        "orders": 4, "gross_total": (900 + 400) + 60 + 500 + (500 + 500), "cancelled": 1, "refunded": 400, "pending": 1,
        "revenue": 900 + 60 + 500,
    }  # fmt: skip
    orders = kept(path, tmp_path, "orders").set_index("order_id")
    assert dict(orders["status"]) == {"TM1": "valid", "TM2": "valid", "TM3": "pending", "TM4": "cancelled"}
    assert orders.loc["TM1", "cost"] == 400 + 150
    assert orders.loc["TM1", "customer_key"] == orders.loc["TM2", "customer_key"] != "M7"


SHOPEE = [
    ["訂單編號 (單)", "訂單狀態 (單)", "訂單成立時間 (單)", "買家帳號 (單)", "訂單小計 (單)", "買家支付的運費 (單)", "訂單總金額 (單)", "收件者姓名 (單)", "商品名稱 (品)", "商品選項名稱 (品)", "商品活動價格 (品)", "數量"],
    ["261101AB", "完成", "2026-11-01 09:30", "amy", "700", "60", "760", "陳小美", "襪子", "黑", "200", "2"],
    ["261101AB", "完成", "2026-11-01 09:30", "amy", "700", "60", "760", "陳小美", "帽子", "", "300", "1"],
    ["261102CD", "不成立", "2026-11-02 10:00", "bob", "300", "60", "360", "林大同", "帽子", "", "300", "1"],
    ["261103EF", "尚未付款", "2026-11-03 11:00", "amy", "300", "0", "300", "陳小美", "帽子", "", "300", "1"],
]  # fmt: skip


@pytest.mark.parametrize("suffixes", [True, False], ids=["with (單) and (品)", "without"])
def test_shopee_orders_count_once_with_and_without_suffixes(
    tmp_path: Path, suffixes: bool, workbook: Put, whole: Look
) -> None:
    top = SHOPEE[0] if suffixes else [cell.split(" (")[0] for cell in SHOPEE[0]]
    report = whole(workbook(tmp_path / "Order.all.xlsx", [top, *SHOPEE[1:]]))
    assert report.source == "shopee"
    assert report.currency == "TWD"
    assert report.totals == {"orders": 3, "gross_total": 760 + 360 + 300, "cancelled": 1, "refunded": 0, "pending": 1, "revenue": 760 + 300}  # fmt: skip


SHOPLINE = """訂單號碼,訂單日期,訂單狀態,付款狀態,付款方式,已退款金額,訂單小計,運費,附加費,優惠折扣,自訂折扣合計,折抵購物金,點數折現,訂單合計,稅費,商品貨號,商品名稱,商品結帳價,數量,顧客 ID,電郵,電話號碼
#1,2026-11-01 09:12:00,已完成,已付款,信用卡,0,600,60,0,50,0,10,0,600,0,A,茶包,100,2,C1,a@example.com,0912000111
{repeat_1}B,杯組,400,1{tail_1}
#2,2026-11-02 20:01:00,處理中,未付款,7-11 取貨付款,0,500,0,20,0,0,0,0,520,0,A,茶包,100,5,,b@example.com,0912000222
#3,2026-11-03 10:00:00,已完成,已退款,信用卡,300,300,0,0,0,0,0,0,300,0,A,茶包,100,3,,,0912000333
#4,2026-11-03 12:00:00,已完成,部分退款,信用卡,150,400,0,0,0,0,0,0,400,0,B,杯組,400,1,C1,a@example.com,0912000111
#5,2026-11-04 12:00:00,已取消,未付款,ATM,0,100,0,0,0,0,0,0,100,0,A,茶包,100,1,C4,d@example.com,
"""


REPEATED = {
    "repeat_1": "#1,2026-11-01 09:12:00,已完成,已付款,信用卡,0,600,60,0,50,0,10,0,600,0,",
    "tail_1": ",C1,a@example.com,0912000111",
}


CONTINUED = {"repeat_1": "#1,,,,,,,,,,,,,,,", "tail_1": ",,,"}


NUMBERLESS = {"repeat_1": ",,,,,,,,,,,,,,,", "tail_1": ",,,"}


@pytest.mark.parametrize("way", [REPEATED, CONTINUED, NUMBERLESS], ids=["repeated", "blank", "blank with its number"])
def test_shopline_money_counts_once_whether_repeated_or_blank(
    tmp_path: Path, way: dict[str, str], table: Put, whole: Look, kept: Kept, said: Said
) -> None:
    path = table(tmp_path / "orders.csv", SHOPLINE.format(**way), "utf-8-sig")
    report = whole(path)
    assert said(report) == ""
    assert report.totals == {
        "orders": 5, "gross_total": 600 + 520 + 300 + 400 + 100, "cancelled": 1, "refunded": 300 + 150, "pending": 1,
        "revenue": 600 + 520 + (300 - 300) + (400 - 150),
    }  # fmt: skip
    orders = kept(path, tmp_path, "orders").set_index("order_id")
    assert dict(orders["status"]) == {"#1": "valid", "#2": "pending", "#3": "refunded", "#4": "valid", "#5": "cancelled"}  # fmt: skip
    assert orders.loc["#1", "discount"] == 50 + 0 + 10 + 0
    assert orders["customer_key"].nunique() == 4  # C1 twice, an e-mail, a phone, C4
    lines = kept(path, tmp_path, "order_lines")
    assert lines["quantity"].sum() == 2 + 1 + 5 + 3 + 1 + 1
    assert lines["line_total"].sum() == 200 + 400 + 500 + 300 + 400 + 100


def test_shopline_says_when_the_orders_do_not_add_up(tmp_path: Path, table: Put, whole: Look, said: Said) -> None:
    broken = SHOPLINE.format(**REPEATED).replace("400,0,0,0,0,0,0,400,0,B", "400,0,0,0,0,0,0,999,0,B")
    assert "on 1 row the order total isn't subtotal + shipping" in said(whole(table(tmp_path / "orders.csv", broken)))


def test_shopline_lines_that_contradict_each_other_are_refused_by_row(tmp_path: Path, table: Put) -> None:
    other = REPEATED | {"repeat_1": REPEATED["repeat_1"].replace(",10,0,600,", ",10,0,601,")}
    error = inspect(table(tmp_path / "orders.csv", SHOPLINE.format(**other))).error
    assert error is not None
    assert "contradict" in error.say("en")
    assert "rows 2)" in error.say("en")


def test_a_fully_refunded_order_without_its_amount_has_lost_its_total(tmp_path: Path, table: Put, whole: Look) -> None:
    text = "訂單號碼,訂單日期,訂單狀態,付款狀態,訂單合計,商品名稱,數量\n#1,2026-11-01 09:00:00,已完成,已付款,500,茶,1\n#2,2026-11-01 10:00:00,已完成,已退款,300,茶,1\n"
    assert whole(table(tmp_path / "a.csv", text)).totals["revenue"] == 500 + (300 - 300)


def test_shopify_continuation_rows_without_money_and_phones_for_mails(
    tmp_path: Path, table: Put, whole: Look, kept: Kept
) -> None:
    path = table(
        tmp_path / "orders_export_1.csv",
        "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Lineitem discount,Phone\n"
        "#1,a@example.com,paid,TWD,900,60,0,960,,100,2026-11-01 23:30:00 +0900,2,Mug,400,'001,,0,0,\n"
        "#1,,,,,,,,,,,1,Tea,200,002,,,0,\n"
        "#2,,pending,TWD,300,0,0,300,,0,2026-11-02 10:00:00 +0800,1,Cup,300,,,0,0,+886912000111\n"
        "#3,c@example.com,partially_refunded,TWD,500,0,0,500,,0,2026-11-03 10:00:00 +0800,1,Pot,500,,,200,0,\n"
        "#4,c@example.com,refunded,TWD,250,0,0,250,,0,2026-11-03 11:00:00 +0800,1,Pot,250,,,250,0,\n"
        "#5,d@example.com,voided,TWD,80,0,0,80,,0,2026-11-03 12:00:00 +0800,1,Pot,80,,2026-11-04 10:00:00 +0800,0,0,\n",
    )
    report = whole(path)
    assert report.totals == {
        "orders": 5, "gross_total": 960 + 300 + 500 + 250 + 80, "cancelled": 1, "refunded": 200 + 250, "pending": 1,
        "revenue": 960 + 300 + (500 - 200) + (250 - 250),
    }  # fmt: skip
    orders = kept(path, tmp_path, "orders").set_index("order_id")
    assert str(orders.loc["#1", "ordered_at"]) == "2026-11-01 22:30:00"  # +09:00 told in Taipei's time
    assert orders.loc["#1", "gross_items"] == 900 + 100
    assert orders["customer_key"].notna().all()
    assert kept(path, tmp_path, "order_lines")["sku"].tolist()[:2] == ["001", "002"]


def test_a_shopify_order_whose_payment_expired_was_never_paid(tmp_path: Path, table: Put, whole: Look) -> None:
    text = "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Cancelled at\n"
    paid = "#1,a@example.com,paid,TWD,960,2026-11-01 23:30:00 +0800,1,Mug,960,\n"
    expired = "#2,b@example.com,expired,TWD,300,2026-11-02 10:00:00 +0800,1,Cup,300,\n"
    report = whole(table(tmp_path / "orders_export.csv", text + paid + expired))
    assert (report.totals["revenue"], report.totals["cancelled"], report.totals["pending"]) == (960, 1, 0)


def test_woocommerce_refund_rows_take_off_once(tmp_path: Path, table: Put, whole: Look) -> None:
    report = whole(
        table(
            tmp_path / "orders.csv",
            "Date,Order #,Net Sales (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales\n"
            '2026-11-01 13:05:00,7,"NT$1,500",refunded,王小明,new,"1× 茶包",3,,1500\n'
            "2026-11-03 08:00:00,8,-NT$1500,refunded,王小明,returning,,-3,,-1500\n"
            "2026-11-04 08:00:00,9,NT$800,on-hold,林小華,new,1× 杯,1,,800\n"
            "2026-11-05 08:00:00,10,NT$70,cancelled,林小華,returning,1× 杯,1,,70\n",
        )
    )
    assert report.currency == "TWD"
    assert report.totals["revenue"] == 1500 - 1500 + 800
    assert (report.totals["pending"], report.totals["cancelled"]) == (1, 1)


def test_orders_with_canonical_names(tmp_path: Path, table: Put, whole: Look, kept: Kept) -> None:
    text = "order_id,ordered_at,customer_key,total,refunded\nA1,2026-11-01 10:00:00,c1,100,0\nA2,2026-11-02 10:00:00,c1,250,50\n"
    path = table(tmp_path / "orders.csv", text)
    assert whole(path).totals["revenue"] == 100 + (250 - 50)
    assert kept(path, tmp_path, "orders")["customer_key"].nunique() == 1
