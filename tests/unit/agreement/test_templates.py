"""The templates that are copied and filled in are valid, as they are and with all of their examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.contract import Contract, Item, Media
from kpi_toolkit.agreement.fee import Fee, Tier
from kpi_toolkit.agreement.mapped import as_source
from kpi_toolkit.agreement.mapping import read_mapping
from kpi_toolkit.agreement.model import fields_at
from kpi_toolkit.agreement.workspace import open_workspace


def uncommented(text: str) -> str:
    """client.yaml's template with all of its examples in force."""
    text = re.sub(r"^(vendors|conversions|targets): \[\]$", r"\1:", text, flags=re.M)
    text = re.sub(r"^# ([a-z_]+: .*)$", r"\1", text, flags=re.M)
    return re.sub(r"^#(  +\S.*)$", lambda found: found[1] if re.match(r" +(- [{a-z]|[a-z_]+:)", found[1]) else found[0], text, flags=re.M)  # fmt: skip


@pytest.mark.parametrize("examples", [False, True], ids=["as it is", "with its examples"])
def test_the_template_of_a_client_is_valid(root: Path, workspace: Path, examples: bool) -> None:
    text = (root / "templates/client.yaml").read_text(encoding="utf-8")
    (workspace / "clients/bakery/client.yaml").write_text(uncommented(text) if examples else text, encoding="utf-8")
    client = open_workspace(workspace).client("bakery")
    assert client.goal == "orders"
    assert [len(client.vendors), len(client.conversions), len(client.targets)] == ([1, 1, 2] if examples else [0, 0, 0])
    if examples:
        assert (client.lead_value, client.vendors[0].billed_as) == (3000, ("北辰*有限公司",))
        assert len(client.vendors[0].campaigns) == 3
        old, new = client.vendors[0].contracts
        assert ([fee.kind for fee in old.fees or ()], old.unsaid) == (["retainer", "commission", "tool", "other"], ())
        assert ([fee.base for fee in new.fees or ()], new.unsaid) == (["media_spend", "orders"], ("items",))
        told = {key for model in (Contract, Media, Item, Fee, Tier) for key in fields_at(model, ())}
        assert told <= set(re.findall(r"([a-z_]+):", text)), "the examples show every field of a contract"
    written = set(re.findall(r"^#? ?([a-z_]+):", text, flags=re.M))
    assert written >= set(Client.model_fields) - {"id"}, "the template tells of every field"


def test_the_other_templates_are_valid(root: Path) -> None:
    assert open_workspace(root / "templates").language == "zh-TW"
    for file in [root / "templates/mapping.yaml", *sorted((root / "templates/mappings").iterdir())]:
        assert as_source(read_mapping(file)).table == "orders"
