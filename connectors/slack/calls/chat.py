"""The port ``Chat`` over Slack's Web API."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.conversation.chat import Form, GivenFile, Press, Saying
from assistant.conversation.context import Context
from assistant.conversation.jobs import Later
from assistant.conversation.post import Place, Post
from assistant.errors import RegisterError
from assistant.register.acts.mentions import mention
from assistant.register.facts.notices.asking import Missing
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Entry
from assistant.texts import say
from connectors.slack.calls import posting, status
from connectors.slack.calls.answering import Answering
from connectors.slack.calls.download import described, download, file_name
from connectors.slack.calls.people import ORIGIN, Directory
from connectors.slack.calls.settling import settle
from connectors.slack.cards.asking.saying import drawn, form_view, without_table
from connectors.slack.cards.blocks.text import web_address
from connectors.slack.cards.carried import packed
from connectors.slack.context import desk_of
from connectors.slack.wire.errors import Refused, called

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.chat")
_LINK_MODES = ("external",)
_NO_TABLES = "no_tables"


class SlackChat:
    """What the conversation can do in Slack."""

    def __init__(self, deps: Deps) -> None:
        self.deps = deps

    def say(self, place: Place, key: str, what: Saying) -> str:
        """Say something, once per key; its ts, empty for what only one person sees."""
        if what.table:
            return self._tabled(place, key, what)
        deps, shown = self.deps, drawn(what, self.deps.lang)
        if place.private:
            return self._privately(place, key, what)
        if not place.channel:
            return posting.once(deps, place.team, key, posting.direct(deps, place.team, place.user), None, shown.text, shown.blocks)
        try:
            return posting.once(deps, place.team, key, place.channel, place.thread or None, shown.text, shown.blocks)
        except Refused as refused:
            if place.direct or not refused.unheard:
                raise
            return self.say(place.own, f"{key}:direct", what)

    def _tabled(self, place: Place, key: str, what: Saying) -> str:
        """A table where Slack shows tables; where it refuses one, lines, and for a day no other try."""
        deps, plain = self.deps, without_table(what)
        kept = deps.store.kept(place.team, _NO_TABLES)
        if place.private or (kept and datetime.fromisoformat(kept["at"]) > deps.now() - timedelta(days=1)):
            return self.say(place, key, plain)
        at = place if place.channel else self.direct(place)
        shown = drawn(what, deps.lang)
        try:
            return posting.once(deps, place.team, key, at.channel, at.thread or None, shown.text, shown.blocks)
        except Refused as refused:
            if not refused.final:
                log.info("no tables in %s: %s", place.team, refused.code)
                deps.store.keep(place.team, _NO_TABLES, "", {"at": deps.now().isoformat()}, deps.now())
            return self.say(place, key, plain)

    def change(self, place: Place, ref: str, what: Saying) -> None:
        """Give something that was said new content; what only one person sees is answered at its own address."""
        shown = drawn(what, self.deps.lang)
        if place.private:
            posting.respond(place.private, shown.text, shown.blocks, replace=True)
        else:
            posting.change(self.deps, place.team, place.channel, ref, shown.text, shown.blocks)

    def whisper(self, place: Place, what: Saying) -> None:
        """Say something to one person, there or directly."""
        shown = drawn(what, self.deps.lang)
        if place.private and posting.respond(place.private, shown.text, shown.blocks):
            return
        try:
            if place.channel and not place.private:
                posting.whisper(self.deps, place.team, place.channel, place.user, shown.text, shown.blocks, place.thread or None)
                return
        except Refused as refused:
            log.info("not said in the channel: %s", refused.code)
        self.say(place.own, f"whisper:{uuid.uuid4().hex}", what)

    def direct(self, place: Place) -> Place:
        """The direct messages with a person."""
        return Place(place.team, place.user, posting.direct(self.deps, place.team, place.user), direct=True)

    def open(self, press: Press, form: Form) -> None:
        """Open a form; where Slack will not (a click is good for three seconds), whoever clicked hears so."""
        place = press.place
        memory = packed(c=place.channel, t=place.thread, d=int(place.direct), m=form.memory, r=press.ref)
        view = form_view(form, self.deps.lang, memory)
        try:
            called(lambda: self.deps.client(place.team).views_open(trigger_id=press.trigger, view=view))
        except (Later, Refused) as error:
            log.info("a form did not open: %s", error)
            self.whisper(place, Saying(parts=((say("slack.clause.late", self.deps.lang),),)))

    def who(self, team: str, user: str, keep: bool = False) -> str:
        """The register's person behind a Slack user."""
        return Directory(self.deps.desk(team), self.deps.client(team), self.deps.now()).person_of(user, keep)

    def user(self, team: str, person: str) -> str:
        """The Slack user behind a person of the register."""
        try:
            return Directory(self.deps.desk(team), self.deps.client(team), self.deps.now()).user_of(person) if person else ""
        except Refused as refused:
            log.info("who %s is in Slack cannot be known: %s", person, refused.code)
            return ""

    def fetch(self, team: str, file: dict[str, Any], limit: int) -> GivenFile:
        """A file that was put into Slack; of one that Slack only points to, its address."""
        client = self.deps.client(team)
        known = described(client, file)
        if known.get("mode") in _LINK_MODES or known.get("is_external"):
            address = web_address(str(known.get("url_private") or ""))
            if address is None:
                raise RegisterError("evidence_slack.file.elsewhere", name=file_name(known))
            return GivenFile(file_name(known), link=address)
        return GivenFile(file_name(known), download(client, known, limit))

    def working(self, place: Place, lang: str, title: str = "") -> None:
        """The status of a thread."""
        if not place.private:
            status.working(self.deps, place, lang, title)

    def idle(self, place: Place) -> None:
        """Take the status away."""
        if not place.private:
            status.done(self.deps, place)

    def answer(self, post: Post, key: str) -> Answering:
        """Begin an answer."""
        return Answering(self.deps, post, key)

    def slots(self, place: Place, key: str, found: Sequence[Entry], more: int, lang: str = "") -> None:
        """A card of slots, as a message of the outbox: sent once, and following what changes."""
        desk = desk_of(self.deps, place.team)
        now = self.deps.now()
        today = desk.service.day(now)
        says = Missing(
            edition=desk.guide.edition,
            enterprise=desk.profile.enterprise if desk.profile else "",
            slots=tuple(mention(e, "missing", today) for e in found),
            more=more,
            lang=lang if lang != self.deps.lang else "",
            channel=place.channel,
            thread=place.thread if place.channel else "",
        )
        keys, person = tuple(e.slot.key for e in found), self.who(place.team, place.user)
        with desk.service.register.writing(desk.workspace) as tx:
            tx.enqueue(Message(desk.workspace, says, person, key, keys, created_at=now))
        settle(self.deps, place.team)

    def settle(self, team: str) -> None:
        """Deliver what an act left to be told."""
        settle(self.deps, team)

    def link(self, place: Place, ref: str) -> str:
        """The address of a message."""
        try:
            ask = partial(self.deps.client(place.team).chat_getPermalink, channel=place.channel, message_ts=ref)
            return str(called(ask)["permalink"])
        except (Later, Refused) as error:
            log.info("%s has no address: %s", ref, error)
            return ""

    def _privately(self, place: Place, key: str, what: Saying) -> str:
        before = self.deps.store.begin_post(place.team, key, place.channel, self.deps.now())
        if before is not None and before.ts:
            return ""
        shown = drawn(what, self.deps.lang)
        if posting.respond(place.private, shown.text, shown.blocks):
            self.deps.store.end_post(place.team, key, "response")
            return ""
        return self.say(place.own, f"{key}:direct", what)


def context_of(deps: Deps) -> Context:
    """What a conversation over Slack needs."""
    return Context(
        assistant=deps.assistant,
        guide=deps.guide,
        desk=deps.desk,
        chat=SlackChat(deps),
        store=deps.store,
        inbox=deps.inbox,
        work=deps.work,
        now=deps.now,
        lang=deps.lang,
        open=lambda channel: channel in deps.settings.evidence_channels,
        origin=ORIGIN,
    )
