"""Which clause does a question mean, and is it in the guide at all? Learned from the question banks, at ingest.

Kernel ridge regression (Saunders, Gammerman & Vovk 1998) over the banks' questions and the guide's own lines: the kernel
is the mean of an exponential kernel on embeddings and one on lexical vectors, the targets are the clauses and one class
for what the guide does not say. A softmax with a handful of weights, fitted on leave-one-out scores, joins it with the
dense and lexical hits on the guide's lines and gives probabilities. Nothing here knows a clause by name, so another
edition or another embedding model is learned in the same way.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answers.question.learned.classifier import centred
from assistant.answers.question.words import sounds, tokens

Floats = NDArray[np.float32]
KINDS = ("clause", "documents", "situation", "records", "onsite", "note", "all")
# How fast a row's vote falls with its distance; chosen, not measured anew since the banks grew.
DENSE_SHARPNESS, LEXICAL_SHARPNESS = 3.0, 1.0
NEIGHBOURHOOD = 0.03
"""How much less alike a question of the bank may be than the most alike one for its vote on lines to fall to a third; chosen."""
NEIGHBOUR = 0.3
"""Share of the score of the best clause that stands, up to which the score of one that is gone speaks for no refusal. Of 12 questions about
a withdrawn clause 10 are refused with it and without, 8 with 1; what others are refused by moves by .0007 instead of .0046 on average."""


@dataclass
class Lexicon:
    """TF-IDF vectors of the training texts as postings: token -> rows and weights (cosine-normalised)."""

    vocabulary: dict[str, int]
    idf: Floats
    pointers: NDArray[np.int64]
    rows: NDArray[np.int32]
    values: Floats
    size: int

    def similarities(self, text: str) -> Floats:
        """Cosine of ``text`` with every training text, shape (size,)."""
        counts: dict[int, int] = {}
        for token in [*tokens(text), *sounds(text)]:
            column = self.vocabulary.get(token)
            if column is not None:
                counts[column] = counts.get(column, 0) + 1
        scores = np.zeros(self.size, dtype=np.float32)
        if not counts:
            return scores
        weights = {c: (1 + np.log(n)) * float(self.idf[c]) for c, n in counts.items()}
        norm = float(np.sqrt(sum(w * w for w in weights.values())))
        for column, weight in weights.items():
            span = slice(self.pointers[column], self.pointers[column + 1])
            scores[self.rows[span]] += self.values[span] * np.float32(weight / norm)
        return scores


def kernel_with(text: str, vector: Floats | None, lexicon: Lexicon, vectors: Floats | None) -> Floats:
    """Kernel values of a question, with its centred unit vector, with every text of a lexicon; lexical only without vectors."""
    lexical = np.exp(LEXICAL_SHARPNESS * (lexicon.similarities(text) - 1), dtype=np.float32)
    if vector is None or vectors is None:
        return np.asarray(lexical, dtype=np.float32)
    dense = np.exp(DENSE_SHARPNESS * (vectors @ vector - 1), dtype=np.float32)
    return np.asarray((dense + lexical) / 2, dtype=np.float32)


@dataclass(frozen=True)
class LineOrder:
    """Which line of a clause a question hangs on: kernel ridge regression with a column for each line.

    It is learned from the bank's questions that name their lines, and from yes/no questions whose deciding words are known.

    Attributes:
        told: the yes/no questions as postings, in the ranker's vocabulary.
        vectors: their unit vectors, centred as the ranker's, shape (told, dimension).
        alpha: dual weights, shape (labelled rows of the ranker + told, lines of the guide in its order).
        weights: of the softmax over the lines of a clause, shape (ORDER_FEATURES,).
    """

    told: Lexicon
    vectors: Floats
    alpha: Floats
    weights: Floats

    def scores(self, text: str, vector: Floats, labelled: Floats, start: int, stop: int) -> Floats:
        """Regression scores of the lines ``start:stop``; ``labelled`` is the kernel of the question with the ranker's labelled rows."""
        rows = np.concatenate([labelled, kernel_with(text, vector, self.told, self.vectors)])
        return np.asarray(rows @ self.alpha[:, start:stop], dtype=np.float32)

    def arrays(self) -> dict[str, Any]:
        """What ``of`` reads; the vocabulary is the ranker's."""
        return {
            "told_pointers": self.told.pointers, "told_rows": self.told.rows, "told_values": self.told.values,
            "told_vectors": self.vectors.astype(np.float16), "line_alpha": self.alpha.astype(np.float16), "line_weights": self.weights,
        }  # fmt: skip

    @classmethod
    def of(cls, arrays: Any, lexicon: Lexicon) -> LineOrder | None:
        """From arrays of a build; None where it was made without."""
        if "line_alpha" not in arrays:
            return None
        vectors = arrays["told_vectors"].astype(np.float32)
        told = replace(lexicon, pointers=arrays["told_pointers"], rows=arrays["told_rows"], values=arrays["told_values"], size=len(vectors))
        return cls(told, vectors, arrays["line_alpha"].astype(np.float32), arrays["line_weights"])


