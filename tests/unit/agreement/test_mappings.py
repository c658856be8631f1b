"""Mapping files: which column of any other table is which canonical one, and what people call the source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kpi_toolkit.agreement.mapped import as_source
from kpi_toolkit.agreement.mapping import Mapping, read_mapping
from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.errors import AgreementError

Answers = Callable[[str, str, Sequence[tuple]], list[str]]


def test_a_mapping_for_orders_may_name_the_columns_of_their_lines() -> None:
    columns = {"order_id": "InvoiceNo", "ordered_at": "InvoiceDate", "sku": "StockCode", "unit_price": "UnitPrice"}
    mapping = Mapping.model_validate(
        {"name": "pos", "table": "orders", "columns": columns, "constants": {"currency": "GBP"}}
    )
    assert mapping.headers == {"InvoiceNo", "InvoiceDate", "StockCode", "UnitPrice"}


def test_a_mapping_reads_the_words_of_a_choice(answers: Answers) -> None:
    columns = {"order_id": "no", "ordered_at": "day", "total": "sum", "status": "state"}
    mapping = Mapping.model_validate(
        {
            "name": "pos",
            "table": "orders",
            "columns": columns,
            "values": {"status": {"棄單": "pending", "Done": "refunded"}},
        }
    )
    format_ = as_source(mapping)
    assert format_.headers["_status"] == ("state",)
    words = {"已完成": "valid", " Paid ": "valid", "棄單": "pending", "DONE": "refunded", "已取消": "cancelled", "what's this": "what's this", None: None}  # fmt: skip
    assert answers(format_.computed["status"], "_status", [(word,) for word in words]) == list(words.values())


def test_lines_of_orders_are_added_up() -> None:
    columns = {"order_id": "a", "ordered_at": "b", "quantity": "c", "unit_price": "d"}
    format_ = as_source(Mapping.model_validate({"name": "pos", "table": "orders", "columns": columns}))
    assert format_.lines
    assert format_.computed == {"line_total": "quantity * unit_price"}


def test_a_clients_mappings_are_found_by_name(workspace: Path) -> None:
    text = "name: pos\ntable: orders\ncolumns: {order_id: 單號, ordered_at: 日期, total: 金額}\n"
    (workspace / "clients/bakery/shop.mapping.yaml").write_text(text, encoding="utf-8")
    (found,) = open_workspace(workspace).mappings("bakery")
    assert (found.name, found.columns["order_id"], found.date_order) == ("pos", "單號", None)


@pytest.mark.parametrize(
    ("title", "called"),
    [
        ("", ("shop.v2（對照檔）", "shop.v2 (mapping)")),
        ("title:\n", ("shop.v2（對照檔）", "shop.v2 (mapping)")),
        ("title: {zh: 門市收銀機, en: Shop tills}\n", ("門市收銀機", "Shop tills")),
        ("title: POS {1}\n", ("POS {1}", "POS {1}")),
    ],
)
def test_a_mapping_is_called_by_its_title_or_else_as_its_file(
    tmp_path: Path, title: str, called: tuple[str, str]
) -> None:
    file = tmp_path / "shop.v2.mapping.yaml"
    file.write_text(
        f"name: pos\n{title}table: orders\ncolumns: {{order_id: 單號, ordered_at: 日期, total: 金額}}\n",
        encoding="utf-8",
    )
    found = as_source(read_mapping(file)).title
    assert (found.say("zh-TW"), found.say("en")) == called


def test_a_title_in_one_language_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "shop.mapping.yaml"
    file.write_text("name: pos\ntitle: {zh: 門市}\ntable: orders\ncolumns: {order_id: a, ordered_at: b, total: c}\n", encoding="utf-8")  # fmt: skip
    with pytest.raises(AgreementError, match=r"title\.en \(line 2\): is missing"):
        read_mapping(file)
