"""``python -m ingest.pack``: compute the vectors and weights that ship with the product.

Run it after the banks or the shipped guide changed. It writes ``vectors.npz`` (the bundled model's vectors of both
banks and of the shipped guide, 8 bit), ``assistant/answers/heads.npz`` (what reads a message, and what weighs the
searches of its pieces), ``assistant/answers/listings.npz`` (what reads a listing), ``assistant/answers/verdicts.npz``
(what gives verdicts), ``assistant/answers/asides.npz`` (what reads messages about an answer), ``weights.json`` (the
weights fitted on the banks, the start values for a guide whose own bank is too small to fit any) and
``unlearned.json`` (those for a guide that no bank knows), ``line_order.json`` (those of which line of a clause decides).
It takes some fourteen minutes of one core the first time, most of them to embed messages that are put together from the
banks; their vectors stay in ``build/``, so that the next time only what changed is embedded.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.adapters.models.embeddings import BundledE5
from assistant.adapters.models.known_vectors import VectorCache, key_of
from assistant.adapters.models.packed_vectors import pack
from assistant.answers.passages import distinct, passages, titles
from assistant.answers.ports import Embedder, Floats
from assistant.answers.question.asides import SHIPPED_ASIDES
from assistant.answers.question.classifier import SHIPPED_HEADS
from assistant.answers.question.listing_model import SHIPPED_LISTINGS
from assistant.answers.reply.verdicts import SHIPPED_VERDICTS, Verdicts
from assistant.answers.search.features import LINE_FEATURES, REFUSAL_FEATURES
from assistant.answers.search.ranker import Ranker
from assistant.guide import Guide
from ingest.learn import bank
from ingest.learn.asides import fit_asides
from ingest.learn.beyond import fit_beyond, held_out_odds
from ingest.learn.clause_set import fit_clause_set
from ingest.learn.fit import fit
from ingest.learn.follow_up import fit_follow_up
from ingest.learn.heads import fit_heads
from ingest.learn.held_out import Recalled, held_out
from ingest.learn.line_order import ToldQuestions, fit_order
from ingest.learn.listings import fit_listings
from ingest.learn.plain import banks
from ingest.learn.unlearned import GuideWords, fit_weights
from ingest.learn.verdicts import fit_verdicts
from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.shipped import DEFAULTS, ORDER, SHIPPED, SHIPPED_EDITION, UNLEARNED, VECTORS, shipped_guide

KEPT = Path(__file__).parents[1] / "build" / "vectors.sqlite3"
"""Vectors of earlier runs; may be deleted at any time."""
_TOLD = 256
"""Texts from which on their embedding is told as it goes."""


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


def main() -> None:
    """Compute and write both files."""
    model, entries = _KeptVectors(BundledE5(), VectorCache(KEPT, VECTORS)), banks()
    guide = parse(read(SHIPPED), SHIPPED_EDITION)
    lines = distinct(guide)
    questions = [e.question for e in entries]
    asked, printed = model.queries(questions), model.passages([p.text for p in lines])
    keyed = {key_of(model.fingerprint, "query", q): v for q, v in zip(questions, asked, strict=True)}
    keyed |= {key_of(model.fingerprint, "passage", p.text): v for p, v in zip(lines, printed, strict=True)}
    pack(VECTORS, model.fingerprint, keyed)
    start = {
        "weights": {"clause": [0.0] * 4, "refusal": [0.0] * REFUSAL_FEATURES, "line": [0.0] * LINE_FEATURES, "bare": [0.0] * 5},
        "refuse_above": 0.5,
    }
    vectors = {p.id: v for p, v in zip(lines, printed, strict=True)}
    ranker = fit(entries, passages(guide), titles(guide), asked, vectors, start)
    fitted = {name: [round(w, 4) for w in values] for name, values in ranker.weights.items()}
    DEFAULTS.write_text(json.dumps({"weights": fitted, "refuse_above": round(ranker.refuse_above, 4)}) + "\n", encoding="utf-8")
    embedder = Recalled(model, keyed)
    heads = fit_heads(embedder.queries, model.fingerprint)
    UNLEARNED.write_text(json.dumps(unlearned(guide, vectors, entries, embedder)) + "\n", encoding="utf-8")
    mean = heads.mean
    assert mean is not None
    heads = replace(heads, heads={**heads.heads, "beyond": fit_beyond(embedder.queries, mean)})
    odds = held_out_odds(embedder.queries, mean)
    held = held_out(entries, guide, vectors, embedder, start)
    replace(heads, clause_set=fit_clause_set(held, heads), follow_up=fit_follow_up(held, heads, odds)).save(SHIPPED_HEADS)
    listings(guide, embedder)
    verdicts(guide, model)
    asides(guide, model)
    order(ranker, entries, guide)


def order(ranker: Ranker, entries: Sequence[bank.BankEntry], guide: Guide) -> None:
    """What says which line of a clause decides, fitted with the verdicts as they are now; ``entries`` taught the ranker."""
    told = ToldQuestions.of(Verdicts.load(SHIPPED_VERDICTS))
    ORDER.write_text(json.dumps(fit_order(ranker, entries, passages(guide), titles(guide), told)) + "\n", encoding="utf-8")


def listings(guide: Guide, model: Embedder) -> None:
    """What reads listings, fitted and written (``python -m ingest.pack listings``)."""
    fit_listings(guide, model.queries, model.fingerprint).save(SHIPPED_LISTINGS)


def verdicts(guide: Guide, model: Embedder) -> None:
    """What gives verdicts, fitted and written; it needs nothing of the rest (``python -m ingest.pack verdicts``)."""
    fit_verdicts(guide, model.queries, model.fingerprint).save(SHIPPED_VERDICTS)


def asides(guide: Guide, model: Embedder) -> None:  # noqa: ARG001 - called as the other two
    """What reads messages about an answer or the guide itself, fitted and written (``python -m ingest.pack asides``)."""
    fit_asides(model.queries, model.fingerprint).save(SHIPPED_ASIDES)


def unlearned(guide: Guide, lines: dict[str, Floats], entries: Sequence[bank.BankEntry], embedder: Embedder) -> dict[str, Any]:
    """The weights for guides that the banks do not know, rounded; ``lines`` are the shipped guide's by passage id."""
    named = {clause: place.item.title for clause, place in guide.places.items()}
    titles_ = dict(zip(named, embedder.passages(list(named.values())), strict=True))
    middle = np.stack(list(lines.values())).mean(axis=0)
    found = fit_weights(entries, guide, GuideWords(passages(guide), lines, titles_, middle), embedder)
    return {name: [round(w, 4) for w in value] if isinstance(value, list) else round(value, 4) for name, value in found.items()}


def _told(done: int, total: int) -> None:
    if total >= _TOLD:
        sys.stderr.write(f"\r{done}/{total}")


if __name__ == "__main__":
    alone = {"verdicts": verdicts, "listings": listings, "asides": asides}.get("".join(sys.argv[1:]))
    if alone:
        alone(shipped_guide(), _KeptVectors(BundledE5(), VectorCache(KEPT, VECTORS)))
    else:
        main()
