"""Fit the heads that read a message (``assistant.answers.question.learned.classifier``) on the banks of messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Head, Heads
from assistant.answers.question.pieces import pieces
from assistant.answers.question.places.unnumbered import unnumbered
from ingest.learn.banks import bank, messages
from ingest.learn.banks.composing import Made, joint_examples, several, told
from ingest.learn.banks.plain import plain as plain_questions
from ingest.learn.methods.linear import gram_matrix, joined, variant
from ingest.learn.ranking.held_out import is_held_out
from ingest.learn.reading.extent import fit_extent, naming, said
from ingest.shipped import shipped_guide

_PLAIN = 7
"""Every how many questions of the staff bank one is taken as an example of a plain question about the guide."""
_FLAT = 3
"""Every how many of the plain questions made of a matter and a sentence one is taken as an example of a question."""
_LONG = 2
"""Every how many of them that commas or full stops part one is taken as an example of a message of one question."""
_FRAMED = 900
"""Messages that join two things, from which the places of joints are learned."""

_MADE = 250
"""Messages of several questions, and after a story, that are made for the heads; of other questions and by another chance than those
that weights of searches are learned from (``ingest.learn.reading.clause_set``)."""
JOINTS = ("break", "joint", "none")
"""What a place of a text may be."""
_SEED = 11  # the same messages in every run

Examples = tuple[list[str], list[str]]


def examples() -> dict[str, Examples]:
    """Head -> texts and their labels."""
    asking = [e.question for e in bank.load() if e.clause]
    plain = asking[::_PLAIN]
    flat = [e.question for e in plain_questions(shipped_guide())][::_FLAT]
    long = [q for q in asking if len(pieces(q).all) > 1][::_LONG]
    acts, parted = messages.acts(), messages.composed()
    asked = [a for a in acts if a.shape]
    written = [p for c in parted for p in c.parts]
    made = _made()
    elliptical = [f.message for f in messages.follow_ups() if f.how != "corrects"]
    standing = [a.message for a in asked if a.shape == "listing"]
    named = [k.message for k in messages.kinds()] + [p.text for p in written if p.role == "question"]
    return {
        "act": _both(
            [(a.message, a.act) for a in acts]
            + [(q, "question") for q in [*plain, *flat, *elliptical, *named, *(t.topic for t in messages.topics())]]
        ),
        "shape": _both([(a.message, a.shape or "question") for a in asked]),
        "makeup": _both(
            [(c.message, _makeup(c)) for c in parted]
            + [(m.message, makeup) for m, makeup in made]
            + [(q, "one") for q in [*plain[::2], *long]]
        ),
        "role": _both(
            [(p.text, p.role) for p in written]
            + [pair for c in parted for pair in _roles(c.message, [(p.text, p.role) for p in c.parts])]
            + [pair for m, _ in made for pair in _roles(m.message, [(q, "question") for q in m.asked])]
            + [(q, "question") for q in [*plain[::4], *(t.topic for t in messages.topics())]]
        ),
        "how": _both([(f.message, f.how) for f in messages.follow_ups()] + [(q, "new") for q in standing]),
        "kind": _both([(k.message, k.kind) for k in messages.kinds()]),
    }


def fit_heads(vectors: Callable[[Sequence[str]], Floats] | None, maker: str) -> Heads:
    """Fit every head, with the embedding and without.

    Args:
        vectors: texts -> unit vectors, shape (len(texts), dimension); None without an embedding model.
        maker: the fingerprint of that model.
    """
    taught = examples()
    mean: Floats | None = None
    if vectors is not None:
        mean = vectors([t for texts, _ in taught.values() for t in texts]).mean(axis=0)
    heads: dict[str, Head] = {}
    for name, (texts, labels) in taught.items():
        known = tuple(sorted(set(labels)))
        letters = [unnumbered(t) for t in texts]
        alone = variant(gram_matrix(letters), labels, known)
        full = None
        if vectors is not None and mean is not None:
            full = variant(joined(letters, vectors(texts), mean), labels, known)
        heads[name] = Head(known, alone, full)
    texts, labels = joint_examples(bank.load(), _FRAMED, 0)
    heads["joint"] = Head(JOINTS, variant(gram_matrix(texts), labels, JOINTS, None))
    heads["extent"] = fit_extent()
    return Heads(heads, maker, mean, said=said(), naming=naming())


def _made() -> list[tuple[Made, str]]:
    """Messages made of questions that the search is taught, and how they are made up."""
    taught = [e for e in bank.load() if not is_held_out(e)]
    return [(m, "several") for m in several(taught, _MADE, _SEED)] + [(m, "background") for m in told(taught, _MADE, _SEED)]


def _roles(message: str, parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces that a message is cut into, each with the role of the part that it is of: a question where it touches one."""
    spans = [(at, at + len(text), role) for text, role in parts if (at := message.find(text)) >= 0]
    found: list[tuple[str, str]] = []
    start = 0
    for sentence, inner in zip(*pieces(message), strict=True):
        for piece in dict.fromkeys((*inner, sentence)):
            at = message.find(piece, start)
            roles = [role for a, b, role in spans if at >= 0 and a < at + len(piece) - 1 and at + 1 < b]
            if at >= 0 and piece not in dict(parts):
                found.append((piece, "question" if "question" in roles else roles[0] if roles else "background"))
        start = max(start, message.find(inner[0], start))
    return found


def _makeup(message: messages.Composed) -> str:
    if len(message.questions) > 1:
        return "several"
    return "background" if any(p.role == "background" for p in message.parts) else "one"


def _both(pairs: Sequence[tuple[str, str]]) -> Examples:
    return [text for text, _ in pairs], [label for _, label in pairs]
