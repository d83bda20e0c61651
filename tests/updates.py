"""Updates of every shape that the Bot API knows (10.1), and of some that it does not.

Two tables say what there is: ``MESSAGES`` holds what a message can carry, ``OTHERS`` every kind of
update that is no message. ``Updates`` draws from them, whatever the dice: those of a seed, or those
of hypothesis.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any, Final

from bot.chat.routes import COMMANDS, PRESSES

Json = dict[str, Any]

USER: Final[Json] = {"id": 777, "is_bot": False, "first_name": "Zed"}
BOT: Final[Json] = {"id": 123456789, "is_bot": True, "first_name": "Amp", "username": "amp_bot"}
FILE: Final[Json] = {"file_id": "F", "file_unique_id": "U"}
PICTURE: Final[Json] = FILE | {"width": 9, "height": 9}
OTHER_CHAT: Final[Json] = {"id": -1001, "type": "channel", "title": "News"}
POLL: Final[Json] = {
    "id": "1", "question": "Q?", "members_only": False, "allows_revoting": True,
    "options": [{"text": "a", "voter_count": 0, "persistent_id": "1"}],
    "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
    "allows_multiple_answers": False,
}  # fmt: skip
STARS: Final[Json] = {"amount": 5, "nanostar_amount": 0}
GIFT: Final[Json] = {"id": "g", "sticker": PICTURE | {"type": "regular", "is_animated": False,
                     "is_video": False}, "star_count": 5}  # fmt: skip

MESSAGES: Final[dict[str, Json]] = {
    "animation": {"animation": PICTURE | {"duration": 1}, "document": FILE},
    "audio": {"audio": FILE | {"duration": 1}, "caption": "a song"},
    "document": {"document": FILE, "caption": "a file"},
    "live_photo": {"live_photo": PICTURE},
    "paid_media": {"paid_media": {"star_count": 1, "paid_media": [{"type": "preview"}]}},
    "photo": {"photo": [PICTURE], "caption": "look", "has_media_spoiler": True},
    "sticker": {"sticker": PICTURE | {"type": "regular", "is_animated": False, "is_video": False}},
    "story": {"story": {"chat": OTHER_CHAT, "id": 1}},
    "video": {"video": PICTURE | {"duration": 1}},
    "video_note": {"video_note": FILE | {"length": 1, "duration": 1}},
    "voice": {"voice": FILE | {"duration": 1}},
    "checklist": {"checklist": {"title": "t", "tasks": [{"id": 1, "text": "x"}]}},
    "contact": {"contact": {"phone_number": "1", "first_name": "C"}},
    "dice": {"dice": {"emoji": "\U0001f3b2", "value": 6}},
    "game": {"game": {"title": "g", "description": "d", "photo": [PICTURE]}},
    "poll": {"poll": POLL},
    "venue": {"venue": {"location": {"longitude": 1.5, "latitude": 2.5}, "title": "v",
                        "address": "a"}},
    "location": {"location": {"longitude": 1.5, "latitude": 2.5}},
    "new_chat_members": {"new_chat_members": [USER, BOT]},
    "left_chat_member": {"left_chat_member": USER},
    "chat_owner_left": {"chat_owner_left": {"new_owner": USER}},
    "chat_owner_changed": {"chat_owner_changed": {"new_owner": USER}},
    "new_chat_title": {"new_chat_title": "new"},
    "new_chat_photo": {"new_chat_photo": [PICTURE]},
    "delete_chat_photo": {"delete_chat_photo": True},
    "group_chat_created": {"group_chat_created": True},
    "supergroup_chat_created": {"supergroup_chat_created": True},
    "channel_chat_created": {"channel_chat_created": True},
    "auto_delete": {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    "migrate_to": {"migrate_to_chat_id": -1002},
    "migrate_from": {"migrate_from_chat_id": -5},
    "pinned": {"pinned_message": {"message_id": 1, "date": 0, "chat": OTHER_CHAT}},
    "invoice": {"invoice": {"title": "t", "description": "d", "start_parameter": "s",
                            "currency": "XTR", "total_amount": 1}},
    "successful_payment": {"successful_payment": {
        "currency": "XTR", "total_amount": 1, "invoice_payload": "p",
        "telegram_payment_charge_id": "1", "provider_payment_charge_id": "2"}},
    "refunded_payment": {"refunded_payment": {
        "currency": "XTR", "total_amount": 1, "invoice_payload": "p",
        "telegram_payment_charge_id": "1"}},
    "users_shared": {"users_shared": {"request_id": 1, "users": [{"user_id": 9}]}},
    "chat_shared": {"chat_shared": {"request_id": 1, "chat_id": -9}},
    "gift": {"gift": {"gift": GIFT}},
    "unique_gift": {"unique_gift": {"gift": {}, "origin": "upgrade"}},
    "gift_upgrade_sent": {"gift_upgrade_sent": {"gift": GIFT}},
    "connected_website": {"connected_website": "example.org"},
    "write_access_allowed": {"write_access_allowed": {"from_request": True}},
    "passport_data": {"passport_data": {"data": [], "credentials": {
        "data": "d", "hash": "h", "secret": "s"}}},
    "proximity": {"proximity_alert_triggered": {"traveler": USER, "watcher": BOT, "distance": 5}},
    "boost_added": {"boost_added": {"boost_count": 1}},
    "chat_background_set": {"chat_background_set": {"type": {
        "type": "fill", "fill": {"type": "solid", "color": 1}, "dark_theme_dimming": 1}}},
    "checklist_tasks_done": {"checklist_tasks_done": {"marked_as_done_task_ids": [1]}},
    "checklist_tasks_added": {"checklist_tasks_added": {"tasks": [{"id": 1, "text": "x"}]}},
    "direct_message_price": {"direct_message_price_changed": {
        "are_direct_messages_enabled": False}},
    "forum_topic_created": {"forum_topic_created": {"name": "t", "icon_color": 1}},
    "forum_topic_edited": {"forum_topic_edited": {"name": "t"}},
    "forum_topic_closed": {"forum_topic_closed": {}},
    "forum_topic_reopened": {"forum_topic_reopened": {}},
    "general_hidden": {"general_forum_topic_hidden": {}},
    "general_unhidden": {"general_forum_topic_unhidden": {}},
    "giveaway_created": {"giveaway_created": {}},
    "giveaway": {"giveaway": {"chats": [OTHER_CHAT], "winners_selection_date": 1,
                              "winner_count": 1}},
    "giveaway_winners": {"giveaway_winners": {
        "chat": OTHER_CHAT, "giveaway_message_id": 1, "winners_selection_date": 1,
        "winner_count": 1, "winners": [USER]}},
    "giveaway_completed": {"giveaway_completed": {"winner_count": 1}},
    "managed_bot_created": {"managed_bot_created": {"bot": BOT}},
    "paid_message_price": {"paid_message_price_changed": {"paid_message_star_count": 1}},
    "poll_option_added": {"poll_option_added": {"option_persistent_id": "1",
                                                "option_text": "x"}},
    "poll_option_deleted": {"poll_option_deleted": {"option_persistent_id": "1",
                                                    "option_text": "x"}},
    "suggested_approved": {"suggested_post_approved": {"send_date": 1}},
    "suggested_failed": {"suggested_post_approval_failed": {"price": {
        "currency": "XTR", "amount": 1}}},
    "suggested_declined": {"suggested_post_declined": {"comment": "no"}},
    "suggested_paid": {"suggested_post_paid": {"currency": "XTR", "star_amount": STARS}},
    "suggested_refunded": {"suggested_post_refunded": {"reason": "post_deleted"}},
    "video_chat_scheduled": {"video_chat_scheduled": {"start_date": 1}},
    "video_chat_started": {"video_chat_started": {}},
    "video_chat_ended": {"video_chat_ended": {"duration": 1}},
    "video_chat_invited": {"video_chat_participants_invited": {"users": [USER]}},
    "web_app_data": {"web_app_data": {"data": "d", "button_text": "b"}},
    "rich_message": {"rich_message": {"blocks": [{"type": "paragraph"}]}},
    "nothing": {},
}  # fmt: skip
"""Everything but a text that a message can carry."""

AROUND: Final[tuple[Json, ...]] = (
    {},
    {"forward_origin": {"type": "user", "date": 1, "sender_user": USER}},
    {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "H"}},
    {"forward_origin": {"type": "channel", "date": 1, "chat": OTHER_CHAT, "message_id": 1}},
    {"via_bot": BOT, "has_protected_content": True, "is_from_offline": True},
    {"quote": {"text": "q", "position": 0}, "effect_id": "5"},
    {"entities": [{"type": "bot_command", "offset": 0, "length": 2}]},
    {"entities": [{"type": "spoiler", "offset": 0, "length": 10_000}]},
    {"external_reply": {"origin": {"type": "user", "date": 1, "sender_user": USER}}},
    {"reply_to_story": {"chat": OTHER_CHAT, "id": 1}, "media_group_id": "1"},
    {"link_preview_options": {"is_disabled": True}, "sender_boost_count": 2},
    {"business_connection_id": "b", "message_thread_id": 3, "is_topic_message": True},
    {"reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}},
    {"a_field_of_tomorrow": {"with": ["something", 1, None]}},
)
"""What can stand beside the content of any message."""

OTHERS: Final[dict[str, Json]] = {
    "business_connection": {"id": "b", "user": USER, "user_chat_id": 777, "date": 1,
                            "is_enabled": True},
    "deleted_business_messages": {"business_connection_id": "b", "chat": OTHER_CHAT,
                                  "message_ids": [1, 2]},
    "message_reaction": {"chat": OTHER_CHAT, "message_id": 1, "user": USER, "date": 1,
                         "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "x"}]},
    "message_reaction_count": {"chat": OTHER_CHAT, "message_id": 1, "date": 1, "reactions": []},
    "inline_query": {"id": "1", "from": USER, "query": "q", "offset": ""},
    "chosen_inline_result": {"result_id": "1", "from": USER, "query": "q"},
    "shipping_query": {"id": "1", "from": USER, "invoice_payload": "p", "shipping_address": {
        "country_code": "DE", "state": "", "city": "c", "street_line1": "s",
        "street_line2": "", "post_code": "1"}},
    "pre_checkout_query": {"id": "1", "from": USER, "currency": "XTR", "total_amount": 1,
                           "invoice_payload": "p"},
    "purchased_paid_media": {"from": USER, "paid_media_payload": "p"},
    "poll": POLL,
    "poll_answer": {"poll_id": "1", "option_ids": [0], "option_persistent_ids": ["1"],
                    "user": USER},
    "chat_member": {"chat": OTHER_CHAT, "from": USER, "date": 1,
                    "old_chat_member": {"user": USER, "status": "member"},
                    "new_chat_member": {"user": USER, "status": "left"}},
    "chat_join_request": {"chat": OTHER_CHAT, "from": USER, "user_chat_id": 777, "date": 1},
    "chat_boost": {"chat": OTHER_CHAT, "boost": {
        "boost_id": "b", "add_date": 1, "expiration_date": 2,
        "source": {"source": "premium", "user": USER}}},
    "removed_chat_boost": {"chat": OTHER_CHAT, "boost_id": "b", "remove_date": 1,
                           "source": {"source": "premium", "user": USER}},
    "managed_bot": {"user": USER, "bot": BOT},
    "an_update_of_tomorrow": {"id": 1},
}  # fmt: skip
"""Every update that is neither a message, nor a button, nor about the bot's own membership."""

