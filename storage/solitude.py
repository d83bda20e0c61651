"""Making sure that nobody else has the database open, and that all of it is in one file."""

from pathlib import Path

from storage.connection import Connection, DriverError, connect, translated
from storage.errors import DamagedError, InUseError, StorageError, WrongKeyError
from storage.files import beside


def alone(database: Path, key: str | None) -> Connection:
    """Open the database for nobody else, with an empty log and no file beside it.

    The lock of the instance keeps other Ampersands away; this one also keeps away whoever has
    opened the file with another program.

    Raises:
        InUseError: another program has it open.
        StorageError: it cannot be opened.
    """
    conn = connect(database, key)
    try:
        taken = _take(conn)
    except DriverError as error:
        conn.close()
        if "locked" not in str(error):
            raise translated(error) from None
        taken = False
    if not taken:
        conn.close()
        raise InUseError(f"another program has {database} open")
    return conn


def _take(conn: Connection) -> bool:
    conn.execute("PRAGMA busy_timeout = 1000")
    busy, _, _ = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    # Leaving WAL needs the file for itself, and removes the log.
    if busy or conn.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
        return False
    conn.execute("PRAGMA locking_mode = EXCLUSIVE")
    conn.execute("BEGIN EXCLUSIVE")
    conn.execute("COMMIT")
    return True


def settle_alone(database: Path, key: str | None) -> None:
    """Bring the log into the file and leave no log behind.

    Raises:
        DamagedError: the file cannot be read, with this key or at all.
        InUseError: another program has it open.
    """
    try:
        alone(database, key).close()
    except InUseError:
        raise
    except (DamagedError, WrongKeyError):
        raise DamagedError(f"{database} cannot be read") from None
    if beside(database, "-wal").exists():
        raise StorageError(f"the log beside {database} does not go away")
