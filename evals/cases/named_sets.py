"""Case sets by name: those that the product ships, the lead's own under ``AEO_HOME``, or any file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from assistant.adapters.editions import Editions
from assistant.errors import AeoError, CaseError
from assistant.guide import Frozen, Guide
from evals.cases.carried.lineage import Went
from evals.cases.carried.relabel import Relabeller
from evals.cases.carried.resolved import Resolved
from evals.cases.case import Case
from evals.cases.files import SUFFIXES, read, validated
from evals.cases.labels import Labels, checked, numbered
from evals.cases.problems import CaseMistakes, Problem, Raw

SHIPPED_SETS = Path(__file__).parents[1] / "sets"
Guides = Callable[[str], Guide | None]
"""An edition's guide by its label, or None where it is not at hand."""
_NO_MAPS: Mapping[str, Went] = MappingProxyType({})


class CaseSet(Frozen):
    """One file of cases."""

    name: str
    path: Path
    cases: tuple[Case, ...]

    @property
    def fingerprint(self) -> str:
        """Changes with any case or label: 12 hex digits."""
        return hashlib.sha256("\n".join(c.line() for c in self.cases).encode()).hexdigest()[:12]


class Standing(NamedTuple):
    """Sets in one edition: every case with how it stands there."""

    sets: tuple[CaseSet, ...]
    cases: tuple[Resolved, ...]

    @property
    def questions(self) -> list[str]:
        """All that is asked, as it is worded for the edition."""
        return [q for r in self.cases for q in (r.questions or [e.question for e in r.case.asked])]

    def only(self, ids: Iterable[str]) -> Standing:
        """The cases with these ids alone.

        Raises:
            CaseError: there is no case with one of them.
        """
        wanted = set(ids)
        unknown = wanted - {r.case.id for r in self.cases}
        if unknown:
            raise CaseError("evals.no_case", name=min(unknown))
        sets = (s.model_copy(update={"cases": tuple(c for c in s.cases if c.id in wanted)}) for s in self.sets)
        return Standing(tuple(s for s in sets if s.cases), tuple(r for r in self.cases if r.case.id in wanted))


def home_sets(home: Path) -> Path:
    """The folder of the lead's own sets."""
    return home / "evals" / "sets"


def find(names: Sequence[str], home: Path) -> list[Path]:
    """Files for names: a path, a set's name, ``all`` (also for no name at all): every shipped and every own set.

    Raises:
        CaseError: there is no such set.
    """
    files = {p.stem: p for folder in (SHIPPED_SETS, home_sets(home)) for p in sorted(folder.glob("*")) if p.suffix.lower() in SUFFIXES}
    found: list[Path] = []
    for name in names or ("all",):
        if name == "all":
            found += files.values()
        elif name in files:
            found.append(files[name])
        elif Path(name).is_file():
            found.append(Path(name))
        else:
            raise CaseError("evals.no_set", name=name, known=tuple(files) or "—")
    return list(dict.fromkeys(found))


def load(paths: Iterable[Path], guides: Guides, edition: str = "") -> tuple[CaseSet, ...]:
    """Sets from files, all checked against the guides of their home editions.

    A lead's own case takes the place of the shipped one with the same id: so labels are confirmed for a new edition. Where the sets are for
    a given ``edition``, one that was written for it stays, so that what was confirmed for another costs it no case.

    Raises:
        CaseError: a file cannot be read. Mistakes: everything that is wrong in any of them, with file and line.
    """
    problems: list[Problem] = []
    first: dict[tuple[bool, str], Raw] = {}
    sets: list[CaseSet] = []
    labels: dict[str, Labels | None] = {}
    for path in paths:
        raws, unread = read(path)
        raws, wrong = _numbered(raws, guides, labels)
        good, invalid = validated(raws)
        problems += [*unread, *wrong, *invalid]
        shipped = path.parent == SHIPPED_SETS
        for raw in raws:
            twin = first.setdefault((shipped, str(raw.data.get("id"))), raw)
            if twin is not raw and "id" in raw.data:
                problems.append(raw.problem(("id",), "repeated_id", id=raw.data["id"], file=twin.place.file, other=twin.place.line))
        for raw, case in good:
            table = _labels(case.edition, guides, labels)
            if table is not None:
                problems += checked(raw, case, table)
            elif set(case.ids) - set(case.keys):
                problems.append(raw.problem(("edition",), "no_edition", edition=case.edition))
        sets.append(CaseSet(name=path.stem, path=path, cases=tuple(c for _, c in good)))
    if problems:
        raise CaseMistakes(problems)
    written = {c.id for s in sets if s.path.parent == SHIPPED_SETS for c in s.cases if c.edition == edition}
    own = {c.id for s in sets if s.path.parent != SHIPPED_SETS for c in s.cases if c.id not in written or c.edition == edition}
    kept = [(s, tuple(c for c in s.cases if (c.id in own) == (s.path.parent != SHIPPED_SETS))) for s in sets]
    return tuple(s.model_copy(update={"cases": cases}) for s, cases in kept)


