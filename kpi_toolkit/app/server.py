"""The server of a live page: Voila by itself, on loopback, with the one notebook and nothing else to be had.

Voila as an extension of another server would let a browser run any code; by itself it takes only widgets' messages.
There is no sign-in here yet, so it answers this machine alone. Who may see which client belongs between `_PageHandler`
and the kernel it starts (an identity provider, an authorizer, a check of the grant), and nowhere else.
"""

from __future__ import annotations

import logging
import os
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_template_paths
from voila.static_file_handler import AllowListFileHandler
from voila.tornado.handler import TornadoVoilaHandler

from kpi_toolkit import paths
from kpi_toolkit.app import words
from kpi_toolkit.app.console import OneLine
from kpi_toolkit.app.live import LivePage, notebook

HOST = "127.0.0.1"
PORT = 8866
TEMPLATE = "kpi"

# Voila's own scripts stand in the page and Vega compiles expressions, so both have to be allowed; whatever slips in
# all the same can neither load anything from elsewhere nor send anything there.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff"}

# A closed tab ends its kernel; these seconds are for tabs that could not say so.
_IDLE, _LOOK = 600, 60
_WIDGETS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8"]
_QUIET = {"level": "ERROR", "handlers": ["console"], "propagate": False}
Announce = Callable[[str], None]


class _PageHandler(TornadoVoilaHandler):
    """The page at `/`; every other address is unknown."""

    async def get(self, path: str | None = None) -> None:
        if path:
            raise HTTPError(404)
        await super().get(path)

    def write_error(self, status_code: int, **_: Any) -> None:
        # Voila's own error pages fail over a setting that it doesn't have.
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(words.unavailable(status_code))


class Server(Voila):
    """Voila with one page: no folder listing, no files, no settings but the ones given here."""

    def __init__(self, announce: Announce, **given: Any) -> None:
        super().__init__(**given)
        self.announce = announce

    def setup_template_dirs(self) -> None:
        """Our template before those that it builds on; the report's style sheet lies with the report's template."""
        own = [paths.templates() / "voila" / TEMPLATE, paths.templates() / "report" / TEMPLATE]
        super().setup_template_dirs()
        self.template_paths = [*map(str, own), *collect_template_paths(["voila", "nbconvert"], "lab", prune=True)]

    def init_handlers(self) -> list[Any]:
        """Voila's, with our page for its page and without the handler that gives files to anybody."""
        kept = [handler for handler in super().init_handlers() if handler[1] is not AllowListFileHandler]
        return [_ours(handler) for handler in kept]

    def start(self) -> None:
        """Serve until stopped; tells the address once it answers."""
        IOLoop.current().add_callback(lambda: self.announce(self.address))
        super().start()

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.port}/"

    def launch_browser(self) -> None:
        """Open the page in the user's browser, if there is one."""
        try:
            webbrowser.open(self.address, new=2)
        except webbrowser.Error:
            self.log.warning("no browser could be opened")


def _ours(handler: tuple[Any, ...]) -> tuple[Any, ...]:
    return (handler[0], _PageHandler, *handler[2:]) if handler[1] is TornadoVoilaHandler else handler


def serve(page: LivePage, *, port: int | None, browser: bool, announce: Announce, debug: bool = False) -> None:
    """Serve `page` on loopback until interrupted; `announce` is called with its address.

    Without a `port` the first free one from 8866 on is taken. Raises UsageError when the page can't be made.
    """
    made = notebook(page)
    with tempfile.TemporaryDirectory(prefix="kpi-app-") as folder:
        file = Path(folder, "page.ipynb")
        nbformat.write(made, file)
        config = settings(page, file, port=port, browser=browser, debug=debug)
        server = Server.instance(announce, config=config)
        server.initialize([])
        for handler in server.log.handlers if not debug else ():
            handler.setFormatter(OneLine(page.lang))
        server.start()


def settings(page: LivePage, file: Path, *, port: int | None, browser: bool, debug: bool = False) -> Config:
    """Voila's settings for the notebook `file`; those that lie in the user's folders don't count."""
    voila = {
        "ip": HOST, "port": port or PORT, "port_retries": 0 if port else 50, "open_browser": browser,
        "notebook_path": str(file), "config_file_paths": [], "log_level": logging.DEBUG if debug else logging.ERROR,
        "logging_config": {"loggers": dict.fromkeys(("tornado", "asyncio", "traitlets"), _QUIET)},
        # Without the check of the Host header, a page elsewhere could give its own name this machine's address.
        "tornado_settings": {"headers": _HEADERS, "allow_remote_access": False, "local_hostnames": ["localhost"]},
    }  # fmt: skip
    shown = {
        "template": TEMPLATE, "theme": "light", "allow_template_override": "NO", "allow_theme_override": "NO",
        "strip_sources": True, "show_tracebacks": debug, "extension_allowlist": _WIDGETS, "extension_denylist": [],
        "resources": {"kpi": _said(page)},
    }  # fmt: skip
    kernels = {"cull_idle_timeout": _IDLE, "cull_interval": _LOOK}
    reached = {"transport": "ipc"} if _has_short_sockets() else {}
    sections = {"Voila": voila, "VoilaConfiguration": shown, "MappingKernelManager": kernels, "KernelManager": reached}
    return Config(sections)


def _has_short_sockets() -> bool:
    # Through sockets in a folder of its own no other user of the machine hears the kernel. A socket's whole path has
    # to fit in 104 characters, of which Voila and Jupyter need 70.
    return os.name == "posix" and len(tempfile.gettempdir()) <= 30


def _said(page: LivePage) -> dict[str, str]:
    """What the template says in the page's language."""
    name = page.client.name.text()
    said = {"loading": words.LOADING.fill(name=name), "failed": words.FAILED, "without_script": words.WITHOUT_SCRIPT}
    return {"lang": page.language_tag} | {key: text.say(page.lang) for key, text in said.items()}
