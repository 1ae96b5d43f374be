"""Whether a question that calls an item by its title is about the whole of it (head ``extent``): 人员安全要准备哪些, not 人员安全培训几次.

What stands beside the title decides. Beside a matter that is asked about as a ``whole`` stands what the plain sentences of the banks say;
whoever asks ``part`` of it says what follow-ups and short questions say.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.answers.question.learned.classifier import Head
from assistant.answers.question.learned.extent import bare
from assistant.answers.question.words import fold, words
from ingest.learn.banks import messages
from ingest.learn.methods.linear import gram_matrix, variant

LABELS = ("part", "whole")
_SHORT = 24  # characters of a follow-up


def examples() -> tuple[list[str], list[str]]:
    """What stands beside titles, and what it asks for."""
    pairs = [(text, label) for text, label in _pairs() if text.strip()]
    return [text for text, _ in pairs], [label for _, label in pairs]


def fit_extent() -> Head:
    """The head, by letters alone."""
    texts, labels = examples()
    return Head(LABELS, variant(gram_matrix(texts), labels, LABELS))


def said() -> frozenset[str]:
    """The words that sentences about the whole of anything hold; any other word names a matter."""
    return frozenset(w for text, label in _pairs() if label == "whole" for w in words(text))


def naming() -> tuple[tuple[str, str], ...]:
    """What stands before and behind a matter that is brought up, folded and bare."""
    parted = (f.frame.partition("{a}") for f in messages.naming())
    return tuple((bare(front), bare(end)) for front, _, end in parted)


def _pairs() -> Iterator[tuple[str, str]]:
    yield from ((fold(f.frame.format(a="")), "whole") for f in messages.plain_frames())
    yield from ((fold(f.frame.format(a="")), f.extent) for f in messages.asking())
    yield from ((fold(f.message), "part") for f in messages.follow_ups() if f.how == "stays" and len(f.message) <= _SHORT)