def answerable(scores: Floats, clauses: int) -> Floats:
    """Scores with those of clauses that are gone, in the columns behind "not in the guide", counted for it; shape (…, clauses + 1).

    A clause that is gone keeps the column that it had: taught as "not in the guide", its questions would move what is refused everywhere.
    It counts beyond ``NEIGHBOUR`` of the best clause that stands: a question about that one was always a little like those of the other.
    """
    found = scores[..., : clauses + 1]
    if scores.shape[-1] > clauses + 1:
        found = found.copy()
        stands = np.maximum(scores[..., :clauses].max(axis=-1), 0)
        found[..., -1] += np.maximum(scores[..., clauses + 1 :].max(axis=-1) - NEIGHBOUR * stands, 0)
    return found


@dataclass
class Ranker:
    """The fitted ranker. ``labels`` are clause ids; the column after the last one stands for "not in the guide".

    Weights may have further columns, for clauses of an earlier edition that are gone: see ``answerable``.
    """

    labels: tuple[str, ...]
    vectors: Floats | None
    mean: Floats | None
    lexicon: Lexicon
    alpha: Floats
    alpha_lexical: Floats
    kind_rows: NDArray[np.int64]
    kind_alpha: Floats
    row_label: NDArray[np.int64]
    row_passages: list[list[str]] = field(default_factory=list)
    row_kind: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    weights: dict[str, list[float]] = field(default_factory=dict)
    refuse_above: float = 0.5
    bare: tuple[str, ...] = ()
    titles: Floats | None = None
    """Of a guide that the banks do not know: centred unit vectors of the clauses' titles; None where clauses are learned."""
    pieces: Floats | None = None
    """Centred unit vectors of what the guide's passages are cut into, in their order; None without a model."""
    order: LineOrder | None = None
    """Which line decides; None without a model, for a guide that the banks do not know, and in builds made before it was learned."""

    @property
    def unlearned(self) -> bool:
        """Whether the banks know next to nothing of this guide (``answers.search.unlearned``)."""
        return bool(self.weights.get("unlearned"))

    @property
    def bare_columns(self) -> NDArray[np.int64]:
        """Columns of the clauses that no bank question covers."""
        return np.array([i for i, label in enumerate(self.labels) if label in self.bare], dtype=np.int64)

    def line_kernel(self, kernel: Floats) -> Floats:
        """The largest kernel value with each clause's own lines, shape (clauses,)."""
        start = len(self.row_passages)
        return _largest(self.row_label[start:], kernel[start:], len(self.labels))

    def known_kernel(self, kernel: Floats) -> Floats:
        """As ``line_kernel``, with the questions that are known of a clause beside its lines."""
        start = len(self.row_passages)
        about = np.flatnonzero(self.row_label[:start] < len(self.labels))
        return np.maximum(self.line_kernel(kernel), _largest(self.row_label[about], kernel[about], len(self.labels)))

    def title_similarities(self, vector: Floats | None) -> Floats:
        """Centred cosine of a question with each clause's title, shape (clauses,)."""
        if vector is None or self.titles is None or self.mean is None:
            return np.zeros(len(self.labels), dtype=np.float32)
        return np.asarray(self.titles @ centred(vector, self.mean), dtype=np.float32)

    def kernel(self, text: str, vector: Floats | None) -> Floats:
        """Kernel values of a question with every training row, shape (rows,); lexical only without a vector."""
        near = None if vector is None or self.mean is None else centred(vector, self.mean)
        return kernel_with(text, near, self.lexicon, self.vectors)

    def line_scores(self, text: str, vector: Floats | None, kernel: Floats, start: int, stop: int) -> Floats | None:
        """How likely like questions hung on each of the guide's own lines ``start:stop``, by regression; None where that is not learned."""
        if self.order is None or vector is None or self.mean is None:
            return None
        return self.order.scores(text, centred(vector, self.mean), kernel[self.kind_rows], start, stop)

    def line_similarities(self, vector: Floats | None, start: int, stop: int) -> Floats:
        """Centred cosine of a question with the guide's own lines ``start:stop`` (they follow the banks' rows)."""
        if vector is None or self.vectors is None or self.mean is None:
            return np.zeros(stop - start, dtype=np.float32)
        offset = len(self.row_passages)
        return np.asarray(self.vectors[offset + start : offset + stop] @ centred(vector, self.mean), dtype=np.float32)

    def coverage(self, text: str) -> Floats:
        """Share of a text's words, weighed by their rarity, that any training row of each label holds, shape (clauses + 1,)."""
        lexicon = self.lexicon
        columns = [lexicon.vocabulary.get(t) for t in set(tokens(text))]
        found, total = np.zeros(len(self.labels) + 1), 1e-9
        for column in columns:
            weight = float(lexicon.idf.max()) if column is None else float(lexicon.idf[column])
            total += weight
            if column is not None:
                rows = lexicon.rows[lexicon.pointers[column] : lexicon.pointers[column + 1]]
                found[np.unique(self.row_label[rows])] += weight
        return np.asarray(found / total, dtype=np.float32)

    def scores(self, kernel: Floats, dense: bool) -> Floats:
        """Regression scores, shape (clauses + 1,)."""
        return answerable(np.asarray(kernel @ (self.alpha if dense else self.alpha_lexical), dtype=np.float32), len(self.labels))

    def kind_scores(self, kernel: Floats) -> Floats:
        """Scores of what kind of lines the question asks for, shape (7,), in the order of ``KINDS``."""
        return np.asarray(kernel[self.kind_rows] @ self.kind_alpha, dtype=np.float32)

    def neighbours(self, kernel: Floats, label: int) -> tuple[NDArray[np.int64], Floats]:
        """Labelled training rows of one clause and their normalised kernel weights."""
        rows = self.kind_rows[self.row_label[self.kind_rows] == label]
        if not len(rows):
            return rows, np.zeros(0, dtype=np.float32)
        weight = np.exp((kernel[rows] - kernel[rows].max()) / NEIGHBOURHOOD)
        return rows, np.asarray(weight / weight.sum(), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write ``ranker.npz`` and ``ranker.json`` into ``folder``."""
        arrays: dict[str, Any] = {
            "idf": self.lexicon.idf,
            "pointers": self.lexicon.pointers,
            "rows": self.lexicon.rows,
            "values": self.lexicon.values,
            "alpha": self.alpha,
            "alpha_lexical": self.alpha_lexical,
            "kind_rows": self.kind_rows,
            "kind_alpha": self.kind_alpha,
            "row_label": self.row_label,
            "row_kind": self.row_kind,
        }
        if self.vectors is not None and self.mean is not None:
            arrays |= {"vectors": self.vectors.astype(np.float16), "mean": self.mean}
        if self.titles is not None:
            arrays["titles"] = self.titles.astype(np.float16)
        if self.pieces is not None:
            arrays["pieces"] = self.pieces.astype(np.float16)
        if self.order is not None:
            arrays |= self.order.arrays()
        np.savez(folder / "ranker.npz", **arrays)
        document = {
            "labels": self.labels,
            "vocabulary": list(self.lexicon.vocabulary),
            "size": self.lexicon.size,
            "row_passages": self.row_passages,
            "weights": self.weights,
            "refuse_above": self.refuse_above,
            "bare": self.bare,
        }
        (folder / "ranker.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Ranker:
        """Read what ``save`` wrote.

        Raises:
            OSError, ValueError: the files are missing or damaged.
        """
        try:
            return cls._read(folder)
        except OSError:
            raise
        except Exception as error:  # a damaged archive fails in as many ways as there are damages
            raise ValueError(f"{folder}: {type(error).__name__}: {error}") from error

    @classmethod
    def _read(cls, folder: Path) -> Ranker:
        document = json.loads((folder / "ranker.json").read_text(encoding="utf-8"))
        with np.load(folder / "ranker.npz") as arrays:
            lexicon = Lexicon(
                vocabulary={token: index for index, token in enumerate(document["vocabulary"])},
                idf=arrays["idf"],
                pointers=arrays["pointers"],
                rows=arrays["rows"],
                values=arrays["values"],
                size=document["size"],
            )
            dense = "vectors" in arrays
            return cls(
                labels=tuple(document["labels"]),
                vectors=arrays["vectors"].astype(np.float32) if dense else None,
                mean=arrays["mean"] if dense else None,
                lexicon=lexicon,
                alpha=arrays["alpha"],
                alpha_lexical=arrays["alpha_lexical"],
                kind_rows=arrays["kind_rows"],
                kind_alpha=arrays["kind_alpha"],
                row_label=arrays["row_label"],
                row_kind=arrays["row_kind"],
                row_passages=document["row_passages"],
                weights=document["weights"],
                refuse_above=document["refuse_above"],
                bare=tuple(document["bare"]),
                titles=arrays["titles"].astype(np.float32) if "titles" in arrays else None,
                pieces=arrays["pieces"].astype(np.float32) if "pieces" in arrays else None,
                order=LineOrder.of(arrays, lexicon),
            )


def _largest(labels: NDArray[np.int64], values: Floats, count: int) -> Floats:
    """The largest value of each label, shape (count,)."""
    found = np.zeros(count, dtype=np.float32)
    np.maximum.at(found, labels, values)
    return found
