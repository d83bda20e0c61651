"""The picture beside a report or a quiz: made just before it is sent."""

from bot.chat.turn import Turn
from bot.report.picture import Sketch
from storage.outbox import Outgoing, Priority

PICTURE = "picture"
"""The name of its maker in an outbox row."""


def picture(turn: Turn, sketch: Sketch, priority: Priority) -> Outgoing:
    """The photo of a sketch, blurred until it is touched; its caption says the same in words."""
    payload = {
        "make": PICTURE,
        "order": {"svg": sketch.svg},
        "caption": sketch.caption,
        "parse_mode": "HTML",
        "has_spoiler": True,
        "protect_content": True,
        "disable_notification": True,
    }
    return Outgoing(turn.chat_id, "sendPhoto", payload, priority=priority)
