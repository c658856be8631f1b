"""Every source knows its own files by their header alone, whatever the order of columns, and takes no other's."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_toolkit.errors import ReadError
from kpi_toolkit.sources import header, sources
from kpi_toolkit.sources.rawtable import RawTable
from kpi_toolkit.sources.recognition import found_columns, known_keys, recognised
from kpi_toolkit.sources.source import Source
from kpi_toolkit.sources.staging import Plan, select

# Headers as ../shared/docs/FORMATS.md gives them; the fixtures' own are read from the files in tests/oracle.
HEADERS: dict[str, tuple[str, str]] = {
    "google_ads en": ("google_ads", "Campaign status,Campaign,Budget,Budget name,Budget type,Status,Status reasons,Campaign type,Impr.,Interactions,Interaction rate,Currency code,Avg. cost,Cost,Search lost IS (budget),Avg. CPC,Search lost IS (rank),Search impr. share,Optimization score,Bid strategy type,Clicks,Conv. rate,Conversions,Cost / conv."),
    "google_ads en daily": ("google_ads", "Day,Campaign,Cost,Impr.,Clicks,Conversions,Conv. value"),
    "google_ads en older": ("google_ads", "Day,Campaign state,Campaign,Customer ID,Cost,Impressions,Clicks,CTR,Avg. CPC,All conv.,Conversions,Conv. value / cost"),
    "google_ads zh": ("google_ads", "日,廣告活動狀態,廣告活動,貨幣代碼,預算,曝光,點擊,點閱率,平均單次點擊出價,費用,轉換,轉換價值,單次轉換費用,搜尋曝光比重"),
    "google_ads zh ad group": ("google_ads", "日,廣告活動,廣告群組,費用,曝光,點擊,互動,轉換,轉換價值/費用,狀態"),
    "google_ads api": ("google_ads", "date,customer_id,campaign_id,ad_group_id,ad_id,clicks,cost_micros,impressions,conversions,conversions_value,view_through_conversions"),
    "meta_ads en": ("meta_ads", "Campaign name,Ad set name,Ad name,Ad ID,Day,Delivery status,Reach,Impressions,Frequency,Attribution setting,Result type,Results,Cost per result,Amount spent (TWD),Starts,Ends,Link clicks,CPM,CTR (all),Clicks (all),Reporting starts,Reporting ends"),
    "meta_ads zh": ("meta_ads", "行銷活動名稱,廣告組合名稱,廣告名稱,廣告編號,目標,成效目標,投遞狀態,投遞層級,觸及人數,曝光次數,頻率,歸因設定,成果類型,成果,每次成果成本,花費金額 (TWD),開始,結束時間,連結點擊次數,CPM（每千次廣告曝光成本） (TWD),CTR（全部）,點擊次數（全部）,分析報告開始,分析報告結束"),
    "meta_ads zh month": ("meta_ads", "月,年齡,性別,行銷活動名稱,廣告名稱,曝光次數,花費金額 (TWD),連結點擊次數,購買次數,購買轉換值"),
    "meta_ads api": ("meta_ads", "date,account_id,ad_id,impressions,inline_link_clicks,spend"),
    "meta_ads insights": ("meta_ads", "date_start,date_stop,campaign_id,campaign_name,adset_name,ad_name,impressions,spend,clicks,actions,action_values,purchase_roas"),
    "ga4 en": ("ga4", "Session primary channel group (Default Channel Group),Sessions,Engaged sessions,Engagement rate,Event count,Key events,Total revenue"),
    "ga4 en older": ("ga4", "Session source / medium,Users,Sessions,Engaged sessions,Conversions,Total revenue"),
    "ga4 en by day": ("ga4", "Nth day,Sessions,Key events"),
    "ga4 zh": ("ga4", "日期,工作階段來源/媒介,工作階段,互動工作階段,參與度,使用者,事件計數,關鍵事件,加入購物車,結帳,電子商務購買,購買收益"),
    "ga4 zh channels": ("ga4", "工作階段主要管道群組（預設管道群組）,工作階段,互動工作階段,參與度,事件計數,轉換,總收益"),
    "ga4 api": ("ga4", "date,sessionDefaultChannelGroup,sessionSourceMedium,sessions,engagedSessions,totalUsers,newUsers,addToCarts,checkouts,ecommercePurchases,purchaseRevenue,keyEvents"),
    "line_ads api": ("line_ads", "day,ad_account_name,ad_account_id,campaign_name,campaign_id,campaign_objective,ad_group_name,ad_group_id,ad_name,ad_id,impressions,cpm,clicks,ctr,cpc,cv,cvr,cpa,cost,currency,reach_estimated,video_starts,3_second_video_views,video_completions,add_to_cart,purchase"),
    "line_ads zh": ("line_ads", "日期,廣告帳號,廣告活動名稱,廣告群組名稱,曝光,點擊,費用,CV,加入好友"),
    "tiktok_ads en": ("tiktok_ads", "By Day,Campaign name,Ad group name,Ad name,Ad ID,Primary status,Cost,Impressions,Reach,Frequency,Clicks (destination),Clicks (all),CTR (destination),CPC (destination),CPM,Conversions,Cost per conversion,Conversion rate (CVR),Results,Result type,Cost per result,2-second video views,Complete payment,Total complete payment value,Currency"),
    "tiktok_ads drift": ("tiktok_ads", "Date,Campaign name,Cost (USD),Impression,Clicks (Destination),CTR (Destination),Conversions,CPA"),
    "tiktok_ads spend": ("tiktok_ads", "Date,Ad group name,Spend,Impressions,Clicks (all),Conversions,Gross revenue (Shop)"),
    "tiktok_ads api": ("tiktok_ads", "campaign_id,clicks,conversion,conversion_rate,cost_per_conversion,cpc,cpm,ctr,impressions,real_time_conversion,spend,stat_time_day"),
    "criteo": ("criteo", "AdvertiserId,CampaignId,Day,Currency,Displays,Clicks,Visits,AdvertiserCost,SalesClientAttribution,RevenueGeneratedClientAttribution,SalesPc30d,SalesPv24h,SalesPc30dPv24h"),
    "pchome_ads": ("pchome_ads", "日期,廣告活動,廣告曝光數,廣告點擊數(互動數),無效點擊數,費用,點擊率,單次點擊費用,每千次曝光費用,轉換次數,轉換率,總轉換價值,廣告投資報酬率(%)"),
    "youtube_studio en": ("youtube_studio", "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Average view duration,Average percentage viewed (%),Subscribers,Impressions,Impressions click-through rate (%),Likes,Shares,Comments added"),
    "youtube_studio zh": ("youtube_studio", "內容,影片標題,影片發布時間,觀看次數,觀看時間 (小時),訂閱人數,曝光次數,曝光點閱率 (%)"),
    "shopify": ("shopify", "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 5 Value,Phone"),
    "shopline": ("shopline", "訂單號碼,訂單日期,訂單狀態,預購訂單,付款方式,付款狀態,貨幣,付款訂單號碼,付款總金額,已退款金額,訂單小計,運費,附加費,優惠折扣,自訂折扣合計,折抵購物金,點數折現,折現用點數,訂單合計,稅費,送貨方式,送貨狀態,收件人,收件人電話號碼,地址 1,城市,郵政編號（如適用),完整地址,門市名稱,全家服務編號 / 7-11 店號,商品貨號,商品名稱,選項,商品原價,商品結帳價,數量,商品類型,商品成本,訂單來源,合作夥伴,推薦代碼,訂單標籤,顧客 ID,顧客,電郵,電話號碼,會員"),
    "shopline older": ("shopline", "訂單號碼,訂單日期,訂單狀態,付款狀態,合計,訂單備註,商品名稱,數量"),
    "91app": ("91app", "購物車編號,主單編號,訂單編號,轉單日期時間,預計出貨日期,配送方式,通路商,溫層類別,收件人,門市,訂單來源,商品名稱,商品選項,商品料號,數量,商品單價,運費,出貨單狀態,訂單狀態,活動代碼,活動名稱,折扣金額,銷售金額(折扣後),付款方式,活動折扣金額,折價券活動名稱,折價券折扣金額,會員編號,取消原因,購物車總額,點數折扣金額,總成本,運費折扣,線上訂單建立類型"),
    "woocommerce": ("woocommerce", "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),N. Revenue,Attribution"),
    "woocommerce newer": ("woocommerce", "Date,Order #,Net Sales (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales"),
    "shopee": ("shopee", "訂單編號 (單),訂單狀態 (單),訂單成立時間 (單),買家帳號 (單),訂單小計 (單),買家支付的運費 (單),訂單總金額 (單),商品名稱 (品),商品選項名稱 (品),商品活動價格 (品),數量"),
    "shopee newer": ("shopee", "訂單編號,訂單狀態,訂單成立日期,買家帳號,訂單小計,買家支付運費,買家總支付金額,商品名稱,商品選項名稱,商品活動價格,數量"),
    "bookkeeping": ("bookkeeping", "日期,廠商,摘要,發票號碼,金額(含稅),備註"),
    "bookkeeping net": ("bookkeeping", "入帳日,廠商,摘要,金額(未稅),稅額"),
    "canonical ads": ("canonical", "date_day,campaign_name,spend,impressions,clicks"),
    "canonical ads of dbt": ("canonical", "source_relation,date_day,platform,account_id,account_name,campaign_id,campaign_name,clicks,impressions,spend,conversions,conversions_value"),
    "leads zh": ("leads", "名單編號,填表時間,姓名,聯絡電話,電子郵件,來源,處理狀態,廣告活動,表單名稱,備註,業務,成交金額"),
    "leads en": ("leads", "Lead ID,Created at,Full name,Phone,Email,Lead source,Lead status,Campaign,Notes"),
    "leads without contacts": ("leads_without_contacts", "日期,來源,狀態"),
    "meta_leads en": ("meta_leads", "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,form_name,is_organic,platform,full_name,phone_number,email,lead_status"),
    "meta_leads zh": ("meta_leads", "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,form_name,is_organic,platform,全名,電話號碼,電子郵件"),
    "google_leads": ("google_leads", "Google Lead ID,Form ID,Campaign ID,Ad group ID,Creative ID,GCLID,Lead Submission Time,User Email,User Phone,Full Name,City,Postal code,Company name"),
    "google_forms": ("google_forms", "時間戳記,姓名,手機號碼,Email,如何得知,備註"),
    "vendor_report": ("vendor_report", "vendor_name,platform,campaign_name,period_start,period_end,metric,value,written,is_total,currency,tax_included"),
    "claimed_orders zh": ("claimed_orders", "訂單編號,成交日期,訂單金額,分潤,新舊客,檔期,導流來源,網紅"),
    "claimed_orders zh of an agency": ("claimed_orders", "訂單號碼,訂單日期,成交金額,抽成,是否新客,廣告活動,平台,廠商"),
    "claimed_orders en": ("claimed_orders", "Order ID,Order date,Order amount,Commission,New/returning,Campaign,Platform,Partner"),
    "claimed_orders of creators": ("claimed_orders", "Order ID,Product ID,Product name,Quantity,Creator username,Payment amount,Est. commission,Time created"),
    "canonical orders": ("canonical_orders", "order_id,ordered_at,status,customer_key,total"),
}  # fmt: skip
# Named by FORMATS.md as seen in such files; a source need not import them, but has to know that they are its own.
SEEN = {
    "google_ads": "Conv. value,Conv. value / cost,Conv. (Platform Comparable),Cost / Conv. (Platform Comparable),Conv. value / Cost (Platform Comparable),Original conv. value,TrueView views,TrueView avg. CPV,Avg. CPM,CTR,Target CPA,Avg. target CPA,Target ROAS,Avg. target ROAS,Viewable impr.,Unique users,Goals,Day,Week,Campaign ID,Device,Optimisation score",
    "meta_ads": "Objective,Performance goal,Buying type,Delivery level,Outbound clicks,Unique link clicks,Landing page views,Content views,Adds to cart,Checkouts initiated,Purchases,Website purchases,Purchases conversion value,Purchase ROAS,Cost per purchase,Leads,Registrations,Post engagement,Page engagement,ThruPlays,3-second video plays,Video plays,Quality ranking,Conversion ranking,Month,Age,Gender,Placement,Platform,Ad set budget,Budget type,Messaging conversations started,New messaging contacts,CTR (link),購買類型,廣告投遞,行銷活動投遞,連外點擊次數,不重複連結點擊人數,連結頁面瀏覽次數,內容瀏覽次數,加到購物車次數,開始結帳次數,網站購買,購買轉換價值,總轉換價值,每次購買的成本,潛在顧客,完成註冊（網站）,貼文互動次數,貼文心情數,貼文留言數,貼文分享次數,貼文儲存次數,粉絲專頁互動,ThruPlay 次數,影片播放 3 秒以上的次數,影片播放次數,品質排名,互動率排名,轉換率排名,天數,版位,平台,廣告組合預算,廣告組合預算類型,訊息對話開始次數,新的訊息聯繫對象,CPC（單次連結點擊成本）,CTR（連結點閱率）,CPC（全部）,購買 ROAS（廣告投資報酬率）",
    "ga4": "工作階段廣告活動,工作階段手動廣告內容,使用者,到達網頁,總收益,sessionCampaignName,landingPagePlusQueryString",
    "tiktok_ads": "6-second video views,Spend",
    "shopline": "結帳價類型,商品折扣金額,全單折扣金額,折抵購物金分攤,點數折現分攤,會員註冊日期,訂單備註",
    "bookkeeping": "結帳日,交易日期,金額,金額(未稅)",
}  # fmt: skip


def raw(cells: list[str], preamble: tuple[str, ...] = ()) -> RawTable:
    columns = ", ".join(f"''::VARCHAR AS c{number}" for number in range(len(cells)))
    return RawTable(Path("export.csv"), "utf-8", tuple(cells), preamble, f"(SELECT {columns} LIMIT 0)", 2, True)


def recognise(cells: list[str]) -> str:
    return recognised(raw(cells), sources().values()).id


def needed(source: Source, cells: list[str]) -> set[str]:
    """The cells that the source can't do without: for each need the first that is there."""
    found = found_columns(source, raw(cells).keys)
    return {cells[next(found[name] for name in need.split("|") if name in found)] for need in source.needs}


