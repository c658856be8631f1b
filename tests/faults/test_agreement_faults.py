"""Faulty agreements: every fault at once, with its place; nothing hostile gets built, nothing leaves the workspace."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from kpi_toolkit.agreement.mapping import read_mapping
from kpi_toolkit.agreement.workspace import Workspace, open_workspace
from kpi_toolkit.errors import AgreementError, KpiError, UsageError

GOOD = "name: {zh: 甲, en: A}\ngoal: orders\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "workspace.yaml").write_text("", encoding="utf-8")
    (tmp_path / "clients/acme").mkdir(parents=True)
    (tmp_path / "clients/acme/client.yaml").write_text(GOOD, encoding="utf-8")
    return open_workspace(tmp_path)


def faults_of(workspace: Workspace, text: str | bytes) -> list[str]:
    """The faults of acme's client.yaml when it reads `text`, in English; the error is one line in both languages."""
    raw = text if isinstance(text, bytes) else text.encode()
    (workspace.root / "clients/acme/client.yaml").write_bytes(raw)
    with pytest.raises(AgreementError) as raised:
        workspace.client("acme")
    assert raised.value.where.endswith("clients/acme/client.yaml")
    for lang in ("zh-TW", "en"):
        assert "\n" not in raised.value.message(lang)
    return [fault.say("en") for fault in raised.value.faults] or [raised.value.what.say("en")]


def test_the_good_one_is_good(workspace: Workspace) -> None:
    assert workspace.client("acme").name.zh == "甲"


def test_all_faults_are_told_at_once_with_their_places(workspace: Workspace) -> None:
    text = GOOD + (
        "gaol: orders\n"
        "gross_margin: 52\n"
        "currency: NT$\n"
        "timezone: Asia/Taipeh\n"
        "vendors:\n"
        "  - {id: ../x, name: A, campaigns: [{source: google_ads, campagin: x}, {}]}\n"
        "conversions:\n"
        "  - {source: google_ads, counts: purchases, counting: all}\n"
        "targets:\n"
        "  - {metric: revenue, value: 1.2.3, since: 2026-13}\n"
        "  - {metric: revenue, value: .inf}\n"
    )
    faults = faults_of(workspace, text)
    assert sorted(fault.split(":")[0] for fault in faults) == [
        "conversions[1].counting (line 10)",
        "conversions[1].counts (line 10)",
        "currency (line 5)",
        "gaol (line 3)",
        "gross_margin (line 4)",
        "targets[1].since (line 12)",
        "targets[1].value (line 12)",
        "targets[2].value (line 13)",
        "timezone (line 6)",
        "vendors[1].campaigns[1].campagin (line 8)",
        "vendors[1].campaigns[2] (line 8)",
        "vendors[1].id (line 8)",
    ]
    told = "\n".join(faults)
    for nearest in ("did you mean: goal", "did you mean: campaign", "perhaps Asia/Taipei", "use purchase, lead", "use every, one"):  # fmt: skip
        assert nearest in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: !!python/object/apply:os.system [touch hacked]\ngoal: orders\n", r"line 1: YAML tags are refused: !!python"),
        (GOOD + "lead_value: !!int '3'\n", r"line 3: YAML tags are refused: !!int"),
        (GOOD + "lead_value: ! 3\n", r"line 3: YAML tags are refused: !"),
        (GOOD + "goal: leads\n", r"goal \(line 3\): stands here twice"),
        (GOOD + "vendors: &v []\nconversions: *v\n", r"line 4: a value that starts with \* needs quotes"),
        (GOOD + "vendors:\n  - {id: a, name: A, campaigns: [{campaign: *BC}]}\n", r"line 4: a value that starts with \*"),
        (GOOD + "a: " + "[" * 100_000, r"line 3: nested too deep"),
        (GOOD + "? [a, b]\n: c\n", r"\? \(line 3\): a name has to be text"),
        (GOOD + 'industry: "a\\e[31m"\n', r"industry \(line 3\): holds an invisible control"),
        (GOOD + 'industry: "a\\u202Eb"\n', r"industry \(line 3\): holds an invisible control"),
        (GOOD + 'industry: "\\ud800"\n', r"holds an invisible control|not valid YAML"),
        (GOOD + "industry: a\x1b[31mb\n", r"holds an invisible control"),
        (GOOD + "industry: a\0b\n", r"holds an invisible control"),
        (GOOD + "\tindustry: a\n", r"line 3: not valid YAML"),
        (GOOD + "vendors: {id: a}\n", r"vendors \(line 3\): has to be a list"),
        (GOOD + "vendors:\n  - a\n", r"vendors\[1\] \(line 4\): has to be `name: value` pairs"),
        (GOOD + "id: acme\n", r"id \(line 3\): the folder's name is the id"),
        (GOOD + "---\nname: b\n", r"line 3: not valid YAML"),
        ("- a\n- b\n", r"has to be a mapping"),
        ("just words", r"has to be a mapping"),
        ("", r"^(name|goal).*: is missing"),
        ("name:\ngoal: orders\n", r"name.*: is missing"),
        ("name: {zh: 甲}\ngoal: orders\n", r"name.en \(line 1\): is missing"),
        (b"\xb3\xc1\xa5\xd0: \xa4p\xbeQ\n", r"not in UTF-8"),
        (b"\xff\xfen\0a\0", r"not in UTF-8"),
        (b"a: " + b"x" * 600_000, r"larger than 512 KB"),
        (GOOD + "vendors: [{id: a, name: A}, {id: a, name: B}]\n", r"the id 'a' is used twice"),
        (GOOD + "conversions: [{source: x, vendor: b, counts: lead, counting: one}]\n", r"conversions\[1\].vendor: no vendor 'b'"),
        (GOOD + "conversions: [{source: x, counts: lead, counting: one}, {source: x, counts: lead, counting: every}]\n", r"conversions\[2\]: the same source"),
        (GOOD + "targets: [{metric: a, value: 1, since: 2026-02, until: 2026-01}]\n", r"targets\[1\] \(line 3\): until is before since"),
        (GOOD + "targets: [{metric: a, value: nan}]\n", r"targets\[1\].value \(line 3\): not a number"),
        (GOOD + "targets: [{metric: a, value: 1, since: 02/03/2026}]\n", r"since \(line 3\): not a date"),
        (GOOD + "gross_margin: 52%\n", r"gross_margin \(line 3\): not a number: '52%'"),
        (GOOD + "vendors: [{id: é, name: A}]\n", r"ids are a-z, 0-9 and -"),
    ],
)  # fmt: skip
def test_what_a_file_must_not_hold(workspace: Workspace, text: str | bytes, told: str) -> None:
    began = time.process_time()
    faults = faults_of(workspace, text)
    assert any(re.search(told, fault) for fault in faults), faults
    assert time.process_time() - began < 5
    assert not Path("hacked").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: !!python/object:os.system {a: 1}\ngoal: orders\n", ["line 1: YAML tags are refused: !!python/object:os.system"]),
        ("name: !!python/object/apply:os.system [a]\ngoal: orders\n", ["line 1: YAML tags are refused: !!python/object/apply:os.system"]),
        ("name: !!python/name:os.system\ngoal: orders\n", ["line 1: YAML tags are refused: !!python/name:os.system"]),
        (GOOD + "vendors: [!a {id: x}]\n", ["line 3: YAML tags are refused: !a"]),
        (
            GOOD + "vendors: [{id: x, name: !a A, foo: 1}]\ngaol: !b leads\n",
            ["line 3: YAML tags are refused: !a", "line 4: YAML tags are refused: !b", "vendors[1].foo (line 3): unknown", "gaol (line 4): unknown"],
        ),
    ],
)  # fmt: skip
def test_what_a_tag_stands_before_is_not_judged_further(workspace: Workspace, text: str, told: list[str]) -> None:
    faults = faults_of(workspace, text)
    assert len(faults) == len(told), faults
    for fault, start in zip(faults, told, strict=True):
        assert fault.startswith(start)


