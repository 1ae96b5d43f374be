"""What the lead does from the Home tab, done: for the slots of an owner, an item or a line; what came of it, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.conversation.chat import Saying, words
from assistant.conversation.in_words import asking
from assistant.conversation.jobs import OwnTask
from assistant.conversation.meaning.naming import lines_named
from assistant.conversation.scene import Scene
from assistant.errors import RegisterError
from assistant.register.acts.telling.announce import noted
from assistant.register.acts.telling.reminding import remind, resend
from assistant.register.facts.slots import TO_DO, Entry
from assistant.register.rules.people.due import too_late
from assistant.texts import say
from connectors.slack.cards.home.lead_home import TABLE
from connectors.slack.cards.home.people_rows import AGAIN, DUE, HAND, REMIND, mark_of

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk
    from assistant.register.acts.doing.who import Who

_WHY = 3
"""Refusals that are named; the lines that they concern stay as they are."""


class LeadTask(OwnTask):
    """What a lead chose: the act, what it is ``of`` (``line:``, ``item:`` or ``owner:`` and whose), to whom or to what day."""

    act: str
    of: str = ""
    to: str = ""
    note: str = ""


def lines_of(desk: Desk, who: Who, target: str, lang: str) -> tuple[list[Entry], str]:
    """The slots that a menu or a window is about, and what they are called together."""
    kind, _, of = target.partition(":")
    today = desk.service.day(who.at)
    found = [e for e in desk.service.standing(who.at) if e.owed]
    if kind == "line":
        line = next((e.slot.line_key for e in found if e.slot.key == of), "")
        own = next((e.owner for e in found if e.slot.key == of), "")
        mine = [e for e in found if e.slot.line_key == line and e.owner == own and e.shown(today) in TO_DO and e.open(today)]
        return mine or [e for e in found if e.slot.key == of], ""
    if kind == "item":
        title = desk.guide.items[of].title if of in desk.guide.items else ""
        return [e for e in found if e.slot.item == of], say("evidence_slack.lead.of_item", lang, item=of, title=title)
    theirs = [e for e in found if mark_of(e.owner) == of and e.shown(today) in TO_DO and e.open(today)]
    name = scene_of(desk, (), who, lang).name(theirs[0].owner) if theirs else "—"
    return theirs, say("evidence_slack.lead.of_owner", lang, owner=name, count=len(theirs))


def scene_of(desk: Desk, entries: Sequence[Entry], who: Who, lang: str) -> Scene:
    """What these slots are drawn from, with the names of people."""
    with desk.service.register.reading(desk.workspace) as tx:
        people = tx.people()
    shown = {e.slot.key: e for e in entries}
    return Scene(lang, str(desk.service.rules.zone), desk.service.day(who.at), desk.lead, shown, people)


def _hand(desk: Desk, who: Who, task: LeadTask, lang: str) -> Saying:
    entries, _ = lines_of(desk, who, task.of, lang)
    done, refused = desk.service.reassign_all(_keys(entries), task.to, who)
    if task.note and done:
        noted(desk.service, [e.slot.key for e in done], task.to, task.note, replace(who, event_id=f"{who.event_id}:note"))
    name = scene_of(desk, (), who, lang).name(task.to)
    said = say("evidence_slack.lead.handed", lang, lines=tuple(lines_named(done, lang)), name=name)
    return words(said, *(error.sentence(lang) for error in refused[:_WHY]))


def _due(desk: Desk, who: Who, task: LeadTask, lang: str) -> Saying:
    entries, _ = lines_of(desk, who, task.of, lang)
    to = date.fromisoformat(task.to)
    done, refused = desk.service.set_due_all(_keys(entries), to, who)
    said = say("evidence_slack.lead.due_set", lang, lines=tuple(lines_named(done, lang)), due=task.to)
    late = [day for e in done if (day := too_late(e, to))]
    told = [say("evidence_slack.lead.due_late", lang, latest=min(late))] if late else []
    return words(said, *told, *(error.sentence(lang) for error in refused[:_WHY]))


def _keys(entries: Sequence[Entry]) -> list[str]:
    if not entries:
        raise RegisterError("evidence_slack.lead.nothing")
    return [e.slot.key for e in entries]


def _again(desk: Desk, who: Who, task: LeadTask, lang: str) -> Saying:
    mark, kind, detail = [*task.of.split("|", 2), "", ""][:3]
    count = resend(desk.service, lambda m: (mark_of(m.recipient), m.kind, m.detail) == (mark, kind, detail), who)
    return words(say("evidence_slack.lead.sent_again", lang, count=count))


def _reminded(desk: Desk, who: Who, task: LeadTask, lang: str) -> Saying:
    """Remind the owner of a line of its open periods."""
    entries, _ = lines_of(desk, who, task.of, lang)
    open_ = [e for e in entries if e.shown(desk.service.day(who.at)) in TO_DO]
    if not open_:
        raise RegisterError("evidence_slack.lead.nothing")
    remind(desk.service, open_[0].owner, [e.slot.key for e in open_], 0, who)
    name = scene_of(desk, (), who, lang).name(open_[0].owner)
    return words(say("talk.remind.done", lang, name=name, count=len(open_)))


DO: dict[str, Callable[[Desk, Who, LeadTask, str], Saying]] = {
    HAND: _hand,
    DUE: _due,
    REMIND: _reminded,
    AGAIN: _again,
    TABLE: lambda desk, who, _, lang: asking.table(desk, who, lang),
}
