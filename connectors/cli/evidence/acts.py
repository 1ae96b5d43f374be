"""``aeo evidence`` acts: assign, submit, confirm, accept, return, na, snooze, reassign, due."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import typer

from assistant.errors import RegisterError
from assistant.register.facts.slots import Entry
from assistant.texts import say
from connectors.cli.opened import ACTOR_OPTION, PROFILE_OPTION, Opened, day, document, opened
from connectors.cli.output import JSON_OPTION, emit, write
from connectors.cli.output import note as note_

_SLOT = typer.Argument(..., help="项目编号，如 24(3)/records/1@2024 / slot id.")
_SLOTS = typer.Argument(..., metavar="SLOT...", help="一项或多项材料的编号 / one or several slot ids.")
_GIVEN = typer.Option("", "--given", help="查看时的校验码；之后有补充则不处理 / digest; refused when something was added since.")
_REASON = typer.Option(..., "--reason", help="原因 / reason.")


def add(app: typer.Typer) -> None:
    """Put the acts into the group."""
    for name, act in (
        ("assign", assign),
        ("submit", submit),
        ("confirm", confirm),
        ("accept", accept),
        ("return", return_),
        ("withdraw", withdraw),
        ("reopen", reopen),
        ("comment", comment),
        ("na", na),
        ("nil", nil),
        ("snooze", snooze),
        ("reassign", reassign),
        ("due", due),
    ):
        app.command(name=name)(act)


def assign(
    target: str = typer.Argument(..., help="部分（一）、类（（十一））、项（24）、分项（24(3)）或 * / part, category, item, clause or *."),
    owner: str = typer.Option("", help="负责人 / owner."),
    reviewer: str = typer.Option("", help="审核人 / reviewer."),
    deputy: str = typer.Option("", help="代理人 / deputy."),
    deputy_from: str = typer.Option("", help="代理开始 / deputy's first day."),
    deputy_until: str = typer.Option("", help="代理结束 / deputy's last day."),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """指定负责人、审核人、代理人 / set owner, reviewer and deputy."""
    from dataclasses import asdict

    from assistant.register.acts.owning import Owners
    from assistant.register.facts.people import Assignment, target_of

    desk = opened(profile, actor)
    level, name = target_of(target, desk.guide)
    if not (owner or reviewer or deputy):
        raise RegisterError("register.nobody", slot=target)
    start, end = (day(text) if text else None for text in (deputy_from, deputy_until))
    owners = Owners(desk.synced())
    before = next((a for a in owners.assignments() if (a.level, a.target) == (level, name)), Assignment(level, name))
    row = Assignment(
        level,
        name,
        owner or before.owner,
        deputy or before.deputy,
        start if deputy else before.deputy_from,
        end if deputy else before.deputy_until,
        reviewer or before.reviewer,
    )
    changed = owners.assign([row], desk.who)
    if json_:
        emit({k: str(v) if v is not None and not isinstance(v, str) else v for k, v in asdict(row).items()})
    else:
        write(say("evidence.assigned", desk.settings.lang, count=changed))


def submit(
    slot: str = _SLOT,
    file: list[Path] = typer.Option([], "--file", help="文件，可多个 / file, repeatable."),
    link: list[str] = typer.Option([], "--link", help="链接，可多个 / link, repeatable."),
    note: list[str] = typer.Option([], "--note", help="文字说明 / note."),
    paper: list[str] = typer.Option([], "--paper", help="纸质原件的存放地点 / place of the paper original."),
    period: str = typer.Option("", help="材料所属期间，如 2024 或 2024-01..2024-06 / period covered."),
    valid_until: str = typer.Option("", help="有效期至 / valid until."),
    count: int = typer.Option(0, "--count", min=0, help="材料表明的次数或套数 / how often, or how many sets, it shows."),
    covers: list[str] = typer.Option([], "--covers", help="材料包括的要素，可多个 / an element it covers, repeatable."),
    again: bool = typer.Option(False, "--again", help="替换已接受的材料 / replace what was accepted."),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """提交文件、链接、说明或纸质原件的存放地点 / hand in files, links, notes or places of paper originals."""
    from dataclasses import replace

    from assistant.register.facts.slots import Piece, PieceKind, Said
    from assistant.register.papers.words import shortfall_word
    from assistant.register.rules.life import clean
    from assistant.register.rules.periods import given_period
    from assistant.register.rules.shortfall import shortfalls

    desk = opened(profile, actor)
    service = desk.synced()
    entry = service.entry(slot)
    of = given_period(period, entry.slot.id, entry.slot.period) if period else ""
    ends = day(valid_until) if valid_until else None
    given: tuple[tuple[PieceKind, list[str]], ...] = (("link", link), ("note", note), ("paper", paper))
    pieces = [Piece(kind, clean(text)) for kind, texts in given for text in texts if clean(text)]
    for path in file:
        if path.is_symlink():
            raise RegisterError("register.file_link", where=str(path))
        try:
            with path.open("rb") as content:
                pieces.append(service.take_file(content, path.name))
        except OSError:
            raise RegisterError("register.file_gone", where=str(path)) from None
    pieces = [replace(p, period=of, valid_until=ends) for p in pieces]
    changed = service.submit(slot, pieces, desk.who, again, Said(count, tuple(covers)))
    _done(desk, changed, json_)
    for short in shortfalls(changed.slot, changed.state, pieces):
        note_(shortfall_word(short, desk.settings.lang))


def confirm(
    slot: str = _SLOT,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """指南文字变了：确认已交的材料仍然够用 / the guide's words changed: what was handed in still serves."""
    desk = opened(profile, actor)
    _done(desk, desk.synced().confirm(slot, desk.who), json_)


