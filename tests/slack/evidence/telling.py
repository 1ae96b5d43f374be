"""How stories are told on the loopback Slack: who writes, presses and fills in what, and how each of them ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.slack.evidence.bureau import words_of
from tests.slack.evidence.conftest import Office
from tests.slack.loopback import Person
from tests.slack.loopback.model import Message

SLOT = "24(2)/records/1@2022"
NEXT, LAST = "24(2)/records/1@2023", "24(2)/records/1@2024"


def told(office: Office, member: Person, text: str, thread: str | None = None) -> Message:
    """Somebody writes to the app; the last word in answer."""
    asked = member.dms(text, thread)
    office.bureau.idle()
    office.bureau.deliver()
    return office.slack.posts(member.dm, thread or asked.ts)[-1]


def button(message: Message, label: str) -> str:
    """The id of the button with these words."""
    return str(_element(message, label)["action_id"])


def press(office: Office, member: Person, message: Message, label: str) -> None:
    """Somebody presses it, and what comes of it is done."""
    found = _element(message, label)
    member.clicks(message, str(found["action_id"]), value=str(found["value"]))
    settled(office)


def accepts(office: Office, member: Person, message: Message, label: str = "通过", **where: Any) -> None:
    """Somebody accepts what does not say what it covers: a form asks what they saw, and they saw all of it."""
    found = _element(message, label)
    member.clicks(message, str(found["action_id"]), **(where or {"value": str(found["value"])}))
    filled(office, member, whole=["0"])


def _element(message: Message, label: str) -> dict[str, Any]:
    rows = [e for b in message.blocks if b["type"] == "actions" for e in b["elements"]]
    return next(e for e in rows if e.get("text", {}).get("text") == label)


def card(office: Office, member: Person) -> Message:
    """The newest card that somebody got for a review."""
    return next(m for m in reversed(office.slack.posts(member.dm)) if "请您审核" in m.text)


def settled(office: Office) -> None:
    """Everything that was begun is done and told."""
    office.bureau.idle()
    office.bureau.deliver()
    office.bureau.idle()


def filled(office: Office, member: Person, **fields: Any) -> None:
    """The form with these fields, once it is open, is sent in, and what comes of it is done."""
    member.wait_for_modal()
    office.slack.wait(lambda: member.modal is not None and set(fields) <= fields_of(member.modal.body), f"a form with {list(fields)}")
    member.submits(fields)
    settled(office)


def fields_of(view: Mapping[str, Any]) -> set[str]:
    """What can be entered into a form."""
    return {str(b["element"]["action_id"]) for b in view["blocks"] if "element" in b}


def keys(office: Office, *slots: str) -> list[str]:
    """The register's keys of slots."""
    return [office.bureau.entry(slot).slot.key for slot in slots]


def handed_in(office: Office, *slots: str, link: str = "https://example.cn/a", files: bool = False) -> tuple[Message, Message]:
    """王芳's digest, and 李雷's card after she handed the same thing in for these periods of one line from its button."""
    office.bureau.known(office.wang, office.li, office.lead)
    digest = office.bureau.asked(office.wang)
    office.wang.clicks(digest, "evidence_submit", block_id="do:1")
    given: dict[str, Any] = {"files": [("登记.pdf", b"%PDF-1.7 visitors")]} if files else {"link": link}
    filled(office, office.wang, slots=keys(office, *(slots or (SLOT,))), **given)
    return digest, card(office, office.li)


def seen(office: Office, member: Person) -> str:
    """All that somebody read of the app: direct messages, threads in them, words for them alone."""
    posts = [
        m
        for m in office.slack.run(lambda: list(office.slack.workspace.channels[member.dm].messages.values()))
        if m.user == office.slack.bot_user
    ]
    return "\n".join(f"{m.text}\n{words_of(m)}" for m in [*posts, *member.whispers])


def ends(office: Office, states: dict[str, str], **saw: str | tuple[str, ...]) -> None:
    """How a story ends: the register's states, and for every person what they read; whoever is not named read nothing at all."""
    now = {slot: office.bureau.entry(slot).state.name for slot in states}
    assert now == states
    for name in ("wang", "li", "lead", "zhao"):
        read, wanted = seen(office, getattr(office, name)), saw.get(name, ())
        for words in (wanted,) if isinstance(wanted, str) else wanted:
            assert words in read, f"{name} did not read {words!r} but: {read}"
        if not wanted:
            assert read == "", f"{name} read: {read}"
