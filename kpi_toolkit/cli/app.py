"""`app`: the live page of one client on this machine; what is wrong is told before the server starts."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

from kpi_toolkit.agreement.workspace import Workspace
from kpi_toolkit.cli import output
from kpi_toolkit.cli.known import known_client
from kpi_toolkit.cli.progress import following
from kpi_toolkit.cli.reporting import untouched
from kpi_toolkit.errors import UsageError
from kpi_toolkit.i18n import Lang, Text
from kpi_toolkit.periods import parse_period

if TYPE_CHECKING:
    from kpi_toolkit.app.live import LivePage

_SHOWN = Text(
    zh="{title}：{address}（按 Ctrl+C 結束）",
    en="{title}: {address} (Ctrl+C ends it)",
)
_OTHERS = Text(zh="其他客戶用 --client：{others}", en="other clients with --client: {others}")


def run(
    workspace: Workspace, *, client: str | None, period: str | None, lang: Lang, ip: str, port: int | None, browser: bool,
    debug: bool,
) -> int:  # fmt: skip
    """Serve the page until interrupted. Raises UsageError for what doesn't exist or may not be."""
    require_loopback(ip)
    if port is not None:
        require_free(port)
    page = chosen(workspace, client, period, lang)
    from kpi_toolkit.app.server import serve

    if client is None and (others := [one for one in workspace.client_ids() if one != page.client.id]):
        output.note(_OTHERS.fill(others=", ".join(others)).say(lang))
    serve(
        page, port=port, browser=browser, debug=debug,
        announce=lambda address: output.tell(_SHOWN.fill(title=page.title, address=address).say(lang)),
    )  # fmt: skip
    return 0


def chosen(workspace: Workspace, client: str | None, period: str | None, lang: Lang) -> LivePage:
    """The page asked for; without a client the first that has data, without a period the newest month.

    What is new in the client's folder is read here, so that a fault is told now and the page opens sooner.
    """
    from kpi_toolkit.app.live import LivePage, newest_month
    from kpi_toolkit.store import Store

    asked = parse_period(period) if period else None
    who = known_client(workspace, client or _first(workspace))
    with following(who.id) as progress:
        reports = Store(workspace).load(who.id, progress=progress)
    return LivePage(workspace=workspace, client=who, period=asked or newest_month(reports, who.id), lang=lang)


def _first(workspace: Workspace) -> str:
    ids = workspace.client_ids()
    # Where there are no clients, whichever is asked for is told so.
    return next((one for one in ids if not untouched(workspace, one)), ids[0] if ids else "client")


def require_loopback(ip: str) -> None:
    """Refuse any address that other machines can reach: nobody is asked to sign in yet. Raises UsageError."""
    try:
        loopback = ip == "localhost" or ipaddress.ip_address(ip).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError(
            Text(
                zh="還沒有登入與權限，所以只給這台電腦看，不能用 {ip}",
                en="there is no sign-in yet, so the page is for this machine alone, not for {ip}",
            ).fill(ip=repr(ip)),
            where="--ip",
            todo=Text(zh="請拿掉 --ip；給別人看請寄報表檔", en="leave --ip out; send others the report's file"),
        )


def require_free(port: int) -> None:
    """Raises UsageError when the port can't be had."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            raise UsageError(
                Text(zh="這個連接埠不能用，可能有別的程式在用", en="the port can't be had; another program may use it"),
                where=f"--port {port}",
                todo=Text(zh="換一個，或不寫 --port", en="name another one, or leave --port out"),
            ) from None
