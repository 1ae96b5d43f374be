"""What lines of a new edition demand, confirmed by the lead in a form on the Home tab: into the profile, and the ticks follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from slack_bolt import App

from assistant.conversation.enterprise import Desk
from assistant.conversation.profile.ticking import Parts, confirmed, not_of_line, proposals
from assistant.line_ids import LineId
from assistant.register.acts.doing.who import Who
from assistant.register.papers.said.words import slot_name
from assistant.texts import say
from connectors.slack.calls.home_tab import publish
from connectors.slack.cards.home.elements_form import ELEMENTS, ELEMENTS_FORM, PARTS, chosen, elements_view
from connectors.slack.listeners.home import profile_forms

if TYPE_CHECKING:
    from connectors.slack.context import Deps


class Confirmation(profile_forms.ProfileAnswers):
    """What a lead confirmed: line -> its elements."""

    said: dict[str, Parts]


def listen(app: App, deps: Deps) -> None:
    """Register the button, the form and what is done with it."""
    profile_forms.listen(app, deps, _FORM, publish)


def _wrong(desk: Desk, said: Mapping[str, Parts], lang: str) -> dict[str, str]:
    """Elements that do not stand in their line: where they were typed -> which."""
    found = {key: not_of_line(desk.guide, key, parts) for key, parts in said.items()}
    return {f"{PARTS}:{key}": say("profile.not_in_line", lang, wrong=wrong) for key, wrong in found.items() if wrong}


def _recorded(desk: Desk, who: Who, said: Mapping[str, Parts], lang: str) -> list[str]:
    """Write the profile and bring the plan up to date; what came of it, in words."""
    assert desk.profile is not None, "desk_of"
    desk.declare(confirmed(desk.profile, desk.guide, said), who)
    lines = tuple(slot_name(key, LineId.of(key).section, lang) for key in said)
    return [say("evidence_slack.lead.elements_done", lang, count=len(said), lines=lines)]


_FORM = profile_forms.ProfileForm(
    kind="elements",
    task=Confirmation,
    button=ELEMENTS,
    form=ELEMENTS_FORM,
    all_said="evidence_slack.lead.elements_all",
    nothing_said="evidence_slack.lead.elements_nothing",
    waiting=lambda desk, now, lang: proposals(desk),
    view=elements_view,
    read=lambda view, desk: chosen(view, proposals(desk)),
    wrong=_wrong,
    recorded=_recorded,
)
