"""The diary of an export: day by day, in Markdown, to be read."""

from collections.abc import Iterator
from datetime import date

from bot.drift.rules import RuleSet
from bot.export.shape import Answer, Export, Tap
from prompts.templates import Words


def diary(export: Export, words: Words, rules: RuleSet) -> str:
    """The whole diary; the newest day comes last, as in a book."""
    days = sorted(_days(export))
    first, last = (days[0].isoformat(), days[-1].isoformat()) if days else (None, None)
    parts = [words.plain("diary.title", first=first, last=last), words.plain("diary.about")]
    if not days:
        parts.append(words.plain("diary.empty"))
    pages = _Pages(export, words, rules)
    for day in days:
        parts += [words.plain("diary.day", date=day.isoformat()), *pages.of(day)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _days(export: Export) -> set[date]:
    return {
        *(one.day for one in export.answers),
        *(one.day for one in export.taps),
        *(one.day for one in export.check_ins),
        *(one.day for one in export.quizzes if one.day is not None),
        *(one.day for one in export.reports),
        *export.chapters,
    }


class _Pages:
    """What each day holds, sorted once: a diary may have thousands of days."""

    def __init__(self, export: Export, words: Words, rules: RuleSet) -> None:
        self._export = export
        self._words = words
        self._rules = rules
        self._answers: dict[date, list[Answer]] = {}
        for one in export.answers:
            self._answers.setdefault(one.day, []).append(one)
        self._taps: dict[date, list[Tap]] = {}
        for tap in export.taps:
            self._taps.setdefault(tap.day, []).append(tap)

    def of(self, day: date) -> Iterator[str]:
        if day in self._export.chapters:
            yield self._words.plain("diary.chapter")
        yield from self._written(day)
        taps = self._taps.get(day, ())
        if taps:
            yield "\n".join(self._point(self._asked(tap.rule, "tap"), tap.value) for tap in taps)
        yield from self._check_in(day)
        yield from self._quiz(day)
        for report in self._export.reports:
            if report.day == day:
                pattern = self._words.plain("diary.pattern", name=report.pattern)
                yield self._words.plain("diary.report", pattern=pattern)

    def _written(self, day: date) -> Iterator[str]:
        shown: str | None = None
        for answer in self._answers.get(day, ()):
            if answer.question is None:
                yield self._words.plain("diary.note")
            elif answer.question != shown:
                yield self._words.plain("diary.question", text=answer.question)
            shown = answer.question
            if answer.text:
                yield self._words.plain("diary.answer", text=answer.text)
            else:
                yield self._words.plain("diary.gone", words=answer.words)

    def _check_in(self, day: date) -> Iterator[str]:
        for check_in in self._export.check_ins:
            if check_in.day == day and check_in.answers:
                yield self._words.plain("diary.check_in")
                yield "\n".join(
                    self._point(self._asked(rule, "check_in"), value)
                    for rule, value in check_in.answers.items()
                )

    def _quiz(self, day: date) -> Iterator[str]:
        for quiz in self._export.quizzes:
            if quiz.day == day:
                yield self._words.plain("diary.quiz")
                points = [
                    self._point(self._asked(rule, "quiz"), value)
                    for rule, value in quiz.answers.items()
                ]
                points.append(
                    self._words.plain(
                        "diary.closeness", now=quiz.closeness_now, wished=quiz.closeness_wished
                    )
                )
                yield "\n".join(points)

    def _point(self, text: str, value: int | None) -> str:
        return self._words.plain("diary.point", text=text, value=value)

    def _asked(self, rule: str, way: str) -> str:
        """The words of an item as they are today; its name if there is no such rule any more."""
        if rule not in self._rules:
            return rule
        found = self._rules[rule]
        said = {"tap": found.tap, "check_in": found.check_in, "quiz": found.quiz}
        return said[way] or found.plain
