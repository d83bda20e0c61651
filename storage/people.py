"""People: who talks to the bot, where they are in a conversation, and what they chose."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from storage.connection import Connection
from storage.erasures import Erasures
from storage.instants import from_seconds, to_day, to_seconds

AGREED_ELSEWHERE = "import"
"""The consent of somebody who was brought here: they are asked anew at the first contact."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person, as stored.

    ``step`` names what the bot waits for ("consent", "city", ...) and ``step_data`` holds what that
    step needs; both are empty between conversations. ``silence`` is how long they have not
    answered. ``consented_at`` stays when ``consent`` is taken back. ``ask_at`` is "HH:MM", ``days``
    the allowed ISO weekdays as digits, ``weekly_at`` is "D HH:MM", all in ``zone``. ``widest`` is
    the axis that was least clear in the last report. ``discreet``: whoever picks up the phone is to
    find nothing. ``masks`` are names that are replaced before a text is stored. ``purge_told_on``
    and ``silence_told_on`` are the local days on which the person was last told that something will
    be removed, ``purge_told_before`` the one before that.
    """

    id: int
    chat_id: int
    state: str
    step: str | None
    step_data: dict[str, Any]
    created_at: datetime
    consent: str | None
    consented_at: datetime | None
    keep_days: int | None
    push: str | None
    zone: str | None
    place: str | None
    ask_at: str
    days: str
    weekly_at: str
    silence: dict[str, Any]
    paused_until: date | None
    started_on: date | None
    heard_at: datetime | None
    country: str | None
    card: str | None
    help_until: datetime | None
    widest: str | None
    discreet: bool
    masks: tuple[str, ...]
    purge_told_on: date | None
    purge_told_before: date | None
    silence_told_on: date | None

    @property
    def withdrawn(self) -> bool:
        """Whether they took their consent back and let what there was of them lie."""
        return self.consent is None and self.consented_at is not None

    @property
    def ready(self) -> bool:
        """Whether onboarding is finished: consent, place and time are known."""
        return self.consent is not None and self.started_on is not None and self.zone is not None


COLUMNS = (
    "id, chat_id, state, step, step_data, created_at, consent, consented_at, keep_days, push, zone,"
    " place, ask_at, days, weekly_at, silence, paused_until, started_on, heard_at,"
    " country, card, help_until, widest, discreet, masks, purge_told_on, purge_told_before,"
    " silence_told_on"
)
_DAYS = ("paused_until", "started_on", "purge_told_on", "purge_told_before", "silence_told_on")
_SETTABLE = frozenset(COLUMNS.replace(" ", "").split(",")) - {"id", "chat_id", "created_at"}


class People:
    """The repository of people."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    def get(self, person_id: int) -> Person | None:
        """The person with this id, or None."""
        return self._one("id = ?", person_id)

    def in_chat(self, chat_id: int) -> Person | None:
        """The person of this private chat, or None."""
        return self._one("chat_id = ?", chat_id)

    def add(self, chat_id: int, now: datetime) -> Person:
        """Make a row for a new chat, or give the one that is there."""
        self._conn.execute(
            "INSERT OR IGNORE INTO people (chat_id, created_at) VALUES (?, ?)",
            (chat_id, to_seconds(now)),
        )
        person = self.in_chat(chat_id)
        if person is None:
            raise LookupError("the row just made is not there")
        return person

    def update(self, person: Person, **values: Any) -> Person:
        """Set columns by name and give the person as they now are.

        Dates and instants are taken as such; ``step_data`` as a dict.

        Raises:
            ValueError: a column that does not exist or may not be changed.
        """
        if not values.keys() <= _SETTABLE:
            raise ValueError(f"cannot set {sorted(values.keys() - _SETTABLE)}")
        stored = [_stored(value) for value in values.values()]
        columns = ", ".join(f"{name} = ?" for name in values)
        row = self._conn.execute(
            f"UPDATE people SET {columns} WHERE id = ? RETURNING {COLUMNS}",  # noqa: S608 - names checked above
            (*stored, person.id),
        ).fetchone()
        if row is None:
            raise LookupError("the person is gone")
        return _person(row)

    def delete(self, person: Person) -> None:
        """Remove the person; every row that hangs on them goes with them.

        The deletion is noted for good, in a form that names nobody (see ``storage/erasures.py``).
        """
        Erasures(self._conn).add(person.chat_id)
        self._conn.execute("DELETE FROM people WHERE id = ?", (person.id,))

    def count(self) -> int:
        """How many people are known."""
        return int(self._conn.execute("SELECT count(*) FROM people").fetchone()[0])

    def _one(self, where: str, value: int) -> Person | None:
        row = self._conn.execute(
            f"SELECT {COLUMNS} FROM people WHERE {where}",  # noqa: S608 - constants of this module
            (value,),
        ).fetchone()
        return None if row is None else _person(row)


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_seconds(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict | tuple):
        return json.dumps(value, ensure_ascii=False) if value else None
    return value


def _person(row: Any) -> Person:
    values = dict(zip(row.keys(), row, strict=True))
    for name in ("step_data", "silence"):
        values[name] = json.loads(values[name]) if values[name] else {}
    values["created_at"] = from_seconds(values["created_at"])
    for name in ("consented_at", "heard_at", "help_until"):
        if values[name] is not None:
            values[name] = from_seconds(values[name])
    values["discreet"] = bool(values["discreet"])
    values["masks"] = tuple(json.loads(values["masks"])) if values["masks"] else ()
    for name in _DAYS:
        if values[name] is not None:
            values[name] = to_day(values[name])
    return Person(**values)
