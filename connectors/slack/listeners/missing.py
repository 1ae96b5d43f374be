"""「还缺什么」「24(3)还缺什么」: what somebody still owes, straight from the register, as a card with the same buttons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from slack_bolt import App

from assistant.conversation.enterprise import Desk
from assistant.conversation.post import Post
from assistant.errors import RegisterError
from assistant.register.acts.delivery import line
from assistant.register.acts.service import Who
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import target_of
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter
from assistant.texts import say
from connectors.slack.calls.courier import settle
from connectors.slack.calls.posting import respond, whisper
from connectors.slack.cards.carried import Click
from connectors.slack.cards.parts import paragraph
from connectors.slack.cards.text import escape
from connectors.slack.listeners.click import reply, who_of

if TYPE_CHECKING:
    from connectors.slack.context import Deps

_WHAT = r"(?:什么|哪些|啥|哪几项|多少)(?:材料|证据|东西|内容|没交|没有交|要交)?"
_ZH = re.compile(rf"^(?:请问|那|现在)?(?:我们|我)?(?:的)?(?P<where>.*?)(?:项|分项)?(?:还|都|现在)?(?:缺|差|少|欠|没交){_WHAT}[了呢吗]?$")
_EN = re.compile(
    r"^(?:what(?:'s| is| are)?|which)(?: \w+)? (?:(?:still|am i|are we|do i|is)\s)*(?:missing|owe|left|outstanding)"
    r"(?: (?:for|in|under|of) (?P<where>.+))?$"
)
_PLACE = re.compile(r"^(?:item|clause|part|第)?\s*(?P<name>[^\s]{1,12}(?:\(\d{1,2}\))?)$")
_ENDS = "?!。., "
_MOST = 10


def listen(app: App, deps: Deps) -> None:  # noqa: ARG001  messages come through the queue, not through Bolt
    """Take such messages before they count as questions."""
    deps.takers.append(lambda post: take(deps, post))


def wanted(text: str) -> str | None:
    """What somebody wants to know the gaps of: a place in the guide, or empty for everything; None when it is no such question."""
    said = unicodedata.normalize("NFKC", text).strip().casefold().rstrip(_ENDS)
    if len(said) > 60:
        return None
    match = _ZH.match("".join(said.split())) or _EN.match(" ".join(said.split()))
    if match is None:
        return None
    where = (match.group("where") or "").strip().rstrip("的里")
    if not where:
        return ""
    place = _PLACE.match(where)
    return place.group("name") if place else None


def take(deps: Deps, post: Post) -> bool:
    """Answer what is missing; True when that was the question."""
    if post.files:
        return False
    where = wanted(post.text)
    if where is None:
        return False
    desk = deps.desk(post.team)
    if desk.profile is None:
        return False
    try:
        level, target = target_of(where, desk.guide) if where else ("all", "*")
    except RegisterError:
        return False
    who = who_of(deps, desk, post.user)
    found = gaps(desk, who, level, target)
    here = post.direct or (not post.response_url and post.channel in deps.settings.evidence_channels)
    click = Click(post.team, post.user, post.key, post.channel if here else "", post.thread if here else "")
    if not found:
        name = "nothing_missing_in" if where else "nothing_missing"
        text = say(f"evidence_slack.{name}", deps.lang, where=where)
        reply(deps, click, f"missing:{post.key}", text, [paragraph(text)])
    else:
        _list(desk, who, post, found, where, here)
        settle(deps, post.team)
    elsewhere = escape(say("evidence_slack.told_directly", deps.lang))
    if post.response_url:
        respond(post.response_url, elsewhere)
    elif not here:
        whisper(deps, post.team, post.channel, post.user, elsewhere, thread=post.thread)
    return True


def gaps(desk: Desk, who: Who, level: str, target: str) -> list[Entry]:
    """What is missing there, the most urgent first: one's own; for the lead, everybody's."""
    today = desk.service.day(who.at)
    own = "" if who.actor == desk.lead else who.actor
    found = [e for e in desk.service.entries(who.at, Filter(owner=own)) if level == "all" or getattr(e.slot, level) == target]
    open_ = [e for e in found if e.owed and e.open(today) and e.shown(today) in ("missing", "returned", "expired")]
    return sorted(open_, key=lambda e: (e.due or date.max, e.slot.position))


def _list(desk: Desk, who: Who, post: Post, found: Sequence[Entry], where: str, here: bool) -> None:
    """The gaps as a message of the outbox, so that it is sent once and follows what changes; in the thread where that may be said."""
    listed, today = found[:_MOST], desk.service.day(who.at)
    place = {"channel": post.channel, "thread": post.thread} if here else {}
    profile = desk.profile
    payload = {
        "edition": desk.guide.edition,
        "enterprise": profile.enterprise if profile else "",
        "slots": [line(e, "missing", today) for e in listed],
        "more": len(found) - len(listed),
        "where": where,
        **place,
    }
    with desk.service.register.writing(desk.workspace) as tx:
        keys = tuple(e.slot.key for e in listed)
        tx.enqueue(Message(desk.workspace, "missing", who.actor, f"missing:{post.key}", payload, keys, created_at=who.at))
