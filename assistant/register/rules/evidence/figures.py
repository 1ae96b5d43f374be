"""Figures that a paper shows and a clause is decided by (the ratios of 13 in the audit report of 12): read from what people write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from assistant.errors import RegisterError
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.slots import Slot

_FIGURE = re.compile(r"[-+]?\d+(\.\d+)?[%‰]?")


def figure(text: str) -> str:
    """A number as it is kept: ``１．３２`` → ``1.32``, ``45 ％`` → ``45%``, ``-1,200.5`` → ``-1200.5``; empty for what is none."""
    plain = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text).replace("−", "-"))
    return plain if _FIGURE.fullmatch(plain) else ""


def figures(slots: Sequence[Slot], said: Mapping[str, str]) -> list[Piece]:
    """What was written beside the names of figures, as pieces; nothing for what was left empty.

    Raises:
        RegisterError: one of the lines asks for no such figure, there are several (each period has figures of its own), or what is
            written is no number.
    """
    for slot in slots:
        if strange := tuple(name for name in said if name not in slot.figures):
            key = "register.figure_other" if slot.figures else "register.figure_none"
            raise RegisterError(key, slot=slot.id, wrong=strange, figures=slot.figures)
    if said and len(slots) > 1:
        raise RegisterError("register.figure_several")
    for name, text in said.items():
        if text.strip() and not figure(text):
            raise RegisterError("register.figure_wrong", name=name, text=text.strip())
    return [Piece("figure", figure(text), name=name) for name, text in said.items() if text.strip()]
