"""How the columns of evidence are shown: those that several detectors give, and the canonical tables' own."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_toolkit.checks.detector import Detector, Shown
from kpi_toolkit.i18n import Text, same

COLUMNS: Mapping[str, Shown] = {
    "day": Shown(title=Text(zh="日期", en="Day"), kind="date"),
    "doc_date": Shown(title=Text(zh="日期", en="Date"), kind="date"),
    "week": Shown(title=Text(zh="週（起始日）", en="Week from"), kind="date"),
    "month": Shown(title=Text(zh="月份", en="Month")),
    "vendor": Shown(title=Text(zh="廠商", en="Vendor")),
    "platform": Shown(title=Text(zh="平台", en="Platform")),
    "campaign": Shown(title=Text(zh="廣告活動", en="Campaign")),
    "campaign_name": Shown(title=Text(zh="廣告活動", en="Campaign")),
    "metric": Shown(title=Text(zh="指標", en="Metric")),
    "reported": Shown(title=Text(zh="廠商報告", en="Reported"), kind="count"),
    "exported": Shown(title=Text(zh="平台匯出", en="Exported"), kind="count"),
    "without_a_cause": Shown(title=Text(zh="找不到原因", en="Without a cause"), kind="count"),
    "invoiced": Shown(title=Text(zh="請款", en="Invoiced"), kind="money"),
    "spent": Shown(title=Text(zh="平台花費", en="Spent"), kind="money"),
    "spend": Shown(title=Text(zh="花費", en="Spend"), kind="money"),
    "amount": Shown(title=Text(zh="金額", en="Amount"), kind="money"),
    "impressions": Shown(title=Text(zh="曝光", en="Impressions"), kind="count"),
    "clicks": Shown(title=Text(zh="點擊", en="Clicks"), kind="count"),
    "sessions": Shown(title=Text(zh="工作階段", en="Sessions"), kind="count"),
    "conversions": Shown(title=Text(zh="轉換", en="Conversions"), kind="count"),
    "orders": Shown(title=Text(zh="訂單", en="Orders"), kind="count"),
    "leads": Shown(title=Text(zh="名單", en="Leads"), kind="count"),
    "share": Shown(title=Text(zh="占比", en="Share"), kind="share"),
    "order": Shown(title=Text(zh="訂單編號", en="Order number")),
    "country": Shown(title=Text(zh="國家／地區", en="Country or region")),
    "hour": Shown(title=Text(zh="時段（點）", en="Hour of the day")),
    "count": Shown(title=Text(zh="筆數", en="Count"), kind="count"),
    "commission": Shown(title=Text(zh="分潤", en="Commission"), kind="money"),
    "engaged_sessions": Shown(title=Text(zh="有互動的工作階段", en="Engaged sessions"), kind="count"),
    "received_at": Shown(title=Text(zh="收到時間", en="Received")),
    "claimed": Shown(title=Text(zh="廠商認列", en="Claimed"), kind="count"),
    "from": Shown(title=Text(zh="出處", en="From")),
    "doc_no": Shown(title=Text(zh="發票號碼", en="Invoice number")),
    "note": Shown(title=Text(zh="摘要", en="What for")),
    "kind": Shown(title=Text(zh="類別", en="Kind")),
    "written": Shown(title=Text(zh="報告寫的", en="As reported")),
    "published_on": Shown(title=Text(zh="發布日", en="Published"), kind="date"),
    "title": Shown(title=Text(zh="標題", en="Title")),
    "likes": Shown(title=Text(zh="讚", en="Likes"), kind="count"),
    "comments": Shown(title=Text(zh="留言", en="Comments"), kind="count"),
    "shares": Shown(title=Text(zh="分享", en="Shares"), kind="count"),
    "follows": Shown(title=Text(zh="新增追蹤", en="Follows"), kind="count"),
    "followers_gained": Shown(title=Text(zh="新增追蹤", en="Followers gained"), kind="count"),
    "order_id": Shown(title=Text(zh="訂單編號", en="Order number")),
    "status": Shown(title=Text(zh="狀態", en="Status")),
    "source_row": Shown(title=Text(zh="原始檔列號", en="Row in the file"), kind="count"),
}


def shown(detector: Detector, column: str) -> Shown:
    """How the detector's column of evidence is shown: as it says itself, else as others do, else by its own name."""
    return detector.columns.get(column) or COLUMNS.get(column) or Shown(title=same(column))
