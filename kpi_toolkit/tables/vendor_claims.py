"""What the vendor's own report says: a row is one figure of one metric, of a campaign or the whole account, over a period."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.tables.table import Column, Table, provenance

# Ids of the metric registry where it has them; the others are what vendors report beside them.
METRICS = (
    "spend", "impressions", "reach", "frequency", "clicks", "ctr", "cpc", "cpm", "video_views", "cost_per_view", "interactions", "interaction_rate",
    "landing_page_views", "add_to_carts", "checkouts", "conversions", "conversions_value", "cvr", "cpa", "claimed_roas", "leads", "cpl",
    "orders", "revenue", "aov", "cost_per_order", "new_customers", "cac", "followers", "followers_gained", "cost_per_follower", "posts",
    "sessions", "users", "new_users",
)  # fmt: skip

TABLE = Table(
    id="vendor_claims",
    title=Text(zh="廠商報告的數字", en="Figures of the vendor's report"),
    key=("source", "vendor_name", "platform", "campaign_name", "period_start", "period_end", "metric", "is_total"),
    day="date_day",
    # What tells one figure from another: a corrected report replaces just its own.
    dimensions=("vendor_name", "platform", "campaign_name", "metric", "is_total"),
    columns=(
        *provenance(),
        Column(name="vendor_name", kind="text", meaning=Text(zh="廠商（報告的廠商欄；沒有就是表格上方的標題）", en="Vendor, by its column or else the title above the table")),
        Column(name="platform", kind="id", meaning=Text(zh="廣告平台（空白＝不分平台）", en="Ad platform (empty: all together, or not said)")),
        Column(name="campaign_name", kind="text", meaning=Text(zh="廣告活動名稱（空白＝整個帳戶）", en="Campaign name (empty: the account as a whole)")),
        Column(name="grain", kind="id", required=True, allowed=("day", "period"), meaning=Text(zh="一列代表一天或整段期間（週、月）", en="Whether a row is a day or a whole period (week, month)")),
        Column(name="date_day", kind="date", meaning=Text(zh="日期（整段期間的列沒有）", en="Day (empty on whole-period rows)")),
        Column(name="period_start", kind="date", required=True, meaning=Text(zh="涵蓋期間的第一天", en="First day covered")),
        Column(name="period_end", kind="date", required=True, meaning=Text(zh="涵蓋期間的最後一天", en="Last day covered")),
        Column(name="metric", kind="id", required=True, allowed=METRICS, meaning=Text(zh="指標代號", en="Metric, by its id")),
        Column(
            name="value", kind="quantity", required=True, additive=False,
            meaning=Text(
                zh="回報的數值，以指標自己的單位計（不同指標不可相加）：比率一律存成 0 到 1（2.5% 存成 0.025），ROAS 與頻率存成倍數（350% 存成 3.5），「12.5萬」存成 125000",
                en="Value reported, in the metric's own unit (metrics do not add up): a ratio is always a share (2.5 % is 0.025), ROAS and frequency are times (350 % is 3.5), 12.5 ten-thousands are 125000",
            ),
        ),
        Column(name="written", kind="text", required=True, meaning=Text(zh="儲存格原來的寫法", en="The cell as it stands in the report")),
        Column(name="is_total", kind="flag", required=True, meaning=Text(zh="是否為報告自己的合計（不和其他列相加）", en="Whether it is the report's own total (never added to the other rows)")),
        Column(name="tax_included", kind="flag", meaning=Text(zh="金額是否含稅（空白＝報告沒寫）", en="Whether the amount includes VAT (empty: not said)")),
    ),
)  # fmt: skip
