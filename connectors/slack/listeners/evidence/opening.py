"""A form for a click, or a private word why there is none."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.conversation.jobs import Later
from assistant.errors import AeoError
from assistant.texts import say
from connectors.slack.calls.settling import settle_soon
from connectors.slack.cards.carried import Click
from connectors.slack.cards.evidence import forms
from connectors.slack.listeners.click import sentence, tell
from connectors.slack.wire.errors import Refused, called

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.evidence")


def opens(deps: Deps, click: Click, form: Callable[[], dict[str, Any]]) -> None:
    """Open a form, or say privately why not; the card is brought up to date in that case."""
    try:
        view = form()
    except AeoError as error:
        refuse(deps, click, error)
        settle_soon(deps, click.team, click.trigger)
        return
    _open(deps, click, view)


def refuse(deps: Deps, click: Click, error: AeoError) -> None:
    """Tell one person why nothing happened: under the card, or, from the Home tab, in a small window."""
    text = sentence(deps, click.team, error)
    if click.channel:
        tell(deps, click, text)
    else:
        _open(deps, click, forms.notice(text, deps.lang))


def _open(deps: Deps, click: Click, view: dict[str, Any]) -> None:
    """Open a form for a click; where Slack will not (a click is good for three seconds), whoever clicked hears so."""
    try:
        called(lambda: deps.client(click.team).views_open(trigger_id=click.trigger, view=view))
    except (Later, Refused) as error:
        log.info("a form did not open: %s", error)
        tell(deps, click, say("slack.clause.late", deps.lang))