def test_every_source_of_the_formats_has_a_header_here() -> None:
    assert {source for source, _ in HEADERS.values()} == {*sources()}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_is_recognised_in_any_order(name: str) -> None:
    expected, line = HEADERS[name]
    cells = line.split(",")
    assert recognise(cells) == expected
    for seed in range(5):
        shuffled = random.Random(seed).sample(cells, len(cells))
        assert recognise(shuffled) == expected, shuffled


@settings(max_examples=300, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(HEADERS)))
def test_a_header_is_recognised_with_any_of_its_optional_columns_and_one_sign_of_its_own(
    data: st.DataObject, name: str
) -> None:
    expected, line = HEADERS[name]
    cells, source = line.split(","), sources()[expected]
    signs = [cell for cell in cells if header.key(cell) in {header.key(sign) for sign in source.signature}]
    kept = {
        *data.draw(st.sets(st.sampled_from(cells))),
        *needed(source, cells),
        data.draw(st.sampled_from(signs or cells)),
    }
    assert recognise([cell for cell in cells if cell in kept]) == expected


@pytest.mark.parametrize("name", HEADERS)
def test_width_case_and_spaces_of_a_header_do_not_matter(name: str) -> None:
    expected, line = HEADERS[name]
    wide = str.maketrans("()/", "（）／")
    assert recognise([f" {cell.upper()}  " for cell in line.split(",")]) == expected
    assert recognise([cell.translate(wide) for cell in line.split(",")]) == expected


