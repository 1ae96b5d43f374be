"""Evidence in Slack: digests that owners answer on the spot, cards for reviewers, the Home tab. Translation only."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_bolt import App

    from connectors.slack.core import Deps

PARTS = ("clicks", "forms_in", "asking", "reviewing", "dropping", "missing", "home", "editions")


def register(app: App, deps: Deps) -> None:
    """Register everything that has to do with evidence."""
    for name in PARTS:
        import_module(f"{__name__}.{name}").register(app, deps)
