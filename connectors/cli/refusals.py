"""What a refusal says at the terminal: people as they are called, slots by the guide's own names."""

from __future__ import annotations

from assistant.conversation.meaning.naming import in_words, plain_slot
from assistant.errors import AeoError, RegisterError
from assistant.register.papers.said.described import titled
from connectors.cli.opened import USED, Opened

_AS_TYPED = ("register.no_slot", "register.nobody_known", "register.transfer", "register.which")
"""Refusals of what was typed: it is shown as it was."""


def by_name(error: RegisterError) -> None:
    """Put names in the place of ids; the state keeps its own word."""
    desk = USED.get()
    if desk is None or error.key in _AS_TYPED:
        return
    try:
        found = in_words(error.values, desk.called, desk.settings.lang)
        if "slot" in found:
            found["slot"] = _slot(str(error.values["slot"]), desk)
    except (AeoError, OSError):
        return  # the register that refused cannot be read: the sentence stands as it is
    error.values |= {k: v for k, v in found.items() if k != "state"}


def _slot(slot: str, desk: Opened) -> str:
    try:
        return titled(desk.service.entry(slot).slot, desk.settings.lang)
    except RegisterError:
        return plain_slot(slot, desk.settings.lang)
