"""Removing from an older file whoever was deleted since it was written."""

from storage.connection import Connection, transaction
from storage.erasures import Marks
from storage.store import Store


def leave_out(conn: Connection, marks: Marks, *, forget_marks: bool = False) -> int:
    """Remove everybody who was deleted later than this file knows of, and give how many.

    Afterwards the file knows of all deletions, so doing it again removes nobody who has come back.
    With ``forget_marks`` nobody is removed.

    Raises:
        MarksError: it cannot be told who was deleted.
        StorageError: it cannot be done.
    """
    store = Store(conn)
    pending = store.erasures.pending()
    if pending:
        marks.write(pending)
    known, last = store.erasures.last_number(), marks.last_number()
    deleted = (lambda _: False) if forget_marks else marks.deleted_since(known)
    if last <= known and not pending:
        return 0
    people = conn.execute("SELECT id, chat_id FROM people").fetchall()
    found = [(person_id, chat_id) for person_id, chat_id in people if deleted(chat_id)]
    with transaction(conn):
        for person_id, chat_id in found:
            conn.execute("DELETE FROM people WHERE id = ?", (person_id,))
            store.outbox.drop_chat(chat_id)
            store.messages.drop_chat(chat_id)
            store.inbox.drop_chat(chat_id, also_new=True)
        store.erasures.marked(pending)
        store.erasures.go_on_from(max(known, last))
    return len(found)
