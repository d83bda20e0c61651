"""A copy that lacks something is found out, and nothing is put in the place of anything by it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage import backups, copying, rekeying, restoring
from storage.backups import Backups
from storage.connection import Connection, connect
from storage.database import Database
from storage.errors import DamagedError
from storage.people import People
from tests.crowd import FIRST, KEY, NOW, contents, fill

Opener = Callable[..., Database]
LACKS = ["DELETE FROM hits WHERE id = 1", "DROP INDEX hits_of_answer", "DROP TABLE covered"]


def lossy(statement: str, conn: Connection, target: Path, key: str | None) -> copying.Extent:
    """Export, and let something get lost on the way."""
    held = copying.export(conn, target, key)
    copy = connect(target, key, journal=None)
    copy.execute(statement)
    copy.close()
    return held


@pytest.mark.parametrize("statement", LACKS)
@pytest.mark.parametrize("work", ["backup", "rekey", "restore"])
def test_a_copy_that_lacks_something_is_not_used(
    tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch, work: str, statement: str
) -> None:
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 10)
    kept = Backups(tmp_path / "backups", path)
    made = kept.make(None, NOW)
    database.close()
    rows = contents(path)
    for room in (backups, rekeying, restoring):
        monkeypatch.setattr(room, "export", partial(lossy, statement))
    works: dict[str, Callable[[], Any]] = {
        "backup": lambda: kept.make(None, NOW),
        "rekey": lambda: rekeying.rekey(path, None, KEY),
        "restore": lambda: restoring.restore(path, None, made.path, None, NOW),
    }
    with pytest.raises(DamagedError, match="does not hold what it was copied from"):
        works[work]()
    assert contents(path) == contents(made.path) == rows
    assert sorted(file.name for file in tmp_path.rglob("*")) == [
        *("ampersand-20260302T120000Z.db", "ampersand.db", "ampersand.db.lock", "backups"),
    ]


def test_a_copy_is_one_moment(tmp_path: Path, opened: Opener) -> None:
    """What is written while it is made is not in it, and does not count as lost either."""
    path = tmp_path / "ampersand.db"
    database = opened(path)
    fill(database, 10)
    before = contents(path)
    conn = connect(path, journal=None)
    seen = 0

    def meanwhile() -> int:
        nonlocal seen
        seen += 1
        if seen == 200:
            database.submit(lambda conn: People(conn).add(FIRST + 99, NOW)).result()
        return 0

    conn.set_progress_handler(meanwhile, 10)
    held = copying.export(conn, tmp_path / "copy.db", None)
    conn.close()
    assert seen > 200
    assert contents(path) != before
    assert contents(tmp_path / "copy.db") == before
    copying.check_copy(tmp_path / "copy.db", None, held)
