"""``aeo evidence plan``: the slots a guide asks of an enterprise, why each is owed, and what planning would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import typer

from assistant.register.facts.slots import Slot
from assistant.register.papers.reports.explained import explained, in_short, page_html, plan_head, told_contradictions
from assistant.register.papers.said.described import described, titled, titles, whole_period
from assistant.register.papers.said.words import (
    dotted,
    exempt_word,
    first_line,
    periods,
    reason_word,
    slot_name,
    standing_word,
    whose,
    why_word,
)
from assistant.texts import listed, say
from connectors.cli.opened import ACTOR_OPTION, AT_OPTION, PROFILE_OPTION, Opened, document, opened
from connectors.cli.out import written
from connectors.cli.output import JSON_OPTION, emit, note, write


def plan(
    dry_run: bool = typer.Option(False, "--dry-run"),
    explain: bool = typer.Option(False, "--explain"),
    html: Path = typer.Option(None, "--html"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    at: str = AT_OPTION,
    all_: bool = typer.Option(False, "--all"),
    json_: bool = JSON_OPTION,
) -> None:
    """Generate the slots and say why each is owed."""
    explains = explain or html is not None
    desk = opened(profile, actor, at if dry_run or explains else None)
    for text in told_contradictions(desk.profile, desk.settings.lang, desk.today) if not explain else ():
        note(text)
    if explains:
        _explain(desk, html, all_, json_)
    if dry_run and not (explains and json_):
        _foreseen(desk, json_)
    if explains or dry_run:
        return
    result = desk.sync()
    owed, lang = desk.owed, desk.settings.lang
    entries = {e.slot.key: e for e in result.entries}
    if json_:
        emit(
            {
                "edition": owed.edition,
                "enterprise": desk.profile.enterprise,
                "added": len(result.added),
                "removed": len(result.removed),
                "slots": [
                    {
                        **document(entries[s.key], desk.today),
                        "line": s.line,
                        "why": why_word(s, lang),
                        "condition": s.condition,
                        "any_one_of": list(s.any_of) or None,
                        "checklist": list(s.checklist),
                        "criteria": list(s.criteria),
                        "standard": s.standard,
                    }
                    for s in owed.slots
                ],
                "nothing_to_hand_in": [
                    {"clause": e.clause, "why": exempt_word(e, lang), "line": e.line, "text": e.text} for e in owed.exempt
                ],
            }
        )
        return
    write(plan_head(owed, desk.profile, lang))
    for line in _lines(owed.slots, lang):
        write(line)
    write(say("evidence.exempt_head", lang))
    for e in owed.exempt:
        write(say("evidence.exempt_line", lang, clause=e.clause, why=exempt_word(e, lang), text=e.text))
    counts = {"added": len(result.added), "removed": len(result.removed), "off": len(result.off), "on": len(result.on)}
    note(say("evidence.plan_changed" if any(counts.values()) else "evidence.plan_same", lang, **counts))


def _lines(slots: Iterable[Slot], lang: str) -> Iterator[str]:
    """Each line of the guide with what it asks of whom and for when, and why."""
    for _, group in groupby(slots, key=lambda s: (s.line_key, s.kind, s.why)):
        same = list(group)
        first = same[0]
        rows = listed(dict.fromkeys(text for s in same if (text := whose(s, lang))), lang)
        name = dotted(slot_name(first.id, first.kind, lang), rows)
        why = reason_word(first.why, lang, periods((s.spoken for s in same), lang))
        more = say("evidence.conditional", lang) if first.condition and first.applicable else ""
        yield say("evidence.plan_line", lang, slot=name, why=why + more, text=first_line(first.text))


def _explain(desk: Opened, html: Path | None, all_: bool, json_: bool) -> None:
    """The plan item by item, with ``all_`` line by line; nothing is changed."""
    lang = desk.settings.lang
    dues = {e.slot.key: e.due for e in desk.service.entries(desk.now, guide=desk.guide, profile=desk.profile)}
    page = explained(desk.guide, desk.profile, desk.owed, lang, desk.today, dues)
    if html is not None:
        with written(html, True, ".html", ".htm") as target:
            target.write(page_html(page, lang).encode())
        if not json_:
            note(say("evidence.explain.done", lang, where=str(html)))
    if json_:
        emit(asdict(page))
    if json_ or html is not None:
        return
    write(page.head)
    for text in page.contradictions:
        write(text)
    for heading, texts in (("questions", page.questions), ("later", page.later)):
        if texts:
            write(say(f"evidence.explain.{heading}", lang))
        for text in texts:
            write(f"  {text}")
    if not all_:
        for item in page.items:
            for text in in_short(item, lang):
                write(text)
        note(say("evidence.explain.whole", lang))
        return
    write(say("evidence.explain.legend", lang))
    for reason in page.reasons:
        write(f"  {reason}")
    for item in page.items:
        write(f"\n{item.number}．{item.title}")
        for owed in item.owed:
            slots = say("evidence.explain.slots", lang, count=owed.slots) if owed.slots > 1 else ""
            waits = f"　{say('evidence.explain.waits', lang)}" if owed.waits else ""
            head = {"name": owed.name, "owing": owed.owing, "periods": owed.periods, "slots": slots, "waits": waits}
            write(" ".join(say("evidence.explain.owed", lang, **head).split()))
            write(say("evidence.explain.words", lang, text=owed.text))
            for text in owed.points:
                write(say("evidence.explain.point", lang, text=text))
            facts = [*([(say("evidence.explain.rows", lang), listed(owed.rows, lang))] if owed.rows else ()), *owed.facts]
            for text in (owed.why, owed.dates, *(say("slot.labelled", lang, label=label, text=said) for label, said in facts)):
                if text:
                    write(say("evidence.explain.more", lang, why=text))
            if owed.elements:
                label = say("slot.part.elements", lang)
                write(say("evidence.explain.words", lang, text=say("slot.labelled", lang, label=label, text=owed.elements)))
        for off in item.not_owed:
            write(say("evidence.explain.off", lang, name=off.name, why=off.why))


def _foreseen(desk: Opened, json_: bool) -> None:
    """What planning now would add, set aside, and hand on."""
    result, lang = desk.service.planned(desk.guide, desk.profile, desk.now), desk.settings.lang
    slots = {e.slot.key: e.slot for e in result.entries}
    if json_:
        added, removed = [slots[k].id for k in result.added], [slots[k].id for k in result.removed]
        heirs = [{"from": h.source.slot.id, "to": h.slot.id, "state": h.source.state.name} for h in result.heirs]
        turned = {"not_applicable": [slots[k].id for k in result.off], "applicable_again": [slots[k].id for k in result.on]}
        months = [h.slot.id for h in result.months]
        kept = {"taken_over": heirs, "to_confirm": months, "set_aside": [e.slot.id for e in result.lost]}
        emit({"added": added, "removed": removed, **turned, **kept})
        return
    write(
        say(
            "evidence.foreseen.head",
            lang,
            added=len(result.added),
            removed=len(result.removed),
            heirs=len(result.heirs),
            lost=len(result.lost),
            off=len(result.off),
            on=len(result.on),
        )
    )
    for heir in result.heirs:
        state = standing_word(heir.source, desk.today, lang)
        write(say("evidence.foreseen.heir", lang, before=titled(heir.source.slot, lang), after=titled(heir.slot, lang), state=state))
    for heir in result.months:
        state, then = standing_word(heir.source, desk.today, lang), whole_period(heir.source.slot, lang)
        write(say("evidence.foreseen.months", lang, slot=described(heir.slot, lang).title, before=then, state=state))
    for entry in result.lost:
        write(say("evidence.foreseen.lost", lang, slot=titled(entry.slot, lang), state=standing_word(entry, desk.today, lang)))
    gone = tuple(k for k in result.removed if k not in {e.slot.key for e in result.lost})
    listed_ = tuple(k for k in result.added if slots[k].applicable)
    for key, keys in (("added", listed_), ("turned_on", result.on), ("turned_off", result.off), ("removed", gone)):
        for name in titles([slots[k] for k in keys], lang):
            write(say(f"evidence.foreseen.{key}", lang, slot=name))
    if off := sum(not slots[k].applicable for k in result.added):
        note(say("evidence.foreseen.off", lang, count=off))
