"""What the lead sees on the Home tab: readiness, who is late, what did not arrive, tomorrow's nudges, the edition and its last eval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.conversation.ports import Enquiry
from assistant.conversation.profile.declaring import still_open
from assistant.conversation.profile.ticking import proposals
from assistant.conversation.scene import Scene
from assistant.errors import AeoError
from assistant.guide import KINDS, Guide
from assistant.register.facts.notices.asking import Reminded
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Entry
from assistant.register.papers.reports.coverage import Ready, counted, heat, readiness, total
from assistant.register.papers.said.words import kind_word
from assistant.register.ports import Count
from assistant.register.rules.people.nudges import Decision
from assistant.texts import say
from connectors.slack.cards.blocks.parts import HOLE, bullets, button, divider, header, line, rich, row, small, timed, words
from connectors.slack.cards.blocks.rich_text import Block
from connectors.slack.cards.blocks.text import Element, instant_element, plain
from connectors.slack.cards.home.elements_form import elements_rows
from connectors.slack.cards.home.people_rows import late_rows, question_rows, stuck_rows
from connectors.slack.cards.home.profile_form import profile_rows
from connectors.slack.wire import limits
from evals.runs.record import folders, load_run

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk

ITEM, TABLE = "lead_item", "lead_table"
"""The menu that opens an item's lines, and the button that sends the whole table."""
_MOST = 12  # people that the overview names
_ITEMS = 31  # of the shipped guide
_SQUARES, _SCORES = 12, 3  # of a bar of progress; scores that are shown
_LOOKED = 300  # undelivered messages that are looked through


def overview(
    desk: Desk, entries: Sequence[Entry], at: Scene, now: datetime, home: Path, asked: Sequence[tuple[Enquiry, str]]
) -> list[Block]:
    """The lead's blocks; ``asked`` are the questions that wait for the lead, each with the address of its card."""
    counts = counted(entries, at.today)
    tomorrow, decision = _tomorrow(desk, now)
    with desk.service.register.reading(desk.workspace) as tx:
        stuck = tx.messages(limit=_LOOKED, stuck=True)
        told = tx.messages(kind=Reminded.named, limit=_LOOKED)
    whole = total(counts)
    waiting, ticks = still_open(desk, now, at.lang), proposals(desk)
    return [
        header(say("evidence_slack.lead.ready_head", at.lang)),
        rich("bar", line(words(_bar(whole.share)), words(f"  {round(100 * whole.share)}%", bold=True))),
        small(_total(whole, at.lang)),
        divider(),
        *([*question_rows(asked, at), divider()] if asked else ()),
        *([*profile_rows(waiting, at.lang), divider()] if waiting else ()),
        *([*elements_rows(ticks, at.lang), divider()] if ticks else ()),
        *late_rows(counts, at, _reminded(told, at.today, desk.service.rules.zone)),
        divider(),
        *stuck_rows(stuck, at),
        divider(),
        _section("kinds", "by_kind", [_ready(kind_word(k, at.lang), r, at.lang) for k, r in _kinds(counts)], at.lang),
        _section("items", "by_item", list(_items(desk.guide, counts, at.lang)), at.lang),
        *_look(desk.guide, counts, at.lang),
        divider(),
        _section("tomorrow", "tomorrow", _asked(decision, at), at.lang, instant_element(tomorrow, at.zone)),
        divider(),
        _section("edition", "edition", _edition(desk.guide, home, at.lang), at.lang),
    ]


def _section(block_id: str, name: str, listed: Sequence[str], lang: str, when: Element | None = None) -> Block:
    title = say(f"evidence_slack.lead.{name}", lang, when=HOLE)
    heading = line(*(timed(title, when, bold=True) if when else [words(title, bold=True)]))
    return rich(block_id, heading, bullets([words(text, 160)] for text in (listed or [say(f"evidence_slack.lead.no_{name}", lang)])))


def _bar(share: float) -> str:
    """A share as a row of squares."""
    full = int(share * _SQUARES)
    return "🟩" * full + "⬜" * (_SQUARES - full)


def _total(ready: Ready, lang: str) -> str:
    values = {"ready": ready.ready, "owed": ready.owed}
    return say(
        "evidence_slack.lead.total", lang, **values, pending=ready.pending, open=ready.open, overdue=ready.overdue, later=ready.later
    )


