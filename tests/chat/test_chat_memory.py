"""What is known of chats while the bot runs."""

from bot.chat.memory import Memory


def test_of_too_many_chats_those_quiet_for_longest_are_forgotten() -> None:
    memory: Memory[list[str]] = Memory(2, list)
    for chat_id, word in ((1, "a"), (2, "b"), (1, "c"), (3, "d")):
        memory.of(chat_id).append(word)
    assert (memory.of(1), memory.of(3), memory.of(2)) == (["a", "c"], ["d"], [])


def test_one_chat_can_be_forgotten() -> None:
    memory: Memory[list[str]] = Memory(2, list)
    memory.of(1).append("a")
    memory.of(2).append("b")
    memory.forget(1)
    memory.forget(4)
    assert (memory.of(1), memory.of(2)) == ([], ["b"])
