"""Buttons of a slot: whoever may opens a form; to everybody else, and on what is settled, a private sentence says what is the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field
from slack_bolt import Ack, App

from assistant.conversation.jobs import OwnTask, Task
from assistant.conversation.meaning.naming import line_name
from assistant.conversation.ports import Job
from assistant.errors import AeoError
from assistant.register.acts.doing.who import Repeated
from assistant.register.acts.in_bulk.drill import Drills
from assistant.register.acts.people.allowed import allowed
from assistant.register.acts.slots.together import handed_in_with
from assistant.register.facts.notices.asking import Drilled
from assistant.register.facts.slots import TO_DO, Entry
from assistant.register.ports import Filter
from assistant.register.rules.people.roles import Action
from assistant.texts import say
from connectors.slack.calls.settling import TOLD, settle, settled
from connectors.slack.cards.carried import Click, Json, packed
from connectors.slack.cards.evidence import forms
from connectors.slack.cards.evidence.slot_card import ASK, CONFIRM, FOUND, HAND, MORE, NA, SNOOZE, SUBMIT, TAKE, read_more_value
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import click_of, sentence, tell, who_of
from connectors.slack.listeners.evidence.opening import opens
from connectors.slack.listeners.unexpected import lost

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk
    from connectors.slack.context import Deps

_ACT = "evidence_act"
_RIGHT: dict[str, Action] = {
    SUBMIT: "submit",
    NA: "na",
    SNOOZE: "snooze",
    HAND: "reassign",
    ASK: "see",
    CONFIRM: "submit",
    FOUND: "submit",
    TAKE: "submit",
}
_AT_ONCE = (CONFIRM, FOUND, TAKE)


class Pressed(OwnTask):
    """A button of a slot's card that does something at once; the message in which it stands."""

    act: str
    slot: str
    message: str
    channel: str = Field(alias="c")
    thread: str = Field(alias="t")


def listen(app: App, deps: Deps) -> None:
    """Register the buttons."""
    deps.work.handles(TOLD, Task, lambda job, _: settled(deps, job))
    deps.work.handles(_ACT, Pressed, partial(_act, deps), lost(deps))
    for name in (SUBMIT, NA, SNOOZE, HAND, ASK):
        app.action(name)(_opener(deps, name))
    for name in _AT_ONCE:
        app.action(name)(_doer(deps, name))

    def chose(ack: Ack, body: Json, action: Json) -> None:
        """An entry of the menu beside the button: as if it were a button of its own."""
        name, slot, message = read_more_value(str((action.get("selected_option") or {}).get("value") or ""))
        if name in _RIGHT:
            listener = _doer(deps, name) if name in _AT_ONCE else _opener(deps, name)
            listener(ack, body, {"action_id": name, "value": packed(s=slot, m=message)})
        else:
            ack()

    app.action(MORE)(chose)


def _opener(deps: Deps, name: str) -> Callable[..., None]:
    def clicked(ack: Ack, body: Json, action: Json) -> None:
        ack()
        click = click_of(body, str(action.get("value") or ""))
        opens(deps, click, lambda: _form(deps, click, name))

    return clicked


def _form(deps: Deps, click: Click, name: str) -> dict[str, Any]:
    desk = desk_of(deps, click.team)
    entry = allowed(desk.service, click.slot, _RIGHT[name], who_of(deps, desk, click.user))
    return _view(desk, click, name, entry, deps)


def _view(desk: Desk, click: Click, name: str, entry: Entry, deps: Deps) -> dict[str, Any]:
    today, lang = desk.service.day(deps.now()), deps.lang
    if name == SNOOZE:
        return forms.snooze_form(click, entry, today, desk.policy.longest_snooze_days, lang)
    if name == SUBMIT:
        return forms.submit_form(click, entry, today, lang, _periods(desk, entry, deps), _along(desk, entry, today))
    made = {NA: forms.na_form, HAND: forms.hand_form, ASK: forms.ask_form}
    return made[name](click, entry, today, lang)


def _periods(desk: Desk, entry: Entry, deps: Deps) -> list[Entry]:
    """The periods of the same line, of the same person, that something can be handed in for, this one among them."""
    slot, now = entry.slot, deps.now()
    today = desk.service.day(now)
    same = [
        e
        for e in desk.service.standing(now, Filter(clause=slot.clause, owner=entry.owner))
        if (e.slot.line_key, e.slot.subject) == (slot.line_key, slot.subject) and e.owed
    ]
    if entry.shown(today) == "submitted":  # what is added goes to what waits already
        waits = [e for e in same if e.state.name == "submitted" and e.state.claim == "evidence"]
    else:
        waits = [e for e in same if e.shown(today) in TO_DO and e.open(today)]
    return sorted(waits, key=lambda e: e.slot.period)


def _along(desk: Desk, entry: Entry, today: date) -> list[Entry]:
    """The slots that the same paper is handed in for, too."""
    with desk.service.register.reading(desk.workspace) as tx:
        return list(handed_in_with(tx, entry, (), today))


def _doer(deps: Deps, name: str) -> Callable[..., None]:
    def clicked(ack: Ack, body: Json, action: Json) -> None:
        click = click_of(body, str(action.get("value") or ""))
        c = click
        task = Pressed(user=c.user, act=name, slot=c.slot, message=c.message, channel=c.channel, thread=c.thread)
        deps.work.add(_ACT, click.team, f"act:{click.trigger}", task)
        ack()

    return clicked


def _act(deps: Deps, job: Job, task: Pressed) -> None:
    """Say that what was handed in still serves, take what an older edition's clause had, or say that a drawn record was found."""
    click = Click(job.team, task.user, job.key, task.channel, task.thread, task.slot, task.message)
    try:
        desk = desk_of(deps, job.team)
        who = who_of(deps, desk, click.user, job.key)
        if task.act == CONFIRM:
            desk.service.confirm(click.slot, who, whole_line=True)
        elif task.act == TAKE:
            desk.take(click.slot, who)
        else:
            entry = allowed(desk.service, click.slot, "see", who)
            said = Drills(desk.service).answer(_drill(desk, click.message), click.slot, who)
            Drills(desk.service).conclude(who.at)
            name = line_name([entry], deps.lang)
            tell(deps, click, say("evidence.drill.answered", deps.lang, slot=name, result=say(f"evidence.drill.{said}", deps.lang)))
    except Repeated:
        pass
    except AeoError as error:
        tell(deps, click, sentence(deps, click.team, error))
    settle(deps, job.team)


def _drill(desk: Desk, message: str) -> str:
    """The drill that a message asked for."""
    with desk.service.register.reading(desk.workspace) as tx:
        found = tx.message(message)
    return found.says.drill if found and isinstance(found.says, Drilled) else ""
