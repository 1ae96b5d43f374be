"""What a refusal says at the terminal: people as they are called, slots by the guide's own names."""

from __future__ import annotations

from assistant.conversation.meaning.naming import in_words
from assistant.errors import AeoError, RegisterError
from connectors.cli.opened import USED

_AS_TYPED = ("register.no_slot", "register.nobody_known", "register.transfer", "register.which")
"""Refusals of what was typed: it is shown as it was."""


def by_name(error: RegisterError) -> None:
    """Put names in the place of ids; the state keeps its own word."""
    desk = USED.get()
    if desk is None or error.key in _AS_TYPED:
        return
    try:
        found = in_words(error.values, desk.called, desk.settings.lang, desk.service)
    except (AeoError, OSError):
        return  # the register that refused cannot be read: the sentence stands as it is
    error.values |= {k: v for k, v in found.items() if k != "state"}
