"""What the lead does from the Home tab, for an owner or a line: look, remind, hand over, set another day; send again; the whole table.

Every act asks the register whether whoever clicked may: a menu that somebody else got hold of does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.conversation import asking
from assistant.conversation.chat import words
from assistant.conversation.enterprise import Desk
from assistant.conversation.jobs import Later
from assistant.conversation.naming import lines_named
from assistant.conversation.ports import Job
from assistant.conversation.post import Place
from assistant.conversation.scene import Scene
from assistant.errors import AeoError, RegisterError
from assistant.register.acts.announce import noted
from assistant.register.acts.reminding import remind, resend
from assistant.register.acts.service import Repeated, Who
from assistant.register.facts.slots import Entry
from assistant.texts import listed, say
from connectors.slack.calls.chat import talk_of
from connectors.slack.calls.courier import settle
from connectors.slack.calls.posting import show_view
from connectors.slack.cards.carried import Json, unpacked
from connectors.slack.cards.evidence.forms import value
from connectors.slack.cards.home.lead_home import ITEM, TABLE
from connectors.slack.cards.home.lines_view import DUE_FORM, HAND_FORM, LINE, TURN, due_view, hand_view, lines_view
from connectors.slack.cards.home.people_rows import AGAIN, HAND, MENU, REMIND, SEE, mark_of
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import click_of, sentence, tell, who_of
from connectors.slack.listeners.evidence.filled_forms import person_in_time
from connectors.slack.listeners.unexpected import lost
from connectors.slack.wire.errors import called

if TYPE_CHECKING:
    from connectors.slack.context import Deps

_KIND = "lead_act"
_OPEN = ("missing", "returned", "to_confirm", "expired")


def listen(app: App, deps: Deps) -> None:
    """Register menus, buttons and forms."""
    deps.work.handles(_KIND, lambda job: _act(deps, job), lost(deps))

    def menu(ack: Ack, body: Json, action: Json) -> None:
        ack()
        name, _, of = str((action.get("selected_option") or {}).get("value") or "").partition("|")
        target = f"line:{of}" if action["action_id"] == LINE else f"owner:{of}"
        if name == REMIND:
            _later(deps, body, {"act": REMIND, "of": target})
        else:
            _shows(deps, body, lambda desk, who: _view(desk, who, name, target, deps.lang))

    def item(ack: Ack, body: Json, action: Json) -> None:
        ack()
        number = str((action.get("selected_option") or {}).get("value") or "")
        _shows(deps, body, lambda desk, who: _view(desk, who, SEE, f"item:{number}", deps.lang))

    def turned(ack: Ack, body: Json, action: Json) -> None:
        ack()
        to, shown = unpacked(str(action.get("value") or "")), body["view"]
        desk = desk_of(deps, str(body["team"]["id"]))
        who = who_of(deps, desk, str(body["user"]["id"]))
        view = _view(desk, who, SEE, str(to.get("w") or ""), deps.lang, int(to.get("p") or 0))
        called(lambda: deps.client(desk.team).views_update(view_id=shown["id"], hash=shown["hash"], view=view))

    def button(ack: Ack, body: Json, action: Json) -> None:
        ack()
        _later(deps, body, {"act": action["action_id"], "of": str(action.get("value") or "")})

    app.action(MENU)(menu)
    app.action(LINE)(menu)
    app.action(ITEM)(item)
    app.action(re.compile(f"^{TURN}:"))(turned)
    for name in (AGAIN, TABLE):
        app.action(name)(button)
    app.view(HAND_FORM)(_filled(deps, "to"))
    app.view(DUE_FORM)(_filled(deps, "due"))


def _shows(deps: Deps, body: Json, made: Callable[[Desk, Who], dict[str, Any]]) -> None:
    """Open a window for a lead, or say why not."""
    click = click_of(body, "")
    try:
        desk = desk_of(deps, click.team)
        view = made(desk, who_of(deps, desk, click.user))
    except AeoError as error:
        tell(deps, click, sentence(deps, click.team, error))
        return
    show_view(deps, body, view)


def _later(deps: Deps, body: Json, payload: dict[str, Any]) -> None:
    click = click_of(body, "")
    deps.work.add(_KIND, click.team, f"lead:{click.trigger}", {"user": click.user, **payload})


def _view(desk: Desk, who: Who, name: str, target: str, lang: str, page: int = 0) -> dict[str, Any]:
    """The window that a menu opens.

    Raises:
        RegisterError: this is for leads.
    """
    desk.service.require("set_due", who)
    entries, about = _lines(desk, who, target, lang)
    open_ = [e for e in entries if e.owed and e.shown(desk.service.day(who.at)) in _OPEN]
    if name == SEE:
        return lines_view(about, target, entries, _scene(desk, entries, who, lang), page)
    if not open_:
        raise RegisterError("evidence_slack.lead.nothing")
    if target.startswith("line:"):
        about = listed(lines_named(open_, lang), lang)
    return hand_view(about, target, lang) if name == HAND else due_view(about, target, desk.service.day(who.at), lang)


def _lines(desk: Desk, who: Who, target: str, lang: str) -> tuple[list[Entry], str]:
    """The slots that a menu or a window is about, and what they are called together."""
    kind, _, of = target.partition(":")
    today = desk.service.day(who.at)
    found = [e for e in desk.service.entries(who.at) if e.owed]
    if kind == "line":
        line = next((e.slot.line_key for e in found if e.slot.key == of), "")
        own = next((e.owner for e in found if e.slot.key == of), "")
        mine = [e for e in found if e.slot.line_key == line and e.owner == own and e.shown(today) in _OPEN and e.open(today)]
        return mine or [e for e in found if e.slot.key == of], ""
    if kind == "item":
        title = desk.guide.items[of].title if of in desk.guide.items else ""
        return [e for e in found if e.slot.item == of], say("evidence_slack.lead.of_item", lang, item=of, title=title)
    theirs = [e for e in found if mark_of(e.owner) == of and e.shown(today) in _OPEN and e.open(today)]
    name = _scene(desk, (), who, lang).name(theirs[0].owner) if theirs else "—"
    return theirs, say("evidence_slack.lead.of_owner", lang, owner=name, count=len(theirs))


def _scene(desk: Desk, entries: list[Entry] | tuple[()], who: Who, lang: str) -> Scene:
    with desk.service.register.reading(desk.workspace) as tx:
        people = tx.people()
    shown = {e.slot.key: e for e in entries}
    return Scene(lang, str(desk.service.rules.zone), desk.service.day(who.at), desk.lead, shown, people)


def _filled(deps: Deps, block: str) -> Callable[..., None]:
    """Hand over, or set the day, at once; a refusal stands in the form, and what was done is said in a direct message."""

    def sent(ack: Ack, body: Json, view: dict[str, Any]) -> None:
        team, user, key = str(body["team"]["id"]), str(body["user"]["id"]), f"view:{view['id']}"
        try:
            desk = desk_of(deps, team)
            who = Who(person_in_time(deps, desk, user), deps.now(), "slack", key)
            done = (_handed if block == "to" else _due)(deps, desk, who, view)
        except Repeated:
            ack(response_action="clear")
            return
        except Later:
            ack(response_action="errors", errors={block: say("evidence_slack.wrong.again", deps.lang)})
            return
        except AeoError as error:
            ack(response_action="errors", errors={block: sentence(deps, team, error)})
            return
        ack(response_action="clear")
        deps.work.add(_KIND, team, f"told:{key}", {"user": user, "act": "said", "text": done})

    return sent


def _handed(deps: Deps, desk: Desk, who: Who, view: dict[str, Any]) -> str:
    desk.service.require("set_due", who)
    entries, _ = _lines(desk, who, str(view["private_metadata"]), deps.lang)
    to, note = person_in_time(deps, desk, value(view, "to")), value(view, "note")
    done, _refused = desk.service.reassign_all([e.slot.key for e in entries], to, who)
    if note and done:
        noted(desk.service, [e.slot.key for e in done], to, note, replace(who, event_id=f"{who.event_id}:note"))
    name = _scene(desk, (), who, deps.lang).name(to)
    return say("evidence_slack.lead.handed", deps.lang, lines=tuple(lines_named(done, deps.lang)), name=name)


def _due(deps: Deps, desk: Desk, who: Who, view: dict[str, Any]) -> str:
    entries, _ = _lines(desk, who, str(view["private_metadata"]), deps.lang)
    due = value(view, "due")
    done, _refused = desk.service.set_due_all([e.slot.key for e in entries], date.fromisoformat(due), who)
    return say("evidence_slack.lead.due_set", deps.lang, lines=tuple(lines_named(done, deps.lang)), due=due)


def _act(deps: Deps, job: Job) -> None:
    """What needs no form; said in a direct message, for the Home tab has no place for words."""
    p, lang, ctx = job.payload, deps.lang, talk_of(deps).ctx
    own = Place(job.team, p["user"])
    try:
        desk = desk_of(deps, job.team)
        who = who_of(deps, desk, p["user"], job.key)
        if p["act"] == TABLE:
            desk.service.require("set_due", who)
            ctx.chat.say(own, f"table:{job.key}", asking.table(desk, who, lang))
            return
        if p["act"] == "said":
            said = str(p["text"])
        elif p["act"] == AGAIN:
            said = say("evidence_slack.lead.sent_again", lang, count=_again(desk, who, p["of"]))
        else:
            said = _reminded(deps, desk, who, p["of"])
    except Repeated:
        return
    except AeoError as error:
        said = sentence(deps, job.team, error)
    ctx.chat.say(own, f"lead:{job.key}", words(said))
    settle(deps, job.team)


def _again(desk: Desk, who: Who, of: str) -> int:
    mark, kind, detail = [*of.split("|", 2), "", ""][:3]
    return resend(desk.service, lambda m: (mark_of(m.recipient), m.kind, m.detail) == (mark, kind, detail), who)


def _reminded(deps: Deps, desk: Desk, who: Who, target: str) -> str:
    """Remind the owner of a line of its open periods."""
    desk.service.require("set_due", who)
    entries, _ = _lines(desk, who, target, deps.lang)
    open_ = [e for e in entries if e.shown(desk.service.day(who.at)) in _OPEN]
    if not open_:
        raise RegisterError("evidence_slack.lead.nothing")
    remind(desk.service, open_[0].owner, [e.slot.key for e in open_], 0, who)
    name = _scene(desk, (), who, deps.lang).name(open_[0].owner)
    return say("talk.remind.done", deps.lang, name=name, count=len(open_))
