"""The store under misfortune: files nobody can read, damaged state, programs killed half-way, two at once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.errors import AgreementError, UsageError
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.store import Store

HEADER = "Campaign report\nOctober 1, 2026 - October 31, 2026\nDay,Campaign,Clicks,Cost,Currency code\n"
ORDERS = "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price\n#1,may@example.com,paid,TWD,100,2026-10-01 12:00:00 +0800,1,Tea,100\n"


def store_in(root: Path, *clients: str) -> Store:
    root.mkdir(parents=True, exist_ok=True)
    (root / "workspace.yaml").write_text("language: en\n", encoding="utf-8")
    for client in clients or ("acme",):
        (root / "clients" / client / "data").mkdir(parents=True)
        words = "name: {zh: 甲公司, en: Acme}\ngoal: orders\n"
        (root / "clients" / client / "client.yaml").write_text(words, encoding="utf-8")
    return Store(open_workspace(root))


def google(spend: float, day: int = 1) -> bytes:
    return f"{HEADER}2026-10-{day:02},A,1,{spend},TWD\n".encode()


def data(store: Store) -> Path:
    return store.workspace.root / "clients/acme/data"


def state(store: Store) -> Path:
    return store.workspace.state_dir / "clients/acme"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A workspace whose client has four files; the second was sent again, imported later."""
    store = store_in(tmp_path_factory.mktemp("built") / "ws")
    data(store).joinpath("z first.csv").write_bytes(google(10, 1) + b"2026-10-02,A,1,20,TWD\n")
    store.load("acme")
    data(store).joinpath("a second.csv").write_bytes(google(22, 2))
    data(store).joinpath("orders.csv").write_text(ORDERS, encoding="utf-8")
    data(store).joinpath("unknown.csv").write_text("nothing,that\nanyone,knows\n", encoding="utf-8")
    store.load("acme")
    return store


@pytest.fixture(scope="module")
def sound(built: Store) -> dict[str, list[tuple[object, ...]]]:
    """What it comes to when nothing is damaged."""
    return essence(built)


@pytest.fixture
def store(built: Store, tmp_path: Path) -> Store:
    """A copy of it, with the files' times."""
    shutil.copytree(built.workspace.root, tmp_path / "ws")
    return Store(open_workspace(tmp_path / "ws"))


