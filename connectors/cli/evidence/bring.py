"""``aeo evidence import``: an existing folder (or a binder of ours) looked through, proposed as a table, and handed in as confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import typer

from assistant.adapters.sheet import cells_of, read_cells
from assistant.adapters.tree import Leaf, leaves
from assistant.errors import AeoError, IndexMismatch, IndexMissing, UsageError
from assistant.families import labels_of, short
from assistant.register.acts.in_bulk.importing import Brought, Source, bring
from assistant.register.facts.handed_in import hash_of
from assistant.register.papers.for_customs.binder_in import BinderLine, filed, is_catalogue, listed, made_with
from assistant.register.papers.tables.filing_table import read_table, table
from assistant.register.rules.evidence.accepted_files import examine
from assistant.register.rules.filing.families import Filings
from assistant.register.rules.filing.lines import FilingLine, lines_of
from assistant.register.rules.filing.proposing import Filed, FilingReason, Reads
from assistant.texts import listed as joined
from assistant.texts import say, strung
from connectors.cli.opened import ACTOR_OPTION, PROFILE_OPTION, Opened, opened
from connectors.cli.out import FORCE_OPTION, may_write, written
from connectors.cli.output import JSON_OPTION, emit, note, progress, write

_NAMED = 12
"""Files that are named on the screen; the table names all."""
_SURE = ("high", "middle", "low")  # what is proposed by names; a catalogue says for certain


def import_(
    folder: Path = typer.Argument(...),
    plan: Path = typer.Option(None, "--plan"),
    out: Path = typer.Option(None, "--out"),
    for_owners: bool = typer.Option(False, "--for-owners"),
    force: bool = FORCE_OPTION,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Propose what the files of a folder are for; with --plan, hand in what was confirmed."""
    desk = opened(profile, actor)
    target = out or Path(say("filing.default_name", desk.settings.lang))
    if plan is None:
        may_write(target, force, ".xlsx")
    tree = _Tree(desk, folder, {target.absolute(), *((plan.absolute(),) if plan else ())})
    lines = lines_of(desk.synced().entries(desk.now))
    if plan is None:
        _propose(desk, tree, lines, target, force, json_)
    else:
        _hand_in(desk, tree, lines, plan, for_owners, json_)


class _Tree:
    """The files of a folder or zip, and what a binder's catalogue among them says."""

    def __init__(self, desk: Opened, root: Path, ours: set[Path]) -> None:
        self.root, self.limit = root, desk.policy.largest_file_mb * 1024 * 1024
        found = leaves(root, self.limit)
        self.leaves = [leaf for leaf in found if (root / leaf.path).absolute() not in ours]
        catalogue = next((leaf for leaf in self.leaves if not leaf.skipped and is_catalogue(leaf.path)), None)
        self.listed: list[BinderLine] = _listed(catalogue) if catalogue else []
        if catalogue and self.listed:
            pages = made_with(catalogue.path)
            self.leaves = [leaf for leaf in self.leaves if leaf.path not in pages]

    def sources(self, lines: Sequence[FilingLine]) -> dict[str, Source]:
        """Path -> its bytes, or what a catalogue lists that is no file."""
        found: dict[str, Source] = {leaf.path: leaf.open for leaf in self.leaves}
        return found | {row.name: piece for row in self.listed if (piece := row.given(lines))}

    def filed(self, leaf: Leaf, lines: Sequence[FilingLine]) -> list[Filed]:
        """What a catalogue says of a file."""
        if not self.listed:
            return []
        with leaf.open() as content:
            digest = hash_of(content)
        return filed(leaf.path, [row.slot for row in self.listed if row.sha256 == digest], lines)

    def others(self, lines: Sequence[FilingLine]) -> Iterator[Filed]:
        """What a catalogue lists that is no file."""
        for row in self.listed:
            if row.piece:
                yield from filed(row.name, [row.slot], lines)


def _listed(leaf: Leaf) -> list[BinderLine]:
    try:
        with leaf.open() as content:
            return listed(cells_of(content.read(), leaf.path))
    except (OSError, AeoError):
        return []


def _propose(desk: Opened, tree: _Tree, lines: Sequence[FilingLine], out: Path, force: bool, json_: bool) -> None:
    """Look at every file, propose, write the table."""
    lang = desk.settings.lang
    filing = Filings(desk.guide, [e for line in lines for e in line.entries], _reads(desk))
    found: list[Filed] = []
    with progress(lang) as told:
        for number, leaf in enumerate(tree.leaves, 1):
            found += _of(tree, leaf, lines, filing, lang)
            told("filing", number, len(tree.leaves))
    found = list(_copies_named(tree, found))
    found += tree.others(lines)
    with written(out, force) as target:
        target.write(table(found, lines, lang))
    if json_:
        emit({"out": str(out), "files": [_document(row, lang) for row in found]})
        return
    count = Counter(row.sure for row in found)
    sure = count["exact"] + count["high"]
    write(say("filing.proposed", lang, where=str(out), files=len(found), sure=sure, unsure=count["middle"] + count["low"]))
    for key in ("none", "refused"):
        _name_some(say(f"filing.listed.{key}", lang, count=count[key]), [r for r in found if r.sure == key], lang)
    write(say("filing.next", lang, folder=str(tree.root), plan=str(out)))


