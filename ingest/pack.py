"""``python -m ingest.pack``: compute the vectors and weights that ship with the product.

Run it after the banks or the shipped guide changed. It writes ``vectors.npz`` (the bundled model's vectors of both
banks and of the shipped guide, 8 bit), ``weights.json`` (the weights fitted on the banks, the start values for a guide
whose own bank is too small to fit any), ``unlearned.json`` (those for a guide that no bank knows), ``line_order.json`` (those of which
line of a clause decides),
``assistant/answers/heads.npz`` (what reads a message, and what weighs the searches of its pieces), ``listings.npz``
(what reads a listing), ``verdicts.npz`` (what gives verdicts), ``asides.npz`` (what reads messages about an answer)
and ``assistant/conversation/wishes.npz`` (what reads messages to the register).
Each can be named to be computed alone: ``python -m ingest.pack heads listings``.

The first time takes some fourteen minutes of one core, most of them to embed messages that are put together from the
banks. Vectors and whatever was fitted stay in ``build/``, so that the next time only what changed is computed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.adapters.models.embeddings import BundledE5
from assistant.adapters.models.known_vectors import VectorCache, key_of
from assistant.adapters.models.packed_vectors import PackedVectors, pack
from assistant.answers.passages import distinct, passages, pieces, titles
from assistant.answers.ports import Embedder, Floats
from assistant.answers.question.learned.asides import SHIPPED_ASIDES
from assistant.answers.question.learned.classifier import SHIPPED_HEADS
from assistant.answers.question.learned.listing_model import SHIPPED_LISTINGS
from assistant.answers.reply.deciding.verdicts import SHIPPED_VERDICTS, Verdicts
from assistant.answers.search.features import LINE_FEATURES, REFUSAL_FEATURES
from assistant.answers.search.ranker import Ranker
from assistant.conversation.meaning.wishes import SHIPPED_WISHES
from assistant.guide import Guide
from ingest.learn.banks import bank
from ingest.learn.banks.plain import banks
from ingest.learn.methods.kept import code_of, keeping, kept
from ingest.learn.ranking.fit import fit
from ingest.learn.ranking.held_out import Recalled, held_out
from ingest.learn.ranking.line_order import ToldQuestions, fit_order
from ingest.learn.ranking.unlearned import GuideWords, fit_weights
from ingest.learn.reading.asides import fit_asides
from ingest.learn.reading.beyond import fit_beyond, held_out_odds
from ingest.learn.reading.clause_set import fit_clause_set
from ingest.learn.reading.follow_up import fit_follow_up
from ingest.learn.reading.heads import fit_heads
from ingest.learn.reading.listings import fit_listings
from ingest.learn.reading.standing import fit_standing, fit_stands
from ingest.learn.reading.verdicts import fit_verdicts
from ingest.learn.reading.wishes import fit_wishes
from ingest.shipped import DEFAULTS, ORDER, UNLEARNED, VECTORS, shipped_guide

KEPT = Path(__file__).parents[1] / "build" / "vectors.sqlite3"
"""Vectors of earlier runs; may be deleted at any time."""
_TOLD = 256
"""Texts from which on their embedding is told as it goes."""
_START: dict[str, Any] = {
    "weights": {"clause": [0.0] * 4, "refusal": [0.0] * REFUSAL_FEATURES, "line": [0.0] * LINE_FEATURES, "bare": [0.0] * 5},
    "refuse_above": 0.5,
}


@dataclass(frozen=True, slots=True)
class _KeptVectors:
    """The model's vectors, each computed once for all runs."""

    model: Embedder
    cache: VectorCache

    @property
    def fingerprint(self) -> str:
        return self.model.fingerprint

    def queries(self, texts: Sequence[str]) -> Floats:
        return self.cache.embed(self.fingerprint, "query", texts, self.model.queries, _told)

    def passages(self, texts: Sequence[str]) -> Floats:
        return self.cache.embed(self.fingerprint, "passage", texts, self.model.passages, _told)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What all are made of: the shipped guide, the banks, and vectors as the product will have them."""

    guide: Guide
    entries: list[bank.BankEntry]
    asked: Floats
    lines: dict[str, Floats]
    embedder: Recalled

    @classmethod
    def read(cls) -> _Basis:
        """Read the banks and the guide; their vectors are written first, and read as they are written."""
        model, entries, guide = BundledE5(), banks(), shipped_guide()
        lines, embedder = distinct(guide), _KeptVectors(model, VectorCache(KEPT, VECTORS))
        asked = {key_of(model.fingerprint, "query", e.question): e.question for e in entries}
        texts = [*(p.text for p in lines), *(piece for cut in pieces(guide).values() for piece in cut)]
        printed = {key_of(model.fingerprint, "passage", text): text for text in texts}
        keyed = dict(zip(asked, embedder.queries(list(asked.values())), strict=True))
        keyed |= dict(zip(printed, embedder.passages(list(printed.values())), strict=True))
        pack(VECTORS, model.fingerprint, keyed)
        known = PackedVectors.read(VECTORS).vectors(keyed)
        vectors = np.stack([known[key_of(model.fingerprint, "query", e.question)] for e in entries])
        by_id = {p.id: known[key_of(model.fingerprint, "passage", p.text)] for p in lines}
        return cls(guide, entries, vectors, by_id, Recalled(_KeptVectors(model, VectorCache(KEPT)), known))


def _ranker(basis: _Basis) -> Ranker:
    """The search as the banks teach it."""
    groups, named = passages(basis.guide), titles(basis.guide)
    made_of = basis.entries, groups, named, basis.asked, basis.lines, code_of("ingest.learn.ranking.fit")
    return kept("ranker", made_of, lambda: fit(basis.entries, groups, named, basis.asked, basis.lines, _START))


def weights(basis: _Basis) -> None:
    """The weights of the search."""
    ranker = _ranker(basis)
    fitted = {name: [round(w, 4) for w in values] for name, values in ranker.weights.items()}
    DEFAULTS.write_text(json.dumps({"weights": fitted, "refuse_above": round(ranker.refuse_above, 4)}) + "\n", encoding="utf-8")


def unlearned(basis: _Basis) -> None:
    """The weights for guides that the banks do not know."""
    named = {clause: place.item.title for clause, place in basis.guide.places.items()}
    of_titles = dict(zip(named, basis.embedder.passages(list(named.values())), strict=True))
    words = GuideWords(passages(basis.guide), basis.lines, of_titles, np.stack(list(basis.lines.values())).mean(axis=0))
    made_of = basis.entries, basis.guide, words, basis.embedder.fingerprint, code_of("ingest.learn.ranking.unlearned")
    found = kept("unlearned", made_of, lambda: fit_weights(basis.entries, basis.guide, words, basis.embedder))
    rounded = {name: [round(w, 4) for w in value] if isinstance(value, list) else round(value, 4) for name, value in found.items()}
    UNLEARNED.write_text(json.dumps(rounded) + "\n", encoding="utf-8")


def heads(basis: _Basis) -> None:
    """What reads a message and weighs the searches of its pieces."""
    vectors = basis.embedder.queries
    made = fit_heads(vectors, basis.embedder.fingerprint)
    mean = made.mean
    assert mean is not None
    made = replace(made, heads={**made.heads, "beyond": fit_beyond(vectors, mean), "stands": fit_stands(vectors, mean)})
    odds = held_out_odds(vectors, mean)
    with held_out(basis.entries, basis.guide, basis.lines, basis.embedder, _START) as held:
        made = replace(made, clause_set=fit_clause_set(held, made), follow_up=fit_follow_up(held, made, odds))
        made = replace(made, standing=fit_standing(held, made))
    made.save(SHIPPED_HEADS)


def listings(basis: _Basis) -> None:
    """What reads listings."""
    fit_listings(basis.guide, basis.embedder.queries, basis.embedder.fingerprint).save(SHIPPED_LISTINGS)


def verdicts(basis: _Basis) -> None:
    """What gives verdicts."""
    fit_verdicts(basis.guide, basis.embedder.queries, basis.embedder.fingerprint).save(SHIPPED_VERDICTS)


def asides(basis: _Basis) -> None:
    """What reads messages about an answer or the guide itself."""
    fit_asides(basis.embedder.queries, basis.embedder.fingerprint).save(SHIPPED_ASIDES)


def wishes(basis: _Basis) -> None:
    """What reads messages to the register."""
    fit_wishes(basis.embedder.queries, basis.embedder.fingerprint).save(SHIPPED_WISHES)


def line_order(basis: _Basis) -> None:
    """What says which line of a clause decides, fitted with the verdicts as they are now."""
    groups, named, told = passages(basis.guide), titles(basis.guide), ToldQuestions.of(Verdicts.load(SHIPPED_VERDICTS))
    made_of = basis.entries, groups, named, basis.asked, basis.lines, told, code_of("ingest.learn.ranking.line_order")
    found = kept("line_order", made_of, lambda: fit_order(_ranker(basis), basis.entries, groups, named, told))
    ORDER.write_text(json.dumps(found) + "\n", encoding="utf-8")


_STEPS = {step.__name__: step for step in (weights, unlearned, heads, listings, verdicts, asides, wishes, line_order)}


def main(names: Sequence[str]) -> None:
    """Compute and write what is named, or all."""
    with keeping(KEPT.parent / "packed"):
        basis = _Basis.read()
        for name in names or _STEPS:
            started = time.perf_counter()
            _STEPS[name](basis)
            sys.stderr.write(f"{name}: {time.perf_counter() - started:.0f} s\n")


def _told(done: int, total: int) -> None:
    if total >= _TOLD:
        sys.stderr.write(f"\r{done}/{total}" + "\n" * (done == total))


if __name__ == "__main__":
    main(sys.argv[1:])
