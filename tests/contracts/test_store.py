"""What the store promises: both ways of reading give the same rows, clients never meet, no personal data is kept."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.sources import plain, rawtable
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.sources.reading import Loaded, read
from kpi_toolkit.store import Store

ROOT = Path(__file__).resolve().parents[2]
ALWAYS, NEVER = 0, 1 << 62
HEADER = "Day,Campaign,Impr.,Clicks,Cost,Currency code"


def store_in(root: Path, *clients: str) -> Store:
    root.mkdir(parents=True, exist_ok=True)
    (root / "workspace.yaml").write_text("language: en\n", encoding="utf-8")
    for client in clients:
        (root / "clients" / client / "data").mkdir(parents=True)
        words = "name: {zh: 甲公司, en: Acme}\ngoal: orders\n"
        (root / "clients" / client / "client.yaml").write_text(words, encoding="utf-8")
    return Store(open_workspace(root))


def data(store: Store, client: str) -> Path:
    return store.workspace.root / "clients" / client / "data"


# --- two ways of reading: DuckDB scans large files, Python's csv reader the others -----------------------------------


def sample_files() -> list[Path]:
    """Of every client's sample exports one of each folder and year: the months of one export are alike."""
    home = ROOT / "data/samples/clients"
    found = {path.relative_to(home).parent.parts[:4]: path for path in sorted(home.rglob("*.csv"))}
    return list(found.values())


def read_by(way: int, path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Loaded, bool]:
    """The file as read, and whether DuckDB scanned it."""
    scanned = []
    real = rawtable._open_scanned
    with monkeypatch.context() as patch:
        patch.setattr(rawtable, "SCANNED_FROM_BYTES", way)
        # A few rows among which one is odd would be left to the SQL altogether.
        patch.setattr(plain, "_MOST", 0)
        patch.setattr(rawtable, "_open_scanned", lambda *given: scanned.append(real(*given)) or scanned[-1])
        folder.mkdir()
        return read(path, folder, salt="salt"), any(one is not None for one in scanned)


def both_ways(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Loaded, Loaded, bool]:
    fast, scanned = read_by(ALWAYS, path, folder / "fast", monkeypatch)
    careful, _ = read_by(NEVER, path, folder / "careful", monkeypatch)
    return fast, careful, scanned


def kept_rows(parquet: Path) -> pd.DataFrame:
    """The kept rows of a snapshot with their numbers, which stand in it or follow from a row's place."""
    rows = pd.read_parquet(parquet)
    if "first_row" in rows:
        rows["source_row"] = rows.index + rows["first_row"]
    if "dropped" in rows:
        rows = rows[rows["dropped"].isna()]
    rows = rows.drop(columns=["first_row", "dropped", "total_label"], errors="ignore")
    # A word that holds for every row may be stored as one of a choice.
    rows = rows.astype(dict.fromkeys(rows.select_dtypes("category"), "str") | {"source_row": "int64"})
    rows = rows.sort_values("source_row").reset_index(drop=True)
    return rows[sorted(rows.columns)]


def fixtures(folder: Path) -> Iterator[Path]:
    yield from sorted((folder / "format_fixtures").glob("*.csv"))


