"""The extractive answer: the guide's own lines, grouped by clause and kind, each one cited. No model, no paraphrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from assistant.answers.answer import Answer, Citation, Mode
from assistant.answers.blocks import Block, Note, QuestionPart, Verdict
from assistant.answers.passages import Passage
from assistant.answers.question.places.references import bare
from assistant.answers.question.titles import titled_in
from assistant.answers.reply.clauses_shown import ClausesShown, citation, line_item
from assistant.answers.reply.deciding.direct import direct
from assistant.answers.reply.deciding.stated import asked_measure, unsaid
from assistant.answers.reply.deciding.verdicts import Ruling
from assistant.answers.reply.unanswered import Unanswered, source
from assistant.guide import Guide, Kind
from assistant.texts import say

_SHOWN_LINES = 40  # lines of one answer; chosen, not measured
_NEAR = 3
"""The nearest clauses, of which those of the same item must not bound what the answering clause is said to leave open."""


class Composer:
    """Builds answers for one edition; every sentence that is not a quote comes from the texts of ``lang``.

    ``ruled`` gives what words of a clause decide of a question that was searched, as it was learned; None without it.
    ``brought_in`` gives the day on which the edition was brought in (empty: not known), and whether it is in force.
    """

    def __init__(
        self,
        guide: Guide,
        groups: dict[str, list[Passage]],
        ruled: Callable[[str, str], Ruling | None] = lambda question, clause: None,
        brought_in: Callable[[], tuple[str, bool]] = lambda: ("", True),
    ) -> None:
        self.guide = guide
        self.groups = groups
        self.shown = ClausesShown(guide, groups)
        self.unanswered = Unanswered(guide)
        self.ruled = ruled
        self.brought_in = brought_in

    def answer(
        self,
        question: str,
        chosen: Sequence[tuple[str, Sequence[Passage]]],
        mode: Mode,
        lang: str,
        nearest: Sequence[str] = (),
        missing: Sequence[Kind] = (),
        opening: Sequence[Block] = (),
        sure: bool = True,
    ) -> Answer:
        """An answer that shows ``chosen``: per clause, the passages to quote (the clause's own sentence among them).

        ``opening`` stands first: what was said of the numbers that do not exist, the head of an overview, a model's claims.
        Where it is not ``sure`` that these clauses are meant, no yes or no is said.
        """
        blocks: list[Block] = [*opening]
        overview = mode == "lookup" and len(chosen) > _NEAR  # all there is of an item answers no one question
        verdict = self._direct(question, chosen, nearest, lang, mode) if mode != "generated" and not overview else None
        decides = verdict is not None and verdict.outcome in ("yes", "no")
        if (
            verdict and (sure or not decides) and not (mode == "lookup" and bare(question, self.guide))
        ):  # a number or a title asks nothing that could be decided
            blocks.append(verdict)
        citations: list[Citation] = []
        for clause, passages in chosen:
            shown, cited = self.shown.answering(clause, passages, lang, missing, question)
            blocks += shown
            citations += cited
        blocks.append(self.source(lang))
        ranked = tuple(dict.fromkeys([*(c for c, _ in chosen), *nearest]))[: max(5, len(chosen))]
        return Answer(
            question=question,
            answered=True,
            blocks=tuple(blocks),
            mode=mode,
            edition=self.guide.edition,
            citations=tuple(citations),
            nearest=ranked,
        )

    def several(
        self,
        question: str,
        parts: Sequence[tuple[str, Sequence[tuple[str, Sequence[Passage]]], Sequence[Kind], bool]],
        lang: str,
        nearest: Sequence[str] = (),
    ) -> Answer:
        """An answer to several questions, each under its own heading; one without passages is said not to be in the guide.

        Args:
            question: the message.
            parts: per question its words, the passages to show clause by clause, the kinds it asks for, and whether a yes or no may be said.
            lang: language of the words around the quotes.
            nearest: clauses closest to the message.
        """
        blocks: list[Block] = []
        citations: list[Citation] = []
        for words, chosen, missing, sure in parts:
            if not chosen:
                blocks += [QuestionPart(text=words, told="silent"), Note(text=unsaid(words, lang))]
                continue
            answered = self.answer(words, chosen, "extractive", lang, missing=missing, sure=sure)
            is_open = answered.blocks[0].block == "verdict" and answered.blocks[0].outcome == "open"
            blocks += [QuestionPart(text=words, told="open" if is_open else "answered"), *answered.blocks[:-1]]
            citations += [c for c in answered.citations if c not in citations]
        return Answer(
            question=question,
            answered=True,
            blocks=(*blocks, self.source(lang)),
            mode="extractive",
            edition=self.guide.edition,
            citations=tuple(citations),
            nearest=tuple(nearest),
        )

    def together(self, question: str, answers: Sequence[tuple[str, Answer]], lang: str) -> Answer:
        """Answers that were made one by one, each under its question."""
        blocks: list[Block] = []
        for words, answer in answers:
            said = [b for b in answer.blocks if not (b.block == "note" and b.role in ("source", "notice"))]
            if not answer.answered and answer.reason != "register":
                said = [Note(text=unsaid(words, lang))]
            if not any(b.block == "part" for b in said):
                told = answer.parts[0].verdict if answer.parts else "silent"
                blocks.append(QuestionPart(text=words, told=told))
            blocks += said
        first = answers[0][1]
        notices = [b for _, a in answers for b in a.blocks if b.block == "note" and b.role == "notice"]
        return Answer(
            question=question,
            answered=any(a.answered for _, a in answers),
            blocks=(*blocks, self.source(lang), *dict.fromkeys(notices)),
            mode=first.mode,
            edition=first.edition,
            model=next((a.model for _, a in answers if a.model), {}),
            citations=tuple(dict.fromkeys(c for _, a in answers for c in a.citations)),
            nearest=tuple(dict.fromkeys(c for _, a in answers for c in a.nearest)),
            notices=tuple(dict.fromkeys(n for _, a in answers for n in a.notices)),
        )

    def source(self, lang: str) -> Note:
        """Where the words are from: the guide's title and edition."""
        return source(self.guide, lang)

    def listing(self, question: str, heads: Sequence[Block], entries: Sequence[tuple[str, Sequence[Passage]]], lang: str) -> Answer:
        """An answer that lists clauses under ``heads``, with the lines that put each there; those beyond what is read are named only."""
        blocks: list[Block] = [*heads]
        citations: list[Citation] = []
        shown = 0
        for position, (clause, passages) in enumerate(entries):
            if shown >= _SHOWN_LINES:
                rest = [c for c, _ in entries[position:]]
                blocks.append(Note(text=say("answers.class_more", lang, count=len(rest), clauses=tuple(rest)), role="rest"))
                citations += [Citation(clause=c, line=None, kind=None, quote=self.guide.clauses[c].text) for c in rest]
                break
            blocks += [self.shown.title(clause, lang), *(line_item(p, clause) for p in passages)]
            citations += [citation(clause, p) for p in passages]
            shown += len(passages)
        blocks.append(self.source(lang))
        return Answer(
            question=question,
            answered=True,
            blocks=tuple(blocks),
            mode="lookup",
            edition=self.guide.edition,
            citations=tuple(citations),
            nearest=tuple(c for c, _ in entries)[:10],
        )

    def item(self, question: str, clauses: Sequence[str], lang: str, opening: Sequence[Block] = ()) -> Answer:
        """An overview of one item with several clauses: each clause's sentence, its documents and its records."""
        item = self.guide.places[clauses[0]].item
        chosen = [
            (
                c,
                [
                    p
                    for p in self.groups[c]
                    if p.kind in ("clause", "documents", "records", "note") and p.role not in ("conformity", "format")
                ],
            )
            for c in clauses
        ]
        head = Note(text=say("answers.item_overview", lang, item=item.number, title=titled_in(lang, item.title), count=len(clauses)))
        return self.answer(question, chosen, "lookup", lang, opening=[*opening, head])

    def _direct(
        self, question: str, chosen: Sequence[tuple[str, Sequence[Passage]]], nearest: Sequence[str], lang: str, mode: Mode
    ) -> Verdict | None:
        """The direct answer of the one clause that gives one; where two decide differently, none."""
        items = {self.guide.places[c].item.number for c, _ in chosen}
        near = [p for c in nearest[:_NEAR] if self.guide.places[c].item.number in items for p in self.groups[c]]
        found = [
            direct(
                question,
                self.guide.clauses[c],
                self.groups[c],
                shown,
                lang,
                near,
                partial(self.ruled, question, c),
                mode == "extractive",
            )
            for c, shown in chosen
        ]
        decided = [v for v in found if v and v.outcome in ("yes", "no")]
        if decided:
            return decided[0] if len(decided) == 1 else None
        if asked_measure(question) == "kept":  # the first clause may leave open what another sets for another record
            return next(filter(None, found), None)
        told = [v for v in found if v and v.outcome == "fact"]
        return told[0] if told else next(iter(found), None)
