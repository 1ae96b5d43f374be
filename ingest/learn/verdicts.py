"""Fit what gives verdicts (``assistant.answers.reply.verdicts``) on the bank of yes/no questions."""

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
from assistant.answers.question.classifier import Head
from assistant.answers.reply.direct import polar, reaches
from assistant.answers.reply.verdicts import ENDS, FEATURES, KINDS, OUTCOMES, RARITIES, WAYS, Verdicts, column_of, kind_of, pairs
from assistant.guide import Frozen, Guide
from ingest.learn import bank
from ingest.learn.heads import classifier, joined, variant
from ingest.learn.messages import FOLDER

RIGHT = 0.95
"""Share of right ones among the verdicts given that sets the threshold: each row is held against the others and weighed by what these
taught. Each kind of verdict is counted by itself."""
_PLAIN = 4
"""Every how many questions of the staff bank one is taken for a question that wants no verdict."""
_FOLDS, _SEED = 5, 0  # of cross-validation; the same ones in every run
_COPIES = 3  # endings with which each row is taught; chosen, not measured
_ENDING = re.compile(r"(?<=.{3})(?:，[^，]{1,11}|, [^,]{1,20})$")
"""The last words of a message, behind its last comma."""


class Row(Frozen):
    """A yes/no question: how it asks, the guide's words that it is about, and what they make of it (nothing: they do not decide)."""

    message: str
    asks: Literal["may", "must", "without"]
    words: str
    lang: str = "zh"
    verdict: Literal["yes", "no"] | None = None


