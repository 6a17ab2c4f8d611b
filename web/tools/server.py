"""Serves folders to browsers of this machine."""

from __future__ import annotations

import http.server
import threading
from functools import partial
from pathlib import Path
from typing import Any

from web.tools.steps import DIST, BuildError


class SiteHandler(http.server.SimpleHTTPRequestHandler):
    """Serves folders under address prefixes; browsers ask again each time and mostly get a 304."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a small file waits until its header is acknowledged
    extensions_map = {  # noqa: RUF012 - typed by the base class
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".json": "application/json",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
    }

    def __init__(self, *arguments: Any, folders: dict[str, Path]) -> None:
        self.folders = folders
        super().__init__(*arguments)

    def translate_path(self, path: str) -> str:
        for prefix, folder in self.folders.items():
            if path.startswith(prefix):
                self.directory = str(folder)
                return super().translate_path(path[len(prefix) - 1 :])
        return str(DIST / "no-such-file")

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Only errors are worth a line."""


def make_server(
    folders: dict[str, Path], port: int = 0, handler: type[SiteHandler] = SiteHandler
) -> http.server.ThreadingHTTPServer:
    """A server on 127.0.0.1 for folders by address prefix, such as {"/": DIST}; port 0: any."""
    try:
        return http.server.ThreadingHTTPServer(
            ("127.0.0.1", port), partial(handler, folders=folders)
        )
    except (OSError, OverflowError) as error:
        raise BuildError(
            f"Port {port} cannot be used ({error}). Choose another with --port, "
            "or leave --port out for any free one."
        ) from None


def serve_in_thread(
    folders: dict[str, Path], handler: type[SiteHandler] = SiteHandler
) -> http.server.ThreadingHTTPServer:
    """The same server in the background; .server_port says where, .shutdown() ends it."""
    server = make_server(folders, handler=handler)
    poll = {"poll_interval": 0.05}  # seconds that .shutdown() takes; half a one by default
    threading.Thread(target=server.serve_forever, kwargs=poll, daemon=True).start()
    return server
