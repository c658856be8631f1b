"""What the money brought back, by the shop's own ledger."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.metrics.metric import Metric, Total
from kpi_toolkit.metrics.quantities import GROSS_PROFIT, MARKETING_COST, ORDERS, REVENUE, SPEND

METRICS = (
    Metric(
        id="ledger_roas",
        name=Text(zh="廣告投資報酬率（ROAS，帳本）", en="Return on ad spend (ROAS, by the ledger)"),
        short=Text(zh="帳本 ROAS", en="Ledger ROAS"),
        unit="times", direction="up", level="diagnostic", topic="returns",
        formula=Text(zh="訂單營收 ÷ 廣告花費（只算付給平台的錢）", en="the ledger's revenue ÷ ad spend (only what the platforms were paid)"),
        plain=Text(zh="每花 1 元廣告費，帳本上有幾元營收。沒打廣告也會賣出的部分也算在內。", en="Revenue in the books for each 1 of ad spend, sales that would have come anyway included."),
        why=Text(zh="用自己的訂單算，不靠平台自己說；要和平台回報的 ROAS 並排看。", en="By your own orders, not by what platforms say; read it beside the claimed ROAS."),
        feeds=("mer", "roi"),
        numerator=REVENUE, denominator=SPEND, n=ORDERS, least=10,
    ),
    Metric(
        id="mer",
        name=Text(zh="行銷效率（MER）", en="Marketing efficiency ratio (MER)"),
        short=Text(zh="行銷效率", en="MER"),
        unit="times", direction="up", level="outcome", topic="returns",
        formula=Text(zh="訂單營收 ÷（廣告花費 + 代操等費用）", en="the ledger's revenue ÷ (ad spend + agency and other fees)"),
        plain=Text(zh="行銷總共花 1 元（連代操費），帳本上有幾元營收。", en="Revenue in the books for each 1 of all marketing money, fees included."),
        why=Text(zh="看整體划不划算，不必爭論哪張訂單該算誰的。", en="Judges the whole without arguing whose order it was."),
        feeds=("roi",),
        numerator=REVENUE, denominator=MARKETING_COST, n=ORDERS, least=10,
    ),
    Metric(
        id="roi",
        name=Text(zh="行銷投資報酬率（ROI）", en="Return on marketing investment (ROI)"),
        short=Text(zh="投資報酬率", en="ROI"),
        unit="ratio", direction="up", level="outcome", topic="returns",
        formula=Text(zh="（毛利 − 行銷費用）÷ 行銷費用；行銷費用 = 廣告花費 + 代操等費用", en="(gross profit − marketing cost) ÷ marketing cost; marketing cost = ad spend + agency and other fees"),
        plain=Text(zh="毛利付完行銷費用還剩多少，以行銷費用的百分比表示。0% 是打平，負的就是賠錢。", en="What is left of the profit after marketing is paid. 0 % breaks even, below loses money."),
        why=Text(zh="這是「錢花得值不值得」最直接的答案。", en="The plainest answer to whether the money was worth it."),
        feeds=(),
        numerator=Total(plus=(GROSS_PROFIT,), minus=(MARKETING_COST,)), denominator=MARKETING_COST, n=ORDERS, least=10,
    ),
    Metric(
        id="cost_per_order",
        name=Text(zh="單筆訂單廣告成本", en="Ad cost per order"),
        short=Text(zh="訂單廣告成本", en="Cost per order"),
        unit="money", direction="down", level="diagnostic", topic="returns",
        formula=Text(zh="廣告花費 ÷ 有效訂單", en="ad spend ÷ orders that were not cancelled"),
        plain=Text(zh="平均每張訂單分攤多少廣告費。", en="How much ad spend each order carries."),
        why=Text(zh="高過一張訂單的毛利，就是賣一單賠一單。", en="Above the profit of an order, every sale loses money."),
        feeds=("cac", "roi"),
        numerator=SPEND, denominator=ORDERS, n=ORDERS, least=10,
    ),
    Metric(
        id="marketing_cost",
        name=Text(zh="行銷總費用", en="Marketing cost in all"),
        short=Text(zh="行銷費用", en="Marketing cost"),
        unit="money", direction="neither", level="diagnostic", topic="returns",
        formula=Text(zh="廣告花費 + 代操、製作、業配、工具等費用；代墊媒體費就是廣告花費，不重複計入", en="ad spend + agency, production, influencer and tool fees; passed-through media is the ad spend again and not counted twice"),
        plain=Text(zh="這段期間為行銷付出的全部費用。", en="All that marketing cost in the period."),
        why=Text(zh="只看廣告費會漏掉代操費，算出來的報酬會太好看。", en="Ad spend alone leaves the fees out and makes every return look too good."),
        feeds=("mer", "cac", "roi"),
        numerator=MARKETING_COST, n=MARKETING_COST,
    ),
)  # fmt: skip
