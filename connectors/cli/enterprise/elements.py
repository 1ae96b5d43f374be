"""``aeo profile elements``: what a new edition's lines seem to demand, confirmed by the lead one by one or in a table."""

from __future__ import annotations

from pathlib import Path

import typer

from assistant.adapters.lead_files import write_profile
from assistant.adapters.sheet import read_cells
from assistant.conversation.profile.declaring import BETWEEN
from assistant.conversation.profile.ticking import confirmed, not_of_line
from assistant.errors import UsageError
from assistant.register.papers.for_customs.catalogue import workbook
from assistant.register.papers.tables.elements_table import header, rows, taken
from assistant.register.rules.demands.proposal import unreviewed
from assistant.texts import say
from connectors.cli.opened import PROFILE_OPTION, Opened, opened
from connectors.cli.out import FORCE_OPTION, written
from connectors.cli.output import JSON_OPTION, emit, write


def elements(
    confirm: list[str] = typer.Option([], "--confirm"),
    set_: list[str] = typer.Option([], "--set"),
    xlsx: Path = typer.Option(None, "--xlsx"),
    take: Path = typer.Option(None, "--take"),
    force: bool = FORCE_OPTION,
    profile: Path = PROFILE_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Elements of lines nobody reviewed: proposals, confirmed by the lead."""
    desk = opened(profile)
    lang, guide = desk.settings.lang, desk.guide
    known = {line.id: (line, parts) for line, parts in unreviewed(guide, desk.profile)}
    said = _said(desk, {key: parts for key, (_, parts) in known.items()}, confirm, set_)
    said |= taken(guide, read_cells(take), str(take)) if take is not None else {}
    if said:
        path = desk.profile_path or desk.settings.profile_path
        write_profile(path, confirmed(desk.profile, guide, said), lang)
    open_still = {key: found for key, found in known.items() if key not in said}
    if xlsx is not None:
        title = (say("profile.elements_title", lang, edition=guide.edition), say("profile.elements_about", lang))
        made = workbook(title, header(lang), rows(open_still.values()), guide.edition, set(), desk.now, {})
        with written(xlsx, force) as file:
            file.write(made)
    if json_:
        emit([{"line": key, "text": line.text, "proposed": list(parts)} for key, (line, parts) in open_still.items()])
        return
    if said:
        write(say("profile.elements_taken", lang, count=len(said)))
        write(say("profile.saved", lang, where=str(path)))
    if xlsx is not None:
        write(say("profile.elements_written", lang, where=str(xlsx), count=len(open_still)))
        return
    for key, (_, parts) in open_still.items():
        write(f"{key}　{say('profile.parts', lang, parts=parts)}")


def _said(desk: Opened, proposals: dict[str, tuple[str, ...]], confirm: list[str], given: list[str]) -> dict[str, tuple[str, ...]]:
    """Line id -> elements, of what was confirmed as proposed and what was written out.

    Raises:
        UsageError: something of it does not stand in its line, or there is no such line.
    """
    lines = desk.guide.requirements
    pairs = ((key.strip(), value) for key, _, value in (text.partition("=") for text in given))
    said = {key: tuple(p for p in BETWEEN.split(value.strip()) if p) for key, value in pairs}
    said |= {key: proposals[key] for key in confirm if key in proposals}
    wrong = [key for key in (*confirm, *said) if key not in lines or not said.get(key)]
    wrong += [part for key, parts in said.items() if key not in wrong for part in not_of_line(desk.guide, key, parts)]
    if wrong:
        raise UsageError("profile.not_in_line", wrong=tuple(wrong))
    return said