MESSAGE_KINDS: Final = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_message",
    "edited_business_message", "guest_message",
)  # fmt: skip
STATUSES: Final = ("member", "kicked", "left", "administrator", "creator", "restricted")
RIGHTS: Final = dict.fromkeys((
    "is_anonymous", "can_be_edited", "can_manage_chat", "can_delete_messages", "is_member",
    "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info",
    "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos",
    "can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls",
    "can_send_other_messages", "can_add_web_page_previews", "can_pin_messages",
    "can_manage_topics", "can_edit_tag", "can_react_to_messages",
), True)  # fmt: skip
CHAT_TYPES: Final = ("private", "group", "supergroup", "channel")

NASTY: Final = (
    "", " ", "\u200b\u200b", "\u2800", "\x00", "a\x00b", "\ud800", "half \udc00 a pair",
    "<b>bold</b>", "</blockquote></i>", "&amp; &lt; &#0; &", "{{ 7 * 7 }} {% raw %} %s {0}",
    "'; DROP TABLE answers; --", "%_\\", "\u202eright to left\u202c", "e\u0301" * 40,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 9, "\U0001f600" * 4096, "\n" * 300,
    "x" * 10_000, "\u00df\u0130\u017f\u212a\ufb03", "\ufeff/start", "/", "//", "/ start",
    "/start@amp_bot", "/START", "/report 4", "/report \u00b2", "/pause 99999999999999999999999",
    "/pause -1", "/later \u0663", "/mask " + "y" * 40, "/timezone ../../etc/passwd",
    "/timezone Europe/Berlin", "/history " + "\u00e9" * 60, "/history :::", "/weekly \u0661 25:99",
    "/time 24:00", "/days \U0001f600", "/discreet maybe", "yes", "no", "90", "a year", "20:00",
    "8 pm", "Berlin", "Springfield", "I am 17", "i agree", "18", "& < > \" '", "&" * 4096,
)  # fmt: skip
"""Texts that are empty, long, broken, or look like something else."""

