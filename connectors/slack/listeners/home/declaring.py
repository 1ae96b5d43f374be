"""What nobody declared of the enterprise yet, answered by the lead in a form on the Home tab: into the profile, and the plan follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from slack_bolt import App

from assistant.conversation.enterprise import Desk
from assistant.conversation.profile.declaring import declared, declared_of, questions, still_open
from assistant.errors import AeoError
from assistant.register.acts.doing.who import Who
from assistant.register.papers.reports.explained import told_contradictions
from assistant.texts import say
from connectors.slack.calls.home_tab import publish
from connectors.slack.cards.home.profile_form import DECLARE, DECLARE_FORM, answers, profile_view
from connectors.slack.listeners.home import profile_forms

if TYPE_CHECKING:
    from connectors.slack.context import Deps


class Declaration(profile_forms.ProfileAnswers):
    """What a lead answered: question -> answer."""

    said: dict[str, str]


def listen(app: App, deps: Deps) -> None:
    """Register the button, the form and what is done with it."""
    profile_forms.listen(app, deps, _FORM, publish)


def _wrong(desk: Desk, said: Mapping[str, str], lang: str) -> dict[str, str]:
    """Answers that are not of the kind that was asked for: question -> what is wanted."""
    assert desk.profile is not None, "desk_of"
    found = {}
    for key, text in said.items():
        try:
            declared(desk.profile, desk.guide, {key: text}, lang)
        except AeoError as error:
            found[key] = error.sentence(lang)
    return found


def _recorded(desk: Desk, who: Who, said: Mapping[str, str], lang: str) -> list[str]:
    """Write the profile and bring the plan up to date, as ``aeo profile init`` and ``aeo evidence plan`` do; what came of it, in words."""
    assert desk.profile is not None, "desk_of"
    fresh = declared(desk.profile, desk.guide, said, lang)
    change = desk.declare(fresh, who)
    named = tuple(f"{q.text}{q.known}" for q in questions(declared_of(fresh), desk.guide, lang) if q.key in said)
    added, removed = len(change.added), len(change.removed)
    return [
        say("evidence_slack.lead.declared", lang, count=len(said), said=named),
        say("evidence_slack.lead.declared_change", lang, added=added, removed=removed),
        *told_contradictions(fresh, lang, desk.service.day(who.at)),
    ]


_FORM = profile_forms.ProfileForm(
    kind="declare",
    task=Declaration,
    button=DECLARE,
    form=DECLARE_FORM,
    all_said="evidence_slack.lead.declared_all",
    nothing_said="evidence_slack.lead.declared_nothing",
    waiting=still_open,
    view=profile_view,
    read=lambda view, desk: answers(view),
    wrong=_wrong,
    recorded=_recorded,
)
