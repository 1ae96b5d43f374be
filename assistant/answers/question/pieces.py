"""Where a message may be cut: sentence ends, lines, numbered lists, commas. What the cuts mean is learned, and decided by what is found."""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.answers.question.words import fold, words
from assistant.numerals import CHINESE, ENCLOSED

_LIST = rf"(?:^|(?<=[\s。？！；;?!:：，,、]))(?:\d{{1,2}}\s*[.．、)）](?!\d)|(?<![)）][,，、])[(（]\s*(?:\d{{1,2}}|[{CHINESE}]{{1,3}})\s*[)）]|[{''.join(ENCLOSED)}]|[{CHINESE}]{{1,2}}、|[-*•·])\s*"
_SENTENCE = re.compile(rf"(?<=[。！？!?；;…])|\n+|(?<=[a-z)])\.(?=\s)|{_LIST}|\s[/|]\s|——|–", re.IGNORECASE)
_COMMA = re.compile(r"(?<=，)|(?<=[,、：:])(?!\d)|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_LEAST, _LEAST_SENTENCE, _MOST = 3, 2, 10  # letters of a piece, of a sentence, pieces of a message; chosen, not measured
_ENDS = " \t\n，,、；;。.：:"


class Pieces(NamedTuple):
    """A message cut twice: into sentences of at least two words, and each sentence into what its commas part, at least three words each."""

    sentences: tuple[str, ...]
    within: tuple[tuple[str, ...], ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every piece and every sentence of several pieces, each once, in order."""
        found = [p for s, inner in zip(self.sentences, self.within, strict=True) for p in (*inner, *((s,) if len(inner) > 1 else ()))]
        return tuple(dict.fromkeys(found))


def pieces(text: str) -> Pieces:
    """Cut a message; a message of one piece comes back as it is, and a sentence that is said again counts once."""
    sentences = _long_enough([s for s in _SENTENCE.split(text) if s], _LEAST_SENTENCE)
    within = [tuple(_long_enough(_COMMA.split(s), _LEAST)) or (s,) for s in sentences]
    if sum(len(w) for w in within) > _MOST:
        within = [(s,) for s in sentences]
    if len(sentences) > _MOST:
        sentences, within = [text], [(text,)]
    once = {s.strip(_ENDS): tuple(p.strip(_ENDS) for p in w) for s, w in zip(sentences, within, strict=True)}
    return Pieces(tuple(once), tuple(once.values()))


def _long_enough(cut: list[str], least: int) -> list[str]:
    """Pieces of fewer words than ``least`` go with the one after, the last with the one before."""
    found: list[str] = []
    carried = ""
    for piece in cut:
        carried += piece
        if len(words(fold(carried))) >= least:
            found.append(carried)
            carried = ""
    if carried.strip(_ENDS):
        if found:
            found[-1] += carried
        else:
            found.append(carried)
    return found
