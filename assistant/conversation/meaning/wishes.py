"""What a message wants of the register: learned from phrases (``wishes.toml``, ``wishes_guide.txt``), with a share of certainty.

Each phrase is a bag of its characters' pairs and triples (words, in English); one ridge regression per wish, solved in closed form at
first use, gives a score near 1 for what is like its phrases and near 0 for what is not. Numbers of clauses are read as one sign.
"""

from __future__ import annotations

import re
import tomllib
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import product
from random import Random
from typing import Literal, NamedTuple, cast, get_args

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import LinearOperator, cg

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import SURE
from assistant.answers.question.words import fold

Wish = Literal[
    "mine", "missing", "state", "returned", "overdue", "progress", "reviews", "charge", "due", "remind", "not_mine", "how", "abilities",
    "later", "note", "send_back", "comment", "approve", "thanks", "guide",
]  # fmt: skip
ANYWHERE: tuple[Wish, ...] = (
    "mine", "missing", "state", "returned", "overdue", "progress", "reviews", "charge", "due", "remind", "not_mine", "how", "abilities",
    "thanks",
)  # fmt: skip
"""What may be wanted at top level; a note, a return or "later" means something only where somebody was asked."""
CERTAIN = 0.3
"""The least score that counts. On the phrases left out one at a time, and on the 97 of the test, 0.35 to 0.5 decide alike
(``pytest tests/conversation/test_wishes.py``)."""
FIRM, FAINT = 0.5, 0.2
"""What outweighs a message that was read as a question for sure; and what is enough where it was read as one to the register for sure."""
_ACT: dict[Wish, str] = {
    "mine": "status", "missing": "status", "state": "status", "returned": "status", "overdue": "status",
    "progress": "status", "reviews": "status",
    "charge": "status", "due": "status", "remind": "instruction",
    "not_mine": "instruction",
}  # fmt: skip
LONGEST = 60
"""Characters; what wants something of the register is short, and longer messages are questions."""
# Chosen; 14 of 8,084 staff questions of the bank are read as a wish (DECISIONS); hash buckets; variants of a pattern.
_RIDGE, _WIDTH, _FORMS = 0.2, 1 << 14, 40
_SOMEBODY = "\u2042"
_CLAUSE = re.compile(r"\d{1,2}\s*\(\s*\d{1,2}\s*\)|\d+")
_WORD = re.compile(r"[a-z']+|[§\u2042]|[^\W_a-z]")
_BRACKET = re.compile(r"\(((?:[^()]|\(\d+\))*\|(?:[^()]|\(\d+\))*)\)")


class Read(NamedTuple):
    """The likeliest wish of a message, and its score."""

    wish: Wish
    score: float


def wish_of(
    text: str, allowed: Collection[Wish] = ANYWHERE, names: Iterable[str] = (), acts: Mapping[str, float] | None = None
) -> Wish | None:
    """What a message wants among ``allowed``; None when it is a question to the guide, or nothing certain.

    ``names`` are the people whom the register knows; ``acts`` is what the message does as it was read (``Reading.acts``). The two were
    learned from different phrases: where one is sure and the other is not, the sure one decides.
    """
    if len(text.strip()) > LONGEST:
        return None
    read = {r.wish: r.score for r in scores(without_names(text, names)) if r.wish in allowed or r.wish == "guide"}
    found = max(read, key=lambda wish: read[wish])
    sure = acts or {}
    if found != "guide" and read[found] >= CERTAIN:
        return None if read[found] < FIRM and sure.get("question", 0.0) >= SURE else found
    for act in ("status", "instruction"):
        if sure.get(act, 0.0) >= SURE:
            likeliest = max((w for w in read if _ACT.get(w) == act), key=lambda wish: read[wish], default=None)
            return likeliest if likeliest is not None and read[likeliest] >= FAINT else None
    return None


def scores(text: str) -> list[Read]:
    """Every wish with its score."""
    weights, names = _learned()
    given = weights[list(_features(text))].sum(axis=0) / max(1.0, float(len(_features(text))) ** 0.5)
    return [Read(name, float(score)) for name, score in zip(names, given, strict=True)]


def phrases() -> Iterator[tuple[Wish, str]]:
    """The phrases that it is learned from."""
    folder = files("assistant.conversation.meaning")
    table = tomllib.loads((folder / "wishes.toml").read_text(encoding="utf-8"))
    for wish in get_args(Wish):
        for pattern in table[wish]:
            yield from ((cast(Wish, wish), without_names(phrase, table["names"])) for phrase in _forms(pattern))
    yield from (("guide", line) for line in (folder / "wishes_guide.txt").read_text(encoding="utf-8").splitlines() if line)


@cache
def usual() -> str:
    """All phrases of asking the register in one text, without the words of the guide in them."""
    table = tomllib.loads((files("assistant.conversation.meaning") / "wishes.toml").read_text(encoding="utf-8"))
    told = "\n".join(fold(phrase) for wish, phrase in phrases() if wish in ANYWHERE)
    for topic in table["topics"]:
        told = told.replace(topic, "\n")
    return told


def without_names(text: str, names: Iterable[str]) -> str:
    """A message with a sign for each person named in it."""
    found = [re.escape(fold(name)) for name in names if len(name) > 1]
    latin = r"(?<![a-z])(?:%s)(?![a-z])"
    return re.sub(latin % "|".join(sorted(found, key=len, reverse=True)), _SOMEBODY, fold(text)) if found else text


def _forms(pattern: str) -> list[str]:
    """The phrases of a pattern, evenly taken where there are many."""
    parts = _BRACKET.split(pattern)
    choices = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
    whole = ["".join(words) for words in product(*choices)]
    return whole if len(whole) <= _FORMS else Random(pattern).sample(whole, _FORMS)  # noqa: S311  the same ones every time


@cache
def _learned() -> tuple[Floats, tuple[Wish, ...]]:
    """Weights, shape (features, wishes)."""
    names = cast(tuple[Wish, ...], get_args(Wish))
    known = list(phrases())
    given = _matrix(text for _, text in known)
    count = Counter(name for name, _ in known)
    share = np.sqrt([1.0 / count[name] for name, _ in known])
    scaled = given.multiply((share / share.mean())[:, None]).tocsr()
    rows = [scaled.T @ _solved(scaled, np.array([name == wish for wish, _ in known]) * share / share.mean()) for name in names]
    return np.asarray(rows, dtype=np.float32).T, names


def _solved(given: csr_matrix, wanted: Floats) -> Floats:
    """The dual weights of one ridge regression."""
    size = given.shape[0]
    kernel = LinearOperator((size, size), matvec=lambda v: given @ (given.T @ v) + _RIDGE * v)
    found, _ = cg(kernel, wanted, rtol=1e-3, maxiter=200)
    return np.asarray(found)


def _matrix(texts: Iterable[str]) -> csr_matrix:
    rows, columns, values = [], [], []
    count = 0
    for row, text in enumerate(texts):
        found = _features(text)
        rows += [row] * len(found)
        columns += list(found)
        values += [1.0 / max(1.0, float(len(found)) ** 0.5)] * len(found)
        count = row + 1
    return csr_matrix((values, (rows, columns)), shape=(count, _WIDTH))


@cache
def _column(gram: str) -> int:
    return zlib.crc32(gram.encode()) % _WIDTH


def _features(text: str) -> set[int]:
    said = _CLAUSE.sub("§", fold(text))
    parts = ["^", *_WORD.findall(said), "$"]
    grams = [" ".join(parts[at : at + size]) for size in (1, 2, 3) for at in range(len(parts) - size + 1)]
    return {_column(gram) for gram in grams}
