"""What the lead does from the Home tab, for an owner or a line: look, remind, hand over, set another day; send again; the whole table.

Every act asks the register whether whoever clicked may: a menu that somebody else got hold of does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.conversation.chat import words
from assistant.conversation.jobs import Later
from assistant.conversation.meaning.naming import lines_named
from assistant.conversation.ports import Job
from assistant.conversation.post import Place
from assistant.errors import AeoError, RegisterError
from assistant.register.acts.doing.who import Repeated, Who
from assistant.register.facts.slots import TO_DO
from assistant.texts import listed, say
from connectors.slack.calls.people import ORIGIN
from connectors.slack.calls.posting import show_view
from connectors.slack.calls.settling import settle
from connectors.slack.cards.blocks.parts import value
from connectors.slack.cards.carried import Json, unpacked
from connectors.slack.cards.home.lead_home import ITEM, TABLE
from connectors.slack.cards.home.lines_view import DUE_FORM, HAND_FORM, LINE, TURN, due_view, hand_view, lines_view
from connectors.slack.cards.home.people_rows import AGAIN, DUE, HAND, MENU, REMIND, SEE
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import click_of, person_in_time, sentence, tell, who_of
from connectors.slack.listeners.home.lead_work import DO, LeadTask, lines_of, scene_of
from connectors.slack.listeners.unexpected import lost
from connectors.slack.wire.errors import called

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk
    from connectors.slack.context import Deps

_KIND = "lead_act"


def listen(app: App, deps: Deps) -> None:
    """Register menus, buttons and forms."""
    deps.work.handles(_KIND, LeadTask, partial(_act, deps), lost(deps))

    def menu(ack: Ack, body: Json, action: Json) -> None:
        ack()
        name, _, of = str((action.get("selected_option") or {}).get("value") or "").partition("|")
        target = f"line:{of}" if action["action_id"] == LINE else f"owner:{of}"
        if name == REMIND:
            _later(deps, body, REMIND, target)
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
        _later(deps, body, action["action_id"], str(action.get("value") or ""))

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


def _later(deps: Deps, body: Json, act: str, of: str) -> None:
    click = click_of(body, "")
    deps.work.add(_KIND, click.team, f"lead:{click.trigger}", LeadTask(user=click.user, act=act, of=of))


def _view(desk: Desk, who: Who, name: str, target: str, lang: str, page: int = 0) -> dict[str, Any]:
    """The window that a menu opens.

    Raises:
        RegisterError: this is for leads.
    """
    desk.service.require("set_due", who)
    entries, about = lines_of(desk, who, target, lang)
    open_ = [e for e in entries if e.owed and e.shown(desk.service.day(who.at)) in TO_DO]
    if name == SEE:
        return lines_view(about, target, entries, scene_of(desk, entries, who, lang), page)
    if not open_:
        raise RegisterError("evidence_slack.lead.nothing")
    if target.startswith("line:"):
        about = listed(lines_named(open_, lang), lang)
    return hand_view(about, target, lang) if name == HAND else due_view(about, target, desk.service.day(who.at), lang)


def _filled(deps: Deps, block: str) -> Callable[..., None]:
    """Look at who it is and whom they chose; what may be a hundred lines is done as a job, and said in a direct message."""

    def sent(ack: Ack, body: Json, view: dict[str, Any]) -> None:
        team, user = str(body["team"]["id"]), str(body["user"]["id"])
        try:
            desk = desk_of(deps, team)
            desk.service.require("set_due", Who(person_in_time(deps, desk, user), deps.now(), ORIGIN))
            to = person_in_time(deps, desk, value(view, "to"), keep=True) if block == "to" else value(view, "due")
        except Later:
            ack(response_action="errors", errors={block: say("evidence_slack.wrong.again", deps.lang)})
            return
        except AeoError as error:
            ack(response_action="errors", errors={block: sentence(deps, team, error)})
            return
        act, of = HAND if block == "to" else DUE, str(view["private_metadata"])
        deps.work.add(_KIND, team, f"view:{view['id']}", LeadTask(user=user, act=act, of=of, to=to, note=value(view, "note")))
        ack(response_action="clear")

    return sent


def _act(deps: Deps, job: Job, task: LeadTask) -> None:
    """What was clicked or filled in; said in a direct message, for the Home tab has no place for words."""
    lang, ctx = deps.lang, deps.talk.ctx
    own = Place(job.team, task.user)
    try:
        desk = desk_of(deps, job.team)
        who = who_of(deps, desk, task.user, job.key)
        desk.service.require("set_due", who)
        said = DO[task.act](desk, who, task, lang)
    except Repeated:
        return
    except AeoError as error:
        said = words(sentence(deps, job.team, error))
    ctx.chat.say(own, f"lead:{job.key}", said)
    settle(deps, job.team)
