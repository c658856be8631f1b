"""What the ad platforms claim: never added across platforms, result types, attribution settings or definitions."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.metrics.metric import Metric
from kpi_toolkit.metrics.quantities import CLICKS, CONVERSIONS, CONVERSIONS_VALUE, LEAD_SPEND, LEADS, SPEND

METRICS = (
    Metric(
        id="conversions",
        name=Text(zh="平台回報的轉換次數", en="Conversions as the platform claims them"),
        short=Text(zh="平台回報轉換", en="Claimed conversions"),
        unit="count", direction="up", level="diagnostic", topic="conversions",
        formula=Text(zh="單一平台、同一定義的轉換加總；不同平台或定義不相加", en="conversions of one platform under one definition, added up; never across platforms or definitions"),
        plain=Text(zh="廣告平台認定由它帶來的成果。兩個平台常會認領同一張訂單。", en="Results that the ad platform itself credits to its ads. Two platforms often claim the same order."),
        why=Text(zh="只能和同一平台、同一定義的過去比；真正的生意要看訂單。", en="Compare it only with the same platform under the same definition; real business is in the orders."),
        feeds=("orders", "new_customers"),
        numerator=CONVERSIONS, n=CONVERSIONS,
    ),
    Metric(
        id="conversions_value",
        name=Text(zh="平台回報的轉換價值", en="Conversion value as the platform claims it"),
        short=Text(zh="平台回報價值", en="Claimed value"),
        unit="money", direction="up", level="diagnostic", topic="conversions",
        formula=Text(zh="單一平台、同一定義的轉換價值加總", en="conversion value of one platform under one definition, added up"),
        plain=Text(zh="平台說它的廣告帶來多少營業額，不等於實際入帳。", en="The sales that the platform credits to its ads; not what arrived in the till."),
        why=Text(zh="和訂單營收對照，就看得出平台高估了多少。", en="Set against the ledger's revenue, it shows how much the platform overstates."),
        feeds=("revenue",),
        numerator=CONVERSIONS_VALUE, n=CONVERSIONS_VALUE,
    ),
    Metric(
        id="cvr",
        name=Text(zh="點擊轉換率（CVR，平台回報）", en="Conversion rate of clicks (CVR, claimed)"),
        short=Text(zh="轉換率", en="CVR"),
        unit="ratio", direction="up", level="diagnostic", topic="conversions",
        formula=Text(zh="平台回報的轉換 ÷ 點擊", en="claimed conversions ÷ clicks"),
        plain=Text(zh="照平台的說法，每一百次點擊有幾次變成成果。", en="Of a hundred clicks, how many became a result, as the platform says."),
        why=Text(zh="點閱率上升、轉換率下降，代表吸引來的多半只是看熱鬧的人。", en="When clicks rise and this falls, the ads bring onlookers."),
        feeds=("orders", "cac"),
        numerator=CONVERSIONS, denominator=CLICKS, n=CLICKS, least=100,
    ),
    Metric(
        id="cpa",
        name=Text(zh="單次轉換成本（CPA，平台回報）", en="Cost per conversion (CPA, claimed)"),
        short=Text(zh="單次轉換成本", en="CPA"),
        unit="money", direction="down", level="diagnostic", topic="conversions",
        formula=Text(zh="廣告花費 ÷ 平台回報的轉換", en="ad spend ÷ claimed conversions"),
        plain=Text(zh="照平台的說法，換到一個成果平均花多少廣告費。", en="How much ad spend one result took, as the platform says."),
        why=Text(zh="轉換的定義一改，就不能和以前比；真正的成本要看訂單廣告成本。", en="Not comparable once the definition changes; the real cost is ad cost per order."),
        feeds=("cac", "roi"),
        numerator=SPEND, denominator=CONVERSIONS, n=CONVERSIONS, least=10,
    ),
    Metric(
        id="leads",
        name=Text(zh="廣告帶來的名單數", en="Leads that the ads brought"),
        short=Text(zh="名單", en="Leads"),
        unit="count", direction="up", level="diagnostic", topic="conversions",
        formula=Text(zh="約定為「名單」的轉換加總，單一平台、同一定義", en="conversions that were agreed to be leads, of one platform under one definition"),
        plain=Text(zh="留下聯絡方式、想進一步了解的人。重複或打不通的還沒扣掉。", en="People who left their contact and want to know more. Duplicates and dead numbers are still in it."),
        why=Text(zh="名單多不代表生意多，要追到合格名單和訂單。", en="Many leads are not much business: follow them to qualified leads and orders."),
        feeds=("orders", "new_customers"),
        numerator=LEADS, n=LEADS,
    ),
    Metric(
        id="cpl",
        name=Text(zh="名單成本（CPL）", en="Cost per lead (CPL)"),
        short=Text(zh="名單成本", en="CPL"),
        unit="money", direction="down", level="diagnostic", topic="conversions",
        formula=Text(zh="以名單為目標的廣告花費 ÷ 名單", en="spend of the ads that count leads ÷ leads"),
        plain=Text(zh="換到一筆名單平均花多少廣告費。", en="How much ad spend one lead took."),
        why=Text(zh="和一筆名單值多少錢比一比，就知道划不划算。", en="Set it against what a lead is worth to you."),
        feeds=("cac", "roi"),
        numerator=LEAD_SPEND, denominator=LEADS, n=LEADS, least=10,
    ),
    Metric(
        id="claimed_roas",
        name=Text(zh="廣告投資報酬率（ROAS，平台回報）", en="Return on ad spend (ROAS, claimed)"),
        short=Text(zh="平台回報 ROAS", en="Claimed ROAS"),
        unit="times", direction="up", level="diagnostic", topic="conversions",
        formula=Text(zh="平台回報的轉換價值 ÷ 廣告花費", en="claimed conversion value ÷ ad spend"),
        plain=Text(zh="照平台的說法，每花 1 元廣告費帶來幾元營業額。", en="The sales that the platform credits to each 1 spent."),
        why=Text(zh="和帳本 ROAS 並排看，差距就是要請廠商說明的地方。", en="Beside the ledger's ROAS, the gap is what the vendor should explain."),
        feeds=("revenue", "roi"),
        numerator=CONVERSIONS_VALUE, denominator=SPEND, n=CONVERSIONS, least=10,
    ),
)  # fmt: skip
