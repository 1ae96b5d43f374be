"""How paragraphs and how sentences inside paragraphs begin, learned from the guides that come with the product."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ingest.wording import roles_of

_GUIDES = Path(__file__).parents[2] / "guides"
_LENGTHS = (8, 6, 4, 3, 2)  # letters by which a paragraph begins, the longest first


def opens_paragraph(text: str) -> bool:
    """Whether ``text``, at the top of a printed line after a full stop, begins like a paragraph rather than a sentence.

    The longest beginning that is known decides; where none is known, a line that plays another role than evidence (a
    period, a conformity sentence) is a paragraph, and anything else goes on.
    """
    paragraphs, sentences = _known()
    for length in _LENGTHS:
        start = text[:length]
        if start in paragraphs and start not in sentences:
            return True
        if start in sentences and start not in paragraphs:
            return False
    return roles_of("records", text)[0] not in ("evidence", "retention")


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    paragraphs: set[str] = set()
    sentences: set[str] = set()
    for guide in sorted(_GUIDES.glob("*.txt")):
        for line in guide.read_text(encoding="utf-8").splitlines():
            first, *others = (s for s in re.split(r"(?<=。)", line.strip()) if s) if line.strip() else ("",)
            paragraphs.update(first[:n] for n in _LENGTHS)
            sentences.update(s[:n] for s in others for n in _LENGTHS)
    return frozenset(paragraphs), frozenset(sentences)
