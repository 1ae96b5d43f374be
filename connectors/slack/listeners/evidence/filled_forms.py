"""Forms that were sent in: each becomes one act of the register, once per form, and says what came of it.

Slack waits three seconds for the answer to a form. Who somebody is the register mostly knows; where Slack has to be asked, it is
given a moment, and then the form says that it is to be sent in again. Nothing was done in that case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.conversation.enterprise import Desk
from assistant.conversation.jobs import Later
from assistant.errors import AeoError, RegisterError
from assistant.register.acts.doing.who import Repeated, Who
from assistant.register.acts.people.allowed import allowed
from assistant.register.acts.slots.review_notes import Shown
from assistant.register.acts.telling.announce import noted
from assistant.register.facts.handed_in import UNSEEN, Seen
from assistant.register.facts.slots import Entry
from assistant.register.rules.demands.periods import given_period
from assistant.register.rules.evidence.dated import serves_until
from assistant.register.rules.evidence.figures import figure
from assistant.register.rules.evidence.life import clean
from assistant.register.rules.evidence.links import check_link
from assistant.texts import say
from connectors.slack.calls.people import ORIGIN
from connectors.slack.calls.settling import settle_soon
from connectors.slack.cards.blocks.parts import value
from connectors.slack.cards.blocks.text import web_address
from connectors.slack.cards.carried import Click, Json
from connectors.slack.cards.evidence.forms import (
    COVERS,
    FIGURE,
    HAND_FORM,
    LACKING,
    NA_FORM,
    RETURN_FORM,
    SNOOZE_FORM,
    SUBMIT_FORM,
    figures_of,
    files,
    picked,
    ticked,
    ticked_of_lines,
)
from connectors.slack.cards.review.accept_form import ACCEPT_FORM, WHOLE_BOX, seen_in
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import form_of, person_in_time, sentence
from connectors.slack.listeners.evidence.handing_in import KIND, HandInForm, hand_in
from connectors.slack.listeners.evidence.shown_slots import along_with, asked_of, shown_to
from connectors.slack.listeners.unexpected import lost

if TYPE_CHECKING:
    from connectors.slack.context import Deps

Do = Callable[[Desk, Click, dict[str, Any], Who], object]


def listen(app: App, deps: Deps) -> None:
    """Register the forms."""
    deps.work.handles(KIND, HandInForm, partial(hand_in, deps), lost(deps))

    def hand(desk: Desk, click: Click, view: dict[str, Any], who: Who) -> object:
        to = person_in_time(deps, desk, value(view, "to"), keep=True)
        entry = desk.service.reassign(click.slot, to, who)
        if value(view, "why"):
            noted(desk.service, [entry.slot.key], to, value(view, "why"), who)
        return entry

    app.view(SUBMIT_FORM)(lambda ack, body, view: _submitted(deps, ack, body, view))
    app.view(NA_FORM)(_doing(deps, "reason", lambda desk, c, view, who: desk.service.claim_na(c.slot, value(view, "reason"), who)))
    app.view(SNOOZE_FORM)(_doing(deps, "until", _snooze))
    app.view(HAND_FORM)(_doing(deps, "to", hand))
    app.view(RETURN_FORM)(_doing(deps, "reason", _give_back))
    app.view(ACCEPT_FORM)(_doing(deps, WHOLE_BOX, _accept))


def _snooze(desk: Desk, click: Click, view: dict[str, Any], who: Who) -> object:
    return desk.service.snooze(click.slot, date.fromisoformat(value(view, "until")), who, value(view, "why"))


def _give_back(desk: Desk, click: Click, view: dict[str, Any], who: Who) -> object:
    shown = shown_to(desk, click)
    if "which" in view["state"]["values"]:
        chosen = picked(view, "which")
        shown = [s for s in shown if s.slot in chosen]
    if not shown:
        raise RegisterError("evidence_slack.nothing_waits")
    done, _ = desk.service.review_all(shown, "returned", who, value(view, "reason"), _missed(desk, view, shown, who.at))
    return done


def _accept(desk: Desk, click: Click, view: dict[str, Any], who: Who) -> object:
    shown = shown_to(desk, click)
    saw: dict[str, Seen] = {}
    for line, (entries, short) in asked_of(desk, shown, who.at).items():
        found = seen_in(view, line, entries, desk.service.day(who.at))
        if found.until is None and any(s.name == "undated" for s in short):
            raise RegisterError("register.undated", slot=entries[0].slot.id)
        if found == UNSEEN:
            raise RegisterError("evidence_slack.unseen")
        saw |= {e.slot.key: found for e in entries}
    if not shown:
        raise RegisterError("evidence_slack.nothing_waits")
    done, _ = desk.service.review_all(shown, "accepted", who, saw=saw)
    return done


def _missed(desk: Desk, view: dict[str, Any], shown: Sequence[Shown], at: datetime) -> dict[str, list[str]]:
    """Slot -> the elements that were ticked as missing in its line."""
    lines = {}
    for key, places in ticked_of_lines(view, LACKING).items():
        slot = desk.service.entry(key).slot
        lines[slot.line_key] = [slot.ticks[n] for n in places if n < len(slot.ticks)]
    keys = [*(s.slot for s in shown), *(e.slot.key for e in along_with(desk, shown, at))]
    return {key: lines[of] for key in keys if (of := desk.service.entry(key).slot.line_key) in lines}


def _doing(deps: Deps, block: str, do: Do) -> Callable[..., None]:
    """Does what a form asks for at once; a refusal stands in the form, under the field ``block``."""

    def sent(ack: Ack, body: Json, view: dict[str, Any]) -> None:
        click = form_of(body)
        try:
            desk = desk_of(deps, click.team)
            do(desk, click, view, _who(deps, desk, click.user, f"view:{view['id']}"))
        except Repeated:
            pass
        except Later:
            ack(response_action="errors", errors={block: say("evidence_slack.wrong.again", deps.lang)})
            return
        except AeoError as error:
            ack(response_action="errors", errors={block: sentence(deps, click.team, error)})
            return
        ack()
        settle_soon(deps, click.team, f"view:{view['id']}")

    return sent


def _submitted(deps: Deps, ack: Ack, body: Json, view: dict[str, Any]) -> None:
    """Check what can be checked in a moment; downloading and handing in is a job."""
    click = form_of(body)
    figures: dict[str, str] = {}
    until = ""
    try:
        desk = desk_of(deps, click.team)
        entry = allowed(desk.service, click.slot, "submit", _who(deps, desk, click.user))
        figures = figures_of(view, entry.slot.figures)
        wrong = _wrong(deps, desk, click, entry, view, figures)
        if not wrong:
            until, wrong = _until(deps, desk, click, entry, view)
    except Later:
        wrong = {"note": say("evidence_slack.wrong.again", deps.lang)}
    except AeoError as error:
        wrong = {"note": sentence(deps, click.team, error)}
    if wrong:
        ack(response_action="errors", errors=wrong)
        return
    filled = {name: value(view, name) for name in ("link", "note", "paper", "staff", "period", "valid", "count")}
    filled["valid"] = until or filled["valid"]
    covers, nil = tuple(ticked(view, "covers")), bool(ticked(view, "nil"))
    lines = ticked_of_lines(view, COVERS)
    task = HandInForm.of(click, files(view), picked(view, "slots"), **filled, covers=covers, lines=lines, nil=nil, figures=figures)
    deps.work.add(KIND, click.team, f"view:{view['id']}", task)
    ack()


def _wrong(deps: Deps, desk: Desk, click: Click, entry: Entry, view: dict[str, Any], said: dict[str, str]) -> dict[str, str]:
    """Which fields are wrong, and what is wrong with them; ``said`` are the figures that were written."""
    lang, link, valid = deps.lang, value(view, "link"), value(view, "valid")
    if value(view, "count") and not value(view, "count").isdigit():
        return {"count": say("profile.wanted_number", lang)}
    if said and len(picked(view, "slots")) > 1:
        return {"slots": say("register.figure_several", lang)}
    for number, name in enumerate(entry.slot.figures):
        if name in said and not figure(said[name]):
            return {f"{FIGURE}:{number}": say("register.figure_wrong", lang, name=name, text=said[name])}
    adds = bool(said) and entry.state.name == "submitted"
    if not (adds or files(view) or link or ticked(view, "nil") or any(clean(value(view, name)) for name in ("note", "paper", "staff"))):
        return {"note": say("evidence_slack.wrong.nothing", lang)}
    if link and web_address(link) is None:
        return {"link": say("evidence_slack.wrong.link", lang)}
    try:
        if link:
            check_link(link)
    except AeoError as error:
        return {"link": sentence(deps, click.team, error)}
    if valid and date.fromisoformat(valid) < desk.service.day(deps.now()):
        return {"valid": say("register.valid_passed", lang, date=valid, slot=entry.slot.id)}
    try:
        if value(view, "period"):
            for one in _wanted(desk, entry, view):
                given_period(value(view, "period"), one.slot)
    except AeoError as error:
        return {"period": sentence(deps, click.team, error)}
    return {}


def _until(deps: Deps, desk: Desk, click: Click, entry: Entry, view: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Until when it serves by the date that is on it, empty where none was written; and what is wrong with that date."""
    dated = value(view, "dated")
    if not dated:
        return "", {}
    slots = [one.slot for one in _wanted(desk, entry, view)]
    try:
        return serves_until(slots, date.fromisoformat(dated), desk.service.day(deps.now())).isoformat(), {}
    except AeoError as error:
        return "", {"dated": sentence(deps, click.team, error)}


def _wanted(desk: Desk, entry: Entry, view: dict[str, Any]) -> list[Entry]:
    """What the form is for: the slots ticked in it, else the one that it was opened for."""
    return [desk.service.entry(key) for key in picked(view, "slots")] or [entry]


def _who(deps: Deps, desk: Desk, user: str, event_id: str = "") -> Who:
    """Who sent a form in.

    Raises:
        Later: Slack has to be asked, and does not answer in a moment. Refused: it does not say.
    """
    return Who(person_in_time(deps, desk, user), deps.now(), ORIGIN, event_id)
