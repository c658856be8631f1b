"""A workspace: a folder with clients, what was agreed with each, their data, the reports and the state."""

from __future__ import annotations

import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kpi_toolkit.agreement.client import Client
from kpi_toolkit.agreement.document import read_document
from kpi_toolkit.agreement.mapping import Mapping, read_mapping
from kpi_toolkit.agreement.model import Agreed, agreed
from kpi_toolkit.agreement.terms import IS_ID, Currency, Zone, is_id
from kpi_toolkit.agreement.turns import alone
from kpi_toolkit.errors import AgreementError, UsageError, unknown
from kpi_toolkit.i18n import DEFAULT_LANG, Lang, Text, same
from kpi_toolkit.periods import Period

WORKSPACE_FILE = "workspace.yaml"
CLIENT_FILE = "client.yaml"
_DRAFT = ".salt-"
_DRAFTS = f"{_DRAFT}*"
_CLIENT = Text(zh="客戶", en="client")


class Defaults(Agreed):
    """What workspace.yaml says: what holds for every client that doesn't say otherwise."""

    language: Literal["zh-TW", "en"] = DEFAULT_LANG
    currency: Currency = "TWD"
    timezone: Zone = "Asia/Taipei"


@dataclass(frozen=True)
class Workspace:
    """An opened workspace. No id, link or period leads out of `root`."""

    root: Path
    defaults: Defaults

    @property
    def language(self) -> Lang:
        """The language that people read here."""
        return self.defaults.language

    @property
    def currency(self) -> str:
        """The currency of clients that name none."""
        return self.defaults.currency

    @property
    def timezone(self) -> str:
        """The time zone of clients that name none."""
        return self.defaults.timezone

    def client_ids(self) -> list[str]:
        """The ids of all clients, sorted."""
        return sorted(name for name in self._client_folders() if is_id(name))

    def misnamed(self) -> list[str]:
        """Folders that hold a client.yaml and whose names aren't ids: nobody's report is made of them."""
        return sorted(name for name in self._client_folders() if not is_id(name))

    def client(self, client_id: str) -> Client:
        """The client. Raises UsageError naming the nearest id, AgreementError with all faults of its file."""
        file = self.client_file(client_id)
        document = read_document(file)
        if "id" in document.data:
            words = Text(zh="編號就是資料夾的名稱，請刪去這一行", en="the folder's name is the id: remove this line")
            document.faults.append(document.fault(("id",), words))
        document.data["id"] = client_id
        return agreed(Client, document, currency=self.currency, timezone=self.timezone)

    def client_file(self, client_id: str) -> Path:
        """The client's client.yaml. Raises UsageError as client_dir does."""
        return self._inside(self.client_dir(client_id) / CLIENT_FILE)

    def client_dir(self, client_id: str) -> Path:
        """The client's folder. Raises UsageError for what is no id, nobody's id, or a link out of the workspace."""
        _require_id(client_id)
        folder = self._inside(self.root / "clients" / client_id)
        if not (folder / CLIENT_FILE).is_file():
            known = self.client_ids()
            raise unknown(_CLIENT, client_id, known, where=str(self.root)) if known else _no_clients(self.root)
        return folder

    def data_dir(self, client_id: str) -> Path:
        """The folder of the client's exports; it may be missing."""
        return self._inside(self.client_dir(client_id) / "data", self.client_dir(client_id))

    def mappings(self, client_id: str) -> list[Mapping]:
        """The client's mapping files, by name. Raises AgreementError for a faulty one and for two of one name."""
        found: dict[str, Mapping] = {}
        for path in sorted(self.client_dir(client_id).glob("*.mapping.yaml")):
            mapping = read_mapping(self._inside(path))
            if mapping.name in found:
                words = Text(zh="另一個對照檔也叫 {name}", en="another mapping is called {name} too")
                raise AgreementError(words.fill(name=mapping.name), where=str(path))
            found[mapping.name] = mapping
        return list(found.values())

    def source_titles(self, client_id: str) -> dict[str, Text]:
        """What the client's own sources are called, by id: those of its mapping files that say so."""
        return {one.name: one.title.text() for one in self.mappings(client_id) if one.title}

    def reports_dir(self, period: Period | str, client_id: str) -> Path:
        """Where the client's reports of `period` belong; it may not exist yet."""
        _require_id(client_id)
        name = str(period)
        if not name or name != Path(name).name or name.startswith("."):
            raise UsageError(Text(zh="不是期間：{name}", en="not a period: {name}").fill(name=repr(name)))
        return self._inside(self.root / "reports" / name / client_id)

    @property
    def state_dir(self) -> Path:
        """The folder of snapshots and state; it may not exist yet."""
        return self._inside(self.root / ".kpi")

    def salt(self) -> str:
        """The secret that customers' keys are hashed with; made on first use, readable by its owner alone.

        Raises AgreementError when the file doesn't hold what was once written: with another salt, known customers
        would look new.
        """
        file = self.state_dir / "salt"
        if not file.exists() or any(self.state_dir.glob(_DRAFTS)):
            _write_once(file, secrets.token_hex(32))
        words = self._inside(file).read_text(encoding="ascii", errors="replace").strip()
        if len(words) < 32:
            fault = Text(zh="雜湊用的鹽損壞了", en="the salt is damaged")
            todo = Text(
                zh="請從備份還原；若沒有，刪去整個 .kpi 資料夾再讀一次",
                en="restore it from a backup; without one, remove the whole folder .kpi and read again",
            )
            raise AgreementError(fault, where=str(file), todo=todo)
        return words

    def _client_folders(self) -> list[str]:
        folder = self._inside(self.root / "clients")
        return [one.parent.name for one in folder.glob(f"*/{CLIENT_FILE}")] if folder.is_dir() else []

    def _inside(self, path: Path, fence: Path | None = None) -> Path:
        """`path` itself, unless links lead it out of the workspace (or of `fence`)."""
        if not path.resolve().is_relative_to((fence or self.root).resolve()):
            words = Text(zh="這個捷徑指到工作區以外", en="a link that leads out of the workspace")
            raise UsageError(
                words, where=str(path), todo=Text(zh="請把檔案放進來", en="put the files themselves there")
            )
        return path


