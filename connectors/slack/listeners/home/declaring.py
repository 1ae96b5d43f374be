"""What nobody declared of the enterprise yet, answered by the lead in a form on the Home tab: into the profile, and the plan follows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from slack_bolt import Ack, App

from assistant.conversation.chat import words
from assistant.conversation.declaring import declared, declared_of, questions, still_open
from assistant.conversation.jobs import OwnTask
from assistant.conversation.ports import Job
from assistant.conversation.post import Place
from assistant.errors import AeoError, RegisterError
from assistant.register.papers.explained import told_contradictions
from assistant.texts import say
from connectors.slack.calls.chat import talk_of
from connectors.slack.calls.courier import settle
from connectors.slack.calls.home_tab import publish
from connectors.slack.calls.posting import show_view
from connectors.slack.cards.carried import Json
from connectors.slack.cards.home.profile_form import DECLARE, DECLARE_FORM, answers, profile_view
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import click_of, sentence, tell, who_of
from connectors.slack.listeners.unexpected import lost

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk
    from assistant.register.acts.who import Who
    from connectors.slack.context import Deps

_KIND = "declare"


class Declaration(OwnTask):
    """What a lead answered: question -> answer."""

    said: dict[str, str]


def listen(app: App, deps: Deps) -> None:
    """Register the button, the form and what is done with it."""
    deps.work.handles(_KIND, Declaration, partial(_declare, deps), lost(deps))

    def opened(ack: Ack, body: Json) -> None:
        ack()
        click = click_of(body, "")
        try:
            desk = desk_of(deps, click.team)
            may_declare(desk, who_of(deps, desk, click.user))
            waiting = still_open(desk, deps.now(), deps.lang)
            if not waiting:
                raise RegisterError("evidence_slack.lead.declared_all")
        except AeoError as error:
            tell(deps, click, sentence(deps, click.team, error))
            return
        show_view(deps, body, profile_view(waiting, deps.lang))

    def sent(ack: Ack, body: Json, view: Json) -> None:
        team, user, said = str(body["team"]["id"]), str(body["user"]["id"]), answers(view)
        try:
            wrong = _wrong(deps, team, said)
        except AeoError as error:
            wrong = dict.fromkeys(list(view["state"]["values"])[:1], sentence(deps, team, error))
        if wrong:
            ack(response_action="errors", errors=wrong)
            return
        deps.work.add(_KIND, team, f"view:{view['id']}", Declaration(user=user, said=said))
        ack(response_action="clear")

    app.action(DECLARE)(opened)
    app.view(DECLARE_FORM)(sent)


def may_declare(desk: Desk, who: Who) -> None:
    """See to it that a lead asks, and that what is declared can be written down.

    Raises:
        RegisterError: it is somebody else, or nothing can be written.
    """
    desk.service.require("assign", who)
    if desk.keep is None:
        raise RegisterError("evidence_slack.lead.declare_closed")


def _wrong(deps: Deps, team: str, said: dict[str, str]) -> dict[str, str]:
    """Answers that are not of the kind that was asked for: question -> what is wanted."""
    desk, found = desk_of(deps, team), {}
    assert desk.profile is not None, "desk_of"
    for key, text in said.items():
        try:
            declared(desk.profile, desk.guide, {key: text}, deps.lang)
        except AeoError as error:
            found[key] = error.sentence(deps.lang)
    return found


def _declare(deps: Deps, job: Job, task: Declaration) -> None:
    """Record what was filled in; the lead hears what follows from it, in a direct message."""
    user, lang = task.user, deps.lang
    try:
        desk = desk_of(deps, job.team)
        who = who_of(deps, desk, user, job.key)
        may_declare(desk, who)
        told = _recorded(desk, who, task.said, lang)
    except AeoError as error:
        told = [sentence(deps, job.team, error)]
    talk_of(deps).ctx.chat.say(Place(job.team, user), f"declare:{job.key}", words(*told))
    publish(deps, job.team, who_of(deps, desk_of(deps, job.team), user).actor, user)
    settle(deps, job.team)


def _recorded(desk: Desk, who: Who, said: dict[str, str], lang: str) -> list[str]:
    """Write the profile and bring the plan up to date, as ``aeo profile init`` and ``aeo evidence plan`` do; what came of it, in words."""
    assert desk.profile is not None, "desk_of"
    assert desk.keep is not None, "may_declare"
    if not said:
        return [say("evidence_slack.lead.declared_nothing", lang)]
    fresh = declared(desk.profile, desk.guide, said, lang)
    desk.keep(fresh)
    change = desk.service.sync(desk.guide, fresh, who)
    named = tuple(f"{q.text}{q.known}" for q in questions(declared_of(fresh), desk.guide, lang) if q.key in said)
    added, removed = len(change.added), len(change.removed)
    return [
        say("evidence_slack.lead.declared", lang, count=len(said), said=named),
        say("evidence_slack.lead.declared_change", lang, added=added, removed=removed),
        *told_contradictions(fresh, lang),
    ]
