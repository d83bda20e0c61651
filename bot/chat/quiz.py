"""/quiz: 24 items in one message, left and taken up again at will, then the first reading."""

from datetime import date

from bot.chat import evidence
from bot.chat.incoming import Press, Text
from bot.chat.messages import Button, Rows, edit, send, toast
from bot.chat.picture import picture
from bot.chat.question_card import Said
from bot.chat.turn import Turn
from bot.drift.beads import answer_bead
from bot.drift.quizzes import Closeness, read_quiz
from bot.drift.rules import Rule, Source
from bot.report.quiz import quiz_text
from bot.report.record import counted
from bot.rhythm.weekly import next_retake
from storage.outbox import Outgoing, Priority
from storage.quizzes import Quiz

CLOSENESS = ("now", "wished")


def offer_once(turn: Turn, said: Said) -> list[Outgoing]:
    """Offer the quiz after the very first sign of life, and never again.

    ``said`` is all that was said to a question.
    """
    signs = said.kept + (said.tap is not None)
    first = signs == 1 and turn.store.asked.count(turn.person.id) == 1
    # in a discreet chat nothing is offered that nobody has asked for
    if not first or turn.person.discreet or turn.store.quizzes.of_person(turn.person.id):
        return []
    row = [Button(turn.label("quiz.button_begin"), "begin:quiz")]
    return [send(turn.chat_id, turn.say("quiz.offer"), [row])]


def begin(turn: Turn, _: Text, __: str) -> list[Outgoing]:
    """/quiz: begin, or go on where it was left; not again within 28 days."""
    quiz = _open_quiz(turn)
    if isinstance(quiz, date):
        return [send(turn.chat_id, turn.say("quiz.wait", day=quiz.day, month=quiz.month))]
    text, rows = _page(turn, quiz, _first_open(turn, quiz))
    return [send(turn.chat_id, text, rows)]


def press_begin(turn: Turn, press: Press, _: str) -> list[Outgoing]:
    """The button under the offer."""
    if not turn.person.ready:
        return [toast(press)]
    quiz = _open_quiz(turn)
    if isinstance(quiz, date):
        return [
            toast(press),
            send(turn.chat_id, turn.say("quiz.wait", day=quiz.day, month=quiz.month)),
        ]
    text, rows = _page(turn, quiz, _first_open(turn, quiz))
    return [toast(press), edit(turn.chat_id, press.message_id, text, rows)]


def press_item(turn: Turn, press: Press, number: str, position: str, choice: str) -> list[Outgoing]:
    """A button of an item: a value, "doesn't fit" (0), back (b) or leave (x)."""
    quiz = _mine(turn, number)
    items = turn.content.rules.rules
    if quiz is None or not position.isdecimal() or int(position) >= len(items) + len(CLOSENESS):
        return [toast(press, turn.label("question.toast_unknown"))]
    if quiz.finished_on is not None:
        return [toast(press, turn.label("question.toast_unknown"))]
    at = int(position)
    if choice == "x":
        return [toast(press), edit(turn.chat_id, press.message_id, turn.say("quiz.left"))]
    if choice == "b":
        return _show(turn, press, quiz, max(0, at - 1))
    if not _keep(turn, quiz, at, choice):
        return [toast(press, turn.label("question.toast_unknown"))]
    fresh = turn.store.quizzes.get(quiz.id)
    if fresh is None:
        raise LookupError("a quiz that was just there is gone")
    if at + 1 < len(items) + len(CLOSENESS):
        return _show(turn, press, fresh, at + 1)
    return [toast(press), *_finish(turn, press, fresh)]


def _keep(turn: Turn, quiz: Quiz, at: int, choice: str) -> bool:
    items = turn.content.rules.rules
    if at < len(items):
        if choice not in {"0", "1", "2", "3", "4", "5"}:
            return False
        turn.store.quizzes.answer(quiz.id, items[at].id, int(choice) or None)
        return True
    if choice not in {"1", "2", "3", "4", "5", "6", "7"}:
        return False
    turn.store.quizzes.set_closeness(quiz.id, CLOSENESS[at - len(items)], int(choice))
    return True


def _show(turn: Turn, press: Press, quiz: Quiz, at: int) -> list[Outgoing]:
    text, rows = _page(turn, quiz, at)
    return [toast(press), edit(turn.chat_id, press.message_id, text, rows)]


