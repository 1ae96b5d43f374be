"""Questions: what people write to the app, routed to an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slack_bolt import App

if TYPE_CHECKING:
    from connectors.slack.core import Deps


def register(app: App, deps: Deps) -> None:
    """Register everything that has to do with questions."""
