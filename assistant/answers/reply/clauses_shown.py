"""Clauses as they are shown: each under its title, the lines under the guide's headings, and what is left out. All the guide's words."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.answer import Citation
from assistant.answers.blocks import AnswerItem, Block, Heading, Note, Quote, Verdict
from assistant.answers.passages import Passage
from assistant.answers.question.titles import titled_in
from assistant.answers.reply.deciding.condition import denied
from assistant.guide import KINDS, Clause, Guide, Kind
from assistant.line_ids import LineId
from assistant.texts import listed, say


class ClausesShown:
    """Draws clauses of one edition as blocks; ``groups`` are the passages of each clause, its own sentence first."""

    def __init__(self, guide: Guide, groups: dict[str, list[Passage]]) -> None:
        self.guide = guide
        self.groups = groups

    def answering(
        self, clause: str, passages: Sequence[Passage], lang: str, missing: Sequence[Kind], question: str
    ) -> tuple[list[Block], list[Citation]]:
        """A clause that answers ``question``: these lines of it, its condition, what they refer to, and how many lines are left.

        ``missing`` are kinds that were asked for: of which it has none, that is said first.
        """
        blocks: list[Block] = [self.title(clause, lang)]
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
            citations.append(citation(clause, condition))
        for place, said in enumerate(groups):
            if said[0].kind == "clause":
                blocks.append(Quote(text=said[0].text, clause=clause))
                citations.append(citation(clause, said[0]))
            else:
                shown, cited = self._section(clause, owner, said, lang)
                blocks += shown
                citations += cited
            if condition and place == 0 and not asked:  # what decides stands first
                note("applicability", text=condition.text)
                citations.append(citation(clause, condition))
        if entry.shares_with and any(p.kind != "clause" for p in passages):
            note("shared", clause=clause, other=entry.shares_with)
        referred, cited = self._referred(clause, chosen, lang)
        blocks += referred
        citations += cited
        if any(r.external for r in entry.references) and any(p.kind != "clause" for p in passages):
            elsewhere = listed(dict.fromkeys(r.external for r in entry.references if r.external), lang)
            blocks.append(Note(text=say("answers.external", lang, name=elsewhere), clause=clause, role="external"))
        return blocks + self._rest(clause, chosen, lang), citations

    def quoted(self, lines: Sequence[Passage], lang: str) -> tuple[list[Block], list[Citation]]:
        """Just these lines, in the guide's order, each clause under its title, each section under its heading; and their citations."""
        blocks: list[Block] = []
        citations: list[Citation] = []
        for clause in dict.fromkeys(line.clause for line in lines):
            named = {line.id for line in lines if line.clause == clause}
            blocks.append(self.title(clause, lang))
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
                    blocks.append(line_item(p, clause))
                citations.append(citation(clause, p))
        return blocks, citations

    def named(self, clause: str, lang: str) -> str:
        """A clause by its number and the title of its item."""
        return say("answers.clause", lang, clause=clause, title=titled_in(lang, self.guide.places[clause].item.title))

    def title(self, clause: str, lang: str) -> Heading:
        """The heading of a clause."""
        return Heading(text=self.named(clause, lang), clause=clause, level="clause")

    def classes(self, clauses: Sequence[str], lang: str) -> Note:
        """The parts and categories that clauses stand in, by their titles."""
        places = [self.guide.places[c] for c in clauses]
        parts: dict[str, list[str]] = {}
        for place in places:
            parts.setdefault(titled_in(lang, place.part.title), []).append(titled_in(lang, place.category.title))
        between = say("answers.between", lang)
        lines = [say("answers.classes", lang, part=p, names=between.join(dict.fromkeys(names))) for p, names in parts.items()]
        return Note(text="\n".join(lines))

    def _alternatives(self, clause: str, owner: Clause, chosen: set[str]) -> list[Passage]:
        """The other lines of a section of which any one is enough: they are shown together or not at all."""
        sections = [{r.id for r in s.requirements} for s in owner.sections if s.any_one]
        wanted = {i for ids in sections if ids & chosen for i in ids - chosen}
        chosen |= wanted
        return [p for p in self.groups[clause] if p.id in wanted]

    def _section(self, clause: str, owner: Clause, said: Sequence[Passage], lang: str) -> tuple[list[Block], list[Citation]]:
        """Lines of one kind under its name, or under the guide's own heading where that is no name of a kind."""
        lines = ((s, {r.line for r in s.requirements} | {n.line for n in s.notes}) for s in owner.sections)
        section = next((section for section, numbers in lines if said[0].line in numbers), None)
        heading = section.heading if section else None
        if section and heading and said[0].kind != "note" and not section.any_one:
            heading = say(f"answers.{said[0].kind}", lang)
        blocks: list[Block] = [Heading(text=heading, clause=clause, level="section")] if heading else []
        return [*blocks, *(line_item(p, clause) for p in said)], [citation(clause, p) for p in said]

    def _referred(self, clause: str, chosen: set[str], lang: str) -> tuple[list[Block], list[Citation]]:
        """What a shown line refers to: 要求同本条分项标准（1） brings the documents of 30(1)."""
        blocks: list[Block] = []
        citations: list[Citation] = []
        for reference in self.guide.clauses[clause].references:
            quoted = any(p.id in chosen and p.line == reference.line for p in self.groups[clause])
            for target in reference.targets:
                other, kind, _ = LineId.of(target)
                if quoted and kind and other != clause:
                    shown = [p for p in self.groups[other] if p.kind == kind]
                    blocks.append(Note(text=say("answers.refers", lang, clause=other), clause=clause))
                    blocks += [line_item(p, clause) for p in shown]
                    citations += [citation(other, p) for p in shown]
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


def _in_order(passages: Sequence[Passage]) -> list[list[Passage]]:
    """The passages in groups of one kind, in the order in which the kinds first come."""
    said = [p for p in passages if p.role != "applicability"]
    return [[p for p in said if p.kind == kind] for kind in dict.fromkeys(p.kind for p in said)]


def citation(clause: str, passage: Passage) -> Citation:
    """The citation of a passage that is shown under a clause."""
    return Citation(clause=clause, line=passage.requirement, kind=passage.section, quote=passage.text)


def line_item(passage: Passage, clause: str) -> AnswerItem:
    """A line as it is listed under a clause."""
    return AnswerItem(text=passage.wording, clause=clause, line=passage.requirement)