def test_both_ways_of_reading_give_the_same_on_every_fixture(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_duckdb = 0
    for number, path in enumerate([*fixtures(shared_data), *sample_files()]):
        (tmp_path / str(number)).mkdir()
        fast, careful, scanned = both_ways(path, tmp_path / str(number), monkeypatch)
        by_duckdb += scanned
        assert fast.report == careful.report, path.name
        assert {*fast.tables} == {*careful.tables}, path.name
        for name, parquet in fast.tables.items():
            pd.testing.assert_frame_equal(kept_rows(parquet), kept_rows(careful.tables[name]), obj=path.name)
    assert by_duckdb > 20


# What a large export may hold that the two could take differently; a row `2026-10-09,Z` that both must find ends each.
AWKWARD = {
    "quotes": '2026-10-01,"say ""hi"", then",10,1,5,TWD',
    "comma": '2026-10-01,"x, y","1,234",1,"1,000.50",TWD',
    "lines": '2026-10-01,"two\nlines",10,1,5,TWD',
    "windows lines": '2026-10-01,"two\r\nlines",10,1,5,TWD',
    "inch": '2026-10-01,5" pizza,10,1,5,TWD',
    "backslash": '2026-10-01,"a\\",10,1,5,TWD\n2026-10-02,\\",10,1,5,TWD',
    "spaces": "2026-10-01, padded , 10 ,1, 5 ,TWD",
    "nulls": "2026-10-01,NULL, --,--,,TWD\n2026-10-02,null,0,0,0,TWD",
    "wide breaks": "2026-10-01,a\u2028b\u2029c\x85d\x0be\x0cf,10,1,5,TWD",
    "comment": "2026-10-01,#1 brand,10,1,5,TWD",
    "totals": "Total: Campaigns,,10,1,5,",
    "blanks": ",,,,,",
    "bracket": "2026-10-01,[x]{y},10,1,5,TWD",
    "trailing comma": "2026-10-01,A,10,1,5,TWD,",
    "emoji": "2026-10-01,🍞\u202e麵包,10,1,5,TWD",
}  # fmt: skip


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("above", ["Campaign report\nOctober 1, 2026 - October 31, 2026\n", "標\u2028題\x85\n\n", ""], ids=["title", "odd title", "no title"])  # fmt: skip
def test_both_ways_of_reading_give_the_same_on_awkward_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, above: str, ends: str
) -> None:
    path = tmp_path / "x.csv"
    rows = "\n".join(AWKWARD.values())
    text = f"{above}{HEADER}\n2026-10-08,first,1,1,1,TWD\n{rows}\n2026-10-09,Z,1,1,1,TWD\n"
    path.write_bytes(text.replace("\r\n", "\n").replace("\n", ends).encode())
    fast, careful, _ = both_ways(path, tmp_path, monkeypatch)
    assert careful.report.error is None
    assert fast.report == careful.report
    one, other = (pd.read_parquet(loaded.tables["ads_daily"]) for loaded in (fast, careful))
    pd.testing.assert_frame_equal(one, other)
    assert {"first", "Z", 'say "hi", then', "#1 brand"} <= {*one["campaign_name"]}


@pytest.mark.parametrize("name", AWKWARD)
def test_each_awkward_row_alone_is_the_same_both_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(f"{HEADER}\n2026-10-08,first,1,1,1,TWD\n{AWKWARD[name]}\n2026-10-09,Z,1,1,1,TWD\n".encode())
    fast, careful, _ = both_ways(path, tmp_path, monkeypatch)
    assert fast.report == careful.report
    pd.testing.assert_frame_equal(*(kept_rows(loaded.tables["ads_daily"]) for loaded in (fast, careful)))


@pytest.mark.parametrize(
    ("cut", "said"),
    [(b"2026-10-01,A,1,1,1,TWD,5\n", "shifted"), (b"2026-10-01,\xa4\xe9\xff,1,1,1,TWD\n", "encoding"), (b'2026-10-01,"open,1,1,1,TWD\n', "quote"), (b"2026-10-01,A,x,1,1,TWD\n", "can't read 'x'")],
    ids=["ragged", "broken byte", "open quote", "unreadable"],
)  # fmt: skip
def test_both_ways_of_reading_refuse_the_same_in_the_same_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: bytes, said: str
) -> None:
    path = tmp_path / "x.csv"
    good = b"".join(b"2026-10-%02d,A,1,1,1,TWD\n" % day for day in range(1, 6))
    path.write_bytes(HEADER.encode() + b"\n" + good + cut)
    fast, careful, _ = both_ways(path, tmp_path, monkeypatch)
    assert careful.report.error is not None
    assert fast.report == careful.report
    assert said in careful.report.error.say("en")
    assert dict(fast.tables) == dict(careful.tables) == {}


