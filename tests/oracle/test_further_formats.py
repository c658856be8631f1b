"""Exports as FORMATS.md describes them, small enough to add up by hand: the expected figures are written as the sums."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from kpi_toolkit.agreement.mapped import as_source
from kpi_toolkit.agreement.mapping import Mapping
from kpi_toolkit.sources import rawtable
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import inspect, read


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell) if isinstance(cell, str) else sheet.write(number, column, cell)
    book.close()
    return path


def whole(path: Path) -> LoadReport:
    report = inspect(path)
    assert report.error is None, report.error.say("en")
    return report


def kept(path: Path, folder: Path, name: str) -> pd.DataFrame:
    loaded = read(path, folder, salt="salt")
    assert loaded.report.error is None, loaded.report.error.say("en")
    frame = pd.read_parquet(loaded.tables[name])
    return frame[frame["dropped"].isna()] if "dropped" in frame else frame


def said(report: LoadReport) -> str:
    return " | ".join(text.say("en") for text in report.warnings)


# --- order ledgers ------------------------------------------------------------------------------------------------

NINETY_ONE = """購物車編號,主單編號,訂單編號,轉單日期時間,訂單來源,商品名稱,商品料號,數量,商品單價,運費,出貨單狀態,訂單狀態,折扣金額,銷售金額(折扣後),付款方式,折價券活動名稱,會員編號,取消原因,購物車總額,總成本
TG1,TM1,TS1,2026/11/11 00:03,官網,洗髮精,A1,2,500,60,已出貨,已完成,100,900,信用卡,雙11折價券,M7,,1360,400
TG1,TM1,TS2,2026/11/11 00:03,官網,護髮油,A2,1,400,60,已取消,已取消,0,400,信用卡,雙11折價券,M7,缺貨,1360,150
TG1,TM2,TS3,2026/11/11 00:03,官網,梳子,A3,1,60,60,已出貨,已完成,0,60,信用卡,,M7,,1360,20
TG2,TM3,TS4,2026/11/12 21:40,APP,洗髮精,A1,1,500,60,待出貨,待出貨,0,500,7-11取貨付款,,M8,,560,200
TG3,TM4,TS5,2026/11/13 08:15,APP,洗髮精,A1,1,500,0,已取消,已取消,0,500,信用卡,,M9,不想要了,1000,200
TG3,TM4,TS6,2026/11/13 08:15,APP,洗髮精,A1,1,500,0,已取消,已取消,0,500,信用卡,,M9,不想要了,1000,200
"""


def test_91app_money_is_the_sum_of_the_rows_and_never_the_repeated_cart(tmp_path: Path) -> None:
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
def test_shopee_orders_count_once_with_and_without_suffixes(tmp_path: Path, suffixes: bool) -> None:
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
def test_shopline_money_counts_once_whether_repeated_or_blank(tmp_path: Path, way: dict[str, str]) -> None:
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


def test_shopline_says_when_the_orders_do_not_add_up(tmp_path: Path) -> None:
    broken = SHOPLINE.format(**REPEATED).replace("400,0,0,0,0,0,0,400,0,B", "400,0,0,0,0,0,0,999,0,B")
    assert "on 1 row the order total isn't subtotal + shipping" in said(whole(table(tmp_path / "orders.csv", broken)))


def test_shopline_lines_that_contradict_each_other_are_refused_by_row(tmp_path: Path) -> None:
    other = REPEATED | {"repeat_1": REPEATED["repeat_1"].replace(",10,0,600,", ",10,0,601,")}
    error = inspect(table(tmp_path / "orders.csv", SHOPLINE.format(**other))).error
    assert error is not None
    assert "contradict" in error.say("en")
    assert "rows 2)" in error.say("en")


def test_a_fully_refunded_order_without_its_amount_has_lost_its_total(tmp_path: Path) -> None:
    text = "訂單號碼,訂單日期,訂單狀態,付款狀態,訂單合計,商品名稱,數量\n#1,2026-11-01 09:00:00,已完成,已付款,500,茶,1\n#2,2026-11-01 10:00:00,已完成,已退款,300,茶,1\n"
    assert whole(table(tmp_path / "a.csv", text)).totals["revenue"] == 500 + (300 - 300)


def test_shopify_continuation_rows_without_money_and_phones_for_mails(tmp_path: Path) -> None:
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


def test_a_shopify_order_whose_payment_expired_was_never_paid(tmp_path: Path) -> None:
    text = "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Cancelled at\n"
    paid = "#1,a@example.com,paid,TWD,960,2026-11-01 23:30:00 +0800,1,Mug,960,\n"
    expired = "#2,b@example.com,expired,TWD,300,2026-11-02 10:00:00 +0800,1,Cup,300,\n"
    report = whole(table(tmp_path / "orders_export.csv", text + paid + expired))
    assert (report.totals["revenue"], report.totals["cancelled"], report.totals["pending"]) == (960, 1, 0)


def test_woocommerce_refund_rows_take_off_once(tmp_path: Path) -> None:
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


# --- ad platforms -------------------------------------------------------------------------------------------------


def test_tiktok_workbook_with_a_totals_row_and_a_currency_in_the_header(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["By Day", "Campaign name", "Ad ID", "Cost (USD)", "Impression", "Clicks (Destination)", "Clicks (all)", "Conversions", "CPA", "Total complete payment value"],
        ["Total of 3 results", "-", "-", 30.75, 6000, 60, 90, 3, 10.25, 310],
        ["2026-11-01", "A", "1835501120440101", 10.5, 1000, 10, 20, 1, 10.5, 100],
        ["2026-11-02", "A", "1835501120440101", 20.25, 3000, 30, 40, 2, 10.13, 210],
        ["2026-11-02", "B", "1835501120440102", 0, 2000, 20, 30, "-", "-", "-"],
    ]  # fmt: skip
    path = workbook(tmp_path / "Campaign Report.xlsx", rows)
    report = whole(path)
    assert (report.source, report.currency, report.dropped) == ("tiktok_ads", "USD", {"total row": 1})
    assert report.totals == {"spend": 10.5 + 20.25, "impressions": 1000 + 3000 + 2000, "clicks": 10 + 30 + 20, "clicks_all": 20 + 40 + 30, "conversions": 1 + 2, "conversions_value": 100 + 210}  # fmt: skip
    assert said(report) == ""
    frame = kept(path, tmp_path, "ads_daily")
    assert frame["conversions"].isna().sum() == 1  # `-` is not known, never 0
    rows[1][3] = 31.75
    assert "totals row says spend = 31.75" in said(whole(workbook(tmp_path / "b.xlsx", rows)))


def test_criteo_takes_the_clients_attribution_and_says_so(tmp_path: Path) -> None:
    path = table(
        tmp_path / "stats.csv",
        "AdvertiserId,CampaignId,Day,Currency,Displays,Clicks,Visits,AdvertiserCost,SalesClientAttribution,RevenueGeneratedClientAttribution,SalesPc30d,SalesPc30dPv24h\n"
        "1,11,2026-11-01,TWD,1000,10,8,100.5,1,500,2,3\n1,11,2026-11-02,TWD,2000,20,15,200.5,2,900,2,4\n",
    )
    report = whole(path)
    assert report.totals == {"spend": 100.5 + 200.5, "impressions": 1000 + 2000, "clicks": 10 + 20, "landing_page_views": 8 + 15, "conversions": 1 + 2, "conversions_value": 500 + 900}  # fmt: skip
    assert set(kept(path, tmp_path, "ads_daily")["attribution"]) == {"client attribution"}


def test_pchome_keeps_invalid_clicks_and_leaves_its_percent_roas_alone(tmp_path: Path) -> None:
    report = whole(
        table(
            tmp_path / "report.csv",
            "PChome 聯播網廣告成效報表\n日期,廣告活動,廣告曝光數,廣告點擊數(互動數),無效點擊數,費用,點擊率,轉換次數,總轉換價值,廣告投資報酬率(%)\n"
            '2026-11-01,品牌,"1,000",20,3,NT$100,2.00%,1,300,300%\n2026-11-02,品牌,"2,000",30,2,"NT$1,050",1.50%,2,700,66.67%\n總計,,"3,000",50,5,"NT$1,150",1.67%,3,"1,000",86.96%\n',
            "cp950",
        )
    )
    assert (report.source, report.currency, report.dropped, said(report)) == ("pchome_ads", "TWD", {"total row": 1}, "")
    assert report.totals == {"spend": 100 + 1050, "impressions": 1000 + 2000, "clicks": 20 + 30, "invalid_clicks": 3 + 2, "conversions": 1 + 2, "conversions_value": 300 + 700}  # fmt: skip


def test_line_in_the_words_of_its_zh_tw_screen(tmp_path: Path) -> None:
    report = whole(
        table(
            tmp_path / "x.csv",
            "日期,廣告帳號,廣告活動名稱,廣告群組名稱,曝光,點擊,費用,CV,加入好友\n2026/11/1,好茶,加好友,全台,1000,30,300,2,9\n2026/11/2,好茶,加好友,全台,2000,40,400,--,8\n",
        )
    )
    assert report.source == "line_ads"
    assert report.totals == {"spend": 300 + 400, "impressions": 1000 + 2000, "clicks": 30 + 40, "conversions": 2, "followers_gained": 9 + 8}  # fmt: skip


def test_google_micros_and_uk_dates(tmp_path: Path) -> None:
    micros = "date,customer_id,campaign_id,clicks,cost_micros,impressions,conversions,conversions_value\n2026-11-01,1,2,3,1500000,100,1.5,20\n2026-11-02,1,2,4,2250000,200,0,0\n"
    assert whole(table(tmp_path / "a.csv", micros)).totals["spend"] == 1.5 + 2.25
    uk = "Campaign report\n27 January 2026 - 23 February 2026\nCampaign,Cost,Impr.,Clicks\nBrand,103606.77,1000,10\nTotal: Campaigns,103606.77,1000,10\nTotal: Account,203606.77,2000,20\n"
    report = whole(table(tmp_path / "b.csv", uk))
    assert (str(report.period_start), str(report.period_end), report.grain) == ("2026-01-27", "2026-02-23", "period")
    assert (report.totals["spend"], report.dropped) == (103606.77, {"total row": 2})
    assert "refused for daily views" in said(report)


@pytest.mark.parametrize(
    "text",
    [
        "Kampagnenbericht\n1. November 2026 - 3. November 2026\nTag;Kampagne;Kosten;Impr.;Klicks;Conversions\n01.11.2026;Marke;1.234,56;1.000;10;1,00\nGesamt: Konto;;1.234,56;1.000;10;1,00\n",
        "Rapport sur les campagnes\nJour;Campagne;Coût;Impressions;Clics;Conversions\n2026-11-01;Marque;1 020,50;1 000;10;1,00\nTotal : compte;;1 020,50;1 000;10;1,00\n",
    ],
    ids=["German", "French"],
)  # fmt: skip
def test_google_in_another_language_is_refused_with_a_way_out(tmp_path: Path, text: str) -> None:
    error = inspect(table(tmp_path / "a.csv", text)).error
    assert error is not None
    assert "no source knows this header" in error.say("en")
    assert "mapping" in error.say("en")


def test_european_figures_under_english_headers_are_refused_and_never_read_as_others(tmp_path: Path) -> None:
    text = "Day;Campaign;Cost;Impr.;Clicks\n2026-11-01;Marke;1.234,56;1000;10\n2026-11-02;Marke;1 020,50;1000;10\n"
    error = inspect(table(tmp_path / "a.csv", text)).error
    assert error is not None
    assert "row 2, column Cost (spend): can't read '1.234,56'" in error.say("en")
    assert "row 3, column Cost (spend): can't read '1 020,50'" in error.say("en")


META = "分析報告開始,分析報告結束,行銷活動名稱,廣告名稱,廣告編號,天數,歸因設定,成果指標,成果,曝光次數,花費金額 (TWD),連結點擊次數\n"


def meta(*rows: str) -> str:
    return META + "".join(f"2026-11-01,2026-11-03,{row}\n" for row in rows)


def test_meta_with_three_attribution_settings_says_so(tmp_path: Path) -> None:
    indicator = "actions:offsite_conversion.fb_pixel_purchase"
    report = whole(
        table(
            tmp_path / "a.csv",
            meta(
                f"A,a,120233737473391087,2026-11-01,點擊後 7 天或瀏覽後 1 天,{indicator},2,1000,100,10",
                f"A,b,120233737473391088,2026-11-02,點擊後 7 天或瀏覽後 1 天,{indicator},3,1000,100,10",
                f"B,c,120233737473391089,2026-11-02,點擊後 7 天、瀏覽後 1 天或互動觀看後 1 天,{indicator},4,1000,100,10",
                f"C,d,120233737473391090,2026-11-03,點擊後 7 天,{indicator},5,1000,100,10",
            ),
            "utf-8-sig",
        )
    )
    assert report.totals["conversions"] == 2 + 3 + 4 + 5
    assert "several attribution settings" in said(report)
    assert "點擊後 7 天或瀏覽後 1 天 × 2" in said(report)


def test_meta_results_of_different_indicators_are_told_apart(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.csv",
        meta(
            "A,a,120233737473391087,2026-11-01,x,actions:lead,4,1000,100,10",
            "B,b,120233737473391088,2026-11-01,x,actions:offsite_conversion.fb_pixel_purchase,2,1000,100,10",
            "C,c,120233737473391089,2026-11-01,x,actions:link_click,70,1000,100,70",
            "D,d,120233737473391090,2026-11-01,x,video_thruplay_watched_actions,900,1000,100,0",
        ),
    )
    assert "several result types" in said(whole(path))
    frame = kept(path, tmp_path, "ads_daily").set_index("campaign_name")
    assert frame["conversions"].dropna().to_dict() == {"A": 4, "B": 2}  # clicks and views are no conversions
    assert frame["conversion_type"].dropna().nunique() == 2
    assert frame["ad_id"].tolist()[0] == "120233737473391087"


def test_meta_totals_of_mixed_results_raise_no_false_alarm(tmp_path: Path) -> None:
    text = (
        "行銷活動名稱,天數,成果指標,成果,曝光次數,花費金額 (TWD),潛在顧客,訊息對話開始次數\n,,,,3000,300,4,9\n"
        "A,2026-11-01,actions:lead,4,1000,100,4,\nB,2026-11-01,actions:onsite_conversion.messaging_conversation_started_7d,9,2000,{spend},,9\n"
    )
    honest = said(whole(table(tmp_path / "a.csv", text.format(spend=200))))
    assert "totals row says" not in honest
    assert "several result types" in honest
    assert "totals row says spend = 300" in said(whole(table(tmp_path / "b.csv", text.format(spend=150))))


def test_meta_doubled_headers_keep_the_first_and_say_that_they_differ(tmp_path: Path) -> None:
    text = "行銷活動名稱,行銷活動名稱,目標,目標,天數,曝光次數,花費金額 (TWD)\nA,A,OUTCOME_SALES,銷售,2026-11-01,1000,100\nB,B,OUTCOME_LEADS,開發潛在顧客,2026-11-01,1000,100\n"
    path = table(tmp_path / "a.csv", text)
    warnings = said(whole(path))
    assert "the column 目標 stands twice with different values (2 rows)" in warnings
    assert "行銷活動名稱 stands twice" not in warnings
    assert kept(path, tmp_path, "ads_daily")["objective"].tolist() == ["OUTCOME_SALES", "OUTCOME_LEADS"]


def test_meta_dynamic_creative_rows_are_not_duplicates_but_whole_repeats_are(tmp_path: Path) -> None:
    rows = [
        "月,年齡,性別,行銷活動名稱,廣告名稱,內文,曝光次數,花費金額 (TWD)",
        "2025-10-01 - 2025-10-09,65+,female,A,a,文案一,500,40",
        "2025-10-01 - 2025-10-09,65+,female,A,a,文案二,500,40",
        "2025-10-01 - 2025-10-09,65+,unknown,A,a,文案二,700,50",
        "2025-10-01 - 2025-10-09,65+,unknown,A,a,文案二,700,50",
    ]
    path = table(tmp_path / "a.csv", "\n".join(rows) + "\n")
    report = whole(path)
    assert report.totals == {"spend": 40 + 40 + 50, "impressions": 500 + 500 + 700}
    assert report.dropped == {"duplicate row": 1}
    assert (str(report.period_start), str(report.period_end), report.grain) == ("2025-10-01", "2025-10-09", "period")
    assert set(kept(path, tmp_path, "ads_daily")["age"]) == {"65+"}


def test_long_ids_in_a_workbook_as_text_and_as_destroyed_figures(tmp_path: Path) -> None:
    top = ["行銷活動名稱", "廣告名稱", "廣告編號", "天數", "曝光次數", "花費金額 (TWD)", "廣告組合預算"]
    good = workbook(tmp_path / "a.xlsx", [top, ["A", "a", "120233737473391087", "2026-11-01", "1,000", "100", "使用行銷活動預算"], ["A", "b", "'120233737473391187", "2026-11-01", "1000", "100", "500"]])  # fmt: skip
    assert kept(good, tmp_path, "ads_daily")["ad_id"].tolist() == ["120233737473391087", "120233737473391187"]
    bad = workbook(tmp_path / "b.xlsx", [top, ["A", "a", 120233737473391087, "2026-11-01", 1000, 100, ""], ["A", "b", "1.20234E+17", "2026-11-01", 1000, 100, ""]])  # fmt: skip
    report = whole(bad)
    assert "2 ids in 廣告編號 were destroyed by Excel" in said(report)
    assert report.totals["spend"] == 100 + 100
    assert kept(bad, tmp_path, "ads_daily")["ad_id"].isna().all()


def test_meta_american_dates_are_settled_by_the_column_or_asked_for(tmp_path: Path) -> None:
    top = "Campaign name,Day,Impressions,Amount spent (USD)\n"
    clear = whole(table(tmp_path / "a.csv", top + "A,11/03/2026,1000,10\nA,11/13/2026,1000,10\n"))
    assert (str(clear.period_start), str(clear.period_end), clear.currency) == ("2026-11-03", "2026-11-13", "USD")
    unclear = inspect(table(tmp_path / "b.csv", top + "A,11/03/2026,1000,10\n"))
    assert unclear.error is not None
    assert "date_order" in unclear.error.say("en")
    told = inspect(tmp_path / "b.csv", date_order="dmy")
    assert str(told.period_start) == "2026-03-11"


# --- analytics, books, warehouses -----------------------------------------------------------------------------------


def test_ga4_overview_pages_with_many_tables_are_refused(tmp_path: Path) -> None:
    block = "# Start date: 20261101\n# End date: 20261130\nSession primary channel group (Default Channel Group),Sessions\nOrganic Search,10\n"
    error = inspect(table(tmp_path / "data-export.csv", f"# ----\n# Report CSV Export\n{block}\n{block}")).error
    assert error is not None
    assert "several tables" in error.say("en")


@pytest.mark.parametrize(
    "second",
    [
        "\nSession source / medium,Sessions\ngoogle / organic,10\n",
        "Session source / medium,Sessions\ngoogle / organic,10\n",
        "\nCountry,Active users\nTaiwan,9\n",
        "\nPage title and screen class,Some new metric\nHome,9\n",
        "\nPage title,Views,Active users,Event count\nHome,9,8,7\n",
        "\n國家/地區,活躍使用者\n台灣,9\n",
    ],
)
def test_ga4_second_tables_without_hash_lines_are_refused_too(tmp_path: Path, second: str) -> None:
    first = "# Start date: 20261101\n# End date: 20261130\nSession primary channel group (Default Channel Group),Sessions\nOrganic Search,10\nDirect,5\n"
    error = inspect(table(tmp_path / "data-export.csv", first + second)).error
    assert error is not None
    row = 6 if second[0] != "\n" else 7
    assert f"several tables (an overview page's export, another begins at row {row})" in error.say("en")
    assert "-> export a single report" in error.say("en")


def test_ga4_dimensions_without_figures_are_no_second_table(tmp_path: Path) -> None:
    rows = "Organic Search,google / organic,10\n(other),(data not available),(not set)\nDirect,(direct) / (none),--\n"
    text = f"# Start date: 20261101\n# End date: 20261130\nSession default channel group,Session source / medium,Sessions\n{rows}"
    assert whole(table(tmp_path / "a.csv", text)).totals == {"sessions": 10}


def test_ga4_nth_day_counts_from_the_start_date_and_rows_may_begin_with_a_hash(tmp_path: Path) -> None:
    text = (
        "# Start date: 20261101\n# End date: 20261103\nNth day,Sessions,Key events\n0000,100,1\n0001,120,2\n0002,90,0\n"
    )
    report = whole(table(tmp_path / "a.csv", text))
    assert (str(report.period_start), str(report.period_end), report.grain) == ("2026-11-01", "2026-11-03", "day")
    assert report.totals == {"sessions": 100 + 120 + 90, "key_events": 1 + 2 + 0}
    pages = "# Start date: 20261101\n# End date: 20261103\nLanding page,Sessions\n#1001,40\n(not set),2\n(other),3\n"
    path = table(tmp_path / "b.csv", pages)
    assert whole(path).totals == {"sessions": 40 + 2 + 3}
    assert kept(path, tmp_path, "sessions")["landing_page"].tolist() == ["#1001", "(not set)", "(other)"]


def test_books_with_a_net_column_kinds_and_a_refund(tmp_path: Path) -> None:
    path = table(
        tmp_path / "帳.csv",
        "好茶有限公司\n中華民國115年11月\n單位：新臺幣元\n\n入帳日,廠商,摘要,統一發票,金額(未稅),稅額\n"
        "115/11/01,甲,代操月費,AB-12345678,30000,1500\n115-11-05,甲,廣告代墊款,,１２０，０００,\n0991231,乙,平台抽成,,△500,\n"
        "115/11/06,丙,影片製作,,8400,\n115/11/07,丁,網紅業配,,5000,\n115/11/08,戊,軟體訂閱,,990,\n115/11/09,己,雜支,,10,\n"
        "合計,,,,163900,\n覆核：　　製表：\n",
        "cp950",
    )
    report = whole(path)
    assert report.totals == {"amount": 30000 + 120000 - 500 + 8400 + 5000 + 990 + 10}
    assert (report.dropped, said(report), report.currency) == ({"footer row": 1, "total row": 1}, "", "TWD")
    frame = kept(path, tmp_path, "invoices_fees")
    assert frame["kind"].tolist() == ["retainer", "media_passthrough", "refund", "production", "kol", "tool", "other"]
    assert set(frame["tax_included"]) == {False}
    assert str(frame["doc_date"].min())[:10] == "2010-12-31"


@pytest.mark.parametrize(
    ("second", "warns"), [("700", False), ("750", True)], ids=["subtotals that add up", "one that does not"]
)
def test_books_with_subtotals_only(tmp_path: Path, second: str, warns: bool) -> None:
    text = f"日期,廠商,摘要,發票號碼,金額(含稅)\n115/10/01,甲,代操,,300\n小計,,,,300\n115/11/01,甲,代操,,500\n115/11/05,乙,製作,,200\n小計,,,,{second}\n"
    report = whole(table(tmp_path / "a.csv", text))
    assert report.totals == {"amount": 300 + 500 + 200}
    assert ("totals row says" in said(report)) == warns


def test_youtube_zip_reads_the_table_and_names_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "Content 2026-11-01_2026-12-01 demo.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "Chart data.csv",
            'Date,Content,Video title,Video publish time,Duration,Views\n2026-11-01,abc,開箱,"Nov 1, 2026",420,10\n',
        )
        archive.writestr("Table data.csv", "Content,Video title,Video publish time,Duration,Views,Watch time (hours)\nTotal,,,,30,1.5\nabc,開箱,\"Nov 1, 2026\",420,20,1\ndef,教學,\"Nov 2, 2026\",0:02:24,10,0.5\n")  # fmt: skip
        archive.writestr("Totals.csv", "Date,Views\n2026-11-01,10\n")
    report = whole(path)
    assert (report.source, report.rows_kept, report.dropped) == ("youtube_studio", 2, {"total row": 1})
    assert report.totals == {"views": 20 + 10, "watch_hours": 1 + 0.5}
    assert "not read: Chart data.csv, Totals.csv; if you need them, unpack the zip and import them one by one" in said(
        report
    )
    assert kept(path, tmp_path, "content")["duration_seconds"].tolist() == [420, 2 * 60 + 24]


def zipped(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return path


ORDERS = "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price\n"


@pytest.mark.parametrize("scanned_from", [1 << 40, 1])
def test_members_of_one_kind_are_read_as_one_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scanned_from: int
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


def test_members_of_other_periods_or_headers_are_not_joined(tmp_path: Path) -> None:
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


@pytest.mark.parametrize("scanned_from", [1 << 40, 1])
def test_rows_of_joined_members_are_numbered_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scanned_from: int
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


def test_a_warehouse_table_keeps_its_platforms_apart(tmp_path: Path) -> None:
    path = table(
        tmp_path / "ad_report.csv",
        "date_day,platform,campaign_name,clicks,impressions,spend\n2026-11-01,facebook_ads,A,1,10,5.5\n2026-11-01,google_ads,A,2,20,6.5\n",
    )
    report = whole(path)
    assert (report.source, report.totals) == (
        "canonical",
        {"spend": 5.5 + 6.5, "impressions": 10 + 20, "clicks": 1 + 2},
    )
    assert kept(path, tmp_path, "ads_daily")["source"].tolist() == ["meta_ads", "google_ads"]


def test_orders_with_canonical_names(tmp_path: Path) -> None:
    text = "order_id,ordered_at,customer_key,total,refunded\nA1,2026-11-01 10:00:00,c1,100,0\nA2,2026-11-02 10:00:00,c1,250,50\n"
    path = table(tmp_path / "orders.csv", text)
    assert whole(path).totals["revenue"] == 100 + (250 - 50)
    assert kept(path, tmp_path, "orders")["customer_key"].nunique() == 1


def test_negative_and_empty_cells_are_not_zero(tmp_path: Path) -> None:
    text = "Day,Campaign,Cost,Impr.,Clicks,Conversions\n2026-11-01,A,10,100, --,0\n2026-11-02,A,20,200,,1\n"
    frame = kept(table(tmp_path / "a.csv", text), tmp_path, "ads_daily")
    assert frame["clicks"].isna().all()
    assert frame["conversions"].tolist() == [0, 1]


SALES = (
    "{day},通路,商品金額,平台抽成,實收\n{first},官網,1000,0,1000\n{first},蝦皮,500,50,450\n{second},官網,300,0,300\n"
)


@pytest.mark.parametrize("preamble", ["", "好茶有限公司\n中華民國115年11月\n單位：新臺幣元\n"])
def test_a_sales_book_is_called_one_and_a_mapping_reads_it(tmp_path: Path, preamble: str) -> None:
    path = table(tmp_path / "帳.csv", preamble + SALES.format(day="日期", first="2026/11/01", second="2026/11/02"))
    error = inspect(path).error
    assert error is not None
    assert "looks like a sales book" in error.say("en")
    assert "order_id 和 ordered_at 都填「日期」" in error.say("zh-TW")
    told = Mapping(name="sales", table="orders", columns={"order_id": "日期", "ordered_at": "日期", "line_total": "實收", "sales_channel": "通路"})  # fmt: skip
    assert inspect(path, mapping=as_source(told)).totals["revenue"] == 1000 + 450 + 300


def test_a_sales_book_by_month_is_read_by_a_mapping(tmp_path: Path) -> None:
    path = table(tmp_path / "帳.csv", SALES.format(day="月份", first="115年10月", second="2026-11"))
    told = Mapping(
        name="sales", table="orders", columns={"order_id": "月份", "ordered_at": "月份", "line_total": "實收"}
    )
    report = inspect(path, mapping=as_source(told))
    assert report.totals["revenue"] == 1000 + 450 + 300
    assert (str(report.period_start), str(report.period_end)) == ("2026-10-01", "2026-11-01")


@pytest.mark.parametrize(
    ("top", "cells", "amount", "with_tax"),
    [
        ("未稅,稅額,含稅", "100,5,105", 105, True),
        ("含稅,稅額,未稅", "105,5,100", 105, True),
        ("未稅金額,營業稅,含稅金額", "100,5,105", 105, True),
        ("未稅金額,營業稅,總計", "100,5,105", 105, True),
        ("金額,稅額,總計", "100,5,105", 105, True),
        ("未稅,稅額", "100,5", 100, False),
        ("未稅,含稅", "100,", 100, False),
        ("數量,單價,總計", "2,50,100", 100, None),
        ("金額,總計", "100,100", 100, None),
    ],
)
def test_books_say_whether_an_amount_is_with_tax(
    tmp_path: Path, top: str, cells: str, amount: float, with_tax: bool | None
) -> None:
    total = ",".join("" for _ in top.split(","))
    path = table(tmp_path / "a.csv", f"日期,廠商,摘要,{top}\n2026-11-01,甲,代操月費,{cells}\n合計,,,{total}\n")
    report = whole(path)
    assert (report.source, report.totals, said(report)) == ("bookkeeping", {"amount": amount}, "")
    frame = kept(path, tmp_path, "invoices_fees")
    assert [None if pd.isna(value) else bool(value) for value in frame["tax_included"]] == [with_tax]


def test_books_whose_tax_does_not_add_up_say_so(tmp_path: Path) -> None:
    text = "日期,廠商,摘要,未稅,稅額,含稅\n2026-11-01,甲,代操月費,100,5,105\n2026-11-02,甲,製作,100,5,150\n"
    assert "on 1 row the amount without tax plus the tax isn't the amount with tax" in said(
        whole(table(tmp_path / "a.csv", text))
    )


@pytest.mark.parametrize("month", ["October 2026", "Oct 2026", "Oct-26", "2026-10", "2026/10", "2026年10月", "115年10月", "115/10", "10/2026", "202610", "2026-10-01"])  # fmt: skip
def test_a_column_of_months_is_read(tmp_path: Path, month: str) -> None:
    ads = whole(table(tmp_path / "a.csv", f"Month,Campaign,Cost,Impr.,Clicks\n{month},A,10,100,1\n"))
    assert (str(ads.period_start), str(ads.period_end), ads.grain) == ("2026-10-01", "2026-10-31", "period")
    book = whole(table(tmp_path / "b.csv", f"月份,廠商,摘要,金額\n{month},甲,代操月費,100\n"))
    assert (book.source, str(book.period_start), str(book.period_end)) == ("bookkeeping", "2026-10-01", "2026-10-01")
    meta = whole(table(tmp_path / "c.csv", f"Month,Campaign name,Impressions,Amount spent (TWD)\n{'2026-10-01 - 2026-10-31' if month == '2026-10-01' else month},A,100,10\n"))  # fmt: skip
    assert (str(meta.period_start), str(meta.period_end)) == ("2026-10-01", "2026-10-31")


def test_a_month_is_no_day(tmp_path: Path) -> None:
    error = inspect(table(tmp_path / "a.csv", "日期,廠商,摘要,金額\n2026-10,甲,代操月費,100\n")).error
    assert error is not None
    assert "can't read '2026-10'" in error.say("en")
    both = whole(table(tmp_path / "b.csv", "月份,日期,廠商,摘要,金額\n11月,2026-11-05,甲,代操月費,100\n"))
    assert str(both.period_start) == "2026-11-05"
