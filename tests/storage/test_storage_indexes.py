"""Nothing is looked for by reading a whole table."""

from pathlib import Path

from storage.connection import Connection, connect
from storage.database import Database


def first_columns(conn: Connection, table: str) -> set[str]:
    """The columns with which the table's indexes begin."""
    indexes = [row[0] for row in conn.execute("SELECT name FROM pragma_index_list(?)", (table,))]
    found = [
        conn.execute("SELECT name FROM pragma_index_info(?) WHERE seqno = 0", (index,)).fetchone()
        for index in indexes
    ]
    return {row[0] for row in found}


def test_every_reference_to_another_row_is_indexed(tmp_path: Path) -> None:
    """Whoever removes a row looks for those that refer to it: without an index, everywhere."""
    path = tmp_path / "ampersand.db"
    Database(path).open().close()
    conn = connect(path, read_only=True)
    tables = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    references = [
        (table, row[0])
        for table in tables
        for row in conn.execute('SELECT "from" FROM pragma_foreign_key_list(?)', (table,))
    ]
    unindexed = [
        (table, name) for table, name in references if name not in first_columns(conn, table)
    ]
    conn.close()
    assert len(references) > 15
    assert unindexed == []
