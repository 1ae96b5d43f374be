"""A file read as the edition that follows another one: its words understood through those of the one before, its lines known again."""

from __future__ import annotations

from assistant.guide import Clause, Guide, Proof, Section, WordExchange
from ingest.compare.diff import diff
from ingest.compare.matching.terms import Term, familiar, terms
from ingest.compare.matching.units import paragraphs
from ingest.parse.guide import parse
from ingest.source import Source


def parse_after(source: Source, edition: str, before: Guide) -> Guide:
    """The guide in ``source``, its headings and roles told also by the words that it put for those of ``before``.

    Lines and clauses that live on are known under the key they had first, so that what was judged of them holds.

    Raises:
        SourceError: ``source`` holds no guide.
    """
    guide = parse(source, edition)
    known = terms(paragraphs(before), paragraphs(guide))
    if known or before.exchanged:
        words = (*known, *(Term(e.old, e.new, 0) for e in before.exchanged))
        guide = parse(source, edition, lambda text: familiar(text, words))
        guide = guide.model_copy(update={"exchanged": tuple(WordExchange(old=w.old, new=w.new) for w in words)})
    return _known_since(guide, before)


def _known_since(guide: Guide, before: Guide) -> Guide:
    since: dict[str, str] = {}
    proofs: dict[str, tuple[Proof, ...]] = {}
    changes = diff(before, guide)
    titles = before.formerly | {r.after: r.before for r in changes.retitled}
    for clause in changes.clauses:
        if clause.olds:
            proofs |= {n: _carried(before.clauses[clause.olds[0]], guide.clauses[n]) for n in clause.news}
            since |= dict.fromkeys(clause.news, before.clauses[clause.olds[0]].lineage)
        for line in clause.lines:
            if line.olds and line.olds[0] in before.requirements:
                since |= dict.fromkeys(line.news, before.requirements[line.olds[0]].lineage)

    def section(s: Section) -> Section:
        known = tuple(r.model_copy(update={"since": _other(since, r.id, r.key)}) for r in s.requirements)
        return s.model_copy(update={"requirements": known})

    def clause_(c: Clause) -> Clause:
        changed = {"since": _other(since, c.id, c.key), "sections": tuple(map(section, c.sections)), "proofs": proofs.get(c.id, c.proofs)}
        return c.model_copy(update=changed)

    return guide.mapped(clause_).model_copy(update={"retitled": tuple(titles.items())})


def _carried(before: Clause, clause: Clause) -> tuple[Proof, ...]:
    """What a lead wrote for a clause that prints no list lives on while it prints none; what was only proposed is proposed anew."""
    if not clause.proofs or not any(p.kind or p.text != before.text for p in before.proofs):
        return clause.proofs
    texts = [clause.text if p.text == before.text else p.text for p in before.proofs]
    return tuple(p.model_copy(update={"text": t, "key": clause.proof_key(t)}) for p, t in zip(before.proofs, texts, strict=True))


def _other(since: dict[str, str], id_: str, key: str) -> str:
    """The key of first acquaintance, empty where it is the thing's own."""
    found = since.get(id_, "")
    return "" if found == key else found
