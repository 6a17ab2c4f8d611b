"""What build.py does when things are missing, broken, wrong or busy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

import build
from web.runtime import make
from web.tools import server, steps


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (steps, make):
        monkeypatch.setattr(module, "CACHE", tmp_path)
    return tmp_path


def fetcher(data: bytes) -> dict[str, object]:
    return {"the test": lambda name: data}


class TestNumpyWheel:
    def test_is_kept_in_the_cache(self, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(make, "NUMPY_SOURCES", fetcher(b"numpy"))
        assert make.numpy_wheel("n.whl", steps.sha256(b"numpy")) == b"numpy"
        monkeypatch.setattr(make, "NUMPY_SOURCES", {})
        assert make.numpy_wheel("n.whl", steps.sha256(b"numpy")) == b"numpy"

    def test_replaces_a_broken_cached_file(
        self, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (cache / "n.whl").write_bytes(b"num")
        monkeypatch.setattr(make, "NUMPY_SOURCES", fetcher(b"numpy"))
        assert make.numpy_wheel("n.whl", steps.sha256(b"numpy")) == b"numpy"
        assert ".cache/n.whl is another file" in capsys.readouterr().out

    def test_refuses_another_file_and_says_what_to_do(
        self, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unreachable(name: str) -> bytes:
            raise OSError("no route to host")

        sources = {"the moon": unreachable, "a liar": lambda name: b"malware"}
        monkeypatch.setattr(make, "NUMPY_SOURCES", sources)
        with pytest.raises(steps.BuildError) as refusal:
            make.numpy_wheel("n.whl", steps.sha256(b"numpy"))
        message = str(refusal.value)
        assert "the moon: no route to host" in message
        assert f"a liar: it sent another file (SHA-256 {steps.sha256(b'malware')})" in message
        assert "put n.whl" in message
        assert not (cache / "n.whl").exists()


class TestWriteSite:
    def test_makes_the_folder_equal_to_the_files(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(build, "DIST", tmp_path)
        (tmp_path / "old/deep").mkdir(parents=True)
        (tmp_path / "old/deep/gone.js").write_text("x")
        (tmp_path / "changed.js").write_text("before")
        (tmp_path / "same.js").write_text("same")
        os.utime(tmp_path / "same.js", (1, 1))
        build.write_site({"changed.js": b"after", "same.js": b"same", "new/a.js": b"a"})
        found = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
        assert found == {"changed.js", "same.js", "new/a.js"}
        assert (tmp_path / "changed.js").read_text() == "after"
        assert (tmp_path / "same.js").stat().st_mtime == 1
        assert not (tmp_path / "old").exists()


def test_a_stamp_only_counts_for_its_own_inputs(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    assert not steps.is_done(stamp, "a")
    stamp.write_text("a")
    assert steps.is_done(stamp, "a")
    assert not steps.is_done(stamp, "b")


def test_a_failed_wheel_command_leaves_nothing_behind(cache: Path) -> None:
    with pytest.raises(steps.BuildError, match="Fetching failed"):
        steps.wheels_by_pip(cache / "wheels", "key", "Fetching", "download", "--no-such-option")
    assert not list(cache.iterdir())


def test_a_failing_command_is_quoted() -> None:
    with pytest.raises(steps.BuildError, match="Thinking failed:\n  too hard"):
        steps.run([steps.PYTHON, "-c", "raise SystemExit('too hard')"], "Thinking")


class TestServer:
    @pytest.fixture
    def address(self, tmp_path: Path) -> Iterator[str]:
        for name in ("a.mjs", "a.js", "a.wasm", "a.webmanifest", "a.json", "index.html"):
            (tmp_path / name).write_text("{}")
        served = server.serve_in_thread({"/some/folder/": tmp_path})
        yield f"http://127.0.0.1:{served.server_port}/some/folder/"
        served.shutdown()
        served.server_close()

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("a.mjs", "text/javascript"),
            ("a.js", "text/javascript"),
            ("a.wasm", "application/wasm"),
            ("a.webmanifest", "application/manifest+json"),
            ("a.json", "application/json"),
            ("", "text/html"),
        ],
    )
    def test_names_the_type_and_forbids_stale_copies(
        self, address: str, name: str, kind: str
    ) -> None:
        with urlopen(address + name) as response:
            assert response.headers["Content-Type"] == kind
            assert response.headers["Cache-Control"] == "no-cache"

    def test_does_not_send_again_what_the_browser_has(self, address: str) -> None:
        request = Request(address + "a.js", headers={"If-Modified-Since": formatdate(usegmt=True)})
        with pytest.raises(HTTPError) as answer:
            urlopen(request)
        assert answer.value.code == 304

    @pytest.mark.parametrize("path", ["none.js", "../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd"])
    def test_serves_nothing_outside_its_folders(self, address: str, path: str) -> None:
        with pytest.raises(HTTPError) as answer:
            urlopen(address + path)
        assert answer.value.code == 404

    def test_says_when_a_port_is_taken(self, address: str) -> None:
        port = int(address.split(":")[2].split("/")[0])
        with pytest.raises(steps.BuildError, match=f"Port {port} cannot be used"):
            server.make_server({"/": steps.DIST}, port)
