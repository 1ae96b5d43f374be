"""What tells messages about the answer or the guide itself from all others (``assistant.answers.question.learned.asides``).

The words alone do not: 哪条规定的 after an answer asks where it stands, 访客登记是哪条规定的 asks the guide. So every message of the
bank stands among the examples a second time, with a matter of the guide beside it, as one that is none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Head, Heads
from assistant.answers.question.places.unnumbered import unnumbered
from ingest.learn.banks import bank, messages
from ingest.learn.banks.listing_bank import listings, terms
from ingest.learn.methods.linear import gram_matrix, joined, variant
from ingest.learn.reading.heads import Examples
from ingest.shipped import shipped_guide

_ASKED, _BEYOND = 3, 3
"""Every how many questions of the staff bank, and of those beyond the guide, one stands among the examples."""
_UNSURE = ("correction", "help")
"""Acts whose messages may be such as well: they are no examples of the contrary."""


def examples() -> Examples:
    """Texts and what they are: an aside, or ``none``."""
    written = messages.asides()
    pairs = [(a.message, a.aside) for a in written]
    pairs += [(_of_a_matter(a, topic), "none") for a, topic in zip(_about_answers(written), _matters(), strict=False)]
    others = [a.message for a in messages.acts() if a.act not in _UNSURE]
    others += [f.message for f in messages.follow_ups() if f.how != "corrects"]
    others += [k.message for k in messages.kinds()] + [m.message for m in listings()]
    others += [e.question for e in bank.load() if e.clause][::_ASKED]
    others += [e.question for e in bank.load() if not e.clause][::_BEYOND]
    known = {m for m, _ in pairs}
    pairs += [(m, "none") for m in dict.fromkeys(others) if m not in known]
    return [m for m, _ in pairs], [label for _, label in pairs]


def fit_asides(vectors: Callable[[Sequence[str]], Floats], maker: str) -> Heads:
    """The one head, with the embedding and without; ``vectors`` and ``maker`` as for ``ingest.learn.reading.heads.fit_heads``."""
    texts, labels = examples()
    made, known = vectors(texts), tuple(sorted(set(labels)))
    mean, letters = made.mean(axis=0), [unnumbered(t) for t in texts]
    head = Head(known, variant(gram_matrix(letters), labels, known), variant(joined(letters, made, mean), labels, known))
    return Heads({"aside": head}, maker, mean)


def _about_answers(written: Sequence[messages.AsideMessage]) -> list[messages.AsideMessage]:
    return [a for a in written if a.aside in ("source", "unclear", "again")] * 2


def _matters() -> cycle[str]:
    """What people call the matters of clauses, and single words of the guide, in turn and over and over."""
    named = [t.topic for t in messages.topics() if t.lang != "en"]
    said = list(dict.fromkeys(terms(shipped_guide()).values()))
    return cycle(name for pair in zip(named, cycle(said), strict=False) for name in pair)


def _of_a_matter(aside: messages.AsideMessage, topic: str) -> str:
    return f"{aside.message}: {topic}" if aside.lang == "en" else f"{topic}{aside.message}"