def _finish(turn: Turn, press: Press, quiz: Quiz) -> list[Outgoing]:
    day = turn.today
    turn.store.quizzes.finish(quiz.id, day)
    beads = [
        answer_bead(turn.content.rules[rule], value, day, Source.QUIZ)
        for rule, value in turn.store.quizzes.answers(quiz.id).items()
        if value is not None and rule in turn.content.rules
    ]
    turn.store.beads.replace(
        turn.person.id,
        Source.QUIZ.value,
        quiz.id,
        [evidence.stored(bead, quiz.id) for bead in beads],
    )
    closeness = None
    if quiz.closeness_now is not None and quiz.closeness_wished is not None:
        closeness = Closeness(quiz.closeness_now, quiz.closeness_wished)
    earlier = [
        bead
        for bead in turn.store.beads.of_source(turn.person.id, Source.QUIZ.value)
        if bead.source_id != quiz.id
    ]
    said = quiz_text(
        turn.content.words, turn.content.rules, beads, counted(earlier), day, closeness
    )
    row = [Button(turn.label("report.button_safety"), "help:now")] if said.help else []
    result = edit(turn.chat_id, press.message_id, said.text, [row] if row else [])
    if turn.person.discreet or said.help:
        return [result]
    sketch = turn.content.pictures.quiz(read_quiz(day, beads))
    return [result, picture(turn, sketch, Priority.ANSWER)]


def _page(turn: Turn, quiz: Quiz, at: int) -> tuple[str, Rows]:
    items = turn.content.rules.rules
    if at < len(items):
        return _item(turn, quiz, at, items[at], len(items))
    which = CLOSENESS[at - len(items)]
    values = [_button(turn, quiz, at, value, None) for value in range(1, 8)]
    return turn.say(f"quiz.closeness_{which}"), [values, _turns(turn, quiz, at)]


def _item(turn: Turn, quiz: Quiz, at: int, rule: Rule, total: int) -> tuple[str, Rows]:
    chosen = turn.store.quizzes.answers(quiz.id).get(rule.id)
    text = turn.say("quiz.item", number=at + 1, total=total, text=rule.quiz)
    values = [_button(turn, quiz, at, value, chosen) for value in range(1, 6)]
    no_fit = Button(turn.label("quiz.button_no_fit"), f"quiz:{quiz.id}:{at}:0")
    return text, [values, [no_fit], _turns(turn, quiz, at)]


def _button(turn: Turn, quiz: Quiz, at: int, value: int, chosen: int | None) -> Button:
    label = turn.label("quiz.button_value", value=value, chosen=value == chosen)
    return Button(label, f"quiz:{quiz.id}:{at}:{value}")


def _turns(turn: Turn, quiz: Quiz, at: int) -> list[Button]:
    row = [Button(turn.label("quiz.button_leave"), f"quiz:{quiz.id}:{at}:x")]
    if at:
        row.insert(0, Button(turn.label("quiz.button_back"), f"quiz:{quiz.id}:{at}:b"))
    return row


def _open_quiz(turn: Turn) -> Quiz | date:
    """The quiz to go on with, a new one, or the day from which one makes sense again."""
    quizzes = turn.store.quizzes.of_person(turn.person.id)
    newest = quizzes[-1] if quizzes else None
    if newest is not None and newest.finished_on is None:
        return newest
    if newest is not None and newest.finished_on is not None:
        again = next_retake(newest.finished_on)
        if turn.today < again:
            return again
    made = turn.store.quizzes.add(turn.person.id, turn.content.rules.version, turn.now)
    quiz = turn.store.quizzes.get(made)
    if quiz is None:
        raise LookupError("a quiz that was just made is gone")
    return quiz


def _first_open(turn: Turn, quiz: Quiz) -> int:
    answered = turn.store.quizzes.answers(quiz.id)
    items = turn.content.rules.rules
    for at, rule in enumerate(items):
        if rule.id not in answered:
            return at
    return len(items) + (0 if quiz.closeness_now is None else 1)


def _mine(turn: Turn, number: str) -> Quiz | None:
    quiz = turn.store.quizzes.get(int(number)) if number.isdecimal() else None
    return quiz if quiz is not None and quiz.person_id == turn.person.id else None