def test_an_alias_bomb_is_refused_at_once(workspace: Workspace) -> None:
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
    faults = faults_of(workspace, f"{GOOD}a0: &a0 [x]\n{levels}\n")
    assert len(faults) == 1


def test_a_missing_file_says_so(workspace: Workspace) -> None:
    (workspace.root / "clients/acme/x.mapping.yaml").mkdir()
    with pytest.raises(AgreementError, match=r"x\.mapping\.yaml: can't be read"):
        workspace.mappings("acme")


# --- ids and links --------------------------------------------------------------------------------------------------

NOT_IDS = ["..", ".", "", "../acme", "a/b", "a\\b", "/etc", "Acme", "acme ", "acme\n", "ａｃｍｅ", "é", "a" * 65, ".kpi", "~", "a\0b"]  # fmt: skip


@pytest.mark.parametrize("name", NOT_IDS)
def test_what_is_no_id_builds_no_path(workspace: Workspace, name: str) -> None:
    calls = (
        workspace.client_dir,
        workspace.data_dir,
        workspace.client,
        lambda one: workspace.reports_dir("2026-10", one),
    )
    for call in calls:
        with pytest.raises(UsageError, match="ids are a-z, 0-9 and -"):
            call(name)


@pytest.mark.parametrize("period", ["..", ".", "", "../x", "a/b", "/etc", ".kpi"])
def test_a_period_that_is_a_path_is_refused(workspace: Workspace, period: str) -> None:
    with pytest.raises(UsageError, match="not a period"):
        workspace.reports_dir(period, "acme")


def test_nobodys_id_names_the_nearest(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match=r"unknown client: 'acne' -> did you mean: acme") as raised:
        workspace.client("acne")
    assert raised.value.exit_code == 2


