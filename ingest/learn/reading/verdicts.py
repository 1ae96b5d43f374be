"""Fit what gives verdicts (``assistant.answers.reply.deciding.verdicts``) on the bank of yes/no questions."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.answers.passages import passages, printed
from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import COLUMNS, Head, Variant
from assistant.answers.reply.deciding.reach import reaches
from assistant.answers.reply.deciding.second_sign import SecondSign, asked_so, frame, pairs
from assistant.answers.reply.deciding.verdicts import (
    FEATURES,
    KINDS,
    OPEN,
    OUTCOMES,
    RARITIES,
    WAYS,
    Verdicts,
    column_of,
    kind_of,
)
from assistant.answers.reply.deciding.yes_no import polar
from assistant.guide import Frozen, Guide
from ingest.learn.banks import bank
from ingest.learn.banks.messages import FOLDER, fragments
from ingest.learn.methods.kept import code_of, kept
from ingest.learn.methods.linear import classifier, gram_matrix, joined, variant
from ingest.learn.reading.second_sign import SignBank

RIGHT = 0.93
"""Share of right ones among the verdicts given that sets the threshold: each row is held against the others and weighed by what these
taught. Each kind of verdict is counted by itself. Most rows have a twin of the other outcome: what people write is told apart better."""
_PLAIN = 4
"""Every how many questions of the staff bank one is taken for a question that wants no verdict."""
_FOLDS, _SEED = 10, 0  # of cross-validation; the same ones in every run
_ENDING = re.compile(r"(?<=.{3})(?:，[^，]{1,11}|, [^,]{1,20})$")
"""The last words of a message, behind its last comma."""
_COPY = 0.2
"""What a row in other words, met by the row itself, counts beside one that is held against the others: with none of them near rows are
not believed, for a writer's next row is the opposite case; at .1, .2, .5 given are .47, .44, .39 of the held-out rows at .93 right, and
of the copies .53, .57, .64."""


class VerdictRow(Frozen):
    """A yes/no question: how it asks, the guide's words that it is about, and what they make of it (nothing: they do not decide)."""

    message: str
    asks: Literal["may", "must", "without"]
    words: str
    lang: str = "zh"
    verdict: Literal["yes", "no"] | None = None


def rows() -> list[VerdictRow]:
    """The bank."""
    lines = (FOLDER / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    return [VerdictRow.model_validate_json(line) for line in lines if line.strip()]


def fit_verdicts(guide: Guide, vectors: Callable[[Sequence[str]], Floats], maker: str) -> Verdicts:
    """Fit heads, weights and threshold; each row is held against all others, and read by heads that it did not teach."""
    found, staff = rows(), [e for e in bank.load() if e.clause in guide.clauses]
    none = [f.message for f in fragments()]  # 报关章呢 asks for no yes
    return kept(
        "verdicts", (found, staff, none, guide, maker, code_of(__name__)), lambda: _fitted(found, staff, none, guide, vectors, maker)
    )


def _fitted(
    found: list[VerdictRow],
    staff: list[bank.BankEntry],
    none: list[str],
    guide: Guide,
    vectors: Callable[[Sequence[str]], Floats],
    maker: str,
) -> Verdicts:
    asked = [*[e.question for e in staff if not polar(e.question)][::_PLAIN], *none]
    texts = [*(r.message for r in found), *asked]
    embedded = vectors(texts)
    mean = embedded.mean(axis=0)
    matrix = joined(texts, embedded, mean)
    ways = [*(r.asks for r in found), *("open" for _ in asked)]
    ends = [r.verdict or "none" for r in found]
    said = joined(texts[: len(found)], embedded[: len(found)], mean, 1.0)
    centred = embedded - mean
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    said_of = {c: printed(guide, group) for c, group in passages(guide).items()}
    homes = {w: next((c for c, said in said_of.items() if any(w in s for s in said)), None) for w in {r.words for r in found}}
    framed = gram_matrix([frame(r.message, said_of.get(homes[r.words] or "", ())) for r in found])
    made = Verdicts(
        messages=tuple(r.message for r in found),
        asks=tuple(r.asks for r in found),
        words=tuple(r.words for r in found),
        outcomes=tuple(r.verdict or "none" for r in found),
        vectors=centred[: len(found)],
        way=Head(WAYS, variant(matrix, list(ways), WAYS)),
        end=Head(OUTCOMES, _outcome_head(said, ends)),
        framed=Head(OUTCOMES, _outcome_head(framed, ends)),
        sign=SecondSign(np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.float32)),
        rarity=_rarity([e.question for e in staff], [r.message for r in found]),
        weights=np.zeros((FEATURES, len(OUTCOMES)), dtype=np.float32),
        above=dict.fromkeys(KINDS, 1.0),
        maker=maker,
        mean=mean,
    )
    by_way = _held_out(matrix, ways, WAYS, classifier)
    by_end, by_frame = (_held_out(texts, ends, OUTCOMES, _outcomes) for texts in (said, framed))
    told = SignBank.of(
        [frame(r.message, (r.words,)) for r in found], [r.words for r in found], np.stack([asked_so(w) for w in by_way[: len(found)]]), ends
    )
    made = replace(made, sign=told.sign)
    standing = {c: made.rows(said) for c, said in said_of.items()}
    own = reworded(found)
    near = vectors([r.message for _, r in own]) - mean
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    features: list[Floats] = []
    of: list[int] = []
    copied: list[bool] = []
    for copy, messages, their in ((False, list(enumerate(found)), made.vectors), (True, own, near)):
        for (place, row), vector in zip(messages, their, strict=True):
            clause = homes[row.words]
            others = [i for i in standing.get(clause or "", ()) if copy or i != place]
            if clause and others and by_way[place]["open"] < OPEN:
                likeness = made.likeness(row.message, vector, others)
                heads = by_way[place], by_end[place], by_frame[place]
                signed, so = made.signed(row.message, likeness, others), asked_so(by_way[place])
                sign = told.all_say(*signed, so) if copy else told.without(place, *signed, so)
                features.append(made.features(row.message, likeness, others, said_of[clause], *heads, sign))
                of.append(place)
                copied.append(copy)
    wanted = np.array([OUTCOMES.index(ends[place]) for place in of])
    weights, above = _weights(np.stack(features), wanted, np.array(of), np.array(copied), found)
    return replace(made, weights=weights, above=above)


