"""Instants in the words of a person's day: "tomorrow at 20:00"."""

from datetime import datetime, timedelta

from bot.chat.turn import Turn


def clock(turn: Turn, instant: datetime) -> str:
    """The time on the person's clock, as HH:MM."""
    return instant.astimezone(turn.zone).strftime("%H:%M")


def when(turn: Turn, instant: datetime) -> str:
    """Day and time, as a person would say them."""
    day = instant.astimezone(turn.zone).date()
    if day == turn.today:
        named = turn.say("place.day_today")
    elif day == turn.today + timedelta(days=1):
        named = turn.say("place.day_tomorrow")
    else:
        named = turn.say("place.day_named", weekday=day.weekday())
    return turn.say("place.when", day=named, clock=clock(turn, instant))
