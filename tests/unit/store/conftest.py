"""A client with a folder for exports, and small exports as the platforms give them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kpi_toolkit.agreement.workspace import open_workspace
from kpi_toolkit.sources.load_report import LoadReport
from kpi_toolkit.store import Store
from kpi_toolkit.store import store as store_module

CLIENT = "name: {zh: 甲公司, en: Acme}\ngoal: orders\n"
Row = Sequence[object]
Export = Callable[..., str]


def _store_in(root: Path, *clients: str) -> Store:
    root.mkdir(parents=True, exist_ok=True)
    (root / "workspace.yaml").write_text("language: en\n", encoding="utf-8")
    for client in clients or ("acme",):
        (root / "clients" / client / "data").mkdir(parents=True)
        (root / "clients" / client / "client.yaml").write_text(CLIENT, encoding="utf-8")
    return Store(open_workspace(root))


@pytest.fixture
def store_in() -> Callable[..., Store]:
    """Makes a workspace in a folder, with clients who have no files yet."""
    return _store_in


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A workspace with the one client `acme`, who has no files yet."""
    return _store_in(tmp_path / "ws")


@pytest.fixture
def put() -> Callable[..., Path]:
    """Puts a file into a client's folder."""

    def write(store: Store, name: str, content: str | bytes, client: str = "acme") -> Path:
        path = store.workspace.root / "clients" / client / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def _load(store: Store, client: str = "acme") -> dict[str, LoadReport]:
    reports = {report.file: report for report in store.load(client)}
    assert [report.error.say("en") for report in reports.values() if report.error] == []
    return reports


@pytest.fixture
def load() -> Callable[..., dict[str, LoadReport]]:
    """The reports by file, all of them read."""
    return _load


@pytest.fixture
def rows() -> Callable[..., list[tuple[object, ...]]]:
    """The dataset's rows, as sorted tuples; dates as ISO days."""

    def ask(store: Store, name: str, *columns: str, client: str = "acme") -> list[tuple[object, ...]]:
        _load(store, client)
        with store.dataset(client) as dataset:
            frame = dataset.frame(name)[list(columns)]
        dated = [column for column in frame if "datetime" in str(frame[column].dtype)]
        plain = {column: frame[column].dt.strftime("%Y-%m-%d") for column in dated}
        return sorted(frame.assign(**plain).fillna("").itertuples(index=False, name=None))

    return ask


@pytest.fixture
def state() -> Callable[..., Path]:
    """The folder in which the store keeps a client's snapshots."""
    return lambda store, client="acme": store.workspace.state_dir / "clients" / client


@pytest.fixture
def bytes_of(state: Callable[..., Path]) -> Callable[..., dict[str, tuple[bytes, int, int]]]:
    """Every snapshot's file: its bytes, its time of change and its place on disk."""

    def look(store: Store, pattern: str = "*") -> dict[str, tuple[bytes, int, int]]:
        found = [path for path in state(store).glob(pattern) if path.name not in {"lock", "files.json"}]
        return {path.name: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in found}

    return look


@pytest.fixture
def no_reader(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Once called, whoever reads a file fails the test."""

    def never(*_: object, **__: object) -> None:
        pytest.fail("a file was read again")

    return lambda: monkeypatch.setattr(store_module, "read", never)


# --- exports --------------------------------------------------------------------------------------------------------


def _table(header: str, rows: Sequence[Row], above: str = "") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([header.split(","), *rows])
    return above + out.getvalue()


@pytest.fixture
def table() -> Export:
    """A table: header, rows, and the lines above it."""
    return _table


@pytest.fixture
def google() -> Export:
    """Google Ads by day: day, campaign, clicks, cost, then the columns named in `more`."""
    above = "Campaign report\nOctober 1, 2026 - October 31, 2026\n"
    return lambda *rows, more="": _table(f"Day,Campaign,Clicks,Cost{',' + more if more else ''},Currency code", [[*row, "TWD"] for row in rows], above)  # fmt: skip


@pytest.fixture
def meta() -> Export:
    """Meta by day and ad: day, campaign, ad set, ad, spend."""
    header = "Day,Campaign name,Ad set name,Ad name,Amount spent (TWD),Impressions"
    return lambda *rows: _table(header, [[*row, 100] for row in rows])


@pytest.fixture
def shopify() -> Export:
    """Shopify: order, e-mail, financial status, day, total, item."""
    header = "Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price"
    return lambda *rows: _table(header, [(order, mail, status, "TWD", total, f"{day} 12:00:00 +0800", 1, item, total) for order, mail, status, day, total, item in rows])  # fmt: skip


@pytest.fixture
def ga4() -> Export:
    """GA4 by day: yyyymmdd, source / medium, sessions."""
    header, above = "Date,Session source / medium,Sessions,Ecommerce purchases", "# Free form 1\n# Property: shop\n"
    return lambda *rows: _table(header, [[*row, 1] for row in rows], above)
