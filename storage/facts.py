"""Single facts about this installation: name and value."""

from storage.connection import Connection


class Facts:
    """The repository of facts."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def get(self, name: str) -> str | None:
        """The value of a fact, or None."""
        row = self._conn.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set(self, name: str, value: str) -> None:
        """Note a fact, in the place of an earlier one."""
        self._conn.execute(
            "INSERT INTO facts (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def clear(self, name: str) -> None:
        """Forget a fact."""
        self._conn.execute("DELETE FROM facts WHERE name = ?", (name,))
