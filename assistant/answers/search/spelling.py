"""What was meant by a word that sounds right and is written wrong: 内神 for 内审, 请单 for 清单, neishen for 内审.

An input method offers homophones, and people type past them. The words that may be meant are the pairs of characters
that the guide and the question banks hold; a pair that they hold is never changed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from assistant.answers.question.words import fold, sounds
from assistant.answers.search.ranker import Lexicon

OFTEN = 5
"""Texts that must hold a pair before it is taken to be meant."""
_PIECE = re.compile(r"[a-z]+|.", re.DOTALL)
_CJK = re.compile(r"[㐀-䶿一-鿿]")


class Spelling(NamedTuple):
    """``known``: pairs of characters that are written right; ``meant``: sound of a pair -> the commonest pair that sounds so."""

    known: frozenset[str]
    meant: Mapping[str, str]

    @classmethod
    def of(cls, lexicon: Lexicon) -> Spelling:
        """From the texts that a ranker learned from."""
        known: dict[str, float] = {}
        for token, column in lexicon.vocabulary.items():
            if len(token) == 3 and _CJK.match(token[0]) and _CJK.match(token[2]):
                known[token[0] + token[2]] = _texts(float(lexicon.idf[column]), lexicon.size)
        often = sorted((p for p, texts in known.items() if texts >= OFTEN), key=lambda p: (known[p], p))
        return cls(frozenset(known), {sounds(pair)[0]: pair for pair in often})

    def respelled(self, question: str) -> str:
        """The (folded) question with each pair that nobody writes replaced by one that sounds the same, if there is one."""
        found: list[str] = []
        for piece in _PIECE.findall(fold(question)):
            heard = sounds(piece)
            if len(heard) == 1:
                found.append(self.meant.get(heard[0], piece))
                continue
            pair = found[-1][-1:] + piece if found else piece
            if len(pair) == 2 and _CJK.match(pair[0]) and _CJK.match(pair[1]) and pair not in self.known:
                meant = self.meant.get(sounds(pair)[0], "")
                if meant and (meant[0] == pair[0] or meant[1] == pair[1]):
                    found[-1] = found[-1][:-1] + meant[0]
                    piece = meant[1]
            found.append(piece)
        return "".join(found)


def _texts(idf: float, size: int) -> float:
    """How many texts hold a token, from its inverse document frequency."""
    return (size + 1) / math.exp(idf - 1) - 1
