"""Retargeting that takes more of the money and of the orders' credit, while the shop sells no more."""

from __future__ import annotations

import re
from typing import Final

from kpi_toolkit.checks.case import Case
from kpi_toolkit.checks.crediting import credit_checked, sample
from kpi_toolkit.checks.detector import Answer, Detector, Shown
from kpi_toolkit.i18n import Text

# What campaigns for those who have been on the site are called.
_NAMES: Final = r"再行銷|重定向|重新行銷|重新鎖定|(?<![a-z])re-?target|re-?market|(?<![a-z])rmkt?(?![a-z])|(?<![a-z])rtg(?![a-z])|購物車|放棄結帳|(?<![a-z])carts?(?![a-z])|(?<![a-z])visitors?(?![a-z])|網站訪客|瀏覽過"
_OTHERS: Final = r"排除再行銷|加入購物車目標"
_CONVERSIONS = Text(zh="再行銷廣告的轉換", en="conversions of retargeting")


def _check(case: Case) -> Answer:
    return credit_checked(case, _names(), _CONVERSIONS)


def _names() -> re.Pattern[str]:
    return re.compile(f"^(?!.*(?:{_OTHERS})).*(?:{_NAMES})", re.IGNORECASE | re.DOTALL)


def _fires() -> Case:
    return sample("BC_再行銷", 4.0)


def _quiet() -> Case:
    """A season: more of it, and more orders."""
    return sample("BC_再行銷", 2.5, orders=1.8)


def _few() -> Case:
    return sample("BC_再行銷", 4.0, weeks=2)


DETECTOR = Detector(
    id="retargeting_share",
    title=Text(zh="再行銷占比大增，訂單卻沒有增加", en="More spend on retargeting, and no more orders"),
    system="S26",
    needs=("ads_daily",),
    least=Text(zh="逐日匯出和訂單（或名單），含前 4 週", en="the export by day and orders (or leads), with 4 weeks before the period"),
    reference="R. Lewis, J. Rao and D. Reiley, Here, there, and everywhere: correlated online behaviors can lead to overestimates of the effects of advertising, WWW 2011",
    says=Text(
        zh="{period}，{name}的花費有 {now} 用在再行銷廣告（給來過網站的人看的廣告），之前是 {before}。這類廣告認列的轉換從相當於訂單的 {claims_before} 變成 {claims_now}，"
        "店裡每天的訂單則是之前的 {orders}。這些人多半已經來過、快要下單；超過原本占比的花費約 {extra}。",
        en="In {period}, {now} of what {name} spent went to retargeting (ads for people who have been on the site), {before} before; what they claim of the shop's orders went from "
        "{claims_before} to {claims_now}, while the orders of a day were {orders} of what they had been. People who see it have mostly been there and were about to order; the spend beyond the former share "
        "is about {extra}.",
    ),
    innocent=Text(
        zh="可能是檔期前照約定加強提醒舊訪客、來過的人變多所以花得多，或開發新客的廣告剛好暫停。",
        en="Earlier visitors may have been reminded before a sale as agreed, the audience may have grown, or campaigns for new customers may just have paused.",
    ),
    question=Text(
        zh="您好，{period}的花費有 {now} 用在再行銷廣告，之前是 {before}。想請教調整的原因，以及怎麼確認這些訂單是廣告多帶來的？",
        en="Retargeting took {now} of the spend in {period} ({before} before). What was the reason, and how do we know that the ads brought these "
        "orders?",
    ),
    action=Text(
        zh="和對方談好再行銷的花費上限和頻率；可以先對一部分來過的人停投，看他們是不是照樣下單。",
        en="Agree on a limit and a frequency for retargeting; leave a part of the visitors out, and see whether they order all the same.",
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