def _ready(name: str, ready: Ready, lang: str) -> str:
    late = say("evidence_slack.lead.overdue", lang, count=ready.overdue) if ready.overdue else ""
    return say("evidence_slack.lead.row", lang, name=name, ready=ready.ready, owed=ready.owed) + late


def _kinds(counts: Sequence[Count]) -> list[tuple[str, Ready]]:
    found = readiness(counts, "kind")
    return [(k, found[k]) for k in KINDS if k in found]


def _items(guide: Guide, counts: Sequence[Count], lang: str) -> Iterable[str]:
    """One line an item: ready of owed, by kind."""
    cells = heat(counts)
    for item in list(guide.items.values())[:_ITEMS]:
        parts = [f"{kind_word(k, lang)} {r.ready}/{r.owed}" for k in KINDS if (r := cells.get((item.number, k))) is not None and r.owed]
        whole = sum((cells[item.number, k] for k in KINDS if (item.number, k) in cells), Ready())
        if parts:
            late = say("evidence_slack.lead.overdue", lang, count=whole.overdue) if whole.overdue else ""
            yield f"{item.number} {item.title}：{' · '.join(parts)}{late}"


def _look(guide: Guide, counts: Sequence[Count], lang: str) -> list[Block]:
    """The way to the lines of an item, and to the whole table where the chat shows tables."""
    cells = {item for item, _ in heat(counts)}
    options = [
        {"text": plain(f"{i.number} {i.title}", limits.OPTION_TEXT), "value": i.number} for i in guide.items.values() if i.number in cells
    ]
    if not options:
        return []
    hint = plain(say("evidence_slack.lead.see_item", lang), limits.PLACEHOLDER_TEXT)
    pick: Element = {"type": "static_select", "action_id": ITEM, "placeholder": hint, "options": options[: limits.OPTIONS]}
    return [row("look", [pick, button(TABLE, say("evidence_slack.lead.table", lang), "-")])]


def _reminded(told: Sequence[Message], today: date, zone: tzinfo) -> dict[str, datetime]:
    """Who was reminded by hand today, and when last."""
    found: dict[str, datetime] = {}
    for message in told:
        at = message.created_at
        if at is not None and at.astimezone(zone).date() == today:
            found[message.recipient] = max(at, found.get(message.recipient, at))
    return found


def _tomorrow(desk: Desk, now: datetime) -> tuple[datetime, Decision]:
    zone = desk.service.rules.zone
    midnight = (now.astimezone(zone) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    opens = desk.service.window.next_open(midnight, zone)
    return opens, desk.service.preview(opens)


def _asked(decision: Decision, at: Scene) -> list[str]:
    listed = []
    for d in decision.digests[:_MOST]:
        why = say(f"nudge.reason.{d.reason}", at.lang)
        row_of = "asked_more" if d.more else "asked"
        told = say(f"evidence_slack.lead.{row_of}", at.lang, who=at.name(d.recipient), count=len(d.slots), more=d.more, why=why)
        listed.append(told)
    return _cut(listed, len(decision.digests), at.lang)


def _edition(guide: Guide, home: Path, lang: str) -> list[str]:
    return [say("evidence_slack.lead.in_force", lang, edition=guide.edition, title=guide.title), _evaluated(home, lang)]


def _evaluated(home: Path, lang: str) -> str:
    """The last finished eval run, in one line."""
    done = [f for f in folders(home) if f.done]
    if not done:
        return say("evidence_slack.lead.no_eval", lang)
    try:
        return _run(str(home), done[-1].path.name, lang)
    except AeoError as error:
        return error.sentence(lang)


@lru_cache(maxsize=8)
def _run(home: str, name: str, lang: str) -> str:
    from evals.runs.compared.summary import totals

    run = load_run(name, Path(home))
    found = totals(run.gated)
    shown = [f"{say(f'report.score.{metric}', lang)} {found[metric].value:.3f}" for metric in list(found)[:_SCORES]]
    sets = tuple(s.name for s in run.header.sets)
    return say("evidence_slack.lead.eval", lang, run=run.id, sets=sets, cases=len(run.results), scores=" · ".join(shown))


def _cut(listed: list[str], count: int, lang: str) -> list[str]:
    return [*listed, say("evidence_slack.lead.more", lang, count=count - _MOST)] if count > _MOST else listed
