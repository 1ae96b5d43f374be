"""``aeo evidence`` acts: assign, submit, confirm, accept, return, na, snooze, reassign, due."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import typer

from assistant import typed_file
from assistant.errors import RegisterError, UsageError
from assistant.register.acts.people.allowed import allowed
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.slots.together import goes_with
from assistant.register.facts.handed_in import Piece, PieceKind, Said, Seen
from assistant.register.facts.people import NOBODY, Assignment
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.described import titled
from assistant.register.papers.said.words import returned_words, shortfall_word, standing_word
from assistant.register.rules.demands.periods import given_period
from assistant.register.rules.evidence.dated import serves_until, sooner
from assistant.register.rules.evidence.figures import figures
from assistant.register.rules.evidence.life import clean, completes, reasoned
from assistant.register.rules.evidence.links import check_link
from assistant.register.rules.evidence.shortfall import unnamed
from assistant.register.rules.people.owner_table import parse_row
from assistant.texts import say
from connectors.cli.evidence.acting.along import each_year, going_with, say_along
from connectors.cli.evidence.acting.elements import elements_named, left_unsaid, still_to_come
from connectors.cli.opened import ACTOR_OPTION, PROFILE_OPTION, Opened, day, document, opened
from connectors.cli.output import JSON_OPTION, emit, write
from connectors.cli.output import note as note_

_SLOT = typer.Argument(...)
_SLOTS = typer.Argument(..., metavar="SLOT")
_GIVEN = typer.Option("", "--given")
_REASON = typer.Option(..., "--reason")


def assign(
    target: str = typer.Argument(...),
    owner: str = typer.Option(""),
    reviewer: str = typer.Option(""),
    deputy: str = typer.Option(""),
    deputy_from: str = typer.Option(""),
    deputy_until: str = typer.Option(""),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Set owner, reviewer and deputy."""
    desk = opened(profile, actor)
    if not (owner or reviewer or deputy):
        raise RegisterError("register.nobody", slot=target)
    said = {"target": target, "owner": owner, "reviewer": reviewer, "deputy": deputy}
    rows, people = parse_row({**said, "deputy_from": deputy_from, "deputy_until": deputy_until}, desk.guide)
    owners = Owners(desk.synced())
    places = {(row.level, row.target): Assignment(row.level, row.target) for row in rows}
    before = places | {(a.level, a.target): a for a in owners.assignments() if (a.level, a.target) in places}
    changed = owners.assign(rows, desk.who, people)
    if json_:
        after = [a for a in owners.assignments() if (a.level, a.target) in places]
        shown = [{k: str(v) if v is not None and not isinstance(v, str) else v for k, v in asdict(a).items()} for a in after]
        emit(shown[0] if len(shown) == 1 else shown)
        return
    lang = desk.settings.lang
    write(say("evidence.assigned", lang, count=changed))
    for a in before.values():
        named = " ".join(f"--{role} {shlex.quote(desk.called(getattr(a, role)) or NOBODY)}" for role in ("owner", "reviewer", "deputy"))
        write(say("undo.assign", lang, target=shlex.quote(a.target), before=named))


