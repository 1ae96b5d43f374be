"""Clause buttons: the verbatim clause in a modal, page by page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.errors import AeoError
from assistant.guide import Guide
from assistant.texts import say
from connectors.slack.calls.posting import show_view
from connectors.slack.cards.asking.answer_message import CLAUSE, CLAUSE_MENU, read_clause_value
from connectors.slack.cards.asking.clause_window import PAGE, clause_view
from connectors.slack.wire.errors import called

if TYPE_CHECKING:
    from connectors.slack.context import Deps

Json = Mapping[str, Any]


def listen(app: App, deps: Deps) -> None:
    """Register what clause buttons do."""

    def opened(ack: Ack, body: Json, action: Json) -> None:
        ack()
        show_view(deps, body, _view(deps, action.get("value") or action["selected_option"]["value"]))

    def turned(ack: Ack, body: Json, action: Json) -> None:
        ack()
        view = _view(deps, action["value"])
        shown = body["view"]
        called(lambda: deps.client(body["team"]["id"]).views_update(view_id=shown["id"], hash=shown["hash"], view=view))

    app.action(re.compile(rf"^{CLAUSE}:"))(opened)
    app.action(CLAUSE_MENU)(opened)
    app.action(re.compile(rf"^{PAGE}:"))(turned)


def _view(deps: Deps, value: str) -> dict[str, Any]:
    clause, edition, page = read_clause_value(value)
    guide, notice = _edition(deps, edition)
    return clause_view(guide, clause, deps.lang, page, notice)


def _edition(deps: Deps, edition: str) -> tuple[Guide, str]:
    """The guide that the answer was given from; when it is gone, the active one and a sentence that says so."""
    try:
        return deps.guide(edition), ""
    except AeoError:
        guide = deps.guide(None)
        return guide, say("slack.clause.other_edition", deps.lang, asked=edition, shown=guide.edition)
