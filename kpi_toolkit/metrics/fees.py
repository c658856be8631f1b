"""What was invoiced beside the media itself."""

from __future__ import annotations

from kpi_toolkit.i18n import Text
from kpi_toolkit.metrics.metric import Metric, Total
from kpi_toolkit.metrics.quantities import FEE_LINES, FEES, MEDIA, MEDIA_LINES, SPEND

METRICS = (
    Metric(
        id="agency_fees",
        name=Text(zh="代操與其他行銷費用", en="Agency and other marketing fees"),
        short=Text(zh="代操等費用", en="Agency fees"),
        unit="money", direction="neither", level="diagnostic", topic="fees",
        formula=Text(zh="請款中代墊媒體費以外的金額加總；日期、金額、含不含稅都照帳上所記，退款要扣掉", en="invoiced amounts other than passed-through media, by date and amount as booked (with or without VAT as the books say), refunds taken off"),
        plain=Text(zh="付給廠商的服務費、製作費、業配費、工具費等，不含廣告費本身。", en="What vendors were paid for service, production, influencers and tools, without the media."),
        why=Text(zh="廣告費之外的成本最容易被忽略，算報酬時一定要加進來。", en="The cost most easily forgotten; no return is right without it."),
        feeds=("mer", "cac", "roi"),
        numerator=FEES, n=FEE_LINES,
    ),
    Metric(
        id="media_passthrough",
        name=Text(zh="請款的代墊媒體費", en="Passed-through media as invoiced"),
        short=Text(zh="代墊媒體費", en="Media pass-through"),
        unit="money", direction="neither", level="diagnostic", topic="fees",
        formula=Text(zh="請款中的代墊媒體費加總，日期與金額照帳上所記", en="media that vendors paid for the client and invoiced, by date and amount as booked"),
        plain=Text(zh="廠商說先幫你付給廣告平台、再向你請款的錢。", en="What the vendor paid the platforms for you and charged to you."),
        why=Text(zh="應該和平台後台的花費幾乎一樣，差額要請廠商說明。", en="Should almost equal the platforms' own spend; ask about any gap."),
        feeds=("roi",),
        numerator=MEDIA, n=MEDIA_LINES,
    ),
    Metric(
        id="working_media_ratio",
        name=Text(zh="實際投放占行銷費用的比率", en="Media as a share of marketing cost"),
        short=Text(zh="實際投放占比", en="Working-media ratio"),
        unit="ratio", direction="neither", level="diagnostic", topic="fees",
        formula=Text(zh="廣告花費 ÷（廣告花費 + 代操等費用）", en="ad spend ÷ (ad spend + agency and other fees)"),
        plain=Text(zh="每付一百元行銷費，有幾元真的拿去買廣告。", en="Of a hundred paid for marketing, how much really bought ads."),
        why=Text(zh="太低代表錢多半花在服務費上，最好和合約核對一下。", en="When low, most money goes into fees: check the contract."),
        feeds=("mer", "roi"),
        numerator=SPEND, denominator=Total(plus=(SPEND, FEES)), n=FEE_LINES,
    ),
)  # fmt: skip
