"""/history: what the person wrote, page by page, with search, and deleting one entry."""

from bot.chat.incoming import Press, Text
from bot.chat.lengths import cut
from bot.chat.messages import Button, Rows, edit, send, toast
from bot.chat.turn import Turn
from storage.answers import Answer
from storage.outbox import Outgoing

PAGE = 5
EXCERPT = 500
"""So many UTF-16 units of an entry are shown; five of them fit one message of 4,096."""

SEARCH_BYTES = 30
"""A search has to fit into the 64 bytes of a button's data, beside what else stands there."""


def show(turn: Turn, _: Text, argument: str) -> list[Outgoing]:
    """/history, or /history WORD."""
    text, rows = _page(turn, 0, _searchable(argument))
    return [send(turn.chat_id, text, rows, protect=True)]


def press_page(turn: Turn, press: Press, offset: str, search: str) -> list[Outgoing]:
    """Older and newer."""
    if not offset.isdecimal():
        return [toast(press, turn.label("question.toast_unknown"))]
    text, rows = _page(turn, int(offset), search)
    return [toast(press), edit(turn.chat_id, press.message_id, text, rows)]


def press_delete(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """Ask before an entry is deleted."""
    answer = _mine(turn, number)
    if answer is None:
        return [toast(press, turn.label("question.toast_unknown"))]
    rows = [
        [
            Button(turn.label("history.button_sure"), f"histsure:{answer.id}", style="danger"),
            Button(turn.label("history.button_keep"), "hist:0:"),
        ]
    ]
    excerpt, _ = cut(answer.text, EXCERPT)
    text = turn.say("history.sure", date=_date(turn, answer), text=excerpt)
    return [toast(press), edit(turn.chat_id, press.message_id, text, rows)]


def press_sure(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """Delete the entry and everything that was read in it."""
    answer = _mine(turn, number)
    if answer is None:
        return [toast(press, turn.label("question.toast_unknown"))]
    turn.store.answers.delete(answer.id)
    return [toast(press), edit(turn.chat_id, press.message_id, turn.say("history.deleted"))]


def _page(turn: Turn, offset: int, search: str) -> tuple[str, Rows]:
    found = turn.store.answers.page(turn.person.id, search, offset, PAGE + 1)
    shown, more = found[:PAGE], len(found) > PAGE
    if not shown:
        return turn.say("history.nothing", search=search), []
    entries = [
        {
            "date": _date(turn, answer),
            "question": _question(turn, answer),
            "text": cut(answer.text, EXCERPT)[0],
        }
        for answer in shown
    ]
    rows = [
        [
            Button(turn.label("history.button_delete", number=at), f"histdel:{answer.id}")
            for at, answer in enumerate(shown, start=1)
        ]
    ]
    turns = []
    if offset:
        newer = max(0, offset - PAGE)
        turns.append(Button(turn.label("history.button_newer"), f"hist:{newer}:{search}"))
    if more:
        turns.append(Button(turn.label("history.button_older"), f"hist:{offset + PAGE}:{search}"))
    return turn.say("history.page", entries=entries, search=search), [*rows, turns]


def _searchable(argument: str) -> str:
    word = argument.replace(":", " ").strip()
    while len(word.encode()) > SEARCH_BYTES:
        word = word[:-1]
    return word


def _question(turn: Turn, answer: Answer) -> str | None:
    asked = None if answer.asked_id is None else turn.store.asked.get(answer.asked_id)
    return None if asked is None else asked.text


def _date(turn: Turn, answer: Answer) -> str:
    day = answer.day
    return turn.label("history.date", day=day.day, month=day.month, year=day.year)


def _mine(turn: Turn, number: str) -> Answer | None:
    answer = turn.store.answers.get(int(number)) if number.isdecimal() else None
    return answer if answer is not None and answer.person_id == turn.person.id else None
