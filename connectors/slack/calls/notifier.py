"""The register's outbox delivered in Slack: cards, edits of cards, files for reviewers, Home tabs. Each once, whatever breaks.

A post carries its message's id as metadata. When nobody knows whether a post arrived, the courier asks ``find`` before it
repeats it. A closed door (pace, an app that was taken out, a Messages tab that is off) is ``later``; a person who cannot be
reached is ``failed``, and the lead hears of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient

from assistant.conversation.jobs import Later
from assistant.conversation.meaning.naming import plain_slot
from assistant.register.acts.in_bulk.drill import Drills
from assistant.register.facts.notices.asking import Drilled, Missing
from assistant.register.facts.notices.reviewing import Attached
from assistant.register.facts.notices.screens import CardEdit
from assistant.register.facts.outbox import WAITING, Arrived, Message, Receipt
from assistant.texts import listed
from connectors.slack.calls.people import Directory
from connectors.slack.calls.posting import EVENT_TYPE, messages, stamped
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.wire.errors import DISMISSED, Refused, called, failure
from connectors.slack.wire.pace import CHANGE, POST, PUBLISH, Pace

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk
    from assistant.conversation.scene import Scene
    from connectors.slack.cards.blocks.rich_text import SlackMessage

log = logging.getLogger("aeo.slack.notifier")

CLOSED = (*DISMISSED, "messages_tab_disabled", "team_access_not_granted")
"""Codes that are no fault of the message or its person: it is delivered when the door opens again."""
CLOSED_FOR = 600.0  # seconds until a closed door is tried again; chosen, not measured
NO_USER = "no_slack_user"
_GONE = ("message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_inactive", "thread_not_found")

Publish = Callable[[str, str], None]
"""Brings the Home tab of a person (register's name, Slack's id) up to date."""


class SlackNotifier:
    """Delivers the messages of one workspace; a ``Notifier`` of the register's outbox. ``show`` draws a message (``cards.shown``)."""

    def __init__(
        self,
        client: WebClient,
        desk: Callable[[], Desk],
        pace: Pace,
        lang: str,
        now: Callable[[], datetime],
        show: Callable[[Message, Scene], SlackMessage],
        publish: Publish | None = None,
    ) -> None:
        self.client, self.desk, self.pace, self.lang, self.now = client, desk, pace, lang, now
        self.show, self.publish = show, publish

    def deliver(self, message: Message) -> Receipt:
        """Deliver once."""
        acts = {"edit": self._edit, "home": self._home, "file": self._file}
        try:
            return acts.get(message.kind, self._post)(message)
        except Later as later:
            return Receipt("later", retry_after=later.seconds)
        except Exception as error:
            return self._failed(error)

    def find(self, message: Message) -> Receipt | None:
        """Where a message stands that may have arrived; edits and Home tabs are simply done again."""
        if message.kind in ("edit", "home"):
            return None
        try:
            return self._found_file(message) if message.kind == "file" else self._found_post(message)
        except Refused as refused:
            if refused.code in CLOSED:
                raise  # behind a closed door nobody knows whether it arrived
            return self._refused(refused.code)

    # -- posts ---------------------------------------------------------------------------------------------------

    def _post(self, message: Message) -> Receipt:
        desk = self.desk()
        user = self._user(desk, message.recipient)
        if not user:
            return Receipt("failed", detail=NO_USER)
        shown = self.show(message, self._scene(desk, message))
        channel, thread = message.says.channel or user, message.says.thread or None
        self._turn(POST, channel)
        answer = self.client.chat_postMessage(
            channel=channel,
            thread_ts=thread,
            text=shown.text,
            blocks=shown.blocks,
            metadata=stamped(message.id),
            unfurl_links=False,
            unfurl_media=False,
        )
        return Receipt("sent", Arrived(channel=str(answer["channel"]), ts=str(answer["ts"]), user=user))

    def _scene(self, desk: Desk, message: Message) -> Scene:
        """What a message shows its recipient now; of a drill also what was produced for it."""
        at, says = self.now(), message.says
        scene = desk.scene(message.slots, at, self._lang(message), message.recipient)
        drawn = Drills(desk.service).report(says.drill, at).drawn if isinstance(says, Drilled) and says.drill else ()
        return replace(scene, produced=frozenset(d.key for d in drawn if d.at is not None))

    def _lang(self, message: Message) -> str:
        """The language of a message: that in which its reader asked for it, else the workspace's."""
        return message.says.lang if isinstance(message.says, Missing) and message.says.lang else self.lang

    def _found_post(self, message: Message) -> Receipt | None:
        user = self._user(self.desk(), message.recipient)
        if not user:
            return Receipt("failed", detail=NO_USER)
        channel = message.says.channel or str(called(lambda: self.client.conversations_open(users=user))["channel"]["id"])
        thread = message.says.thread or None
        for found in messages(self.client, channel, thread):
            meta = found.get("metadata") or {}
            if meta.get("event_type") == EVENT_TYPE and meta.get("event_payload", {}).get("key") == message.id:
                return Receipt("sent", Arrived(channel=channel, ts=str(found["ts"]), user=user))
        return None

    # -- what changes in place -----------------------------------------------------------------------------------

    def _edit(self, message: Message) -> Receipt:
        """Show a card as it stands now; a later edit of the same card makes this one needless."""
        desk = self.desk()
        with desk.service.register.reading(desk.workspace) as tx:
            target = tx.message(message.says.target) if isinstance(message.says, CardEdit) else None
            same = [m for m in tx.messages(recipient=message.recipient, kind="edit", limit=50) if m.says == message.says]
        if target is None or target.state in ("pending", "failed", "dropped") or _superseded(message, same):
            return Receipt("sent", detail="needless")
        if target.state != "sent":
            return Receipt("later", retry_after=2.0)
        if not target.receipt.ts:
            return Receipt("sent", detail="needless")
        shown = self.show(target, self._scene(desk, target))
        self._turn(CHANGE)
        try:
            self.client.chat_update(
                channel=target.receipt.channel,
                ts=target.receipt.ts,
                text=shown.text,
                blocks=shown.blocks,
                metadata=stamped(target.id),
            )
        except Exception as error:
            found = failure(error)
            if found is None or found.code not in _GONE:
                raise
            return Receipt("sent", detail=found.code)
        return Receipt("sent")

    def _home(self, message: Message) -> Receipt:
        desk = self.desk()
        with desk.service.register.reading(desk.workspace) as tx:
            same = tx.messages(recipient=message.recipient, kind="home", limit=20)
        user = "" if _superseded(message, same) or self.publish is None else self._user(desk, message.recipient)
        if user and self.publish is not None:
            self._turn(PUBLISH)
            self.publish(message.recipient, user)
        return Receipt("sent")

    # -- files for reviewers -------------------------------------------------------------------------------------

    def _file(self, message: Message) -> Receipt:
        """Put a file under the card that it belongs to."""
        desk, given = self.desk(), message.says
        card = self._card(desk, message)
        if card is None or card.state in ("failed", "dropped") or not isinstance(given, Attached):
            return Receipt("failed", detail="no_card")
        if card.state != "sent":
            return Receipt("later", retry_after=2.0)
        if not card.receipt.ts:  # it went by mail
            return Receipt("sent", detail="needless")
        try:
            with desk.service.open_file(given.sha256) as stream:
                content = stream.read()
        except FileNotFoundError:
            return Receipt("failed", detail="file_gone")
        self._turn(POST, card.receipt.channel)
        thread = card.says.thread or card.receipt.ts
        answer = self.client.files_upload_v2(
            channel=card.receipt.channel,
            thread_ts=thread,
            filename=given.name,
            title=_title(given, self.lang),
            content=content,
            request_file_info=False,
        )
        link = self._address(str(answer["files"][0]["id"]))
        if link:
            self._linked(desk, card, message, given, link)
        return Receipt("sent", Arrived(channel=card.receipt.channel, thread=thread, link=link))

    def _linked(self, desk: Desk, card: Message, message: Message, given: Attached, link: str) -> None:
        """Once the last of its files stands under a card, the card links to them; an edit to come does the same."""
        with desk.service.register.reading(desk.workspace) as tx:
            found = tx.messages(slot=message.slots[0], recipient=message.recipient, kind="file") if message.slots else []
        others = [m for m in found if isinstance(m.says, Attached) and m.says.card == given.card and m.id != message.id]
        if any(m.state in WAITING for m in others):
            return
        at = desk.scene(card.slots, self.now(), self.lang, card.recipient)
        shown = self.show(card, replace(at, links={**at.links, given.sha256: link}))
        change = partial(self.client.chat_update, channel=card.receipt.channel, ts=card.receipt.ts, metadata=stamped(card.id))
        try:
            called(partial(change, text=shown.text, blocks=shown.blocks))
        except (Later, Refused) as error:
            log.info("the card %s does not link to its files yet: %s", card.id, error)

    def _address(self, file: str) -> str:
        """Where a file that was just put into Slack is opened; empty where Slack does not say."""
        try:
            return str(called(lambda: self.client.files_info(file=file))["file"].get("permalink") or "")
        except (Later, Refused) as error:
            log.info("the address of %s is not known: %s", file, error)
            return ""

    def _found_file(self, message: Message) -> Receipt | None:
        card, given = self._card(self.desk(), message), message.says
        if card is None or not card.receipt.ts or not isinstance(given, Attached):
            return None
        place = Arrived(channel=card.receipt.channel, thread=card.says.thread or card.receipt.ts)
        for found in messages(self.client, place.channel, place.thread):
            for file in found.get("files", ()):
                if file.get("title") == _title(given, self.lang):
                    return Receipt("sent", place.model_copy(update={"link": str(file.get("permalink") or "")}))
        return None

    @staticmethod
    def _card(desk: Desk, message: Message) -> Message | None:
        """The card of a file, or the one that the lead got because its reviewer could not be reached."""
        with desk.service.register.reading(desk.workspace) as tx:
            card = tx.message(message.says.card) if isinstance(message.says, Attached) else None
            if card is None or card.state != "failed":
                return card
            copy = Message(card.workspace, card.says, desk.lead, f"{card.dedup}:lead")
            return tx.message(copy.id) or card

    # -- parts ---------------------------------------------------------------------------------------------------

    def _user(self, desk: Desk, person: str) -> str:
        return Directory(desk, self.client, self.now()).user_of(person)

    def _turn(self, method: str, place: str = "") -> None:
        wait = self.pace.turn(method, place)
        if wait:
            raise Later(wait)

    def _failed(self, error: Exception) -> Receipt:
        if isinstance(error, Refused):
            return self._refused(error.code)
        found = failure(error)
        if found is None:
            raise error
        if found.kind == "limited":
            self.pace.hold(found.retry_after)
            return Receipt("later", detail=found.code, retry_after=found.retry_after)
        if found.kind == "unknown":
            return Receipt("unknown", detail=found.code, retry_after=found.retry_after)
        return self._refused(found.code)

    def _refused(self, code: str) -> Receipt:
        if code in CLOSED:
            log.warning("Slack does not take messages now: %s", code)
            return Receipt("later", detail=code, retry_after=CLOSED_FOR, closed=True)
        return Receipt("failed", detail=code)


def _title(given: Attached, lang: str) -> str:
    """What a file is shown as: its slot and its name; in its card's thread that finds it again."""
    named = listed((plain_slot(slot, lang) for slot in given.ids or (given.slot,)), lang)
    return f"{head(named, 120)} {given.name}"[:250]


def _superseded(message: Message, same: list[Message]) -> bool:
    """Whether something stored later brings the same thing up to date."""

    def moment(one: Message) -> tuple[Any, int]:
        return (one.created_at, int(one.dedup.rpartition(":")[2]))

    return any(m.id != message.id and moment(m) > moment(message) for m in same)
