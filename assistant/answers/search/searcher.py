"""A question -> clauses with probabilities, and for a clause its lines with probabilities."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from assistant.answers.passages import Passage, passages, pieces, titles
from assistant.answers.ports import Embedder, Floats, PassageIndex
from assistant.answers.question.learned.classifier import centred, softmax
from assistant.answers.question.learned.listing_model import shipped_listings
from assistant.answers.question.words import fold, tokens
from assistant.answers.search import unlearned
from assistant.answers.search.features import (
    DEPTH,
    clause_features,
    dense_by_clause,
    held_back,
    line_features,
    max_by_clause,
    order_features,
    probabilities,
    refusal_features,
    stated_units,
)
from assistant.answers.search.found import NEAREST, Found, LikelyLine
from assistant.answers.search.lexical import Lexical
from assistant.answers.search.listing import Structure
from assistant.answers.search.ranker import KINDS, Ranker
from assistant.answers.search.spelling import Spelling
from assistant.errors import AeoError, Unavailable
from assistant.guide import Guide

ALL = 0.2
"""Least score at which a question is taken to ask for all there is. At .1 and .3 none of 148 cases (traditional, typos, english, topic)
changes (``python -m tests.bench.neighbours``)."""
MEANT = 0.25
"""Most probability of a refusal at which a question is read as it sounds, and not as it is written; at .15 and .35 none of the 148 changes."""
GIST = 160
"""Characters of a long question, from either end, that its vector is made of: a page takes the model seconds."""
REMEMBERED = 8192
"""Vectors of the latest texts (12 MB at most): one is embedded once, for reading and for searching, in whatever edition it is asked."""

LATEST = 32
"""Searches that are kept: an answer of several families asks again how sure its search was, and the pieces of a message are searched together."""


def gist(question: str) -> str:
    """What the vector of a question is made of."""
    return question if len(question) <= 2 * GIST else f"{question[:GIST]} {question[-GIST:]}"


class Searcher:
    """Dense, lexical and bank evidence for one edition, joined into probabilities. Safe to share between threads."""

    def __init__(self, guide: Guide, ranker: Ranker, index: PassageIndex | None, embedder: Embedder | None) -> None:
        self.guide = guide
        self.ranker = ranker
        self.index = index
        self.embedder = embedder
        self.groups = passages(guide)
        self.lexical = Lexical(self.groups, titles(guide))
        self._column = {p.id: int(c) for p, c in zip((p for g in self.groups.values() for p in g), self.lexical.columns, strict=True)}
        starts = np.cumsum([0, *(len(g) for g in self.groups.values())])
        self._span = {c: (int(starts[i]), int(starts[i + 1])) for i, c in enumerate(self.groups)}
        self._bare = ranker.bare_columns
        self._vectors: dict[str, Floats] = {}
        self._latest: dict[str, Found] = {}
        self._stated = {c: stated_units(g) for c, g in self.groups.items()}

    def find(self, question: str) -> Found:
        """Clauses by probability; works, with a notice, without the embedding model or without the vector index.

        A question that the guide would not answer is read again as it sounds before that is said.
        """
        known = self._latest.get(question)
        if known is not None:
            return known
        found = self._find(question)
        if found.refuse > self.ranker.refuse_above and (meant := self.spelling.respelled(question)) != fold(question):
            again = self._find(meant)
            found = again if again.refuse <= MEANT else found
        if not found.notices:
            if len(self._latest) >= LATEST:
                self._latest.clear()
            self._latest[question] = found
        return found

    @cached_property
    def spelling(self) -> Spelling:
        """What is meant by words that are written as they sound."""
        return Spelling.of(self.ranker.lexicon)

    @cached_property
    def structure(self) -> Structure:
        """What listings are looked up in."""
        return Structure(self.guide, self.groups, shipped_listings().terms, self.rarity)

    def rarity(self, character: str) -> float:
        """How seldom a character was asked or printed: its inverse document frequency, that of the rarest for an unknown one."""
        lexicon = self.ranker.lexicon
        column = lexicon.vocabulary.get(character)
        return float(lexicon.idf.max() if column is None else lexicon.idf[column])

    def vector(self, question: str) -> Floats | None:
        """The embedding of a question as the search uses it; None without a model."""
        return self._vector(question, [])

    def near(self, question: str, clause: str) -> list[float]:
        """The centred cosines of a question with the lines of a clause, in printed order; none without a model."""
        vector = self.vector(question)
        return [] if vector is None else [float(c) for c in self.ranker.line_similarities(vector, *self._span[clause])]

    def _find(self, question: str) -> Found:
        notices: list[str] = []
        vector = self._vector(question, notices)
        kernel = self.ranker.kernel(question, vector)
        scores = self.ranker.scores(kernel, vector is not None)
        by_line = self.lexical.lines(question)
        words = len(set(tokens(question)))
        if self.ranker.unlearned:
            e = self.evidence(question, vector, kernel, by_line, float(scores[-1]))
            likely = unlearned.probabilities(question, e, self.ranker.weights, list(self._stated.values()))
        else:
            likely = self._learned(question, self._dense(vector, notices), kernel, scores, by_line, words)
        labels = list(self.groups)
        nearest = tuple(labels[i] for i in np.argsort(-likely[:-1], kind="stable")[:NEAREST])
        if not self.ranker.unlearned:
            likely = held_back(likely, self._bare)
        order = np.argsort(-likely[:-1], kind="stable")
        share = float(likely[:-1].sum()) or 1.0
        return Found(
            question=question,
            clauses=tuple((labels[i], float(likely[i]) / share) for i in order),
            refuse=float(likely[-1]),
            kernel=kernel,
            vector=vector,
            lexical=by_line,
            words=words,
            notices=tuple(notices),
            nearest=nearest,
        )

    def evidence(self, question: str, vector: Floats | None, kernel: Floats, by_line: Floats, out: float) -> unlearned.Evidence:
        """What the guide's own words say about a question, for a guide that the banks do not know."""
        columns, count, words = self.lexical.columns, len(self.groups), max(1, len(set(tokens(question))))
        cosines = self.ranker.line_similarities(vector, 0, len(columns))
        best = np.full(count, -1.0, dtype=np.float32)
        np.maximum.at(best, columns, cosines)
        return unlearned.Evidence(
            cosine=best,
            middle=float(cosines.mean()),
            spread=float(cosines.std()),
            line=np.asarray(max_by_clause(by_line, columns, count) / words, dtype=np.float32),
            clause=np.asarray(self.lexical.clauses(question) / words, dtype=np.float32),
            kernel=self.ranker.known_kernel(kernel),
            title=self.ranker.title_similarities(vector),
            out=out,
        )

    def _learned(self, question: str, dense: Floats, kernel: Floats, scores: Floats, by_line: Floats, words: int) -> Floats:
        """Probabilities where the banks know the guide's clauses, shape (clauses + 1,)."""
        count = len(self.groups)
        features = clause_features(
            scores, dense, max_by_clause(by_line, self.lexical.columns, count), self.lexical.clauses(question), words
        )
        labels = list(self.groups)
        best = labels[int(scores[:-1].argmax())]
        refusal = refusal_features(question, scores, self._stated[best])
        return probabilities(
            features, refusal, self.ranker.weights, self._bare, self.ranker.line_kernel(kernel) if len(self._bare) else dense
        )

    def lines(self, found: Found, clause: str) -> list[LikelyLine]:
        """The passages of a clause (its own sentence first, always certain) with their probabilities, in printed order."""
        group = self.groups[clause]
        if len(group) == 1:
            return [LikelyLine(group[0], 1.0)]
        likely = 1 / (1 + np.exp(-(self._line_features(found, clause, 1) @ np.array(self.ranker.weights["line"]))))
        return [LikelyLine(p, float(v)) for p, v in zip(group, [1.0, *likely], strict=True)]

    def ranked(self, found: Found, clause: str) -> list[LikelyLine]:
        """The same with their shares, which cost as much again: for whoever orders them."""
        lines = self.lines(found, clause)
        start, stop = self._span[clause]
        scores = self.ranker.line_scores(found.question, found.vector, found.kernel, start, stop) if len(lines) > 1 else None
        if scores is None or self.ranker.order is None:
            own = float(self.ranker.kind_scores(found.kernel)[KINDS.index("clause")]) if len(lines) > 1 else 1.0
            shares = [own, *(line.probability for line in lines[1:])]
        else:
            sentence = np.array([line.passage.kind == "clause" for line in lines])
            features = order_features(self._line_features(found, clause, 0), sentence, scores)
            shares = [float(v) for v in softmax(features @ self.ranker.order.weights)]
        return [line._replace(share=share) for line, share in zip(lines, shares, strict=True)]

    def near_pieces(self, found: Found, passage: Passage) -> Floats:
        """Centred cosine of a question with each piece of a passage, shape (pieces,); 0 without a model."""
        start, stop = self._pieces[passage.id]
        if found.vector is None or self.ranker.pieces is None or self.ranker.mean is None:
            return np.zeros(stop - start, dtype=np.float32)
        return np.asarray(self.ranker.pieces[start:stop] @ centred(found.vector, self.ranker.mean), dtype=np.float32)

    @cached_property
    def _pieces(self) -> dict[str, tuple[int, int]]:
        """Where the pieces of each passage stand among all."""
        counts = {p: len(cut) for p, cut in pieces(self.guide).items()}
        stops = np.cumsum(list(counts.values()))
        return {p: (int(stop) - n, int(stop)) for (p, n), stop in zip(counts.items(), stops, strict=True)}

    def _line_features(self, found: Found, clause: str, first: int) -> Floats:
        """Features of the passages of a clause from the ``first`` on, compared with each other."""
        start, stop = self._span[clause]
        votes, kind_votes = self._votes(found, clause)
        return line_features(
            found.question,
            self.groups[clause][first:],
            votes[first:],
            kind_votes,
            self.ranker.kind_scores(found.kernel),
            self.ranker.line_similarities(found.vector, start + first, stop),
            found.lexical[start + first : stop],
            found.words,
        )

    def _votes(self, found: Found, clause: str) -> tuple[Floats, Floats]:
        """What like questions about a clause were answered with: its passages, and their kinds."""
        rows, weight = self.ranker.neighbours(found.kernel, list(self.groups).index(clause))
        place = {p.id: i for i, p in enumerate(self.groups[clause])}
        votes, kind_votes = np.zeros(len(place), dtype=np.float32), np.zeros(len(KINDS), dtype=np.float32)
        for row, share in zip(rows, weight, strict=True):
            kind_votes[self.ranker.row_kind[row]] += share
            for passage in self.ranker.row_passages[row]:
                if passage in place:
                    votes[place[passage]] += share
        return votes, kind_votes

    def nearness(self, found: Found, clause: str) -> tuple[float, float]:
        """How near the lines of a clause are to a question: the largest centred cosine, and the largest BM25 for each of its words."""
        start, stop = self._span[clause]
        dense = self.ranker.line_similarities(found.vector, start, stop)
        return float(dense.max()), float(found.lexical[start:stop].max()) / max(1, found.words)

    def holds(self, clause: str) -> frozenset[str]:
        """The kinds and roles of a clause's lines."""
        return frozenset(word for p in self.groups[clause] for word in (p.kind, p.role))

    def stated(self, clause: str) -> frozenset[str]:
        """Units of the numbers that a clause states."""
        return self._stated[clause]

    def asks_for_all(self, found: Found) -> bool:
        """Whether like questions in the bank asked for all there is about a topic, rather than for one kind of line."""
        kinds = self.ranker.kind_scores(found.kernel)
        best = int(kinds.argmax())
        return KINDS[best] == "all" and float(kinds[best]) >= ALL

    def asks_for_sentence(self, found: Found) -> float:
        """How much like questions in the bank asked for a clause's own sentence, 0 to about 1."""
        return float(self.ranker.kind_scores(found.kernel)[KINDS.index("clause")])

    def remember(self, vectors: Mapping[str, Floats]) -> None:
        """Take vectors of questions' gists that were computed before, in one go."""
        self._vectors.update(vectors)

    def _vector(self, question: str, notices: list[str]) -> Floats | None:
        if self.embedder is None or self.ranker.vectors is None:
            return None
        known = self._vectors.get(question)
        if known is not None:
            return known
        try:
            vector = np.asarray(self.embedder.queries([gist(question)])[0], dtype=np.float32)
            if len(vector) != self.ranker.vectors.shape[1]:
                raise Unavailable("models.endpoint_wrong")
            if len(self._vectors) >= REMEMBERED:
                self._vectors.clear()
            self._vectors[question] = vector
            return vector
        except AeoError as error:
            notices.append(error.key)
            return None

    def _dense(self, vector: Floats | None, notices: list[str]) -> Floats:
        nothing = np.zeros(len(self.groups), dtype=np.float32)
        if vector is None or self.index is None:
            return nothing
        try:
            hits = self.index.search(vector, DEPTH)
        except AeoError as error:
            notices.append(error.key)
            return nothing
        known = [h for h in hits if h.passage in self._column]
        columns = np.array([self._column[h.passage] for h in known], dtype=np.int64)
        return dense_by_clause(np.array([h.similarity for h in known], dtype=np.float32), columns, len(self.groups))
