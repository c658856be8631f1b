"""What visitors did on the site on their way to an order."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.metrics.metric import Metric
from kpi_toolkit.metrics.quantities import CARTS, CHECKOUTS, PURCHASES, SESSIONS

METRICS = (
    Metric(
        id="add_to_cart_rate",
        name=Text(zh="加入購物車率", en="Add-to-cart rate of sessions"),
        short=Text(zh="加購率", en="Add-to-cart rate"),
        unit="ratio", direction="up", level="diagnostic", topic="shopping",
        formula=Text(zh="加入購物車次數 ÷ 工作階段", en="adds to cart ÷ sessions"),
        plain=Text(zh="每一百次造訪，有幾次把商品放進購物車。", en="Adds to cart for every hundred visits."),
        why=Text(zh="太低時先看商品頁、價格和運費，而不是加廣告預算。", en="When low, look at product pages, prices and shipping before adding ad budget."),
        feeds=("orders", "revenue"),
        numerator=CARTS, denominator=SESSIONS, n=SESSIONS, least=100,
    ),
    Metric(
        id="checkout_rate",
        name=Text(zh="購物車進入結帳的比率", en="Share of carts that reach checkout"),
        short=Text(zh="結帳率", en="Checkout rate"),
        unit="ratio", direction="up", level="diagnostic", topic="shopping",
        formula=Text(zh="開始結帳次數 ÷ 加入購物車次數", en="checkouts started ÷ adds to cart"),
        plain=Text(zh="放進購物車之後，開始結帳的比率。", en="Of all adds to cart, how many went on to the checkout."),
        why=Text(zh="流失太多，通常是因為運費門檻、要先註冊，或沒有想用的付款方式。", en="A large drop points at shipping costs, forced registration or payment methods."),
        feeds=("orders", "revenue"),
        numerator=CHECKOUTS, denominator=CARTS, n=CARTS, least=30,
    ),
    Metric(
        id="site_purchase_rate",
        name=Text(zh="網站購買率（網站分析）", en="Purchase rate of sessions (web analytics)"),
        short=Text(zh="網站購買率", en="Site purchase rate"),
        unit="ratio", direction="up", level="diagnostic", topic="shopping",
        formula=Text(zh="網站分析記錄的購買 ÷ 工作階段", en="purchases that web analytics recorded ÷ sessions"),
        plain=Text(zh="每一百次造訪，有幾次完成購買。", en="Purchases for every hundred visits."),
        why=Text(zh="不靠廣告平台的說法，就能知道網站賣不賣得動。", en="Says how well the site sells without relying on what ad platforms claim."),
        feeds=("orders", "revenue"),
        numerator=PURCHASES, denominator=SESSIONS, n=SESSIONS, least=100,
    ),
)  # fmt: skip