def standing(sets: Sequence[CaseSet], guide: Guide, guides: Guides, maps: Mapping[str, Went] = _NO_MAPS) -> Standing:
    """How every case stands in ``guide``'s edition; ``maps``: older edition -> where a lead says that its clauses went in this one."""
    relabellers: dict[str, Relabeller] = {}
    resolved: list[Resolved] = []
    for case in (c for s in sets for c in s.cases):
        if case.edition not in relabellers:
            home = guide if case.edition == guide.edition else guides(case.edition)
            relabellers[case.edition] = Relabeller(home, guide, maps.get(case.edition))
        resolved.append(relabellers[case.edition].resolve(case))
    return Standing(tuple(sets), tuple(resolved))


def of_family(sets: Sequence[CaseSet], store: Editions, family: str) -> tuple[CaseSet, ...]:
    """The cases that were written for editions of a family; with one family in a home, all of them."""
    families = {m.edition: m.family for m in store.all()}
    if set(families.values()) <= {family}:
        return tuple(sets)
    first = store.manifest().family
    own = [s.model_copy(update={"cases": tuple(c for c in s.cases if families.get(c.edition, first) == family)}) for s in sets]
    return tuple(s for s in own if s.cases)


def of_edition(names: Sequence[str], store: Editions, guides: Guides, edition: str, family: str) -> tuple[CaseSet, ...]:
    """The sets of these names (none: all), as they stand for an edition of a family.

    Raises:
        CaseError, CaseMistakes: as ``find`` and ``load``.
    """
    return of_family(load(find(names, store.home), guides, edition), store, family)


def guides_of(store: Editions) -> Guides:
    """Guides of the editions in a home; the shipped edition is always at hand."""
    known: dict[str, Guide | None] = {}

    def guide(edition: str) -> Guide | None:
        if edition not in known:
            known[edition] = _guide(store, edition)
        return known[edition]

    return guide


def _guide(store: Editions, edition: str) -> Guide | None:
    try:
        return store.guide(store.manifest(edition))
    except AeoError:
        return _shipped(edition)


def _shipped(edition: str) -> Guide | None:
    """The guide that the product ships, if that is the edition."""
    from ingest.shipped import SHIPPED_EDITION, shipped_guide

    return shipped_guide() if edition == SHIPPED_EDITION else None


def _labels(edition: str, guides: Guides, labels: dict[str, Labels | None]) -> Labels | None:
    if edition not in labels:
        guide = guides(edition)
        labels[edition] = Labels(guide) if guide is not None else None
    return labels[edition]


def _numbered(raws: Sequence[Raw], guides: Guides, labels: dict[str, Labels | None]) -> tuple[list[Raw], list[Problem]]:
    found: list[Raw] = []
    problems: list[Problem] = []
    for raw in raws:
        edition = raw.data.get("edition")
        table = _labels(edition, guides, labels) if isinstance(edition, str) else None
        renamed, wrong = numbered(raw, table) if table is not None else (raw, [])
        found.append(renamed)
        problems += wrong
    return found, problems
