"""The extractive answer: the guide's own lines, grouped by clause and kind, each one cited. No model, no paraphrase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from assistant.answers.answer import Answer, Citation, Mode
from assistant.answers.blocks import AnswerItem, Block, Heading, Note, QuestionPart, Quote, Reason, Verdict
from assistant.answers.passages import Passage
from assistant.answers.question.titles import titled_in
from assistant.answers.reply.deciding.direct import ANY_ONE, denied, direct
from assistant.answers.reply.deciding.stated import asked_measure, unsaid
from assistant.answers.reply.deciding.verdicts import Ruling
from assistant.guide import KINDS, Clause, Guide, Kind
from assistant.texts import listed, say

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
    ) -> Answer:
        """An answer that shows ``chosen``: per clause, the passages to quote (the clause's own sentence among them).

        ``opening`` stands first: what was said of the numbers that do not exist, the head of an overview, a model's claims.
        """
        blocks: list[Block] = [*opening]
        overview = mode == "lookup" and len(chosen) > _NEAR  # all there is of an item answers no one question
        verdict = self._direct(question, chosen, nearest, lang, mode) if mode != "generated" and not overview else None
        if verdict:
            blocks.append(verdict)
        citations: list[Citation] = []
        for clause, passages in chosen:
            shown, cited = self._clause(clause, passages, lang, missing, question)
            blocks += shown
            citations += cited
        blocks.append(self._source(lang))
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
        parts: Sequence[tuple[str, Sequence[tuple[str, Sequence[Passage]]], Sequence[Kind]]],
        lang: str,
        nearest: Sequence[str] = (),
    ) -> Answer:
        """An answer to several questions, each under its own heading; one without passages is said not to be in the guide.

        Args:
            question: the message.
            parts: per question its words, the passages to show clause by clause, and the kinds it asks for.
            lang: language of the words around the quotes.
            nearest: clauses closest to the message.
        """
        blocks: list[Block] = []
        citations: list[Citation] = []
        for words, chosen, missing in parts:
            if not chosen:
                blocks += [QuestionPart(text=words, told="silent"), Note(text=unsaid(words, lang))]
                continue
            answered = self.answer(words, chosen, "extractive", lang, missing=missing)
            is_open = answered.blocks[0].block == "verdict" and answered.blocks[0].outcome == "open"
            blocks += [QuestionPart(text=words, told="open" if is_open else "answered"), *answered.blocks[:-1]]
            citations += [c for c in answered.citations if c not in citations]
        return Answer(
            question=question,
            answered=True,
            blocks=(*blocks, self._source(lang)),
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
            blocks=(*blocks, self._source(lang), *dict.fromkeys(notices)),
            mode=first.mode,
            edition=first.edition,
            model=next((a.model for _, a in answers if a.model), {}),
            citations=tuple(dict.fromkeys(c for _, a in answers for c in a.citations)),
            nearest=tuple(dict.fromkeys(c for _, a in answers for c in a.nearest)),
            notices=tuple(dict.fromkeys(n for _, a in answers for n in a.notices)),
        )

    def quoted(self, lines: Sequence[Passage], lang: str) -> tuple[list[Block], list[Citation]]:
        """Just these lines, in the guide's order, each clause under its title, each section under its heading; and their citations."""
        blocks: list[Block] = []
        citations: list[Citation] = []
        for clause in dict.fromkeys(line.clause for line in lines):
            named = {line.id for line in lines if line.clause == clause}
            blocks.append(self._title(clause, lang))
            entry = self.guide.clauses[clause]
            owner = self.guide.clauses[entry.shares_with] if entry.shares_with else entry
            headings = {s.kind: s.heading for s in owner.sections if s.heading}
            section = None
            for p in self.groups[clause]:
                whole = f"{p.id.rpartition('/')[0]}" in named and p.role == "evidence"  # a heading was cited: it speaks of all its lines
                if p.id not in named and not whole:
                    continue
                if p.section is not None and p.section != section and p.section in headings:
                    section = p.section
                    blocks.append(Heading(text=headings[section], clause=clause, level="section"))
                if p.kind == "clause":
                    blocks.append(Quote(text=p.text, clause=clause))
                elif p.role == "applicability":
                    blocks.append(Note(text=say("answers.applicability", lang, text=p.text), clause=clause))
                else:
                    blocks.append(_item(p, clause))
                citations.append(_citation(clause, p))
        return blocks, citations

    def source(self, lang: str) -> Note:
        """Where it is from."""
        return self._source(lang)

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
            blocks += [self._title(clause, lang), *(_item(p, clause) for p in passages)]
            citations += [_citation(clause, p) for p in passages]
            shown += len(passages)
        blocks.append(self._source(lang))
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

    def refusal(self, question: str, nearest: Sequence[str], lang: str, key: str = "refused") -> Answer:
        """The guide does not say (``key`` is the text that says so), or sets no such number: names the nearest clauses."""
        blocks: list[Block] = [Note(text=unsaid(question, lang) if key == "refused" else say(f"answers.{key}", lang))]
        if nearest:
            blocks.append(refused_near([(c, self.guide.places[c].item.title) for c in nearest], lang))
        return self._refused(question, [*blocks, self._source(lang)], "not_in_guide", nearest)

    def no_such_clause(self, question: str, missing: Sequence[str], lang: str) -> Answer:
        """The number does not exist: says what does."""
        blocks: list[Block] = [self.absent(missing, lang)]
        nearest: list[str] = []
        for reference in missing:
            number = reference.split("(")[0]
            if number in self.guide.items:
                siblings = [c.id for c in self.guide.items[number].clauses]
                nearest += siblings
                blocks.append(Note(text=say("answers.no_clause_item", lang, item=number, clauses=tuple(siblings))))
            else:
                numbers = list(self.guide.items)
                blocks.append(Note(text=say("answers.no_clause_range", lang, items=len(numbers), first=numbers[0], last=numbers[-1])))
        return self._refused(question, [*blocks, self._source(lang)], "no_such_clause", nearest)

    def absent(self, missing: Sequence[str], lang: str) -> Note:
        """That the guide has none of these numbers."""
        names = [say("answers.missing_clause" if "(" in m else "answers.missing_item", lang, number=m) for m in missing]
        return Note(text=say("answers.no_clause", lang, edition=self.guide.edition, missing=tuple(names)))

    def said(self, question: str, key: str, reason: Reason, lang: str, offered: Sequence[str] = (), **values: str) -> Answer:
        """Words to a message that asks nothing of the guide; ``offered`` are clauses that may have been meant, ``values`` of the text."""
        blocks: list[Block] = [Note(text=say(f"answers.{key}", lang, **values))]
        if offered:
            named = tuple(say("answers.clause", lang, clause=c, title=self.guide.places[c].item.title) for c in offered)
            blocks.append(Note(text=say("answers.talk_offered", lang, clauses=named)))
        return self._refused(question, blocks, reason, offered)

    def too_long(self, question: str, limit: int, lang: str) -> Answer:
        """A question over the limit."""
        text = say("answers.too_long", lang, length=len(question), limit=limit)
        return self._refused(question[:200], [Note(text=text)], "not_a_question", ())

    def _refused(self, question: str, blocks: Sequence[Block], reason: Reason, nearest: Sequence[str]) -> Answer:
        return Answer(
            question=question,
            answered=False,
            blocks=tuple(blocks),
            mode="lookup" if reason != "not_in_guide" else "extractive",
            edition=self.guide.edition,
            reason=reason,
            nearest=tuple(dict.fromkeys(nearest))[:5],
        )

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

    def _clause(
        self, clause: str, passages: Sequence[Passage], lang: str, missing: Sequence[Kind], question: str
    ) -> tuple[list[Block], list[Citation]]:
        blocks: list[Block] = [self._title(clause, lang)]
        citations: list[Citation] = []
        entry = self.guide.clauses[clause]
        chosen = {p.id for p in passages}

        def note(key: str, **values: str) -> None:
            blocks.append(Note(text=say(f"answers.{key}", lang, **values), clause=clause))

        owner = self.guide.clauses[entry.shares_with] if entry.shares_with else entry
        absent = [kind for kind in missing if kind not in {s.kind for s in owner.sections}]
        for kind in absent:
            text = say("answers.no_lines", lang, kind=say(f"answers.{kind}", lang))
            blocks.append(Verdict(text=text, clause=clause, outcome="fact", bold=((0, len(text)),)))
        condition = next((p for p in self.groups[clause] if p.role == "applicability"), None)
        groups = _in_order([*passages, *self._alternatives(clause, owner, chosen)])
        asked = bool(passages) and passages[0].role == "applicability"
        asked = asked or (condition is not None and denied(question, condition))
        if condition and (asked or not groups):
            note("applicability", text=condition.text)
            citations.append(_citation(clause, condition))
        for place, said in enumerate(groups):
            if said[0].kind == "clause":
                blocks.append(Quote(text=said[0].text, clause=clause))
                citations.append(_citation(clause, said[0]))
            else:
                shown, cited = self._section(clause, owner, said, lang)
                blocks += shown
                citations += cited
            if condition and place == 0 and not asked:  # what decides stands first
                note("applicability", text=condition.text)
                citations.append(_citation(clause, condition))
        if entry.shares_with and any(p.kind != "clause" for p in passages):
            note("shared", clause=clause, other=entry.shares_with)
        referred, cited = self._referred(clause, chosen, lang)
        blocks += referred
        citations += cited
        if any(r.external for r in entry.references) and any(p.kind != "clause" for p in passages):
            elsewhere = listed(dict.fromkeys(r.external for r in entry.references if r.external), lang)
            blocks.append(Note(text=say("answers.external", lang, name=elsewhere), clause=clause, role="external"))
        return blocks + self._rest(clause, chosen, lang), citations

    def _alternatives(self, clause: str, owner: Clause, chosen: set[str]) -> list[Passage]:
        """The other lines of a section of which any one is enough: they are shown together or not at all."""
        sections = [{r.id for r in s.requirements} for s in owner.sections if s.heading and ANY_ONE in s.heading]
        wanted = {i for ids in sections if ids & chosen for i in ids - chosen}
        chosen |= wanted
        return [p for p in self.groups[clause] if p.id in wanted]

    def _section(self, clause: str, owner: Clause, said: Sequence[Passage], lang: str) -> tuple[list[Block], list[Citation]]:
        """Lines of one kind under its name, or under the guide's own heading where that is no name of a kind."""
        lines = ((s.heading, {r.line for r in s.requirements} | {n.line for n in s.notes}) for s in owner.sections)
        heading = next((heading for heading, numbers in lines if said[0].line in numbers), None)
        if heading and said[0].kind != "note" and ANY_ONE not in heading:
            heading = say(f"answers.{said[0].kind}", lang)
        blocks: list[Block] = [Heading(text=heading, clause=clause, level="section")] if heading else []
        return [*blocks, *(_item(p, clause) for p in said)], [_citation(clause, p) for p in said]

    def _referred(self, clause: str, chosen: set[str], lang: str) -> tuple[list[Block], list[Citation]]:
        """What a shown line refers to: 要求同本条分项标准（1） brings the documents of 30(1)."""
        blocks: list[Block] = []
        citations: list[Citation] = []
        for reference in self.guide.clauses[clause].references:
            quoted = any(p.id in chosen and p.line == reference.line for p in self.groups[clause])
            for target in reference.targets:
                other, _, kind = target.partition("/")
                if quoted and kind and other != clause:
                    shown = [p for p in self.groups[other] if p.kind == kind]
                    blocks.append(Note(text=say("answers.refers", lang, clause=other), clause=clause))
                    blocks += [_item(p, clause) for p in shown]
                    citations += [_citation(other, p) for p in shown]
        return blocks, citations

    def _rest(self, clause: str, chosen: set[str], lang: str) -> list[Block]:
        left: dict[Kind, int] = {}
        for p in self.groups[clause]:
            if p.id not in chosen and p.kind != "clause" and p.role != "applicability":
                left[p.kind] = left.get(p.kind, 0) + 1
        ordered = [k for k in KINDS if k in left]
        if not ordered:
            return []
        kinds = say("answers.between", lang).join(
            say("answers.lines", lang, kind=say(f"answers.{k}", lang), count=left[k]) for k in ordered
        )
        text = say("answers.rest", lang, kinds=kinds, clause=clause, first=say(f"answers.{ordered[0]}", lang))
        return [Note(text=text, clause=clause, role="rest")]

    def named(self, clause: str, lang: str) -> str:
        """A clause by its number and the title of its item."""
        return say("answers.clause", lang, clause=clause, title=titled_in(lang, self.guide.places[clause].item.title))

    def _title(self, clause: str, lang: str) -> Heading:
        return Heading(text=self.named(clause, lang), clause=clause, level="clause")

    def _source(self, lang: str) -> Note:
        return Note(text=say("answers.edition", lang, title=self.guide.title, edition=self.guide.edition), role="source")

    def classes(self, clauses: Sequence[str], lang: str) -> Note:
        """The parts and categories that clauses stand in, by their titles."""
        places = [self.guide.places[c] for c in clauses]
        parts: dict[str, list[str]] = {}
        for place in places:
            parts.setdefault(titled_in(lang, place.part.title), []).append(titled_in(lang, place.category.title))
        between = say("answers.between", lang)
        lines = [say("answers.classes", lang, part=p, names=between.join(dict.fromkeys(names))) for p, names in parts.items()]
        return Note(text="\n".join(lines))


def refused_near(nearest: Sequence[tuple[str, str]], lang: str) -> Note:
    """The clauses nearest to what the guide does not say: (id, title of its item), the likeliest first."""
    named = [say("answers.clause", lang, clause=c, title=titled_in(lang, title)) for c, title in nearest[:_NEAR]]
    return Note(text=say("answers.refused_near", lang, clauses=say("answers.between", lang).join(named)), role="nearest")


def _in_order(passages: Sequence[Passage]) -> list[list[Passage]]:
    """The passages in groups of one kind, in the order in which the kinds first come."""
    said = [p for p in passages if p.role != "applicability"]
    return [[p for p in said if p.kind == kind] for kind in dict.fromkeys(p.kind for p in said)]


def _citation(clause: str, passage: Passage) -> Citation:
    return Citation(clause=clause, line=passage.requirement, kind=passage.section, quote=passage.text)


def _item(passage: Passage, clause: str) -> AnswerItem:
    return AnswerItem(text=passage.wording, clause=clause, line=passage.requirement)
