"""Conversations without a network, for two people: Ada in chat 11, Bea in chat 12."""

from tests.direct_people import ada, bea, content, direct

__all__ = ["ada", "bea", "content", "direct"]
