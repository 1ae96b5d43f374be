"""Labels against a guide: do the clauses and lines exist, do the facts stand in them, and which lineage keys are theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assistant.answers.passages import Passage, passages
from assistant.guide import Clause, Guide, lineage_key
from assistant.line_ids import LineId
from evals.cases.case import Case, Expected
from evals.cases.problems import Location, Problem, Raw

_SOURCE_LINE = re.compile(r"[lL]\.?(\d+)|第(\d+)行")


class Labels:
    """What can be named in a case of one edition: passages by id, lineage keys by id, ids by source line."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.groups = passages(guide)
        self.passages: dict[str, Passage] = {p.id: p for group in reversed(self.groups.values()) for p in group}
        self.owners: dict[str, set[str]] = {}
        for clause, group in self.groups.items():
            for p in group:
                self.owners.setdefault(p.id, set()).add(clause)
        self.keys = dict(_keys(guide, self.groups))
        self.by_line = _by_line(guide, self.groups)
        self._headings = {c.id: _headings(c) for c in guide.clauses.values()}

    def headings(self, clause: str) -> str:
        """The section headings of a clause, one a line, those of a shared guide cell included."""
        entry = self.guide.clauses[clause]
        return "\n".join([*self._headings[clause], *(self._headings.get(entry.shares_with or "") or ())])

    def words(self, lines: Iterable[str]) -> str:
        """Everything printed of these lines, and the headings of their clauses."""
        known = [i for i in lines if i in self.passages]
        owners = sorted({o for i in known for o in self.owners[i]})
        return "\n".join([*(self.passages[i].wording for i in known), *(self.headings(c) for c in owners)])

    def item(self, clause: str) -> str:
        """The item number of a clause."""
        return self.guide.places[clause].item.number


def line_id(text: str) -> str | int:
    """An id as people write it; for ``L686`` or 第686行 the source line number."""
    match = _SOURCE_LINE.fullmatch(text.strip())
    return int(match.group(1) or match.group(2)) if match else text.strip()


def numbered(raw: Raw, labels: Labels) -> tuple[Raw, list[Problem]]:
    """The case with source line numbers in ``lines`` turned into ids; a heading's number is left out.

    Clause ids that YAML reads as numbers (``26``) become text again.
    """
    problems: list[Problem] = []
    data = _renamed(raw.data, (), raw, labels, problems)
    turns = data.get("turns")
    if isinstance(turns, list):
        data["turns"] = [_renamed(t, ("turns", i), raw, labels, problems) if isinstance(t, dict) else t for i, t in enumerate(turns)]
    return Raw(data, raw.place, raw.places), problems


def _renamed(part: Mapping[str, Any], at: Location, raw: Raw, labels: Labels, problems: list[Problem]) -> dict[str, Any]:
    found = dict(part)
    for name in ("clauses", "acceptable"):
        if isinstance(found.get(name), list):
            found[name] = [str(v) if type(v) is int else v for v in found[name]]
    if isinstance(found.get("lines"), list):
        ids: list[Any] = []
        for index, value in enumerate(found["lines"]):
            if type(value) is not int:
                ids.append(value)
            elif value not in labels.by_line:
                problems.append(raw.problem((*at, "lines", index), "no_source_line", line_number=value, edition=labels.guide.edition))
            elif labels.by_line[value]:
                ids.append(labels.by_line[value])
        found["lines"] = list(dict.fromkeys(ids)) if all(isinstance(i, str) for i in ids) else ids
    return found


def checked(raw: Raw, case: Case, labels: Labels) -> list[Problem]:
    """What a case says that does not hold in the guide of its edition.

    An id whose lineage key stands elsewhere by now is no mistake: it was moved by re-chunking, and ``relabel`` follows it.
    """
    problems: list[Problem] = []
    moved = frozenset(i for i, key in case.keys.items() if labels.keys.get(i) != key)
    for turn, expected in enumerate(case.asked):
        at: Location = ("turns", turn) if case.turns else ()
        problems += [raw.problem((*at, *location), key, **values) for location, key, values in _wrong(expected, labels, moved)]
    named = set(case.ids)
    return problems + [raw.problem(("keys", k), "key_of_nothing", label=k) for k in case.keys if k not in named]