def open_workspace(folder: Path | str) -> Workspace:
    """The workspace in `folder`. Raises UsageError when there is none, AgreementError for faults in workspace.yaml."""
    root = Path(folder)
    file = root / WORKSPACE_FILE
    if not file.is_file():
        raise UsageError(
            Text(zh="這裡沒有工作區（缺 workspace.yaml）", en="no workspace here (workspace.yaml is missing)"),
            where=str(root),
            todo=Text(
                zh="用 kpi-toolkit init DIR 建立一個，或用 --workspace 指定",
                en="make one with `kpi-toolkit init DIR`, or name one with --workspace",
            ),
        )
    return Workspace(root, agreed(Defaults, read_document(file)))


def find_workspace(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds a workspace; `start` itself when none does."""
    folders = [start, *start.resolve().parents]
    return next((folder for folder in folders if (folder / WORKSPACE_FILE).is_file()), start)


def _require_id(client_id: str) -> None:
    if not is_id(client_id):
        raise UsageError(IS_ID.fill(value=same(repr(client_id[:80]))))


def _no_clients(root: Path) -> UsageError:
    words = Text(zh="這個工作區還沒有客戶", en="this workspace has no clients yet")
    return UsageError(
        words, where=str(root), todo=Text(zh="建立 clients/<編號>/client.yaml", en="write clients/<id>/client.yaml")
    )


def _write_once(file: Path, words: str) -> None:
    """Write `file` whole or not at all; whoever comes second leaves the first one's. What killed programs left goes."""
    # Taking turns instead of linking the draft to its place: exFAT and some network drives know no hard links.
    file.parent.mkdir(parents=True, exist_ok=True)
    with alone(file.parent, _DRAFTS):
        if file.exists():
            return
        handle, draft = tempfile.mkstemp(dir=file.parent, prefix=_DRAFT)  # readable by its owner alone
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(words)
            out.flush()
            os.fsync(handle)
        Path(draft).replace(file)