@pytest.mark.parametrize("source", SEEN)
def test_headers_seen_in_real_files_are_known(source: str) -> None:
    known = known_keys([sources()[source]])
    assert [cell for cell in SEEN[source].split(",") if header.key(cell) not in known] == []


@pytest.mark.parametrize("name", HEADERS)
def test_all_columns_of_a_header_are_known_to_its_source(name: str) -> None:
    expected, line = HEADERS[name]
    free = {
        "country_code",
        "tax 1 name",
        "tax 5 value",
        "device id",
        "employee",
        "location",
        "fulfilled at",
        "payment reference",
    }
    unknown = {header.key(cell) for cell in line.split(",")} - known_keys([sources()[expected]]) - free
    assert unknown == set()


@pytest.mark.parametrize("source", sources().values(), ids=lambda source: source.id)
@pytest.mark.parametrize("every", [True, False], ids=["all columns", "needed columns only"])
def test_a_declaration_is_valid_sql(source: Source, every: bool) -> None:
    names = [*source.headers] if every else [need.split("|")[0] for need in source.needs]
    table = raw([source.headers[name][0] for name in names])
    plan = Plan(
        raw=table, source=source, columns={name: number for number, name in enumerate(names)}, timezone="Asia/Taipei",
        salt="s", date_order="mdy", constants=source.constants,
    )  # fmt: skip
    with duckdb.connect() as connection:
        staged = connection.execute(f"DESCRIBE {select(plan)}").fetchall()
    columns = [row[0] for row in staged]
    assert len(columns) == len(set(columns))
    assert {"dropped", "total_label", "source"} <= set(columns)
    assert not any(name.startswith("_") for name in columns)