def _reads(desk: Opened) -> dict[str, Reads]:
    """The search of the editions in force, by family (the first without a name); nothing where no guide was ingested."""
    from assistant.app import Assistant
    from assistant.conversation.guide_asked.filing import reading

    assistant, found = Assistant(desk.settings), dict[str, Reads]()
    try:
        for manifest in assistant.store.in_force():
            edition = assistant.edition(manifest.edition)
            edition.searcher.vector("")  # loads what the search needs, or says what is wrong with it
            if edition.guide.edition in labels_of(desk.guide.edition):
                found[manifest.family if found else ""] = reading(edition.searcher, f"{short(manifest.family)}:" if found else "")
    except (IndexMissing, IndexMismatch) as error:
        note(say("filing.no_words", desk.settings.lang, why=error.sentence(desk.settings.lang)))
    return found


def _copies_named(tree: _Tree, found: Sequence[Filed]) -> Iterator[Filed]:
    """The proposals; of those for the same bytes in the same place all but the shortest name say so, and are not handed in unasked."""
    leaf_of, there = {leaf.path: leaf for leaf in tree.leaves}, dict[tuple[object, ...], list[str]]()
    for row in (r for r in found if r.sure in _SURE):
        there.setdefault((tuple((line.base, line.subject) for line in row.lines), row.periods), []).append(row.path)
    alike = dict[tuple[object, ...], list[str]]()
    for place, path in ((place, path) for place, paths in there.items() if len(paths) > 1 for path in paths):
        with leaf_of[path].open() as content:
            alike.setdefault((place, hash_of(content)), []).append(path)
    first = {path: min(same, key=lambda p: (len(p), p)) for same in alike.values() for path in same}
    for row in found:
        one = first.get(row.path, row.path)
        yield row if one == row.path else replace(row, sure="low", reasons=(*row.reasons, FilingReason("same", (("file", one),))))


def _of(tree: _Tree, leaf: Leaf, lines: Sequence[FilingLine], filing: Filings, lang: str) -> list[Filed]:
    """What is proposed for one file; one that cannot be handed in says why."""
    if leaf.skipped:
        return [Filed(leaf.path, sure="refused", reasons=(FilingReason(f"skipped.{leaf.skipped}", (("limit", str(tree.limit >> 20)),)),))]
    try:
        with leaf.open() as content:
            examine(leaf.path.rpartition("/")[2], content)
        exact = tree.filed(leaf, lines)
    except OSError:
        return [Filed(leaf.path, sure="refused", reasons=(FilingReason("skipped.unreadable"),))]
    except AeoError as error:
        return [Filed(leaf.path, sure="refused", reasons=(FilingReason("error", (("why", error.sentence(lang)),)),))]
    return exact or [filing.propose(leaf.path)]


def _hand_in(desk: Opened, tree: _Tree, lines: Sequence[FilingLine], plan: Path, for_owners: bool, json_: bool) -> None:
    """Hand in what the table confirms; exit status 1 when something of it could not be."""
    lang, sources = desk.settings.lang, tree.sources(lines)
    confirmed, left = read_table(read_cells(plan), lines, sources, str(plan))
    if not confirmed:
        raise UsageError("filing.nothing_confirmed", where=str(plan))
    mentioned = {one.path for one in confirmed} | set(left)
    new = [leaf.path for leaf in tree.leaves if leaf.path not in mentioned]
    with progress(lang) as told:
        wanted = [(one.path, one.slots) for one in confirmed]
        done = bring(desk.service, wanted, sources, desk.who, partial(told, "handing_in"), lang, for_owners, desk.settings.has_slack)
    if json_:
        failed = [{"file": f.path, "slot": f.slot, "why": f.error.sentence(lang)} for f in done.failed]
        what: dict[str, Any] = {"submitted": done.submitted, "already": done.already, "settled": done.settled, "failed": failed}
        emit(what | {"left": left, "not_in_plan": new, "own": done.own})
    else:
        _told(done, left, new, lang)
    if done.failed:
        raise typer.Exit(1)


def _told(done: Brought, left: Sequence[str], new: Sequence[str], lang: str) -> None:
    files = len({path for paths in done.submitted.values() for path in paths})
    write(say("filing.done", lang, files=files, slots=len(done.submitted)))
    if done.already:
        write(say("filing.already", lang, count=sum(map(len, done.already.values()))))
    for slot, settled in done.settled.items():
        write(say("filing.settled", lang, slot=slot, files=tuple(settled)))
    for failed in done.failed:
        write(say("filing.failed", lang, file=failed.path, slot=failed.slot, why=failed.error.sentence(lang)))
    for key, paths in (("left", left), ("not_in_plan", new)):
        if paths:
            shown = joined(paths[:_NAMED], lang)
            write(say(f"filing.{key}", lang, count=len(paths), files=shown + ("…" if len(paths) > _NAMED else "")))
    if done.own:
        write(say("filing.own", lang, count=len(done.own)))
    if done.submitted:
        write(say("undo.import", lang))


def _name_some(head: str, rows: Sequence[Filed], lang: str) -> None:
    if not rows:
        return
    write(head)
    for row in rows[:_NAMED]:
        write(say("filing.listed.one", lang, file=row.path, why=strung((r.sentence(lang) for r in row.reasons), lang)))
    if len(rows) > _NAMED:
        write(say("filing.listed.more", lang, count=len(rows) - _NAMED))


def _document(row: Filed, lang: str) -> dict[str, Any]:
    slots = [e.slot.id for line in row.lines for e in line.of(row.periods)]
    lines = [line.base for line in row.lines]
    return {"file": row.path, "slots": slots, "lines": lines, "sure": row.sure, "reasons": [r.sentence(lang) for r in row.reasons]}