def test_a_large_file_with_a_name_like_a_pattern_is_read_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Browsers call the second download `report[1].csv`, which DuckDB alone would take for `report1.csv`."""
    for name, spend in (("report[1].csv", 7), ("report1.csv", 99)):
        (tmp_path / name).write_text(f"{HEADER}\n2026-10-08,A,1,1,{spend},TWD\n", encoding="utf-8")
    loaded, scanned = read_by(ALWAYS, tmp_path / "report[1].csv", tmp_path / "out", monkeypatch)
    assert (loaded.report.totals["spend"], scanned) == (7, True)


@pytest.mark.parametrize("way", [ALWAYS, NEVER], ids=["DuckDB", "Python"])
def test_the_rows_of_a_large_file_keep_their_order_and_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: int
) -> None:
    """Several threads read it: a row's number in the file is what people find a faulty cell by."""
    count = 400_000
    path = tmp_path / "x.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEADER}\n")
        file.writelines(f"2026-10-{number % 31 + 1:02},A,1,1,{number},TWD\n" for number in range(count))
        file.write("2026-10-01,A,what,1,1,TWD\n")
    loaded, _ = read_by(way, path, tmp_path / "out", monkeypatch)
    assert loaded.report.rows_kept == count
    (warning,) = loaded.report.warnings
    assert warning.say("en").endswith(f"row {count + 2}, column Impr. (impressions): can't read 'what'")
    spent = pd.read_parquet(loaded.tables["ads_daily"])["spend"].tolist()
    assert spent[:count] == list(range(count))


# --- clients never meet -----------------------------------------------------------------------------------------------


def order_file(*orders: tuple[str, str]) -> str:
    lines = [f"{name},{mail},paid,TWD,100,2026-10-01 12:00:00 +0800,1,Tea,100" for name, mail in orders]
    return "\n".join(["Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price", *lines, ""])  # fmt: skip


def test_two_clients_never_meet_though_their_files_are_equal(tmp_path: Path) -> None:
    store = store_in(tmp_path, "one", "two")
    for client in ("one", "two"):
        data(store, client).joinpath("orders.csv").write_text(order_file(("#1", "may@example.com")), encoding="utf-8")
        (report,) = store.load(client)
        assert (report.file, report.warnings, report.totals["orders"]) == ("orders.csv", (), 1)
    data(store, "two").joinpath("more.csv").write_text(order_file(("#2", "bob@example.com")), encoding="utf-8")
    store.load("two")
    assert sorted(store.dataset("one").frame("orders")["order_id"]) == ["#1"]
    assert sorted(store.dataset("two").frame("orders")["order_id"]) == ["#1", "#2"]
    folders = {client: {path.name for path in (store.workspace.state_dir / "clients" / client).glob("*.parquet")} for client in ("one", "two")}  # fmt: skip
    assert len(folders["one"]) == 2
    assert folders["one"] < folders["two"]
    shutil.rmtree(store.workspace.state_dir / "clients/two")
    assert sorted(store.dataset("one").frame("orders")["order_id"]) == ["#1"]


def test_a_clients_data_folder_leads_into_no_other_client(tmp_path: Path) -> None:
    from kpi_toolkit.errors import UsageError

    store = store_in(tmp_path, "one", "two")
    data(store, "two").rmdir()
    data(store, "two").symlink_to(data(store, "one"))
    with pytest.raises(UsageError):
        store.load("two")


# --- one customer has one key, and no personal data is kept ------------------------------------------------------------


def keys(store: Store) -> dict[str, str]:
    frame = store.dataset("one").frame("orders")
    return dict(zip(frame["order_id"], frame["customer_key"], strict=True))


def test_a_customer_has_one_key_in_all_files_of_a_workspace_and_another_elsewhere(tmp_path: Path) -> None:
    found = []
    for name in ("here", "there"):
        store = store_in(tmp_path / name, "one")
        first, second = order_file(("#1", "May@Example.com"), ("#2", "bob@example.com")), order_file(("#3", " may@example.com "))  # fmt: skip
        data(store, "one").joinpath("1.csv").write_text(first, encoding="utf-8")
        data(store, "one").joinpath("2.csv").write_text(second, encoding="utf-8")
        found.append(keys(store))
        assert found[-1]["#1"] == found[-1]["#3"] != found[-1]["#2"]
        assert store.workspace.state_dir.joinpath("salt").stat().st_mode & 0o077 == 0
    assert {*found[0].values()} & {*found[1].values()} == set()


PERSONAL = ("電郵", "電話", "收件人", "顧客 id", "會員", "email", "phone", "billing name", "shipping name", "address", "street", "zip", "customer")  # fmt: skip


