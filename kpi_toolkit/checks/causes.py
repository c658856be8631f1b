"""What the causes of a difference between two ledgers are called."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_toolkit.analysis.reconciliation import Cause
from kpi_toolkit.i18n import Text

CAUSES: Mapping[Cause, Text] = {
    "duplication": Text(zh="重複列出", en="listed twice"),
    "omission": Text(zh="沒有列出", en="left out"),
    "grain": Text(zh="平台只在總計裡計入", en="counted in the platform's total alone"),
    "time_zone": Text(zh="時區不同", en="another time zone"),
    "lag": Text(zh="數字後來才定案", en="figures settled later"),
    "window": Text(zh="歸因期間不同", en="another attribution window"),
    "view_through": Text(zh="含瀏覽後轉換", en="conversions after a view"),
    "currency": Text(zh="幣別換算", en="another currency"),
    "agreed_markup": Text(zh="約定的加成", en="an agreed mark-up"),
    "tax": Text(zh="營業稅", en="tax"),
    "markup": Text(zh="固定倍數", en="a constant multiple"),
    "rounding": Text(zh="四捨五入", en="rounding"),
    "unexplained": Text(zh="找不到原因", en="without a cause"),
}
