"""What /hide does about messages that are on their way at that moment."""

from datetime import timedelta

import pytest

from storage.outbox import Outgoing, Queued
from tests.direct import Direct, arrive


@pytest.fixture
def leaving(direct: Direct, ada: int) -> Queued:
    """A message that is on its way while its reader hides the chat."""
    report = Outgoing(ada, "sendMessage", {"text": "your report"})
    direct.store(lambda store: store.outbox.add([report]))
    (message,) = direct.store(lambda store: store.outbox.next(direct.clock.now(), 9))
    direct.store(lambda store: store.outbox.leave(message.id))
    direct.say(ada, "/hide")
    return message


def test_what_did_not_arrive_is_not_sent_once_more(direct: Direct, leaving: Queued) -> None:
    """It would come when the chat is empty already."""
    later = direct.clock.now() + timedelta(seconds=30)
    direct.store(lambda store: store.outbox.retry(leaving.id, later))
    direct.pass_time(seconds=40)
    assert not direct.store(lambda store: store.outbox.next(direct.clock.now(), 9))


def test_what_arrives_as_late_as_can_be_is_deleted(direct: Direct, leaving: Queued) -> None:
    """Telegram may take twenty seconds to answer."""
    direct.pass_time(seconds=20)
    direct.store(lambda store: arrive(store, leaving, 77_777, direct.clock.now()))
    cleaned = direct.pass_time(seconds=10)
    (deleted,) = [message.payload for message in cleaned if message.method == "deleteMessages"]
    assert 77_777 in deleted["message_ids"]