def submit(
    slots: list[str] = typer.Argument(..., metavar="slot"),
    file: list[Path] = typer.Option([], "--file"),
    link: list[str] = typer.Option([], "--link"),
    note: list[str] = typer.Option([], "--note"),
    paper: list[str] = typer.Option([], "--paper"),
    people: list[str] = typer.Option([], "--people"),
    period: str = typer.Option(""),
    valid_until: str = typer.Option(""),
    dated: str = typer.Option("", "--dated"),
    count: int = typer.Option(0, "--count", min=0),
    covers: list[str] = typer.Option([], "--covers"),
    figure: list[str] = typer.Option([], "--figure"),
    again: bool = typer.Option(False, "--again"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Hand in files, links, notes or places of paper originals; for several slots at once, all of them or none."""
    if stray := next((slot for slot in slots if Path(slot).is_file()), ""):
        raise UsageError("cli.file_option", where=stray)
    desk = opened(profile, actor)
    service, of = desk.synced(), ""
    slots = each_year(desk, slots)
    entries = [service.entry(slot) for slot in slots]
    covers = elements_named(entries, covers, "covers", (e for one in entries for e in service.served_with(one, desk.today)))
    for entry in entries:
        of = given_period(period, entry.slot) if period else ""
    ends = sooner(
        day(valid_until) if valid_until else None,
        serves_until([e.slot for e in entries], day(dated), desk.today) if dated else None,
    )
    given: tuple[tuple[PieceKind, list[str]], ...] = (("link", link), ("note", note), ("paper", paper), ("staff", people))
    pieces = [Piece(kind, clean(text)) for kind, texts in given for text in texts if clean(text)]
    for piece in (p for p in pieces if p.kind == "link"):
        check_link(piece.text)
    named = (f.replace("＝", "=").partition("=") for f in figure)
    said = figures([e.slot for e in entries], {name.strip(): text for name, _, text in named})
    for entry in entries:  # before any file is copied
        allowed(service, entry.slot.key, "submit", desk.who, again or completes(entry, said))
    for path in file:
        if path.is_symlink():
            raise RegisterError("register.file_link", where=str(path))
        try:
            with typed_file.opened(path) as content:
                pieces.append(service.take_file(content, path.name))
        except OSError:
            raise RegisterError("register.file_gone", where=str(path)) from None
    pieces = [*(replace(p, period=of, valid_until=ends) for p in pieces), *said]
    changed = service.submit_all(slots, pieces, desk.who, again, Said(count, tuple(covers)))
    if json_ and len(slots) > 1:
        emit([document(entry, desk.today) for entry in changed])
    for entry in changed:
        if not json_ or len(slots) == 1:
            _done(desk, entry, json_, "submit")
    others = going_with(desk, slots)
    say_along(desk, "submit", others)
    _short(desk, [*changed, *(e for group in others for e in group)])


def confirm(
    slots: list[str] = _SLOTS,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """The guide's words changed: what was handed in still serves."""
    desk = opened(profile, actor)
    slots = each_year(desk, slots)
    _each(desk, slots, json_, "confirm", lambda slot: desk.service.confirm(slot, desk.who))
    _short(desk, [desk.service.entry(slot) for slot in slots])


def accept(
    slots: list[str] = _SLOTS,
    reason: str = typer.Option(""),
    version: int = typer.Option(None),
    given: str = _GIVEN,
    covers: list[str] = typer.Option([], "--covers"),
    count: int = typer.Option(0, "--count", min=0),
    dated: str = typer.Option("", "--dated"),
    whole: bool = typer.Option(False, "--whole"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Accept; undone by reopen."""
    desk = opened(profile, actor)
    slots = each_year(desk, slots)
    entries = [desk.service.entry(slot) for slot in slots] if covers or dated else []
    too = (e for group in going_with(desk, slots) for e in group) if covers else ()
    covers = elements_named(entries, covers, "covers", too) if covers else []
    until = serves_until([e.slot for e in entries], day(dated), desk.today) if dated else None
    saw = Seen(count, tuple(covers), whole, until)
    _each(desk, slots, json_, "accept", lambda slot: desk.service.accept(slot, desk.who, version, reason, given, saw))
    others = going_with(desk, slots)
    for act, ends in (("accept", True), ("partly", False)):
        say_along(desk, act, ([e for e in group if (e.state.name == "accepted") is ends] for group in others))
    for left in filter(None, (left_unsaid(desk, desk.service.entry(slot)) for slot in slots)):
        if not json_:
            write(left)


def return_(
    slots: list[str] = _SLOTS,
    reason: str = typer.Option("", "--reason"),
    lacks: list[str] = typer.Option([], "--lacks"),
    version: int = typer.Option(None),
    given: str = _GIVEN,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Return with a reason."""
    desk = opened(profile, actor)
    slots = each_year(desk, slots)
    along = (e for group in (going_with(desk, slots) if lacks else ()) for e in group)
    lacks = elements_named([desk.service.entry(slot) for slot in slots], lacks, "lacks", along) if lacks else []
    _each(desk, slots, json_, "return", lambda slot: desk.service.give_back(slot, reason, desk.who, version, given, lacks or None))
    say_along(desk, "return", going_with(desk, slots))
    for entry in map(desk.service.entry, slots):
        missed = returned_words("", entry.state.lacking, unnamed(entry.slot, entry.state), desk.settings.lang)[-1]
        if missed and not json_:
            write(missed)


def withdraw(slot: str = _SLOT, profile: Path = PROFILE_OPTION, actor: str = ACTOR_OPTION, json_: bool = JSON_OPTION) -> None:
    """Take back what you submitted and is in review; submit again to undo."""
    desk = opened(profile, actor)
    desk.sync()
    others = going_with(desk, [slot], back=True)
    _done(desk, desk.service.withdraw(slot, desk.who), json_, "withdraw")
    say_along(desk, "withdraw", others)


def reopen(
    slot: str = _SLOT, reason: str = _REASON, profile: Path = PROFILE_OPTION, actor: str = ACTOR_OPTION, json_: bool = JSON_OPTION
) -> None:
    """Take an acceptance back with a reason; submit and accept again to undo."""
    desk = opened(profile, actor)
    _done(desk, desk.synced().reopen(slot, reason, desk.who), json_, "reopen")


def comment(
    slot: str = _SLOT,
    text: str = typer.Argument(...),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Say something of a slot; kept in its history, changes nothing."""
    desk = opened(profile, actor)
    _done(desk, desk.synced().comment(slot, text, desk.who), json_, "comment")


def na(
    slot: str = _SLOT,
    reason: str = _REASON,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Say that it does not apply; a reviewer decides."""
    desk = opened(profile, actor)
    _done(desk, desk.synced().claim_na(slot, reason, desk.who), json_, "na")


def nil(
    slot: str = _SLOT,
    reason: str = _REASON,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Nothing of the kind happened: one statement for all open periods."""
    desk = opened(profile, actor)
    changed = desk.synced().submit(slot, [Piece("nil", reasoned(reason))], desk.who)
    _done(desk, changed, json_, "nil")
    others = going_with(desk, [slot])
    say_along(desk, "submit", others)
    _short(desk, [changed, *(e for group in others for e in group)])


def snooze(
    slot: str = _SLOT,
    until: str = typer.Option(..., "--until"),
    reason: str = typer.Option(""),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Be asked later."""
    desk = opened(profile, actor)
    later = day(until, desk.today)
    _done(
        desk,
        desk.synced().snooze(slot, later, desk.who, reason),
        json_,
        "snooze",
        told=say("evidence.snoozed_to", desk.settings.lang, day=later),
    )


def reassign(
    slot: str = _SLOT,
    to: str = typer.Option(..., "--to"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Give this slot to somebody else."""
    desk = opened(profile, actor)
    before = desk.synced().entry(slot).owner
    known = Owners(desk.service).roster().find(to)
    changed = desk.service.reassign(slot, to, desk.who)
    told = say("evidence.reassigned_to", desk.settings.lang, owner=desk.called(changed.owner))
    _done(desk, changed, json_, "reassign", desk.called(before), told)
    if known is None and not json_:
        write(say("evidence.new_person", desk.settings.lang, person=desk.called(changed.owner)))


def _each(desk: Opened, slots: list[str], json_: bool, undo: str, act: Callable[[str], Entry]) -> None:
    """One act on several slots in turn; those before a refusal stay done, and are told. One that went with another is done already."""
    desk.synced()
    done: list[Entry] = []
    try:
        for slot in slots:
            now = desk.service.entry(slot)
            done.append(now if any(goes_with(now, e) and now.state.name == e.state.name for e in done) else act(slot))
    finally:
        if json_ and len(slots) > 1:
            emit([document(entry, desk.today) for entry in done])
        else:
            for entry in done:
                _done(desk, entry, json_, undo, told=still_to_come(desk, entry) if undo == "accept" else "")


def _short(desk: Opened, entries: Sequence[Entry]) -> None:
    """Point out what was handed in is short of; by name where it is of several."""
    lang = desk.settings.lang
    for entry in entries:
        for text in (shortfall_word(short, lang) for short in desk.service.short_of(entry)):
            note_(say("slot.labelled", lang, label=titled(entry.slot, lang), text=text) if len(entries) > 1 else text)


def _done(desk: Opened, entry: Entry, json_: bool, undo: str, before: object = "", told: str = "") -> None:
    """What was done (``told``) or how a slot stands now, and how the act is undone; ``before`` is what the act replaced."""
    lang = desk.settings.lang
    if json_:
        emit(document(entry, desk.today))
    else:
        shown = standing_word(entry, desk.today, lang)
        name = titled(entry.slot, lang)
        write(say("slot.labelled", lang, label=name, text=told) if told else say("evidence.done", lang, slot=name, state=shown))
        said = {"slot": shlex.quote(entry.slot.id), "before": shlex.quote(str(before)), "tomorrow": desk.today + timedelta(days=1)}
        write(say(f"undo.{undo}", lang, **said))