@pytest.mark.parametrize("source", sources().values(), ids=lambda source: source.id)
def test_a_source_that_may_hold_personal_data_says_so(source: Source) -> None:
    assert source.personal == (source.table in {"orders", "leads", "claimed_orders"})


@pytest.mark.parametrize("source", sources().values(), ids=lambda source: source.id)
def test_no_source_keeps_names_addresses_or_phones(source: Source) -> None:
    private = (
        "收件人",
        "收件者姓名",
        "收件者電話",
        "收件地址",
        "地址 1",
        "完整地址",
        "Billing Name",
        "Shipping Name",
        "Billing Street",
        "Shipping Address1",
        "Notes",
    )
    kept = {
        header.key(cell)
        for name, cells in source.headers.items()
        if not name.startswith("_customer_key")
        for cell in cells
    }
    assert kept & {header.key(cell) for cell in private} == set()


def test_an_unknown_header_names_the_nearest_source_and_what_is_missing() -> None:
    with pytest.raises(ReadError) as fault:
        recognise(["Campaign", "Campaign ID", "Clicks", "Impr.", "CTR"])
    assert "google_ads" in fault.value.message("en")
    assert "spend (Cost / 費用 / 成本)" in fault.value.message("en")
    assert "缺少欄位：spend" in fault.value.message("zh-TW")


def test_a_header_of_no_source_at_all_says_so() -> None:
    with pytest.raises(ReadError, match="not one column name is familiar"):
        recognise(["apples", "pears"])


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ("活動名稱,訂單號碼,訂單日期,訂單狀態,付款狀態,送貨狀態,訂單合計,商品名稱,商品結算金額,商品分潤,推薦分潤", "referral settlement"),
        ("Date,Content,Video title,Video publish time,Duration,Views", "chart data"),
    ],
)  # fmt: skip
def test_another_report_of_the_same_system_is_refused(cells: str, says: str) -> None:
    with pytest.raises(ReadError, match=says):
        recognise(cells.split(","))
