"""/settings with a button for everything that has a command, and /days, /weekly, /chapter."""

from bot.chat import breaks, discreet, erasure, export, place
from bot.chat.agenda import plan_check_in, plan_question
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, Rows, edit, send, toast
from bot.chat.turn import Turn
from bot.chat.welcome import KEEP_CHOICES
from bot.rhythm.clock_words import days_in, weekly_in
from storage.outbox import Outgoing

EVERY_DAY = "1234567"


def show(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/settings."""
    text, rows = _page(turn)
    return [send(turn.chat_id, text, rows)]


def press(turn: Turn, press: Press, what: str) -> list[Outgoing]:
    """A button of the settings."""
    if not turn.person.ready:
        return [toast(press)]
    nobody = Text(turn.chat_id, press.message_id, "", turn.now, None, edited=False)
    asks = {
        "time": lambda: place.time(turn, nobody, ""),
        "place": lambda: place.ask(turn),
        "pause": lambda: breaks.pause(turn, nobody, ""),
        "chapter": lambda: chapter(turn, nobody, ""),
        "delete": lambda: erasure.ask(turn, nobody, ""),
        "discreet": lambda: discreet.page(turn),
        "export": lambda: export.offer(turn),
    }
    if what in asks:
        return [toast(press), *asks[what]()]
    if what == "push":
        turn.update(push="quiet" if turn.person.push == "text" else "text")
    elif what == "keep":
        at = KEEP_CHOICES.index(turn.person.keep_days or 0)
        chosen = KEEP_CHOICES[(at + 1) % len(KEEP_CHOICES)]
        # a shorter time is told of anew before anything goes
        turn.update(keep_days=chosen, purge_told_on=None, purge_told_before=None)
    elif what == "days":
        return [toast(press), _edit(turn, press, *_days_page(turn))]
    elif what == "weekly":
        return [toast(press), _edit(turn, press, *_weekly_page(turn))]
    elif what != "page":
        return [toast(press, turn.label("question.toast_unknown"))]
    return [toast(press), _edit(turn, press, *_page(turn))]


def days(turn: Turn, _: Text, argument: str) -> list[Outgoing]:
    """/days, with weekdays or asking for them."""
    if not argument:
        text, rows = _days_page(turn)
        return [send(turn.chat_id, text, rows)]
    chosen = days_in(argument)
    if not chosen:
        return [send(turn.chat_id, turn.say("settings.days_unknown"))]
    _set_days(turn, chosen)
    return [send(turn.chat_id, turn.say("settings.days_set", days=_days(turn)))]


def press_day(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """A weekday under /days: on or off, one always stays."""
    if not turn.person.ready or number not in set(EVERY_DAY):
        return [toast(press, turn.label("question.toast_unknown"))]
    chosen = frozenset(int(digit) for digit in turn.person.days) ^ {int(number)}
    if not chosen:
        return [toast(press, turn.label("settings.toast_one_day"))]
    _set_days(turn, chosen)
    return [toast(press), _edit(turn, press, *_days_page(turn))]


def weekly(turn: Turn, _: Text, argument: str) -> list[Outgoing]:
    """/weekly, with a day and time or asking for them."""
    if not argument:
        text, rows = _weekly_page(turn)
        return [send(turn.chat_id, text, rows)]
    chosen = weekly_in(argument)
    if chosen is None:
        return [send(turn.chat_id, turn.say("settings.weekly_unknown"))]
    _set_weekly(turn, chosen[0], chosen[1].strftime("%H:%M"))
    weekday, at = _weekly(turn)
    return [send(turn.chat_id, turn.say("settings.weekly_set", weekday=weekday, weekly_at=at))]


def press_weekly(turn: Turn, press: Press, number: str) -> list[Outgoing]:
    """A weekday under /weekly."""
    if not turn.person.ready or number not in set(EVERY_DAY):
        return [toast(press, turn.label("question.toast_unknown"))]
    _set_weekly(turn, int(number), turn.person.weekly_at.partition(" ")[2])
    return [toast(press), _edit(turn, press, *_weekly_page(turn))]


def chapter(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/chapter: ask before a new baseline begins."""
    rows = [
        [Button(turn.label("settings.button_chapter_yes"), "chapter:yes")],
        [Button(turn.label("settings.button_chapter_no"), "chapter:no")],
    ]
    return [send(turn.chat_id, turn.say("settings.chapter_ask"), rows)]


def press_chapter(turn: Turn, press: Press, choice: str) -> list[Outgoing]:
    """The buttons under /chapter."""
    if not turn.person.ready:
        return [toast(press)]
    if choice == "yes":
        turn.store.reports.mark(turn.person.id, turn.today, "chapter")
    said = "settings.chapter_begun" if choice == "yes" else "settings.chapter_kept"
    return [toast(press), _edit(turn, press, turn.say(said), ())]


def _page(turn: Turn) -> tuple[str, Rows]:
    weekday, at = _weekly(turn)
    text = turn.say(
        "settings.page",
        ask_at=turn.person.ask_at,
        place=turn.person.place or turn.person.zone,
        days=_days(turn),
        pace=turn.silence.pace.value,
        weekday=weekday,
        weekly_at=at,
        push="discreet" if turn.person.discreet else turn.person.push,
        keep=turn.person.keep_days,
    )
    grid = (
        ("time", "place"),
        ("days", "weekly"),
        ("push", "keep"),
        ("pause", "chapter"),
        ("discreet", "export"),
    )
    rows = [
        [Button(turn.label(f"settings.button_{what}"), f"set:{what}") for what in pair]
        for pair in grid
    ]
    rows.append([Button(turn.label("settings.button_delete"), "set:delete", style="danger")])
    return text, rows


def _days_page(turn: Turn) -> tuple[str, Rows]:
    chosen = turn.person.days
    buttons = [
        Button(
            turn.label("settings.button_day", number=int(digit), chosen=digit in chosen),
            f"day:{digit}",
        )
        for digit in EVERY_DAY
    ]
    rows = [buttons[:4], buttons[4:], [_done(turn)]]
    return turn.say("settings.days_ask", days=_days(turn)), rows


def _weekly_page(turn: Turn) -> tuple[str, Rows]:
    weekday, at = _weekly(turn)
    chosen = turn.person.weekly_at[0]
    buttons = [
        Button(
            turn.label("settings.button_day", number=int(digit), chosen=digit == chosen),
            f"weekly:{digit}",
        )
        for digit in EVERY_DAY
    ]
    text = turn.say("settings.weekly_ask", weekday=weekday, weekly_at=at)
    return text, [buttons[:4], buttons[4:], [_done(turn)]]


def _done(turn: Turn) -> Button:
    return Button(turn.label("settings.button_done"), "set:page")


def _edit(turn: Turn, press: Press, text: str, rows: Rows) -> Outgoing:
    return edit(turn.chat_id, press.message_id, text, rows)


def _days(turn: Turn) -> str:
    names = [turn.label("settings.weekday", number=int(digit)) for digit in turn.person.days]
    return turn.label("settings.days", names=names)


def _weekly(turn: Turn) -> tuple[str, str]:
    day, _, at = turn.person.weekly_at.partition(" ")
    return turn.label("settings.weekday", number=int(day)), at


def _set_days(turn: Turn, chosen: frozenset[int]) -> None:
    turn.update(days="".join(str(day) for day in sorted(chosen)))
    if turn.person.state == "active":
        plan_question(turn)


def _set_weekly(turn: Turn, day: int, at: str) -> None:
    turn.update(weekly_at=f"{day} {at}")
    if turn.person.state == "active":
        plan_check_in(turn)
