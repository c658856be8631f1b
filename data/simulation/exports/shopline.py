"""SHOPLINE's order report: a row a line item, the order's own cells repeated or only on its first row."""

from collections.abc import Iterable, Sequence

from ..orders import COD, Order
from .delimited import Cell, Row, utf8_bom
from .sheet import xlsx

# 訂單號碼 is the one column the platform always writes; the rest is ticked by the user.
FULL = (
    "訂單號碼,訂單日期,訂單狀態,付款方式,付款狀態,貨幣,付款總金額,已退款金額,訂單小計,運費,附加費,優惠折扣,自訂折扣合計,"
    "折抵購物金,點數折現,折現用點數,訂單合計,稅費,送貨方式,送貨狀態,收件人,收件人電話號碼,完整地址,門市名稱,"
    "全家服務編號 / 7-11 店號,商品貨號,商品名稱,選項,商品結帳價,數量,商品類型,訂單來源,推薦代碼,顧客 ID,顧客,電郵,電話號碼,會員"
).split(",")
SHORT = (
    "訂單號碼,訂單日期,訂單狀態,付款狀態,送貨狀態,付款方式,貨幣,付款總金額,已退款金額,訂單小計,運費,附加費,優惠折扣,"
    "自訂折扣合計,折抵購物金,點數折現,訂單合計,稅費,收件人,收件人電話號碼,商品貨號,商品名稱,商品類型,商品結帳價,數量,"
    "顧客 ID,電郵,會員,訂單來源,推薦代碼"
).split(",")
LINE_COLUMNS = frozenset(["商品貨號", "商品名稱", "選項", "商品結帳價", "數量", "商品類型"])


def csv(orders: Iterable[Order], columns: Sequence[str], *, repeat: bool) -> bytes:
    """The CSV: UTF-8 with BOM. ``repeat`` writes an order's cells on each of its lines."""
    return utf8_bom(_report(orders, columns, repeat))


def workbook(orders: Iterable[Order], columns: Sequence[str], *, repeat: bool) -> bytes:
    """The XLSX: one sheet; numbers, phones and article codes that are digits stay text."""
    return xlsx("Orders", _report(orders, columns, repeat))


def _report(orders: Iterable[Order], columns: Sequence[str], repeat: bool) -> list[Row]:
    rows: list[Row] = [list(columns)]
    for order in orders:
        whole = _order(order)
        for at, line in enumerate(order.lines):
            item: dict[str, Cell] = {
                "商品貨號": line.good.sku,
                "商品名稱": line.good.name,
                "選項": line.option,
                "商品結帳價": line.good.price,
                "數量": line.quantity,
                "商品類型": line.good.kind,
            }
            # A continuation row keeps the order number, which ties it to its order.
            own = whole if repeat or at == 0 else {"訂單號碼": order.number}
            rows.append([(item if name in LINE_COLUMNS else own).get(name, "") for name in columns])
    return rows


def _order(order: Order) -> dict[str, Cell]:
    money, person, cod = order.money, order.person, order.payment == COD
    store, store_number = person.store if cod else ("", "")
    return {
        "訂單號碼": order.number,
        "訂單日期": f"{order.at:%Y-%m-%d %H:%M:%S}",
        "訂單狀態": order.status,
        "付款方式": order.payment,
        "付款狀態": order.paid,
        "貨幣": "TWD",
        "付款總金額": money.total,
        "已退款金額": order.refunded,
        "訂單小計": money.subtotal,
        "運費": money.shipping,
        "附加費": money.surcharge,
        "優惠折扣": money.coupon,
        "自訂折扣合計": money.custom,
        "折抵購物金": money.credit,
        "點數折現": money.points,
        "折現用點數": money.points * 10,
        "訂單合計": money.total,
        "稅費": 0,
        "送貨方式": "7-11 冷凍取貨" if cod else "黑貓冷凍宅配",
        "送貨狀態": order.delivery,
        "收件人": person.name,
        "收件人電話號碼": person.phone,
        "完整地址": "" if cod else person.address,
        "門市名稱": store,
        "全家服務編號 / 7-11 店號": store_number,
        "訂單來源": "商店",
        "推薦代碼": order.referral,
        "顧客 ID": person.id,
        "顧客": person.name,
        "電郵": person.email,
        "電話號碼": person.phone,
        "會員": "是",
    }
