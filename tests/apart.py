"""A server of its own process, which can be ended for good: run with a folder, it serves that."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from web.tools.server import SiteHandler, make_server
from web.tools.steps import ROOT

PREFIX = "/some/folder/"


class Handler(SiteHandler):
    """Leads from index.html to its folder, as some hosts do, and tells what it is asked for."""

    def do_GET(self) -> None:
        if urlsplit(self.path).path.endswith("/index.html"):
            self.send_response(308)
            self.send_header("Location", self.path.replace("index.html", ""))
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            super().do_GET()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        print(self.path.removeprefix(PREFIX), file=sys.stderr, flush=True)


class Server:
    """The process that serves a folder; what it is asked for stands in a log."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._log = log
        with log.open("w") as stream:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.apart", str(folder)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
            )
        assert self._process.stdout
        self.netloc = f"127.0.0.1:{self._process.stdout.readline().strip()}"
        self.address = f"http://{self.netloc}{PREFIX}"

    def asked(self) -> list[str]:
        """The paths that were asked for so far."""
        return self._log.read_text().split()

    def stop(self) -> None:
        """End it, with all connections that it still had."""
        self._process.kill()
        self._process.wait()


@contextmanager
def served_apart(folder: Path, log: Path) -> Iterator[Server]:
    server = Server(folder, log)
    yield server
    server.stop()


if __name__ == "__main__":
    server = make_server({PREFIX: Path(sys.argv[1])}, handler=Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
