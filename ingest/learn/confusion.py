"""``python -m ingest.learn.confusion [HEAD…]``: what each head takes for what, on messages that it was not taught."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assistant.answers.ports import Floats
from assistant.answers.question.places.unnumbered import unnumbered
from ingest.learn.methods.linear import classifier, gram_matrix, joined
from ingest.learn.reading import asides
from ingest.learn.reading.heads import Examples, examples

FOLDS = 5  # of cross-validation


class Confusion(NamedTuple):
    """One head judged by cross-validation: ``counts`` (truth, taken for) -> how many."""

    head: str
    counts: Counter[tuple[str, str]]

    @property
    def accuracy(self) -> float:
        """Share of messages read rightly."""
        return sum(n for (truth, said), n in self.counts.items() if truth == said) / max(1, self.counts.total())

    def table(self) -> str:
        """Rows: what it is; columns: what it was taken for; then recall and precision."""
        labels = sorted({truth for truth, _ in self.counts})
        width = max(len(label) for label in labels) + 1
        heads = " " * width + "".join(f"{label[:11]:>12}" for label in labels)
        lines = [f"{self.head}: {self.accuracy:.3f} of {self.counts.total()}", heads]
        for truth in labels:
            row = [self.counts[truth, said] for said in labels]
            taken = sum(self.counts[other, truth] for other in labels)
            right = self.counts[truth, truth]
            rates = f"   recall {right / max(1, sum(row)):.2f} precision {right / max(1, taken):.2f}"
            lines.append(f"{truth:{width}}" + "".join(f"{n:12}" for n in row) + rates)
        return "\n".join(lines)


def confusion(head: str, taught: Examples, vectors: Floats | None) -> Confusion:
    """Judge one head by ``FOLDS``-fold cross-validation; ``vectors`` of its texts, or None for n-grams alone."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    labels = taught[1]
    texts = [unnumbered(t) for t in taught[0]]
    matrix = gram_matrix(texts) if vectors is None else joined(texts, vectors, vectors.mean(axis=0))
    said = cross_val_predict(classifier(), matrix, np.array(labels), cv=StratifiedKFold(FOLDS, shuffle=True, random_state=0))
    return Confusion(head, Counter(zip(labels, (str(s) for s in said), strict=True)))


def main() -> None:
    """Print the tables of all heads, or of those named."""
    from assistant.adapters.models.embeddings import BundledE5
    from assistant.adapters.models.known_vectors import VectorCache
    from ingest.shipped import VECTORS

    model = BundledE5()
    with tempfile.TemporaryDirectory() as folder:
        cache = VectorCache(Path(folder) / "vectors.sqlite3", VECTORS)
        for head, taught in {**examples(), "aside": asides.examples()}.items():
            if not sys.argv[1:] or head in sys.argv[1:]:
                vectors = cache.embed(model.fingerprint, "query", taught[0], model.queries)
                sys.stdout.write(confusion(head, taught, vectors).table() + "\n")
                sys.stdout.write(f"{'':2}from n-grams alone: {confusion(head, taught, None).accuracy:.3f}\n\n")


if __name__ == "__main__":
    main()
