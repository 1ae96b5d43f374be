"""Which pieces of a message are questions of their own, and where one question ends and the next begins, learned from the banks.

A question of the banks in one piece is ``whole``. Of one that commas part the last piece ``hangs`` on the others, which lead up to it
(``leads``), as names of matters and stories do; short follow-ups hang. ``asking.jsonl`` asks in few words about any matter: with the matter
set in it is whole, without one it hangs.

The seams between pieces (``assistant.answers.search.standing``) are learned from messages made of questions that the held-out search
was not taught, and from such questions that commas part.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Head, Heads
from assistant.answers.question.pieces import Pieces, pieces
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.search.standing import parted, seam_features
from ingest.learn.banks import bank, messages
from ingest.learn.banks.bank import BankEntry
from ingest.learn.banks.composing import Made, several, told
from ingest.learn.methods.linear import gram_matrix, joined, variant
from ingest.learn.methods.logistic import logistic
from ingest.learn.ranking.held_out import HeldOut, is_held_out

LABELS = ("hangs", "leads", "whole")
_SEED = 13  # the same messages in every run
_LONGEST, _SHORT, _SHORTEST = 30, 24, 4  # characters of a whole question, of a follow-up; the fewest of a question
_EACH = 14
"""How many matters each short way of asking is set with."""
_NOTHING = {"en": "it", "zh": "", "zh-Hant": ""}
_ENDS = "？?。 "
_SEVERAL, _TOLD, _PARTED = 300, 80, 600
"""Messages of several questions, twice; after a story; questions that commas part; chosen."""
_COMMAS = (
    ("，", ""),
    ("，", "？"),
    (",", "?"),
    *((glue, "") for glue in ("、", "；", "\n", "，还有", "，以及")),
    ("？", "？"),
    ("，另外", "？"),
)
"""How they are joined."""


def examples() -> tuple[list[str], list[str]]:
    """Pieces and what they are."""
    pairs = [(text.strip(_ENDS), label) for text, label in (*_of_banks(), *_short())]
    return [text for text, _ in pairs], [label for _, label in pairs]


def fit_stands(vectors: Callable[[Sequence[str]], Floats] | None, mean: Floats | None) -> Head:
    """The head; ``vectors`` and ``mean`` as for ``ingest.learn.reading.heads.fit_heads``."""
    texts, labels = examples()
    letters = [unnumbered(t) for t in texts]
    full = None if vectors is None or mean is None else variant(joined(letters, vectors(texts), mean), labels, LABELS, None)
    return Head(LABELS, variant(gram_matrix(letters), labels, LABELS, None), full)


def fit_standing(held: HeldOut, heads: Heads) -> Floats:
    """Weights over ``seam_features``, by maximum likelihood."""
    rows: list[Floats] = []
    wanted: list[float] = []
    for made in _messages(held.entries):
        asked, question = "", -1
        before, at = "", 0
        for piece, first in parted(pieces(made.message), heads):
            at = max(at, made.message.find(piece, at))
            here = sum(start <= at for start in _starts(made))
            if before:
                rows.append(seam_features(asked, before, piece, first, held.searcher, heads))
                wanted.append(float(here != question))
            asked = piece if here != question else f"{asked}，{piece}"
            before, question, at = piece, here, at + len(piece)
    return logistic(np.stack(rows), np.array(wanted), np.ones(len(rows)))


def _starts(made: Made) -> list[int]:
    """Where each question of a message begins but the first, which takes what stands before it."""
    starts, at = [], 0
    for question in made.asked:
        at = made.message.find(question.rstrip("？?。"), at)
        starts.append(at)
        at += 1
    return starts[1:]


def _messages(entries: Sequence[BankEntry]) -> Iterator[Made]:
    """Several questions in one message, a question after a story, and questions that commas part."""
    short = [BankEntry(question=text) for text, label in _short() if label == "whole"]
    plain = [e for e in entries if len(pieces(e.question).all) == 1]
    yield from several(plain, _SEVERAL, _SEED, _COMMAS)
    yield from several([*plain, *random.Random(_SEED).sample(short, len(plain) // 2)], _SEVERAL, _SEED + 1, _COMMAS)  # noqa: S311
    yield from told(plain, _TOLD, _SEED)
    comma = [e for e in entries if len(pieces(e.question).all) > 1]
    yield from (Made(e.question, (), asked=(e.question,)) for e in random.Random(_SEED).sample(comma, min(len(comma), _PARTED)))  # noqa: S311


def _of_banks() -> Iterator[tuple[str, str]]:
    for entry in bank.load():
        if is_held_out(entry):
            continue
        cut = pieces(entry.question)
        if len(cut.all) == 1 and _SHORTEST <= len(entry.question) <= _LONGEST:
            yield entry.question, "whole"
        elif len(cut.sentences) == 1 and len(cut.within[0]) > 1:
            yield from _roles(cut)
    for message in messages.composed():
        yield from ((p.text, "leads") for p in message.parts if p.role == "background")
    yield from ((f.message, "hangs") for f in messages.follow_ups() if f.how == "stays" and len(f.message) <= _SHORT)


def _roles(cut: Pieces) -> Iterator[tuple[str, str]]:
    *first, last = cut.within[0]
    yield from ((piece, "leads") for piece in first)
    yield last, "hangs"


def _short() -> Iterator[tuple[str, str]]:
    chance = random.Random(_SEED)  # noqa: S311 - no secret
    matters = [(t.topic, t.lang) for t in (*messages.topics(), *messages.beyond())]
    everyday = messages.everyday()
    yield from ((matter, "leads") for matter, _ in (*matters, *everyday))
    for frame in messages.asking():
        yield frame.frame.format(a=_NOTHING[frame.lang]), "hangs"
        for pool in (matters, everyday):
            known = [matter for matter, lang in pool if (lang == "en") == (frame.lang == "en")]
            yield from ((frame.frame.format(a=matter), "whole") for matter in chance.choices(known, k=_EACH // 2))