def accept(
    slots: list[str] = _SLOTS,
    reason: str = typer.Option("", help="备注 / remark."),
    version: int = typer.Option(None, help="只接受第几次提交 / only if this submission is pending."),
    given: str = _GIVEN,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """通过；之后可用 reopen 撤销 / accept; undone by reopen."""
    desk = opened(profile, actor)
    _each(desk, slots, json_, lambda slot: desk.service.accept(slot, desk.who, version, reason, given))


def return_(
    slots: list[str] = _SLOTS,
    reason: str = typer.Option("", "--reason", help="原因 / reason."),
    lacks: list[str] = typer.Option([], "--lacks", help="缺少的要素，可多个 / an element that is missing, repeatable."),
    version: int = typer.Option(None, help="只退回第几次提交 / only if this submission is pending."),
    given: str = _GIVEN,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """退回并写明原因 / return with a reason."""
    desk = opened(profile, actor)
    _each(desk, slots, json_, lambda slot: desk.service.give_back(slot, reason, desk.who, version, given, lacking=lacks))


def withdraw(slot: str = _SLOT, profile: Path = PROFILE_OPTION, actor: str = ACTOR_OPTION, json_: bool = JSON_OPTION) -> None:
    """撤回自己提交、尚在审核的材料；重新提交即可恢复 / take back what you submitted and is in review; submit again to undo."""
    desk = opened(profile, actor)
    _done(desk, desk.synced().withdraw(slot, desk.who), json_)


def reopen(
    slot: str = _SLOT, reason: str = _REASON, profile: Path = PROFILE_OPTION, actor: str = ACTOR_OPTION, json_: bool = JSON_OPTION
) -> None:
    """撤销已通过的审核并写明原因；重新提交并通过即可恢复 / take an acceptance back with a reason; submit and accept again to undo."""
    desk = opened(profile, actor)
    _done(desk, desk.synced().reopen(slot, reason, desk.who), json_)


def comment(
    slot: str = _SLOT,
    text: str = typer.Argument(..., help="留言 / what to say."),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """留言；写入操作记录，不改变状态 / say something of a slot; kept in its history, changes nothing."""
    desk = opened(profile, actor)
    _done(desk, desk.synced().comment(slot, text, desk.who), json_)


def na(
    slot: str = _SLOT,
    reason: str = _REASON,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """申请不适用，由审核人决定 / say that it does not apply; a reviewer decides."""
    desk = opened(profile, actor)
    _done(desk, desk.synced().claim_na(slot, reason, desk.who), json_)


def nil(
    slot: str = _SLOT,
    reason: str = _REASON,
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """没有发生过：一份说明，涵盖各期间 / nothing of the kind happened: one statement for all open periods."""
    from assistant.register.facts.slots import Piece
    from assistant.register.rules.life import reasoned

    desk = opened(profile, actor)
    _done(desk, desk.synced().submit(slot, [Piece("nil", reasoned(reason))], desk.who), json_)


def snooze(
    slot: str = _SLOT,
    until: str = typer.Option(..., "--until", help="到这一天再催 / ask again from this day."),
    reason: str = typer.Option("", help="原因 / reason."),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """暂缓催办 / be asked later."""
    desk = opened(profile, actor)
    _done(desk, desk.synced().snooze(slot, day(until), desk.who, reason), json_)


def reassign(
    slot: str = _SLOT,
    to: str = typer.Option(..., "--to", help="转给谁 / to whom."),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """把这一项转给别人 / give this slot to somebody else."""
    desk = opened(profile, actor)
    _done(desk, desk.synced().reassign(slot, to, desk.who), json_)


def due(
    slot: str = _SLOT,
    on: str = typer.Option(..., "--on", help="新的截止日期 / the new due date."),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """改截止日期 / set another due date."""
    desk = opened(profile, actor)
    _done(desk, desk.synced().set_due(slot, day(on), desk.who), json_)


def _each(desk: Opened, slots: list[str], json_: bool, act: Callable[[str], Entry]) -> None:
    """One act on several slots in turn; those before a refusal stay done, and are told."""
    desk.synced()
    done: list[Entry] = []
    try:
        for slot in slots:
            done.append(act(slot))
    finally:
        if json_ and len(slots) > 1:
            emit([document(entry, desk.today) for entry in done])
        else:
            for entry in done:
                _done(desk, entry, json_)


def _done(desk: Opened, entry: Entry, json_: bool) -> None:
    from assistant.register.papers.words import state_word

    if json_:
        emit(document(entry, desk.today))
    else:
        shown = state_word(entry.shown(desk.today), desk.settings.lang)
        write(say("evidence.done", desk.settings.lang, slot=entry.slot.id, state=shown))
