"""All that was learned of listings, in one file of plain arrays."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.learned.classifier import Head, Variant, centred
from assistant.answers.question.learned.tagging import Tagger

SHIPPED_LISTINGS = Path(__file__).parents[2] / "listings.npz"


@dataclass(frozen=True)
class ListingModel:
    """What reads a listing.

    ``tagger`` finds the words, ``asks`` tells listings (``clauses``, ``count``) from others, ``join`` whether all or any of several
    things must hold; ``terms`` are what the guide says for everyday and English words. ``maker`` and ``mean`` are of the vectors
    that ``asks`` was fitted with.
    """

    tagger: Tagger
    asks: Head
    join: Head
    terms: dict[str, str]
    maker: str = "none"
    mean: Floats | None = None

    def asked(self, text: str, vector: Floats | None, maker: str) -> dict[str, float]:
        """What a message asks for, by its embedding too when ``maker`` made it as those that were learned from."""
        if vector is None or self.mean is None or maker != self.maker:
            return self.asks.probabilities(text, None)
        return self.asks.probabilities(text, centred(vector, self.mean))

    def save(self, path: Path) -> None:
        """Write one ``.npz``; weights in half precision."""
        arrays: dict[str, np.ndarray] = {
            "roles": np.array(self.tagger.roles),
            "weights": self.tagger.weights.astype(np.float16),
            "steps": self.tagger.steps,
            "without": self.tagger.without.astype(np.float16),
            "terms": np.array(json.dumps(self.terms, ensure_ascii=False)),
        }
        for name, head in (("asks", self.asks), ("join", self.join)):
            arrays |= {f"{name}/labels": np.array(head.labels)} | head.alone.arrays(name)
        full = self.asks.full
        if full is not None and full.dense is not None and self.mean is not None:
            arrays |= full.arrays("full") | {"maker": np.array(self.maker), "mean": self.mean}
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> ListingModel:
        """Read what ``save`` wrote.

        Raises:
            OSError, ValueError: the file is missing or damaged.
        """
        with np.load(path) as arrays:
            found = {name: np.asarray(arrays[name]) for name in arrays.files}
        numbers = {name: value.astype(np.float32) for name, value in found.items() if value.dtype.kind == "f"}
        full = Variant(numbers["full/grams"], numbers["full/bias"], numbers["full/dense"]) if "full/grams" in numbers else None
        asks, join = (
            Head(tuple(map(str, found[f"{name}/labels"])), Variant(numbers[f"{name}/grams"], numbers[f"{name}/bias"]), more)
            for name, more in (("asks", full), ("join", None))
        )
        tagger = Tagger(tuple(map(str, found["roles"])), numbers["weights"], numbers["steps"], numbers["without"])
        return cls(tagger, asks, join, json.loads(str(found["terms"])), str(found.get("maker", "none")), numbers.get("mean"))


@cache
def shipped_listings() -> ListingModel:
    """What ships with the product."""
    return ListingModel.load(SHIPPED_LISTINGS)