def _wrong(expected: Expected, labels: Labels, moved: frozenset[str]) -> Iterator[tuple[Location, str, dict[str, Any]]]:
    edition = labels.guide.edition
    for name in ("clauses", "acceptable"):
        for index, clause in enumerate(getattr(expected, name)):
            if clause not in labels.groups and clause not in moved:
                yield (name, index), "no_clause", {"label": clause, "edition": edition}
    clauses = [c for c in (*expected.clauses, *expected.acceptable) if c in labels.groups]
    for index, line in enumerate(expected.lines):
        if line in moved:
            continue
        if line not in labels.passages:
            yield ("lines", index), "no_line", {"label": line, "edition": edition}
        elif clauses and not labels.owners[line] & set(clauses):
            yield ("lines", index), "line_elsewhere", {"label": line, "clause": "、".join(sorted(labels.owners[line]))}
    if moved & set(expected.ids):
        return
    lines = [i for i in expected.lines if i in labels.passages] or [p.id for c in clauses for p in labels.groups[c]]
    words = labels.words(lines)
    for index, fact in enumerate(expected.facts):
        if lines and fact not in words:
            yield ("facts", index), "no_fact", {"fact": fact}
    for index, text in enumerate(expected.forbidden):
        if text in words:
            yield ("forbidden", index), "forbidden_in_guide", {"text": text}


def labelled(case: Case, labels: Labels) -> Case:
    """The case with its lineage keys, and with the clauses accepted that share or lend their guide text to what it expects."""
    asked = tuple(e.model_copy(update={"acceptable": _acceptable(e, labels)}) for e in case.asked)
    changed = case.with_expected(asked)
    return changed.model_copy(update={"keys": {i: labels.keys[i] for i in changed.ids if i in labels.keys}})


def _acceptable(expected: Expected, labels: Labels) -> tuple[str, ...]:
    """Accepted clauses, with those whose words the expected lines also are (12 and 13) or refer to (30(2) to 30(1))."""
    found = list(expected.acceptable)
    quoted = {labels.passages[i].line for i in expected.lines if i in labels.passages}
    for line in expected.lines:
        found += sorted(labels.owners.get(line, ()), key=list(labels.groups).index)
    for clause in expected.clauses:
        for reference in labels.guide.clauses[clause].references if clause in labels.groups else ():
            if reference.line in quoted:
                found += [LineId.of(t).clause for t in reference.targets]
    return tuple(c for c in dict.fromkeys(found) if c not in expected.clauses)


def _keys(guide: Guide, groups: Mapping[str, list[Passage]]) -> Iterator[tuple[str, str]]:
    """Passage id -> lineage key: those of the guide for clauses and lines, like ones for conditions and paragraphs."""
    for clause_id, group in groups.items():
        clause = guide.clauses[clause_id]
        yield clause_id, clause.key
        seen: dict[str, int] = {}
        for p in group[1:]:
            if p.requirement is not None:
                yield p.id, guide.requirements[p.id].key
                continue
            owner = guide.clauses[LineId.of(p.id).clause]
            key = lineage_key(owner.key, p.role if p.role == "applicability" else f"{p.kind}/paragraph", p.text)
            seen[key] = seen.get(key, 0) + 1
            yield p.id, key if seen[key] == 1 else lineage_key(key, str(seen[key]))


def _by_line(guide: Guide, groups: Mapping[str, list[Passage]]) -> dict[int, str]:
    """Source line -> passage id, empty for headings."""
    found = dict.fromkeys(guide.lines, "")
    for clause in guide.clauses.values():
        found |= dict.fromkeys(clause.lines, clause.id)
    for group in groups.values():
        for p in group[1:]:
            found[p.line] = p.id
    for requirement in guide.requirements.values():
        found |= {p.line: requirement.id for p in requirement.continuation}
    return found


def _headings(clause: Clause) -> list[str]:
    return [s.heading for s in clause.sections if s.heading]
