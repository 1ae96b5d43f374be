"""What lines of a new edition demand, confirmed by the lead in a form on the Home tab: into the profile, and the ticks follow."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from slack_bolt import Ack, App

from assistant.conversation.chat import words
from assistant.conversation.enterprise import Desk
from assistant.conversation.jobs import OwnTask
from assistant.conversation.naming import slot_name
from assistant.conversation.ports import Job
from assistant.conversation.post import Place
from assistant.conversation.ticking import confirmed, not_of_line, proposals
from assistant.errors import AeoError, RegisterError
from assistant.register.acts.who import Who
from assistant.texts import say
from connectors.slack.calls.chat import talk_of
from connectors.slack.calls.courier import settle
from connectors.slack.calls.home_tab import publish
from connectors.slack.calls.posting import show_view
from connectors.slack.cards.carried import Json
from connectors.slack.cards.home.elements_form import ELEMENTS, ELEMENTS_FORM, PARTS, chosen, elements_view
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import click_of, sentence, tell, who_of
from connectors.slack.listeners.home.declaring import may_declare
from connectors.slack.listeners.unexpected import lost

if TYPE_CHECKING:
    from connectors.slack.context import Deps

_KIND = "elements"


class Confirmation(OwnTask):
    """What a lead confirmed: line -> its elements."""

    said: dict[str, tuple[str, ...]]


def listen(app: App, deps: Deps) -> None:
    """Register the button, the form and what is done with it."""
    deps.work.handles(_KIND, Confirmation, partial(_confirm, deps), lost(deps))

    def opened(ack: Ack, body: Json) -> None:
        ack()
        click = click_of(body, "")
        try:
            desk = desk_of(deps, click.team)
            may_declare(desk, who_of(deps, desk, click.user))
            waiting = proposals(desk)
            if not waiting:
                raise RegisterError("evidence_slack.lead.elements_all")
        except AeoError as error:
            tell(deps, click, sentence(deps, click.team, error))
            return
        show_view(deps, body, elements_view(waiting, deps.lang))

    def sent(ack: Ack, body: Json, view: Json) -> None:
        team, user = str(body["team"]["id"]), str(body["user"]["id"])
        desk = desk_of(deps, team)
        said = chosen(view, proposals(desk))
        wrong = {f"{PARTS}:{key}": why for key, parts in said.items() if (why := _wrong(desk, key, parts, deps.lang))}
        if wrong:
            ack(response_action="errors", errors=wrong)
            return
        deps.work.add(_KIND, team, f"view:{view['id']}", Confirmation(user=user, said=said))
        ack(response_action="clear")

    app.action(ELEMENTS)(opened)
    app.view(ELEMENTS_FORM)(sent)


def _wrong(desk: Desk, key: str, parts: tuple[str, ...], lang: str) -> str:
    """What is wrong with the elements of a line; empty for nothing."""
    wrong = not_of_line(desk.guide, key, parts)
    return say("profile.not_in_line", lang, wrong=wrong) if wrong else ""


def _confirm(deps: Deps, job: Job, task: Confirmation) -> None:
    """Record what was confirmed; the lead hears so in a direct message, and owners find the ticks where their lines are shown."""
    user, lang = task.user, deps.lang
    try:
        desk = desk_of(deps, job.team)
        who = who_of(deps, desk, user, job.key)
        may_declare(desk, who)
        told = _recorded(desk, who, task.said, lang)
    except AeoError as error:
        told = sentence(deps, job.team, error)
    talk_of(deps).ctx.chat.say(Place(job.team, user), f"elements:{job.key}", words(told))
    publish(deps, job.team, who_of(deps, desk_of(deps, job.team), user).actor, user)
    settle(deps, job.team)


def _recorded(desk: Desk, who: Who, said: dict[str, tuple[str, ...]], lang: str) -> str:
    """Write the profile and bring the plan up to date; what came of it, in words."""
    assert desk.profile is not None, "desk_of"
    assert desk.keep is not None, "may_declare"
    if not said:
        return say("evidence_slack.lead.elements_nothing", lang)
    fresh = confirmed(desk.profile, desk.guide, said)
    desk.keep(fresh)
    desk.service.sync(desk.guide, fresh, who)
    lines = tuple(slot_name(key, key.split("/")[1], lang) for key in said)
    return say("evidence_slack.lead.elements_done", lang, count=len(said), lines=lines)
