"""Bringing in what exists: 600 files in folders by item, clause and year, proposed, handed in as confirmed, and once more."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from assistant.adapters.files import open_files
from assistant.adapters.sheet import cells_of
from assistant.adapters.sql.register import open_register
from assistant.adapters.tree import leaves
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.in_bulk.importing import Source, bring
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.facts.people import Assignment
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import FLAGS, Profile, Scope
from assistant.register.papers.tables.filing_table import read_table, table
from assistant.register.rules.filing.lines import FilingLine, lines_of
from assistant.register.rules.filing.proposing import Filing
from ingest.shipped import shipped_guide
from tests.bench.register import MOMENT, SHANGHAI, Measurement

FILES = 600
_MB = 1 << 20


def cases() -> Iterator[Measurement]:
    """Seconds for proposing (numbers, titles and years; words take the search's time besides), for handing in, and for doing it again."""
    guide = shipped_guide()
    with tempfile.TemporaryDirectory(prefix="aeo-bench-") as folder:
        home = Path(folder)
        service = _service(guide, home)
        lines = lines_of(service.entries(MOMENT))
        tree = _tree(home / "tree", [line for line in lines if line.owed])
        took, cells = _timed(lambda: _proposed(guide, service, lines, tree))
        yield Measurement("import.propose_600", took, "s", 60.0)
        found = leaves(tree, 10 * _MB)
        sources: dict[str, Source] = {leaf.path: leaf.open for leaf in found}
        confirmed, _ = read_table(cells, lines, sources, "bench")
        wanted = [(one.path, one.slots) for one in confirmed]
        took, done = _timed(lambda: bring(service, wanted, sources, Who("关务", MOMENT)))
        yield Measurement("import.files", len({path for paths in done.submitted.values() for path in paths}), "")
        yield Measurement("import.slots", len(done.submitted), "")
        yield Measurement("import.hand_in_600", took, "s", 60.0)
        took, again = _timed(lambda: bring(service, wanted, sources, Who("关务", MOMENT + timedelta(hours=1))))
        yield Measurement("import.hand_in_again", took, "s", 60.0)
        yield Measurement("import.doubled", sum(map(len, again.submitted.values())), "", 0.0)


def _service(guide: Guide, home: Path) -> RegisterService:
    scope = Scope(**dict.fromkeys(FLAGS, True))
    profile = Profile(enterprise="甲", certification="renewal", certified_on=(MOMENT - timedelta(days=1600)).date(), scope=scope)
    register = open_register(f"sqlite:///{home}/register.sqlite3")
    service = RegisterService(profile.key, register, open_files(None, home), Policy(), "lead", SHANGHAI)
    service.sync(guide, profile, Who("lead", MOMENT - timedelta(days=40)))
    Owners(service).assign([Assignment("all", "*", owner="关务", reviewer="lead")], Who("lead", MOMENT - timedelta(days=40)))
    return service


def _tree(root: Path, lines: list[FilingLine]) -> Path:
    """Folders as offices keep them, each file of some 50 KB; named by their line, so that nearly all are placed for sure."""
    slots = [e.slot for line in lines for e in line.entries if e.owed]
    for number in range(FILES):
        slot = slots[number % len(slots)]
        path = root / f"{slot.clause} {slot.kind}" / (slot.period[:4] or "制度") / f"{number:03d} {slot.text[:12].strip()}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-1.4\n" + f"{number:06d}".encode() * 8192)
    return root


def _proposed(guide: Guide, service: RegisterService, lines: tuple[FilingLine, ...], tree: Path) -> list[tuple[int, list[str]]]:
    """The table as a person leaves it who confirms all that has a place and a period."""
    filing = Filing(guide, service.entries(MOMENT), None)
    cells = cells_of(table([filing.propose(leaf.path) for leaf in leaves(tree, 10 * _MB)], lines, "zh"), "bench")
    for _, row in cells[1:]:
        row[1] = row[1].partition("\n")[0]
        row[2] = row[2] or "全部"
        row[3] = "是" if row[1] else ""
    return cells


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result
