"""The reader that another process has made reads like one that is made here."""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.reader import fetch_reader, load_reader

DATA = Path(__file__).parents[1] / "data" / "reading"


def _texts() -> Iterator[str]:
    for path in sorted(DATA.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines()[::10]:
            yield json.loads(line)["text"]


def test_it_reads_everything_alike() -> None:
    fetched, plain = fetch_reader()
    here, plain_here = load_reader()
    assert plain == plain_here
    assert fetched.version == here.version
    texts = list(_texts())
    assert len(texts) > 400
    assert [fetched.read(text) for text in texts] == [here.read(text) for text in texts]


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/false", "/bin/true", "/bin/echo"])
def test_where_there_is_no_other_process_it_is_made_here(
    program: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", program)
    with caplog.at_level(logging.INFO):
        assert fetch_reader() is load_reader()
    assert "is made here" in caplog.text
