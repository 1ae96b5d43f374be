"""How files of evidence are called where several may have one name: by the lines that they were handed in for, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.register.facts.slots import Slot
from assistant.register.papers.said.described import titled
from assistant.register.papers.said.words import dotted
from assistant.texts import listed

_LINES = 3
"""Lines of one file that are named."""


def file_words(given: Iterable[tuple[str, str, str]], slots: Mapping[str, Slot], lang: str) -> dict[str, str]:
    """What each file (by SHA-256) is called on a screen; ``given``: of each hand-in the file, its name there and the key of its slot."""
    lines: dict[tuple[str, str], dict[str, None]] = {}
    for sha256, name, key in given:
        lines.setdefault((sha256, name), {})[titled(slots[key], lang) if key in slots else ""] = None
    found: dict[str, list[str]] = {}
    for (sha256, name), where in lines.items():
        found.setdefault(sha256, []).append(dotted(listed(list(filter(None, where))[:_LINES], lang), name))
    return {sha256: listed(names, lang) for sha256, names in found.items()}
