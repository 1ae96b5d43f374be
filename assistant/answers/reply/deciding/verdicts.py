"""Yes or no from words: whether a line of a clause decides what a message asks, and which way. Learned, and it abstains.

A bank (``ingest/questions/verdicts.jsonl``) holds yes/no questions with the guide's words that decide them. A message is held against
the rows whose words stand in the clause; a regression weighs what the near ones say, how the message asks, and whether its words are
covered at all. Nothing here knows a clause by its number: where an edition words a line anew, its rows are silent.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Head, Variant, centred, grams, in_letters, softmax
from assistant.answers.question.words import mostly_latin, tokens
from assistant.answers.reply.deciding.quantities import bounds
from assistant.answers.reply.deciding.second_sign import SecondSign, asked_so, frame, pairs

SHIPPED_VERDICTS = Path(__file__).parents[2] / "verdicts.npz"
WAYS = ("may", "must", "open", "without")
"""How a message asks: may it be (or: we do it, is that enough), must it be, no yes/no question, can it be left out (or: we lack it)."""
OUTCOMES = ("no", "none", "yes")
KINDS = ("no", "yes", "denied")
"""Of verdicts: each has a threshold of its own. Denied: by words that say that nothing of a kind may lie within some years, where good
conduct sounds like bad."""
_IMPLIED = {
    ("must", "yes"): {"without": "no", "may": "yes"}, ("without", "no"): {"must": "yes", "may": "yes"}, ("may", "no"): {"without": "yes"},
    ("must", "no"): {"without": "yes", "may": "yes"}, ("without", "yes"): {"must": "no"},
}  # fmt: skip
"""What a row says of the same matter asked in another way."""
_SHARPNESS, _DENSE, _ELSE, _INDIRECT = 12.0, 0.7, 0.02, 0.5
"""How much nearer rows count more; the embedding's share of a likeness; how much a row counts that asks in another way, and one that
says it indirectly. Half or twice of each moves the share of verdicts given by less than 0.03."""
_CLOSE = 3
"""Power of the weights in a second vote, which only the nearest rows decide."""
_LIKE, _CLEARLY = 0.55, 0.05
"""Likeness from which a row that decides nothing silences a verdict, and how much nearer than any other it must be."""
_NEAR = 0.6
"""Likeness from which a single row counts for more, whatever the others say."""
_UNKNOWN, _STRANGE = 0.7, 4.0
"""Likeness of the nearest row up to which an English word this rare, of which no row of the clause speaks, silences a verdict: firewall,
CCTV. At .6 of 11 such questions each of the refusal bank and of a probe 9 and 8 were silenced, and a third of the reworded rows; since plain
questions (Do we need …?) are taught, any such question is that near to one of them."""
_WORDING = (5.7, 9.9, 3.3, 2.9)
"""What speaks for quoting some words rather than others: how like the message their nearest rows are, how near their line is to it, the
share of it that is covered by them and their rows, and the pairs of letters that it shares with them, for its length. Learned on the bank,
each row held against the others: its own words are quoted in .70 of 613; those of the weightiest row alone were in .50."""
_FEW = 3  # nearest rows of some words whose likeness is averaged
FEATURES = 34  # features of one question; the weights have the same shape
OPEN = 0.3
"""Probability that a message asks for no yes or no, from which it gets none. At .2 and .4 none of the 66 cases of verdict and threshold
changes (``python -m tests.bench.neighbours``)."""
RARITIES = 2**13  # buckets of letter pairs; chosen, not measured

Outcome = Literal["yes", "no"]


class Ruling(NamedTuple):
    """An outcome, how likely it is and whether that is enough to say it, how the message asks (and how likely), and the words that decide."""

    outcome: Outcome
    probability: float
    sure: bool
    asks: str
    likely: float
    words: str


@dataclass(frozen=True)
class Verdicts:
    """The bank as it was learned.

    Attributes:
        messages, asks, words, outcomes: its rows; ``words`` are verbatim of the guide.
        vectors: centred unit vectors of the messages, shape (rows, dimension).
        way, end: heads for the way of asking and for the outcome, each from the message alone.
        sign: what the way of saying and the modality of the words say together.
        framed: a head for the outcome, from what is left of the message without the guide's words (▢不戴▢行不行).
        rarity: how seldom a pair of letters is asked, by hash, shape (RARITIES,).
        weights: shape (FEATURES, outcomes).
        above: probability from which a verdict is given, for each of ``KINDS``.
        maker, mean: the embedding model, and the mean of its vectors.
    """

    messages: tuple[str, ...]
    asks: tuple[str, ...]
    words: tuple[str, ...]
    outcomes: tuple[str, ...]
    vectors: Floats
    way: Head
    end: Head
    framed: Head
    sign: SecondSign
    rarity: Floats
    weights: Floats
    above: Mapping[str, float]
    maker: str
    mean: Floats

    def decided(self, message: str, vector: Floats, texts: Sequence[str], near_lines: Sequence[float] = ()) -> Ruling | None:
        """What the words of a clause decide; None where no row is about them, and for what wants no yes or no.

        Args:
            message: one question.
            vector: its embedding as the model gives it.
            texts: all that is printed of the clause.
            near_lines: the cosine of the message with each of the first of these, as far as it is known.
        """
        rows = self.rows(texts)
        if not rows:
            return None
        near = centred(vector, self.mean)
        ways = self.way.probabilities(message, near)
        if ways["open"] >= OPEN:
            return None
        ends = self.end.probabilities(message, near)
        likeness = self.likeness(message, near, rows)
        framed = self.framed.probabilities(frame(message, texts), None)
        framing, words = self.signed(message, likeness, rows)
        sign = self.sign.of(grams(framing), words, grams(words), asked_so(ways))
        likely = softmax(self.features(message, likeness, rows, texts, ways, ends, framed, sign) @ self.weights)
        outcome: Outcome = "no" if likely[0] > likely[2] else "yes"
        said = _said([self.asks[i] for i in rows], [self.outcomes[i] for i in rows], ways)[OUTCOMES.index(outcome)]
        weightiest = [rows[i] for i in np.argsort(-said * np.exp(_SHARPNESS * likeness), kind="stable")[:2]]
        best = weightiest[0]
        asks = max((w for w in WAYS if w != "open"), key=lambda w: ways[w])
        probability = float(likely[OUTCOMES.index(outcome)])
        kind = kind_of(outcome, self.words[best])
        sure = probability >= self.above[kind] and not self._undecided(likeness, rows, asks) and not self._strange(message, likeness, rows)
        saying = [i for i, share in zip(rows, said, strict=True) if share >= _INDIRECT / 2 and kind_of(outcome, self.words[i]) == kind]
        agreed = len({self.words[i] for i in weightiest}) == 1
        quoted = "" if agreed else self._quoted(message, likeness, saying, rows, texts, near_lines)
        return Ruling(outcome, probability, sure, asks, ways[asks], quoted or self.words[best])

    def _quoted(
        self, message: str, likeness: Floats, saying: Sequence[int], rows: Sequence[int], texts: Sequence[str], near_lines: Sequence[float]
    ) -> str:
        """Of the words that rows ``saying`` the outcome hang on, those that the message is most about; "" where there are none."""
        asked = pairs(message)

        def weight(words: str) -> float:
            alike = sorted((float(near) for near, i in zip(likeness, rows, strict=True) if self.words[i] == words), reverse=True)[:_FEW]
            line = max((near for near, text in zip(near_lines, texts, strict=False) if words in text), default=0.0)
            rows_say = frozenset().union(*(pairs(self.messages[i]) for i in rows if self.words[i] == words and self.outcomes[i] != "none"))
            parts = (
                sum(alike) / len(alike),
                line,
                self._covered(message, pairs(words) | rows_say),
                len(asked & pairs(words)) / len(message) ** 0.5,
            )
            return float(sum(w * part for w, part in zip(_WORDING, parts, strict=True)))

        return max(dict.fromkeys(self.words[i] for i in saying), key=weight, default="")

    def _strange(self, message: str, likeness: Floats, rows: Sequence[int]) -> bool:
        """Whether an English message names a thing that no row of the clause speaks of, and is near to none."""
        if not mostly_latin(message) or float(likeness.max()) >= _UNKNOWN:
            return False
        known = {t for i in rows if self.outcomes[i] != "none" for t in tokens(self.messages[i])}
        return any(float(self.rarity[column_of(word)]) >= _STRANGE and not known & set(tokens(word)) for word in pairs(message))

    def _undecided(self, likeness: Floats, rows: Sequence[int], asks: str) -> bool:
        """Whether of the rows that ask so the one most like the message says that the words do not decide it."""
        alike = [(float(near), self.outcomes[i]) for near, i in zip(likeness, rows, strict=True) if self.asks[i] == asks]
        none = max((near for near, outcome in alike if outcome == "none"), default=0.0)
        return none >= _LIKE and none > _CLEARLY + max((near for near, outcome in alike if outcome != "none"), default=0.0)

    def rows(self, texts: Sequence[str]) -> list[int]:
        """The rows whose words stand in one of these texts."""
        clause = tuple(texts)
        if clause not in self._standing:
            standing = {w for w in set(self.words) if any(w in text for text in clause)}
            self._standing[clause] = [i for i, w in enumerate(self.words) if w in standing]
        return self._standing[clause]

    @cached_property
    def _standing(self) -> dict[tuple[str, ...], list[int]]:
        """The rows of each clause that was asked about, by its texts."""
        return {}

    def likeness(self, message: str, vector: Floats, rows: Sequence[int]) -> Floats:
        """How like a message, with its centred unit vector, is to rows, by embedding and letters, shape (rows,)."""
        letters = in_letters(message, tuple(self.messages[i] for i in rows))
        return np.asarray(_DENSE * (self.vectors[rows] @ vector) + (1 - _DENSE) * letters, dtype=np.float32)

    def signed(self, message: str, likeness: Floats, rows: Sequence[int]) -> tuple[str, str]:
        """What is left of a message without the words that the nearest row is about, and these words."""
        words = self.words[rows[int(likeness.argmax())]]
        return frame(message, (words,)), words

    def features(
        self,
        message: str,
        likeness: Floats,
        rows: Sequence[int],
        texts: Sequence[str],
        ways: Mapping[str, float],
        ends: Mapping[str, float],
        framed: Mapping[str, float],
        sign: Floats,
    ) -> Floats:
        """What speaks for each outcome, shape (FEATURES,): votes, ways of asking, nearness, what of the message is covered, the second sign.

        ``likeness`` is the one of the message with ``rows``.
        """
        told = np.array([OUTCOMES.index(self.outcomes[i]) for i in rows])
        near = np.exp(_SHARPNESS * (likeness - 1))
        said = _said([self.asks[i] for i in rows], [self.outcomes[i] for i in rows], ways)
        votes, close = said @ near, said @ near**_CLOSE
        nearest = (said * np.maximum(likeness, 0)).max(axis=1)
        plain = np.array([near[told == o].sum() for o in range(len(OUTCOMES))])
        decides, undecided = likeness[told != 1].max(initial=-1.0), likeness[told == 1].max(initial=-0.2)
        asked = frozenset().union(*(pairs(self.messages[i]) for i in rows if self.outcomes[i] != "none"))
        printed = pairs("\n".join(texts))
        return np.array(
            [
                1.0,
                *np.log(votes / (votes.sum() or 1.0) + 0.02),
                *np.log(close / (close.sum() or 1.0) + 0.02),
                *np.log(plain / plain.sum() + 0.02),
                nearest[2], nearest[0],
                *np.maximum(nearest - _NEAR, 0),
                *np.log([ends[o] + 0.01 for o in OUTCOMES]),
                *np.log([framed[o] + 0.01 for o in OUTCOMES]),
                *np.log([ways[w] + 0.01 for w in WAYS]),
                decides, undecided, decides - undecided,
                self._covered(message, printed), self._covered(message, asked), self._covered(message, printed | asked),
                *sign,
            ],
            dtype=np.float32,
        )  # fmt: skip

    def _covered(self, message: str, by: frozenset[str]) -> float:
        """The share of a message's pairs of letters that stand in ``by``, the rare ones counting more."""
        weights = {pair: float(self.rarity[column_of(pair)]) for pair in pairs(message)}
        return sum(w for pair, w in weights.items() if pair in by) / (sum(weights.values()) or 1.0)

    def save(self, path: Path) -> None:
        """Write one ``.npz``: vectors in eight bits, weights of heads in half precision."""
        arrays: dict[str, NDArray[np.generic]] = {
            "vectors": np.round(self.vectors * 127).astype(np.int8), "rarity": self.rarity.astype(np.float16), "weights": self.weights,
            "above": np.array([self.above[kind] for kind in KINDS]), "maker": np.array(self.maker), "mean": self.mean,
            "sign.frames": self.sign.frames.astype(np.float16), "sign.words": self.sign.words.astype(np.float16),
        }  # fmt: skip
        for name in ("messages", "asks", "words", "outcomes"):
            arrays[name] = np.array(getattr(self, name))
        for name, head in (("way", self.way.alone), ("end", self.end.alone), ("framed", self.framed.alone)):
            arrays |= head.arrays(name)
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Verdicts:
        """Read what ``save`` wrote.

        Raises:
            OSError, ValueError: the file is missing or damaged.
        """
        with np.load(path) as kept:
            messages, asks, words, outcomes = (
                tuple(str(text) for text in kept[name]) for name in ("messages", "asks", "words", "outcomes")
            )
            way, end, framed = (
                Head(labels, Variant.of(kept, name)) for name, labels in (("way", WAYS), ("end", OUTCOMES), ("framed", OUTCOMES))
            )
            vectors, rarity = kept["vectors"].astype(np.float32) / 127, kept["rarity"].astype(np.float32)
            above, maker = dict(zip(KINDS, map(float, kept["above"]), strict=True)), str(kept["maker"])
            sign = SecondSign(kept["sign.frames"].astype(np.float32), kept["sign.words"].astype(np.float32))
            return cls(
                messages, asks, words, outcomes, vectors, way, end, framed, sign, rarity, kept["weights"], above, maker, kept["mean"]
            )


@cache
def shipped_verdicts() -> Verdicts:
    """Those that ship with the product, learned with the bundled embedding model."""
    return Verdicts.load(SHIPPED_VERDICTS)


@cache
def kind_of(outcome: str, words: str) -> str:
    """Which of ``KINDS`` a verdict is."""
    return "denied" if any(b.denies for b in bounds(words)) else outcome


def column_of(pair: str) -> int:
    """Where the rarity of a pair of letters stands."""
    return zlib.crc32(pair.encode()) % RARITIES


def _said(asks: Sequence[str], outcomes: Sequence[str], ways: Mapping[str, float]) -> Floats:
    """How much each row says each outcome to a message that asks so, shape (outcomes, rows)."""
    said = np.zeros((len(OUTCOMES), len(asks)), dtype=np.float32)
    for place, (way, outcome) in enumerate(zip(asks, outcomes, strict=True)):
        said[OUTCOMES.index(outcome), place] += ways[way] + _ELSE
        for other, end in _IMPLIED.get((way, outcome), {}).items():
            said[OUTCOMES.index(end), place] += _INDIRECT * ways[other]
    return said