def rows() -> list[Row]:
    """The bank."""
    lines = (FOLDER / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    return [Row.model_validate_json(line) for line in lines if line.strip()]


def fit_verdicts(guide: Guide, vectors: Callable[[Sequence[str]], Floats], maker: str) -> Verdicts:
    """Fit heads, weights and threshold; each row is held against all others, and read by heads that it did not teach."""
    found = rows()
    staff = [e for e in bank.load() if e.clause in guide.clauses]
    asked = [e for e in staff if not polar(e.question)][::_PLAIN]
    copies = reworded(found)
    texts = [*(r.message for r in found), *(e.question for e in asked), *(r.message for _, r in copies)]
    source = np.array([*range(len(found) + len(asked)), *(i for i, _ in copies)])
    embedded = vectors(texts)
    mean = embedded.mean(axis=0)
    matrix = joined(texts, embedded, mean)
    ways = [*(r.asks for r in found), *("open" for _ in asked), *(r.asks for _, r in copies)]
    ends = [*(r.verdict or "none" for r in found), *("open" for _ in asked), *(r.verdict or "none" for _, r in copies)]
    centred = embedded - mean
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    made = Verdicts(
        messages=tuple(r.message for r in found),
        asks=tuple(r.asks for r in found),
        words=tuple(r.words for r in found),
        outcomes=tuple(r.verdict or "none" for r in found),
        vectors=centred[: len(found)],
        way=Head(WAYS, variant(matrix, list(ways), WAYS)),
        end=Head(ENDS, variant(matrix, list(ends), ENDS)),
        rarity=_rarity([e.question for e in staff], [r.message for r in found]),
        weights=np.zeros((FEATURES, len(OUTCOMES)), dtype=np.float32),
        above=dict.fromkeys(KINDS, 1.0),
        maker=maker,
        mean=mean,
    )
    said_of = {c: printed(guide, group) for c, group in passages(guide).items()}
    homes = {w: next((c for c, said in said_of.items() if any(w in s for s in said)), None) for w in set(made.words)}
    clauses = [*(homes[r.words] for r in found), *(e.clause for e in asked), *(homes[r.words] for _, r in copies)]
    by_way, by_end = _held_out(matrix, ways, source, WAYS), _held_out(matrix, ends, source, ENDS)
    standing = {c: made.rows(said) for c, said in said_of.items()}
    features: list[Floats] = []
    wanted: list[int] = []
    of: list[int] = []
    for place, (message, clause) in enumerate(zip(texts, clauses, strict=True)):
        known = place >= len(found) + len(asked) and place % 2  # half of the copies meet the row that they are of
        others = [i for i in standing.get(clause or "", ()) if known or i != source[place]]
        if clause and others:
            likeness = made.likeness(message, centred[place], others)
            features.append(made.features(message, likeness, others, said_of[clause], by_way[place], by_end[place]))
            wanted.append(OUTCOMES.index(ends[place] if ends[place] != "open" else "none"))
            of.append(int(source[place]))
    weights, above = _weights(np.stack(features), np.array(wanted), np.array(of), found)
    return replace(made, weights=weights, above=above)


def reworded(found: Sequence[Row]) -> list[tuple[int, Row]]:
    """Rows with another row's ending (…，行吗 for …，合规吗), and which row each was: how one asks says nothing of the outcome."""
    cut = {
        i: (row.message[: m.start()], m.group()) for i, row in enumerate(found) if row.asks != "must" and (m := _ENDING.search(row.message))
    }
    endings = {lang: sorted({end for i, (_, end) in cut.items() if found[i].lang == lang}) for lang in {r.lang for r in found}}
    chosen = random.Random(_SEED)  # noqa: S311 - no secret
    return [
        (i, found[i].model_copy(update={"message": stem + end}))
        for i, (stem, _) in cut.items()
        for end in chosen.sample(endings[found[i].lang], _COPIES)
    ]


def _held_out(matrix: Any, labels: Sequence[str], source: NDArray[Any], known: tuple[str, ...]) -> list[dict[str, float]]:
    """What a head says of each text that was fitted without it and its copies."""
    folds = _folds(source)
    found: list[dict[str, float]] = [{} for _ in labels]
    for fold in range(_FOLDS):
        model = classifier().fit(matrix[folds != fold], [label for label, f in zip(labels, folds, strict=True) if f != fold])
        for place, likely in zip(np.nonzero(folds == fold)[0], model.predict_proba(matrix[folds == fold]), strict=True):
            found[place] = dict(zip(known, map(float, likely), strict=True))
    return found


def _folds(source: NDArray[Any]) -> NDArray[Any]:
    """A fold for each text, the same for all copies of one."""
    return np.asarray(np.random.default_rng(_SEED).integers(0, _FOLDS, int(source.max()) + 1)[source])


def _weights(features: Floats, wanted: NDArray[Any], source: NDArray[Any], found: Sequence[Row]) -> tuple[Floats, dict[str, float]]:
    """Weights for the features as they are, and for each kind of verdict the probability above which ``RIGHT`` of them are right."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = features.mean(axis=0), features.std(axis=0)
    mean[0], spread[0] = 0, 1
    scaled = (features - mean) / np.maximum(spread, 1e-6)
    folds = _folds(source)
    likely = np.zeros((len(wanted), len(OUTCOMES)))
    for fold in range(_FOLDS):
        held = folds == fold
        likely[held] = LogisticRegression(max_iter=500).fit(scaled[~held], wanted[~held]).predict_proba(scaled[held])
    # what people wrote; its copies have endings that few would choose
    first = np.unique(source[source < len(found)], return_index=True)[1]
    likely, right = likely[first], wanted[first]
    told, lead = likely[:, [0, 2]].max(axis=1), np.where(likely[:, 0] > likely[:, 2], 0, 2)
    kinds = np.array([_kind(found[i], OUTCOMES[o]) for i, o in zip(source[first], lead, strict=True)])
    above = {kind: _above(told[kinds == kind], (lead == right)[kinds == kind]) for kind in KINDS}
    model = LogisticRegression(max_iter=500).fit(scaled, wanted)
    weights = (model.coef_ / np.maximum(spread, 1e-6)).T
    weights[0] += model.intercept_ - mean @ weights
    return weights.astype(np.float32), above


def _kind(row: Row, outcome: str) -> str:
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