def essence(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """The dataset, row by row, and the reports."""
    store = Store(open_workspace(store.workspace.root))
    reports = [tuple(map(str, report.as_json("en").items())) for report in store.load("acme")]
    dataset = store.dataset("acme")
    frames = {name: dataset.frame(name).astype(str).drop(columns="customer_key", errors="ignore") for name in dataset.relations}  # fmt: skip
    rows = {name: sorted(frame.itertuples(index=False, name=None)) for name, frame in frames.items()}
    return {"reports": sorted(reports), **rows}


def errors(store: Store) -> dict[str, str]:
    return {report.file: report.error.say("en") for report in store.load("acme") if report.error}


def spends(store: Store) -> list[float]:
    return sorted(store.dataset("acme").frame("ads_daily")["spend"])


def hidden(store: Store) -> list[str]:
    """Drafts and scratch folders that lie below the state folder."""
    return [path.name for path in state(store).rglob(".*")]


# --- files that can't be read ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (bytes(1000), "empty"), (os.urandom(5000), ""), (b"PK\x03\x04" + b"x" * 50, "truncated"), (b"%PDF-1.7 x", "PDF"), (b"a,b\n1,2\n", "no source knows this header"), (HEADER.encode() + b"2026-10-01,A,x,y,TWD\n", "can't be read")],
    ids=["empty", "zeros", "noise", "zip", "pdf", "unknown", "letters"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_stops_no_other_and_leaves_nothing(tmp_path: Path, content: bytes, said: str) -> None:  # fmt: skip
    store = store_in(tmp_path / "ws")
    data(store).joinpath("good.csv").write_bytes(google(10))
    bad = data(store).joinpath("bad.csv")
    bad.write_bytes(content)
    told = errors(store)
    assert list(told) == ["bad.csv"]
    assert told["bad.csv"].startswith("bad.csv: ")
    assert said in told["bad.csv"]
    assert " -> " in told["bad.csv"]
    assert "\n" not in told["bad.csv"]
    assert spends(store) == [10]
    assert len(list(state(store).glob("*.parquet"))) == 1
    assert hidden(store) == []
    bad.write_bytes(google(20, 2))
    assert errors(store) == {}
    assert spends(store) == [10, 20]


def test_what_the_machine_refuses_is_tried_again(tmp_path: Path) -> None:
    store = store_in(tmp_path / "ws")
    data(store).joinpath("good.csv").write_bytes(google(10))
    for name in ("one.csv", "two.csv"):
        data(store).joinpath(name).symlink_to("/proc/self/mem")  # opens, and can't be read
    told = errors(store)
    assert {name: "the machine can't read this file" in words for name, words in told.items()} == {"one.csv": True, "two.csv": True}  # fmt: skip
    assert told["two.csv"].startswith("two.csv: ")
    assert len(list(state(store).glob("*-*.json"))) == 1, "only what was read is remembered"
    assert errors(store) == told


def test_a_file_that_grows_while_it_is_read_is_left_for_next_time(tmp_path: Path) -> None:
    store = store_in(tmp_path / "ws")
    for name in ("a.csv", "b.csv", "c.csv"):
        data(store).joinpath(name).write_bytes(google(10 if name == "a.csv" else 20, ord(name[0]) - 96))

    def meddle(done: int, _: int, name: str) -> None:
        if name == "b.csv":
            with data(store).joinpath(name).open("ab") as file:
                file.write(b"2026-10-09,A,1,9,TWD\n")
        if name == "c.csv":
            data(store).joinpath(name).unlink()

    told = {report.file: report for report in store.load("acme", progress=meddle)}
    assert told["a.csv"].error is None
    assert [told[name].error is not None for name in ("b.csv", "c.csv")] == [True, True]
    assert "changed while being read" in str(told["b.csv"].error and told["b.csv"].error.say("en"))
    assert "途中改變" in str(told["b.csv"].error and told["b.csv"].error.say("zh-TW"))
    assert errors(store) == {}
    assert spends(store) == [9, 10, 20]


def test_a_faulty_mapping_or_client_is_told_before_anything_is_read(store: Store) -> None:
    before = essence(store)
    mapping = store.workspace.root / "clients/acme/x.mapping.yaml"
    mapping.write_text("name: x\ntable: nothing\ncolumns: {}\n", encoding="utf-8")
    with pytest.raises(AgreementError, match=r"x\.mapping\.yaml"):
        store.load("acme")
    mapping.unlink()
    for name in ("nobody", "../acme", "", "acme/..", "ACME"):
        with pytest.raises(UsageError):
            store.load(name)
    assert essence(store) == before


# --- damaged state --------------------------------------------------------------------------------------------------


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def write(words: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(words, encoding="utf-8") and None


DAMAGES: dict[str, Callable[[Path], None]] = {
    "gone": Path.unlink, "empty": write(""), "half": cut, "object": write("{}"), "list": write("[1, 2]"), "null": write("null"), "text": write('"x"'),
    "noise": lambda path: path.write_bytes(b"\xff\xfe\x00\x81" * 9) and None,
    "other": write('{"a": 1, "order": "x", "tables": [], "report": {}}'),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_list_of_files_is_made_anew(
    store: Store, sound: dict[str, list[tuple[object, ...]]], damage: str
) -> None:
    DAMAGES[damage](state(store) / "files.json")
    assert essence(store) == sound


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_record_is_made_anew(store: Store, sound: dict[str, list[tuple[object, ...]]], damage: str) -> None:
    (second,) = [one for one in store.load("acme") if one.file == "a second.csv"]
    (record,) = state(store).glob(f"{second.sha256}-*.json")
    DAMAGES[damage](record)
    assert essence(store) == sound
    assert '"order": ' in record.read_text(encoding="utf-8")


@pytest.mark.parametrize("damage", ["gone", "empty", "half", "noise"])
def test_a_damaged_snapshot_is_made_anew(store: Store, sound: dict[str, list[tuple[object, ...]]], damage: str) -> None:
    for path in state(store).glob("*.parquet"):
        DAMAGES[damage](path)
    assert essence(store) == sound
    assert len(list(state(store).glob("*.parquet"))) == 4
    assert hidden(store) == []


def test_a_snapshot_read_anew_keeps_its_place_in_the_order_of_imports(store: Store) -> None:
    """The first import's snapshot is lost: reading it once more makes it no later than the second."""
    (first,) = [one for one in store.load("acme") if one.file == "z first.csv"]
    (parquet,) = state(store).glob(f"{first.sha256}-*.parquet")
    parquet.unlink()
    assert spends(store) == [10, 22]
    assert parquet.is_file()


def test_a_damaged_salt_is_told_and_not_replaced(store: Store) -> None:
    salt = store.workspace.state_dir / "salt"
    salt.write_text("short", encoding="ascii")
    with pytest.raises(AgreementError, match="salt"):
        store.load("acme")
    assert salt.read_text(encoding="ascii") == "short"


# --- killed half-way, two at once -----------------------------------------------------------------------------------

# Ends itself at the Nth file that is moved into place: no moment lies between two of them that isn't like one of these.
KILLED = """
import os, signal, sys
from pathlib import Path
from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.store import Store
moment, moved, real = int(sys.argv[2]), 0, Path.replace
def replace(self, target):
    global moved
    moved += 1
    if moved > moment:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, target)
Path.replace = replace
Store(open_workspace(sys.argv[1])).load("acme")
"""
LOADED = "import sys\nfrom kpi_toolkit.agreement.workspace import open_workspace\nfrom kpi_toolkit.store import Store\nprint('on', flush=True)\nStore(open_workspace(sys.argv[1])).load('acme')"  # fmt: skip


def several_files(root: Path) -> Store:
    store = store_in(root)
    for day in (1, 2, 3):
        data(store).joinpath(f"{day}.csv").write_bytes(google(10 * day, day))
    data(store).joinpath("3 again.csv").write_bytes(google(33, 3))
    data(store).joinpath("orders.csv").write_text(ORDERS, encoding="utf-8")
    return store


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    """What several_files come to when nobody disturbs."""
    return essence(several_files(tmp_path_factory.mktemp("undisturbed") / "ws"))


@pytest.mark.parametrize("moment", [0, 3, 6, 9])
def test_killed_at_a_boundary_nothing_is_half_written(
    tmp_path: Path, moment: int, undisturbed: dict[str, list[tuple[object, ...]]]
) -> None:
    store = several_files(tmp_path / "ws")
    done = subprocess.run([sys.executable, "-c", KILLED, str(store.workspace.root), str(moment)], check=False)
    assert done.returncode == -signal.SIGKILL
    for path in state(store).glob("[!.]*.parquet"):
        assert len(pd.read_parquet(path)) > 0, "what stands in its place is whole"
    assert essence(store) == undisturbed
    assert hidden(store) == []


def test_killed_at_any_moment_nothing_is_half_written(
    tmp_path: Path, undisturbed: dict[str, list[tuple[object, ...]]]
) -> None:
    store = several_files(tmp_path / "ws")
    for wait in (0.02, 0.15, 0.3, 0.5):
        with subprocess.Popen(
            [sys.executable, "-c", LOADED, str(store.workspace.root)], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            try:
                child.wait(wait)
            except subprocess.TimeoutExpired:
                child.kill()
    assert essence(store) == undisturbed
    assert hidden(store) == []


def test_a_killed_readers_scratch_is_removed_by_the_next(store: Store) -> None:
    """It may hold personal data."""
    left = state(store) / ".reading-abc"
    left.mkdir()
    (left / "cells.parquet").write_bytes(b"may@example.com")
    (state(store) / ".files.json.123").write_bytes(b"{")
    store.load("acme")
    assert hidden(store) == []


def test_two_programs_at_once_come_to_the_same(
    tmp_path: Path, undisturbed: dict[str, list[tuple[object, ...]]]
) -> None:
    store = several_files(tmp_path / "ws")
    command = [sys.executable, "-c", LOADED, str(store.workspace.root)]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [child.wait() for child in both] == [0, 0, 0]
    assert essence(store) == undisturbed
    assert len({one.order for one in store._catalog("acme").snapshots()}) == 5


# --- no traces ------------------------------------------------------------------------------------------------------


def test_the_data_folder_is_only_read(store: Store) -> None:
    def seen() -> list[tuple[str, int, bytes]]:
        inside = sorted(data(store).rglob("*"))
        return [(path.name, path.stat().st_mtime_ns, path.read_bytes()) for path in inside]

    before = seen()
    (state(store) / "files.json").unlink()
    for path in state(store).glob("*.parquet"):
        path.unlink()
    data(store).chmod(0o555)
    try:
        assert [report.file for report in store.load("acme")] == [name for name, *_ in before]
        assert spends(store) == [10, 22]
    finally:
        data(store).chmod(0o755)
    assert seen() == before


def test_nothing_is_left_in_scratch_folders(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither beside the user's files (where DuckDB would spill) nor among the system's temporary files."""
    for name in ("temporary", "here"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path / "here")
    data(store).joinpath("bad.csv").write_bytes(b"\x00\x01")
    assert sorted(errors(store)) == ["bad.csv", "unknown.csv"]
    dataset = store.dataset("acme")
    place = Path(dataset.connection.execute("SELECT current_setting('temp_directory')").fetchall()[0][0])
    assert place.parent == tmp_path / "temporary"
    dataset.connection.execute("SET memory_limit = '60MB'")
    dataset.connection.execute("CREATE TEMP TABLE large AS SELECT range AS n, md5(range::VARCHAR) AS words FROM range(1500000)")  # fmt: skip
    assert list(place.iterdir()), "it spilt"
    dataset.connection.close()
    assert list((tmp_path / "temporary").iterdir()) == []
    assert list((tmp_path / "here").iterdir()) == []
    assert hidden(store) == []


def test_a_report_of_an_unread_file_has_nothing_but_the_error(store: Store) -> None:
    (report,) = [one for one in store.load("acme") if one.error]
    assert report == LoadReport(file="unknown.csv", sha256=report.sha256, error=report.error)