def personal_cells(path: Path) -> set[str]:
    """What stands in columns of people, long enough that it can't occur by chance."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    wanted = [at for at, head in enumerate(rows[0]) if any(word in head.lower() for word in PERSONAL)]
    cells = {row[at].strip().lstrip("'") for row in rows[1:] for at in wanted if at < len(row)}
    return {cell for cell in cells if (len(cell) >= 6 or not cell.isascii()) and cell not in {"是", "否"} and not cell.startswith(("return", "new"))}  # fmt: skip


def decoded(path: Path) -> str:
    """Everything a file under .kpi says: as it lies there, and of Parquet every cell and the metadata."""
    words = path.read_bytes().decode("utf-8", errors="replace")
    if path.suffix == ".parquet":
        words += pd.read_parquet(path).to_csv()
    if path.suffix == ".json":
        words += json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
    return words


def test_no_personal_cell_is_kept_below_the_workspaces_state(shared_data: Path, tmp_path: Path) -> None:
    store = store_in(tmp_path, "one")
    folder = shared_data / "format_fixtures"
    sample = max((ROOT / "data/samples/clients/wheatfield-bakery").rglob("訂單報表*.csv"), key=lambda path: path.name)
    for path in (folder / "shopify_orders_export.csv", folder / "shopline_orders_zhTW.csv", folder / "woocommerce_analytics_orders.csv", sample):  # fmt: skip
        shutil.copy(path, data(store, "one"))
    head = "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Billing Name,Billing Phone"
    own = "#1,may.lin@example.com,paid,TWD,100,2026-10-01 12:00:00 +0800,1,Tea,100,林小美,+886-912-345-678"
    (data(store, "one") / "own.csv").write_text(f"{head}\n{own}\n", encoding="utf-8")
    # A shifted row: the reader has to say where it stumbled, and not what stands there.
    shifted = own.replace("TWD,100", "林小美,may.lin@example.com")
    (data(store, "one") / "shifted.csv").write_text(f"{head}\n{shifted}\n", encoding="utf-8")
    reports = {report.file: report for report in store.load("one")}
    assert [name for name, report in reports.items() if report.error] == ["shifted.csv"]
    store.dataset("one"), store.restated("one")
    people = {cell for path in data(store, "one").glob("*.csv") for cell in personal_cells(path)}
    assert len(people) > 1000
    assert {"may.lin@example.com", "林小美", "+886-912-345-678"} <= people
    for path in store.workspace.state_dir.rglob("*"):
        if path.is_file():
            said = decoded(path)
            assert [cell for cell in people if cell in said] == [], path.name
    told = json.dumps([report.as_json(lang) for report in reports.values() for lang in ("zh-TW", "en")], ensure_ascii=False)  # fmt: skip
    assert [cell for cell in people if cell in told] == []


# --- state outlives the program ----------------------------------------------------------------------------------------


def test_another_program_finds_everything_read(tmp_path: Path) -> None:
    """The reader's version is the same in every process (no hash that Python seeds anew)."""
    store = store_in(tmp_path, "one")
    mapping = "name: pos\ntable: orders\ncolumns: {order_id: 單號, ordered_at: 日, total: 金額}\nvalues: {}\nconstants: {currency: TWD, status: valid}\n"
    (store.workspace.root / "clients/one/pos.mapping.yaml").write_text(mapping, encoding="utf-8")
    data(store, "one").joinpath("orders.csv").write_text(order_file(("#1", "may@example.com")), encoding="utf-8")
    store.load("one")
    program = (
        "import sys\nfrom kpi_toolkit.agreement.workspace import open_workspace\nfrom kpi_toolkit.store import Store\n"
        "told = []\nStore(open_workspace(sys.argv[1])).load('one', progress=lambda *step: told.append(step))\nprint(told)"
    )
    for seed in ("1", "2"):
        done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True)  # fmt: skip
        assert done.stdout.strip() == "[]"


def test_a_report_comes_back_from_its_record_as_it_was(shared_data: Path, tmp_path: Path) -> None:
    """Warnings, errors, periods and totals, in both languages."""
    store = store_in(tmp_path, "one")
    for path in fixtures(shared_data):
        shutil.copy(path, data(store, "one"))
    fresh = store.load("one")
    again = Store(open_workspace(tmp_path)).load("one")

    def said(report: LoadReport) -> tuple[object, ...]:
        plain = replace(report, warnings=(), error=None)
        return plain, report.as_json("zh-TW"), report.as_json("en")

    assert [said(report) for report in again] == [said(report) for report in fresh]
    assert sum(report.error is not None for report in fresh) == 1
