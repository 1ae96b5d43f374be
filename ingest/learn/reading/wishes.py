"""What tells wishes to the register from questions to the guide (``assistant.conversation.meaning.wishes``): phrases and a bank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Head, Heads
from assistant.answers.question.reading import language
from assistant.conversation.meaning.phrases import names, phrases
from assistant.conversation.meaning.wishes import CLOSING, HEAD, letters_of
from ingest.learn.banks import bank, messages
from ingest.learn.banks.listing_bank import listings
from ingest.learn.methods.linear import between, gram_matrix, joined, variant
from ingest.learn.reading.heads import Examples
from ingest.shipped import shipped_guide

_FORMS = 20
"""Forms of one phrase that are learned from: the bank's messages are fewer and each is of its own."""
_SHARE = 0.3
"""Between every example alike and all wishes alike (``linear.between``): at 3 of 1,025 staff questions that were kept back taken for a
wish, .75 of the bank's messages that were kept back are found, .57 as what they are; with 1, .53."""


def examples() -> Examples:
    """Texts and what they want: a wish, or ``guide``."""
    pairs: list[tuple[str, str]] = []
    for _, forms in groupby(phrases(), key=lambda one: one.pattern):
        kept = list(forms)
        pairs += [(f.text, f.wish) for f in kept[:: -(-len(kept) // _FORMS)]]
    pairs += [(m.message, m.wish) for m in messages.wishes()]
    asked = [e.question for e in bank.load()] + [m.message for m in listings()] + [k.message for k in messages.kinds()]
    others = list(shipped_guide().places)
    others += [a.message for a in messages.acts() if a.act in ("question", "small_talk", "correction")]
    others += asked + [f.message for f in messages.follow_ups() if f.how != "corrects"]
    known = {m for m, _ in pairs}
    pairs += [(m, "guide") for m in dict.fromkeys(others) if m not in known]
    return [m for m, _ in pairs], [wish for _, wish in pairs]


def closed_otherwise(text: str) -> str:
    """A message without the mark that closes it, or with a question mark where none does: what it wants is the same."""
    bare = text.rstrip(CLOSING)
    return bare + ("？" if language(bare, "zh") == "zh" else "?") if bare == text else bare


def fit_wishes(vectors: Callable[[Sequence[str]], Floats], maker: str) -> Heads:
    """The one head, with the embedding and without; ``vectors`` and ``maker`` as for ``ingest.learn.reading.heads.fit_heads``."""
    texts, labels = examples()
    made, known = vectors([*texts, *map(closed_otherwise, texts)]), tuple(sorted(set(labels)))
    mean, letters = made.mean(axis=0), [letters_of(t, names()) for t in texts]
    weight = between(labels, _SHARE)
    alone = variant(gram_matrix(letters), labels, known, weight)
    halved = {label: w / 2 for label, w in weight.items()}
    head = Head(known, alone, variant(joined(letters * 2, made, mean), labels * 2, known, halved))
    return Heads({HEAD: head}, maker, mean)
