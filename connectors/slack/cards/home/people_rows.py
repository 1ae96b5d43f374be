"""The lead's rows on the Home tab that something can be done about: who is late, questions that wait, what did not arrive."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from assistant.conversation.chat import REMIND_OWNER, REPLY_TO_ENQUIRY
from assistant.conversation.ports import Enquiry
from assistant.conversation.scene import Scene
from assistant.register.facts.outbox import Message
from assistant.register.papers.reports.coverage import Ready, readiness
from assistant.register.papers.said.words import undelivered_word
from assistant.register.ports import Count
from assistant.texts import say
from connectors.slack.cards.asking.saying import PRESS
from connectors.slack.cards.blocks.parts import HOLE, address, button, line, quote, rich, row, small, timed, words
from connectors.slack.cards.blocks.rich_text import Block, text_element
from connectors.slack.cards.blocks.text import Element, instant_element, one_line, plain
from connectors.slack.wire import limits

MENU, AGAIN = "lead_menu", "lead_again"
"""The menu beside an owner, and the button beside what did not arrive."""
SEE, HAND, DUE, REMIND = "see", "hand", "due", "remind"
"""What a menu does: show the lines, hand over, set another day, remind."""
PEOPLE, ASKED, STUCK = 10, 6, 8  # rows of owners, of questions asked, of messages that did not arrive
_MARK = 16  # hex digits by which a button names a person


def mark_of(person: str) -> str:
    """A person in a menu, whose values are short."""
    return hashlib.sha256(person.encode()).hexdigest()[:_MARK]


def late_rows(counts: Sequence[Count], at: Scene, reminded: Mapping[str, datetime]) -> list[Block]:
    """Owners who have something to hand in, the latest first: 催一下, and a menu with 转交, 改期 and their lines."""
    lang = at.lang
    owners = [(name, r) for name, r in readiness(counts, "owner").items() if r.open]
    owners.sort(key=lambda pair: (-pair[1].overdue, -pair[1].open, pair[0]))
    blocks = [rich("late", line(words(say("evidence_slack.lead.late", lang), bold=True)))]
    if not owners:
        return [*blocks, small(say("evidence_slack.lead.no_late", lang))]
    for number, (owner, ready) in enumerate(owners[:PEOPLE]):
        blocks += _late(number, owner, ready, at, reminded.get(owner))
    more = len(owners) - PEOPLE
    return [*blocks, *([small(say("evidence_slack.lead.more", lang, count=more))] if more > 0 else [])]


def _late(number: int, owner: str, ready: Ready, at: Scene, reminded: datetime | None) -> list[Block]:
    lang, name = at.lang, at.name(owner)
    row_of = "late_row" if ready.overdue else "open_row"
    told = words(say(f"evidence_slack.lead.{row_of}", lang, owner=name, count=ready.overdue, open=ready.open))
    asked = timed(say("evidence_slack.lead.reminded", lang, when=HOLE), instant_element(reminded, at.zone)) if reminded else []
    sure: Element = {
        "title": plain(say("evidence_slack.lead.remind", lang), limits.CONFIRM_TITLE),
        "text": plain(say("talk.remind.sure_now", lang, name=name, count=ready.open), limits.CONFIRM_TEXT),
        "confirm": plain(say("evidence_slack.lead.remind", lang), limits.CONFIRM_BUTTON),
        "deny": plain(say("evidence_slack.form.close", lang), limits.CONFIRM_BUTTON),
    }
    acts = [menu(MENU, (SEE, HAND, DUE), mark_of(owner), lang)]
    if owner != at.lead:
        remind = f"{PRESS}:{REMIND_OWNER}:late{number}"
        style = "primary" if ready.overdue and not reminded else ""
        acts.insert(0, button(remind, say("evidence_slack.lead.remind", lang), f"{owner}\n", style, sure))
    return [rich(f"late:{number}", line(told, *asked)), row(f"late_do:{number}", acts)]


def menu(action: str, names: Sequence[str], of: str, lang: str) -> Element:
    """A menu of acts on an owner or a line."""
    options = [{"text": plain(say(f"evidence_slack.lead.{name}", lang), limits.OPTION_TEXT), "value": f"{name}|{of}"} for name in names]
    return {"type": "overflow", "action_id": action, "options": options}


def question_rows(asked: Sequence[tuple[Enquiry, str]], at: Scene) -> list[Block]:
    """Questions that the guide does not answer and that wait for the lead, the longest waiting first: 答复, and the way to the card."""
    lang = at.lang
    blocks = [rich("questions", line(words(say("evidence_slack.lead.questions", lang, count=len(asked)), bold=True)))]
    for number, (enquiry, card) in enumerate(asked[:ASKED]):
        elements: list[Element] = [
            {"type": "user", "user_id": enquiry.asker},
            text_element("　"),
            instant_element(enquiry.at, at.zone),
            *([text_element("　"), address(card, say("evidence_slack.lead.card", lang))] if card else []),
        ]
        reply = f"{PRESS}:{REPLY_TO_ENQUIRY}:home{number}"
        acts = [button(reply, say("talk.enquiry.reply", lang), enquiry.id, "primary" if number == 0 else "")]
        asked_for = rich(f"question:{number}", line(*elements), quote(one_line(enquiry.question), 200))
        blocks += [asked_for, row(f"question_do:{number}", acts)]
    more = len(asked) - ASKED
    return [*blocks, *([small(say("evidence_slack.lead.more", lang, count=more))] if more > 0 else [])]


def stuck_rows(stuck: Sequence[Message], at: Scene) -> list[Block]:
    """What did not arrive, and what is tried again: one row for a person, a kind and a reason, with what to do about it."""
    lang = at.lang
    groups: dict[tuple[str, str, str, bool], list[Message]] = {}
    for message in stuck:
        groups.setdefault((message.recipient, message.kind, message.detail, message.state == "failed"), []).append(message)
    blocks = [rich("undelivered", line(words(say("evidence_slack.lead.undelivered", lang), bold=True)))]
    if not groups:
        return [*blocks, small(say("evidence_slack.lead.no_undelivered", lang))]
    for number, ((recipient, kind, detail, failed), same) in enumerate(list(groups.items())[:STUCK]):
        what = say(f"evidence_slack.kind.{kind}", lang) + (f" × {len(same)}" if len(same) > 1 else "")
        state = say(f"evidence_slack.lead.{'failed' if failed else 'retrying'}", lang)
        values = {"who": at.name(recipient), "what": what, "why": undelivered_word(detail, lang), "state": state}
        blocks.append(rich(f"stuck:{number}", line(words(say("evidence_slack.lead.stuck", lang, **values), 400))))
        if failed:
            acts = [button(AGAIN, say("evidence_slack.lead.again", lang), f"{mark_of(recipient)}|{kind}|{detail}"[:200])]
            blocks.append(row(f"stuck_do:{number}", [*acts, *_of_theirs(recipient, same, at)]))
    more = len(groups) - STUCK
    return [*blocks, *([small(say("evidence_slack.lead.more", lang, count=more))] if more > 0 else [])]


def _of_theirs(recipient: str, same: Sequence[Message], at: Scene) -> list[Element]:
    """A menu on the lines of whoever cannot be reached, where they are in charge of any."""
    theirs = Counter(e.owner for e in at.entries.values() if e.owed)
    return [menu(MENU, (SEE, HAND), mark_of(recipient), at.lang)] if theirs[recipient] and same else []