def test_links_cannot_leave_the_workspace(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "client.yaml").write_text(GOOD, encoding="utf-8")
    (workspace.root / "clients/linked").symlink_to(outside)
    (workspace.root / "clients/acme/data").symlink_to(outside)
    (workspace.root / "reports").symlink_to(outside)
    (workspace.root / ".kpi").symlink_to(outside)
    for call in (
        lambda: workspace.client("linked"),
        lambda: workspace.data_dir("acme"),
        lambda: workspace.reports_dir("2026-10", "acme"),
        lambda: workspace.salt(),
    ):
        with pytest.raises(UsageError, match="leads out of the workspace"):
            call()
    assert [file.name for file in outside.iterdir()] == ["client.yaml"]


def test_one_clients_data_cannot_be_anothers(workspace: Workspace) -> None:
    (workspace.root / "clients/other/data").mkdir(parents=True)
    (workspace.root / "clients/acme/data").symlink_to(workspace.root / "clients/other/data")
    with pytest.raises(UsageError, match="leads out"):
        workspace.data_dir("acme")


def test_without_a_workspace_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no workspace here .*`kpi-toolkit init DIR`") as raised:
        open_workspace(tmp_path)
    assert "kpi-toolkit init" in raised.value.message("zh-TW")


def test_a_workspaces_faults_are_told(tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").write_text("langauge: en\nlanguage: de\ncurrency: twd\n", encoding="utf-8")
    with pytest.raises(AgreementError) as raised:
        open_workspace(tmp_path)
    assert len(raised.value.faults) == 3


def test_a_damaged_salt_is_not_replaced(workspace: Workspace) -> None:
    (workspace.root / ".kpi").mkdir()
    (workspace.root / ".kpi/salt").write_text("", encoding="utf-8")
    with pytest.raises(KpiError, match="the salt is damaged"):
        workspace.salt()
    assert (workspace.root / ".kpi/salt").read_text(encoding="utf-8") == ""


# --- mappings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: p\ntable: order\ncolumns: {}\n", r"no such table: 'order'; use orders"),
        ("name: p\ntable: order_lines\ncolumns: {order_id: a}\n", r"no such table: 'order_lines'"),
        ("name: P!\ntable: orders\ncolumns: {order_id: a, ordered_at: b, total: t}\n", r"name \(line 1\): a source is"),
        ("name: p\ntable: orders\ncolumns: {order_id: a, ordered_at: b, totl: c}\n", r"no canonical column 'totl'; did you mean: total"),
        ("name: p\ntable: orders\ncolumns: {order_id: a, ordered_at: b, source: c}\n", r"no canonical column 'source'"),
        ("name: p\ntable: orders\ncolumns: {order_id: a}\n", r"columns lacks ordered_at"),
        ("name: p\ntable: orders\ncolumns: {order_id: a, ordered_at: b}\n", r"columns lacks total / line_total / unit_price"),
        ("name: p\ntable: orders\ncolumns: {order_id: a, ordered_at: b, total: t}\nvalues: {total: {x: valid}}\n", r"values are for columns of choices"),
        ("name: p\ntable: orders\ncolumns: {order_id: a, ordered_at: b, total: t, status: s}\nvalues: {status: {x: gone}}\n", r"status can't be 'gone'; use valid"),
        ("name: p\ntable: ads_daily\ncolumns: {spend: a}\n", r"columns lacks date_day / period_start"),
        ("name: p\ntable: orders\ncolumns: {order_id: a, ordered_at: b, total: t}\nconstants: {currency: NTD$}\n", r"a currency is three capitals"),
        ("name: p\ntable: orders\ncolumns: {order_id: a, ordered_at: b, total: t}\nconstants: {status: done}\n", r"status can't be 'done'; use valid"),
        ("name: p\ntable: orders\ncolumns: {order_id: a, ordered_at: b, total: t}\nconstants: {shipping: free}\n", r"shipping is not a number"),
        ("name: p\ntable: orders\ncolumns: {order_id: a, ordered_at: b, total: t}\nconstants: {order_id: 1}\n", r"stands in columns and in constants"),
        ("name: p\ntable: orders\ncolumns: {order_id: a, ordered_at: b, total: t}\ndate_order: ydm\n", r"can't be 'ydm'; use dmy, mdy, ymd"),
        ("name: p\ntable: orders\ncolumns: [order_id]\n", r"columns \(line 3\): has to be `name: value` pairs"),
        ("name: p\ntable: orders\ncolumns: {order_id: a, ordered_at: b, total: t}\nconstant: {}\n", r"unknown key; did you mean: constants"),
    ],
)  # fmt: skip
def test_faulty_mappings(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "p.mapping.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AgreementError) as raised:
        read_mapping(file)
    assert re.search(told, raised.value.message("en")), raised.value.message("en")
    assert raised.value.message("zh-TW")
