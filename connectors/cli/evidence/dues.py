"""``aeo evidence due`` and ``calendar``: due dates of one slot or of many, and what is due as calendar files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import typer

from assistant.adapters.durable import write_durably
from assistant.errors import RegisterError, UsageError
from assistant.guide import KINDS, Kind
from assistant.register.acts.in_bulk.dues import dues_before, set_dues, undo_dues
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.slots import Entry
from assistant.register.papers.reports.calendar import calendar as calendar_file
from assistant.register.papers.reports.calendar import days
from assistant.register.papers.said.described import titled
from assistant.register.ports import Filter
from assistant.register.rules.evidence.accepted_files import plain_name
from assistant.register.rules.people.due import too_late
from assistant.texts import say
from connectors.cli.opened import ACTOR_OPTION, AT_OPTION, PROFILE_OPTION, Opened, day, document, opened
from connectors.cli.out import folder_for
from connectors.cli.output import JSON_OPTION, emit, note, write

_SHOWN = 12  # slots that are named


def due(
    slots: list[str] = typer.Argument(None, metavar="SLOT"),
    on: str = typer.Option("", "--on"),
    by_rule: bool = typer.Option(False, "--by-rule"),
    item: str = typer.Option("", "--item"),
    owner: str = typer.Option("", "--owner"),
    kind: str = typer.Option("", "--kind"),
    undo: bool = typer.Option(False, "--undo"),
    confirm: bool = typer.Option(False, "--confirm"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Other due dates, of single slots at once, of many after a look."""
    desk = opened(profile, actor)
    many = bool(item or owner or kind)
    if undo == bool(on or by_rule) or (on and by_rule) or (undo and (many or slots)) or not (undo or many or slots):
        raise UsageError("cli.due_how")
    service = desk.synced()
    if undo:
        service.require("set_due", desk.who)
        back = dues_before(service, desk.who)
        if not confirm:
            _foreseen(desk, [service.entry(key) for key in back], back, json_, "evidence.due_would_back")
            return
        changed = undo_dues(service, desk.who)
        if json_:
            emit([document(e, desk.today) for e in changed])
        else:
            write(say("evidence.due_undone", desk.settings.lang, count=len(changed)))
        return
    wanted = day(on, desk.today) if on else None
    found = [service.entry(slot) for slot in slots or ()] if not many else _fitting(desk, item, owner, kind, slots or [])
    if wanted is not None and (late := [latest for e in found if (latest := too_late(e, wanted))]):
        note(say("evidence.due_late", desk.settings.lang, due=wanted, latest=min(late), count=len(late)))
    if many and not confirm:
        if wanted is not None and wanted < desk.today:
            raise RegisterError("register.due_passed", date=wanted.isoformat())
        _foreseen(desk, found, {e.slot.key: wanted for e in found}, json_, "evidence.due_would")
        return
    changed = set_dues(service, {e.slot.key: wanted for e in found}, desk.who)
    if json_ and not many and len(changed) == 1:
        emit(document(changed[0], desk.today))
    else:
        _told(desk, changed, json_)


def _fitting(desk: Opened, item: str, owner: str, kind: str, slots: list[str]) -> list[Entry]:
    """What is owed and open and fits everything that was said."""
    if kind and kind not in KINDS:
        raise UsageError("cli.bad_kind", kind=kind, known=list(KINDS))
    if item and item not in desk.guide.items:
        raise RegisterError("register.no_target", target=item)
    kept: Kind | None = next((k for k in KINDS if k == kind), None)
    where = Filter(item=item, owner=_owner(desk, owner), kind=kept)
    named = {desk.service.entry(slot).slot.key for slot in slots}
    return [
        e
        for e in desk.service.entries(desk.now, where)
        if e.owed and e.shown(desk.today) not in ("accepted", "not_applicable") and (not named or e.slot.key in named)
    ]


def _owner(desk: Opened, said: str) -> str:
    """Whose slots are meant, by any name of theirs; empty where nobody is named.

    Raises:
        RegisterError: nothing belongs to anybody of that name; those are named to whom something does.
    """
    if not said:
        return ""
    wanted, owners = desk.person(said), dict.fromkeys(e.owner for e in desk.service.entries(desk.now) if e.owner)
    if wanted not in owners:
        known = tuple(map(desk.called, owners))
        raise RegisterError("register.no_owner", person=said, known=known or "—")
    return wanted


def _foreseen(desk: Opened, found: list[Entry], wanted: Mapping[str, date | None], json_: bool, key: str) -> None:
    """What would change; nothing does. ``wanted``: slot key -> the date then."""
    then = {slot: due.isoformat() if due else None for slot, due in wanted.items()}
    if json_:
        emit([document(e, desk.today) | {"due_then": then[e.slot.key]} for e in found])
        return
    lang = desk.settings.lang
    rule = say("evidence.due_rule", lang)
    for e in found[:_SHOWN]:
        write(
            say(
                "evidence.due_line",
                lang,
                slot=titled(e.slot, lang),
                owner=desk.called(e.owner),
                before=e.due or "—",
                then=then[e.slot.key] or rule,
            )
        )
    write(say(key, lang, count=len(found), more=max(0, len(found) - _SHOWN)))


def _told(desk: Opened, changed: list[Entry], json_: bool) -> None:
    if json_:
        emit([document(e, desk.today) for e in changed])
        return
    lang = desk.settings.lang
    if len(changed) == 1:
        write(say("evidence.due_one", lang, slot=titled(changed[0].slot, lang), due=changed[0].due or "—"))
    else:
        write(say("evidence.due_done", lang, count=len(changed)))
    write(say("evidence.due_back", lang))


def calendar(
    out: Path = typer.Option(..., "--out"),
    owner: str = typer.Option("", "--owner"),
    force: bool = typer.Option(False, "--force"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    at: str = AT_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """What is due as calendar files: one for each owner, one for the lead."""
    desk = opened(profile, actor, at)
    service, lang = desk.service, desk.settings.lang
    people, _ = Owners(service).people()
    wanted_by = _owner(desk, owner)
    if not (wanted_by and Owners(service).same(desk.who.actor, wanted_by)):
        service.require("export", desk.who)
    found = days(desk.by_log(service.entries(desk.now, guide=desk.guide, profile=desk.profile)), desk.today)
    owners = [wanted_by] if owner else [*dict.fromkeys(d.owner for d in found), ""]
    files: dict[Path, tuple[str, int, bytes]] = {}
    for one in owners:
        called = plain_name(desk.called(one))
        name = say("calendar.file", lang, who=called) if one else say("calendar.everybody", lang)
        path = out / name if out / name not in files else out / say("calendar.file", lang, who=plain_name(one))
        mine = [d for d in found if one in ("", d.owner)]
        files[path] = (one, len(mine), calendar_file(mine, desk.profile, people, desk.now, lang, one))
    there = [path.name for path in files if path.exists()]
    if there and not force:
        raise UsageError("cli.out_exists", where=str(out / there[0]))
    folder_for(out)
    for path, (_, _, content) in files.items():
        write_durably(path, content.decode())
    if desk.at is None and service.history():
        service.exported("calendar", desk.who)
    if json_:
        emit([{"owner": one or None, "file": str(path), "entries": count} for path, (one, count, _) in files.items()])
        return
    for path, (_, count, _) in files.items():
        write(say("evidence.calendar_line", lang, where=str(path), count=count))
    note(say("evidence.calendar_how", lang))
