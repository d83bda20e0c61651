"""``ampersand demo`` as a process: prints its address, keeps nothing, stops at Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.commands.demo import has_browser
from tests.patience import PATIENCE


@contextmanager
def _running(tmp_path: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BOT_")},
        "TMPDIR": str(scratch),
        "DISPLAY": "",
        "WAYLAND_DISPLAY": "",
    }
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        assert process.stdout is not None
        # Both lines at once: what else was read of a line would be lost to communicate().
        said = process.stdout.readline() + process.stdout.readline()
        yield process, said
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _post(said: str) -> int:
    address = said[said.index("http://") : said.index("/\n") + 1]
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{address}people", b"{}", {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
        return int(answer.status)


def test_it_prints_its_address_keeps_nothing_and_stops_at_ctrl_c(tmp_path: Path) -> None:
    with _running(tmp_path, "--port", "0") as (process, said):
        assert re.match(r"Ampersand is at http://127\.0\.0\.1:\d+/\n", said)
        assert "nothing is kept" in said
        assert _post(said) == 201
        assert list((tmp_path / "scratch").iterdir())
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert complaints == ""
        assert list((tmp_path / "scratch").iterdir()) == []


def test_it_stops_before_anybody_came(tmp_path: Path) -> None:
    with _running(tmp_path, "--port", "0") as (process, _):
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=PATIENCE)
        assert (process.returncode, complaints) == (0, "")


def test_a_file_can_be_kept(tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    with _running(tmp_path, "--port", "0", "--keep", str(kept)) as (process, said):
        assert f"{kept} is kept" in said
        assert _post(said) == 201
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    assert kept.exists()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_taken_port_is_named_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _running(tmp_path, "--port", str(port)) as (process, _):
            _, complaints = process.communicate(timeout=PATIENCE)
            assert process.returncode == 2
            assert complaints.startswith(f"ampersand: port {port}: ")
            assert complaints.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="windows and macs always have a browser")
def test_a_browser_is_opened_only_where_it_opens_in_a_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not has_browser()
    monkeypatch.setenv("DISPLAY", ":0")
    assert has_browser()