SENTENCES: Final = (
    "We cooked and I said what I wanted.", "I just give in every time.", "He decides, as always.",
    "I can't be okay until she smiles.", "He hit me again last night.", "I want to die.",
    "Fine today, thanks.", "Nothing much.", "Wir haben lange geredet und dann gekocht.",
    "I was wrong about it, and he said it did not matter, we both laughed in the end.",
)  # fmt: skip

ARGUMENTS: Final = (
    "", "0", "1", "2", "3", "5", "12", "23", "25", "26", "99", "-1", "1.5", "x", "b", "o", "yes",
    "no", "on", "off", "ask", "stop", "remove", "file", "stay", "with", "without", "first",
    "second", "show", "choose", "DE", "ANY", "write", "delete", "not", "pause", "page", "push",
    "keep", "days", "text", "quiet", "other", "20", "00", "30", "365", "90", "2026-03-02",
    "2026-13-99", "\u00b2", "\u0663", "9223372036854775807", "9223372036854775808", "9" * 40,
    "\ud800", "\U0001f600", "M1", " 1", "1 ",
)  # fmt: skip


class Updates:
    """Draws updates, for people in private chats and for whatever else there is.

    Args:
        dice: where chance comes from.
        people: the numbers of the private chats.
        now: seconds since 1970; dates lie around it.
    """

    def __init__(self, dice: Random, people: Sequence[int], now: int) -> None:
        self.dice = dice
        self.people = people
        self.now = now
        self.shown: dict[int, list[str]] = {}
        self._id = 0
        self._message_id = 100

    def welcome(self, chat_id: int) -> Iterator[Json]:
        """What leads a person through onboarding."""
        chat = {"id": chat_id, "type": "private", "first_name": "P"}
        for step in ("/start", "i agree", "a year", "yes", "/timezone Europe/Berlin", "20:00"):
            self._message_id += 1
            message = {"message_id": self._message_id, "date": self.now, "chat": chat}
            yield {"update_id": 0, "message": message | {"from": USER, "text": step}}

    def secret(self, chat_id: int) -> str:
        """A word that only this person ever writes."""
        return f"canary{chat_id}q"

    def draw(self) -> Json:
        """One update."""
        self._id += 1
        kind = self.dice.random()
        if kind < 0.42:
            content = {"message": self._text()}
        elif kind < 0.72:
            content = {"callback_query": self._press()}
        elif kind < 0.82:
            content = {self._one(MESSAGE_KINDS): self._message()}
        elif kind < 0.86:
            content = {"edited_message": self._text(edited=True)}
        elif kind < 0.89:
            content = {"my_chat_member": self._membership()}
        elif kind < 0.95:
            name = self._one(tuple(OTHERS))
            content = {name: OTHERS[name]}
        else:
            content = self._broken()
        return {"update_id": self._id, **content}

    def _one(self, things: Sequence[Any]) -> Any:
        return things[self.dice.randrange(len(things))]

    def _chat(self, *, private: float = 0.97) -> Json:
        if self.dice.random() < private:
            return {"id": self._one(self.people), "type": "private", "first_name": "P"}
        kind = self._one(CHAT_TYPES[1:])
        return {"id": -self.dice.randrange(1, 9), "type": kind, "title": "T"}

    def _around(self, chat: Json) -> Json:
        self._message_id += 1
        message_id = self._message_id
        if self.dice.random() < 0.2:
            message_id = self.dice.randrange(1, message_id)
        date = self.now + self.dice.randrange(-400, 2)
        if self.dice.random() < 0.02:
            date = self._one((0, 1, 2**31 - 1, 2**33))
        made: Json = {"message_id": message_id, "date": date, "chat": chat, "from": USER}
        if self.dice.random() < 0.1:
            made["reply_to_message"] = {
                "message_id": self.dice.randrange(1, self._message_id), "date": 1, "chat": chat,
            }  # fmt: skip
        if self.dice.random() < 0.2:
            made |= self._one(AROUND)
        return made

    def _text(self, *, edited: bool = False) -> Json:
        chat = self._chat()
        roll = self.dice.random()
        if roll < 0.4:
            text = f"/{self._one(tuple(COMMANDS))}"
            if self.dice.random() < 0.4:
                text += f" {self._one((*ARGUMENTS, *SENTENCES))}"
        elif roll < 0.85:
            text = f"{self._one(SENTENCES)} {self.secret(chat['id'])}"
        else:
            text = self._one(NASTY)
        made = self._around(chat) | {"text": text}
        if edited:
            made["edit_date"] = made["date"]
        return made

    def _message(self) -> Json:
        chat = self._chat(private=0.7)
        content = self._one(tuple(MESSAGES.values()))
        made = self._around(chat)
        made.update(content)
        return made

    def _press(self) -> Json:
        chat = self._chat()
        seen = self.shown.get(chat["id"])
        if seen and self.dice.random() < 0.7:
            data = self._one(seen)
        elif self.dice.random() < 0.9:
            verb = self._one(tuple(PRESSES))
            data = ":".join([verb, *(self._one(ARGUMENTS) for _ in range(PRESSES[verb][1]))])
        else:
            data = self._one((*NASTY, ":", "::::", "x" * 64))
        message: Json = {"message_id": self.dice.randrange(1, self._message_id), "chat": chat}
        message |= {"date": 0} if self.dice.random() < 0.05 else {"date": self.now, "text": "t"}
        query = {"id": "1", "from": USER, "chat_instance": "1", "data": data, "message": message}
        if self.dice.random() < 0.03:
            query.pop(self._one(("data", "message")))
            query["inline_message_id"] = "i"
        return query

    def _membership(self) -> Json:
        old, new = self._one(STATUSES), self._one(STATUSES)
        return {
            "chat": self._chat(private=0.6), "from": USER, "date": self.now,
            "old_chat_member": RIGHTS | {"user": BOT, "status": old, "until_date": 0},
            "new_chat_member": RIGHTS | {"user": BOT, "status": new, "until_date": 0},
        }  # fmt: skip

    def _broken(self) -> Json:
        """An update in which something is missing, of another type, or beyond all measure."""
        kind = self._one(("message", "callback_query", "edited_message", "my_chat_member"))
        makers = {
            "message": self._text, "callback_query": self._press,
            "edited_message": self._text, "my_chat_member": self._membership,
        }  # fmt: skip
        content = deepcopy(makers[kind]())
        place: Any = content
        while True:
            key = self._one(tuple(place))
            inner = place[key]
            if not isinstance(inner, dict) or not inner or self.dice.random() < 0.4:
                break
            place = inner
        change = self._one(("drop", None, [], {}, "text", -1, 2**70, 1.5, True, [None]))
        if change == "drop":
            place.pop(key)
        else:
            place[key] = change
        return {kind: content}