def reworded(found: Sequence[VerdictRow]) -> list[tuple[int, VerdictRow]]:
    """Rows with another row's ending (…，行吗 for …，合规吗), and which row each was: what a message near a row looks like."""
    cut = {
        i: (row.message[: m.start()], m.group()) for i, row in enumerate(found) if row.asks != "must" and (m := _ENDING.search(row.message))
    }
    endings = {lang: sorted({end for i, (_, end) in cut.items() if found[i].lang == lang}) for lang in {r.lang for r in found}}
    chosen = random.Random(_SEED)  # noqa: S311 - no secret
    return [(i, found[i].model_copy(update={"message": stem + chosen.choice(endings[found[i].lang])})) for i, (stem, _) in cut.items()]


def _outcomes() -> Any:
    """The regression that tells outcomes from messages alone; 2 to 8 give the same, and to balance the outcomes gives less."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=5.0, max_iter=300)


def _outcome_head(matrix: Any, ends: Sequence[str]) -> Variant:
    model = _outcomes().fit(matrix, ends)
    weights = model.coef_.T.astype(np.float32)
    return Variant(weights[:COLUMNS], model.intercept_.astype(np.float32), weights[COLUMNS:] if len(weights) > COLUMNS else None)


def _held_out(matrix: Any, labels: Sequence[str], known: tuple[str, ...], model: Callable[[], Any]) -> list[dict[str, float]]:
    """What a head says of each text that was fitted without it."""
    folds = _folds(len(labels))
    found: list[dict[str, float]] = [{} for _ in labels]
    for fold in range(_FOLDS):
        fitted = model().fit(matrix[folds != fold], [label for label, f in zip(labels, folds, strict=True) if f != fold])
        for place, likely in zip(np.nonzero(folds == fold)[0], fitted.predict_proba(matrix[folds == fold]), strict=True):
            found[place] = dict(zip(known, map(float, likely), strict=True))
    return found


def _folds(count: int) -> NDArray[Any]:
    """A fold for each text."""
    return np.asarray(np.random.default_rng(_SEED).integers(0, _FOLDS, count))


def _weights(
    features: Floats, wanted: NDArray[Any], source: NDArray[Any], copied: NDArray[Any], found: Sequence[VerdictRow]
) -> tuple[Floats, dict[str, float]]:
    """Weights for the features as they are, and for each kind of verdict the probability above which ``RIGHT`` of them are right.

    ``source`` is the row of each, ``copied`` whether it is that row in other words: those count less, and set no threshold.
    """
    from sklearn.linear_model import LogisticRegression

    mean, spread = features[~copied].mean(axis=0), features[~copied].std(axis=0)
    mean[0], spread[0] = 0, 1
    scaled = (features - mean) / np.maximum(spread, 1e-6)
    counts = np.where(copied, _COPY, 1.0)
    folds = _folds(len(found))[source]
    likely = np.zeros((len(wanted), len(OUTCOMES)))
    for fold in range(_FOLDS):
        held = folds == fold
        model = LogisticRegression(max_iter=500).fit(scaled[~held], wanted[~held], sample_weight=counts[~held])
        likely[held] = model.predict_proba(scaled[held])
    told, lead = likely[:, [0, 2]].max(axis=1), np.where(likely[:, 0] > likely[:, 2], 0, 2)
    kinds = np.array(["" if copy else _kind(found[i], OUTCOMES[o]) for i, o, copy in zip(source, lead, copied, strict=True)])
    above = {kind: _above(told[kinds == kind], (lead == wanted)[kinds == kind]) for kind in KINDS}
    model = LogisticRegression(max_iter=500).fit(scaled, wanted, sample_weight=counts)
    weights = (model.coef_ / np.maximum(spread, 1e-6)).T
    weights[0] += model.intercept_ - mean @ weights
    return weights.astype(np.float32), above


def _kind(row: VerdictRow, outcome: str) -> str:
    """The kind of a verdict on a row; none where its words do not reach what it tells."""
    return kind_of(outcome, row.words) if reaches(row.message, outcome, row.words) else ""


def _above(told: NDArray[Any], right: NDArray[Any]) -> float:
    """The probability from which ``RIGHT`` of the verdicts are right; 1 where none is."""
    order = np.argsort(-told)
    enough = np.nonzero(np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= RIGHT)[0]
    return float(told[order[int(enough.max())]]) if len(enough) else 1.0


def _rarity(staff: Sequence[str], bank_rows: Sequence[str]) -> Floats:
    """How seldom a pair of letters is asked: inverse document frequency, less for what yes/no questions of every matter have."""
    asked = Counter(column_of(p) for text in staff for p in pairs(text))
    common = Counter(column_of(p) for text in bank_rows for p in pairs(text))
    return np.array(
        [np.log((len(staff) + 1) / (asked[c] + 1)) / (1 + 0.15 * max(0, common[c] - 3)) for c in range(RARITIES)], dtype=np.float32
    )
