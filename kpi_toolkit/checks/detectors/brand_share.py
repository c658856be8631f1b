"""Brand campaigns that take more of the money and of the orders' credit, while the shop sells no more."""

from __future__ import annotations

import re
from typing import Final

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.crediting import credit_checked, sample
from kpi_toolkit.checks.detector import Answer, Detector, Shown
from kpi_toolkit.i18n import Text

# What brand campaigns are called; campaigns that are meant to reach strangers say so.
_NAMES: Final = r"品牌|(?<![a-z])brand(?:ed)?(?![a-z])"
_OTHERS: Final = (
    r"非品牌|品牌認知|品牌形象|品牌曝光|non[-_ ]?brand|no[-_ ]?brand|brand[-_ ]?(?:awareness|lift|film|video)|競品"
)
_CONVERSIONS = Text(zh="品牌字廣告的轉換", en="conversions of brand keywords")


def _check(case: Case) -> Answer:
    return credit_checked(case, _names(case.client), _CONVERSIONS)


def _names(client: Client) -> re.Pattern[str]:
    """A word for brand campaigns, or the client's own name; but not where the name says something else."""
    own = [re.escape(name) for name in (client.name.zh, client.name.en) if len(name.strip()) >= 2]
    return re.compile(f"^(?!.*(?:{_OTHERS})).*(?:{'|'.join([_NAMES, *own])})", re.IGNORECASE | re.DOTALL)


def _fires() -> Case:
    return sample("BC_品牌字", 4.0)


def _quiet() -> Case:
    """A season: more of it, and more orders."""
    return sample("BC_品牌字", 2.5, orders=1.8)


def _few() -> Case:
    return sample("BC_品牌字", 4.0, weeks=2)


DETECTOR = Detector(
    id="brand_share",
    title=Text(zh="品牌字廣告占比大增，訂單卻沒有增加", en="More spend on brand keywords, and no more orders"),
    system="S26",
    needs=("ads_daily",),
    least=Text(zh="逐日匯出和訂單（或名單），含前 4 週", en="the export by day and orders (or leads), with 4 weeks before the period"),
    reference="T. Blake, C. Nosko and S. Tadelis, Consumer heterogeneity and paid search effectiveness, Econometrica 83 (2015)",
    says=Text(
        zh="{period}，{name}的花費有 {now} 用在品牌字廣告（搜尋你的店名或品牌才出現的廣告），之前是 {before}。這類廣告認列的轉換從相當於訂單的 {claims_before} 變成 {claims_now}，"
        "店裡每天的訂單則是之前的 {orders}。會搜尋店名的人多半本來就要來；超過原本占比的花費約 {extra}。",
        en="In {period}, {now} of what {name} spent went to brand keywords (ads on searches for your own name), {before} before; what they claim of the shop's orders went from "
        "{claims_before} to {claims_now}, while the orders of a day were {orders} of what they had been. People who search for the brand were mostly coming anyway; the spend beyond the former share "
        "is about {extra}.",
    ),
    innocent=Text(
        zh="可能是競爭對手也買你的店名當關鍵字、為新品或檔期照約定加強品牌字，或其他廣告剛好暫停。",
        en="A competitor may have begun to bid on the brand, brand keywords may have been strengthened for a launch as agreed, or other campaigns may just have paused.",
    ),
    question=Text(
        zh="您好，{period}的花費有 {now} 用在品牌字廣告，之前是 {before}。想請教調整的原因，以及怎麼確認這些訂單是廣告多帶來的？",
        en="Brand keywords took {now} of the spend in {period} ({before} before). What was the reason, and how do we know that the ads brought these "
        "orders?",
    ),
    action=Text(
        zh="和對方談好品牌字的花費上限；可以先在一部分地區或時段停投品牌字，看訂單少不少。",
        en="Agree on a limit for brand keywords; pause them in one region or at some hours, and see whether orders fall.",
    ),
    check=_check,
    fires=_fires,
    quiet=_quiet,
    few=_few,
    columns={
        "spend_a_day_before": Shown(title=Text(zh="之前每天花費", en="Spend a day before"), kind="money"),
        "spend_a_day": Shown(title=Text(zh="每天花費", en="Spend a day"), kind="money"),
        "conversions_a_day_before": Shown(title=Text(zh="之前每天轉換", en="Conversions a day before"), kind="count"),
        "conversions_a_day": Shown(title=Text(zh="每天轉換", en="Conversions a day"), kind="count"),
    },
)  # fmt: skip
