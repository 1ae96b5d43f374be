"""The Home tab as a view: whose tab, which part of it, which page. Pure functions; never more blocks than a view may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any, Literal

from assistant.conversation.meaning.naming import by_line, line_name
from assistant.conversation.scene import Scene
from assistant.register.acts.mentions import mention
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.one_paper import Asked, as_one, mentions
from assistant.texts import listed, say
from connectors.slack.cards.blocks.parts import bullets, button, divider, header, line, paragraph, quote, rich, row, small, words
from connectors.slack.cards.blocks.rich_text import Block
from connectors.slack.cards.carried import SHOWN, packed
from connectors.slack.cards.evidence.slot_card import slot_blocks, status
from connectors.slack.cards.review.pieces import PIECES, piece_list
from connectors.slack.cards.review.review_card import ACCEPT, RETURN

Tab = Literal["mine", "review", "lead"]
TAB, PAGE = "evidence_home_tab", "evidence_home_page"
PER_PAGE = 12  # lines of a page; with their buttons within Slack's 100 blocks
_QUOTE = 260  # characters of a line
_PIECES = 4  # that are named
_SETTLED = ("submitted", "accepted", "not_applicable")
_URGENT = ("returned", "to_confirm", "expired", "missing")

View = dict[str, Any]


@dataclass(frozen=True)
class Desktop:
    """What belongs to one person: what they owe now, what waits for their review, what is owed later, what was settled today.

    ``lead``: they are the lead.
    """

    person: str
    open: tuple[Entry, ...]
    pending: tuple[Entry, ...]
    reviews: tuple[Entry, ...]
    later: int
    lead: bool
    settled: tuple[Entry, ...] = ()


def desktop(entries: Sequence[Entry], person: str, lead: str, today: date, zone: tzinfo) -> Desktop:
    """A person's part of the register, the most urgent first; what was settled stays in sight until the next day in ``zone``."""
    own = [e for e in entries if e.owner == person and e.owed]
    open_ = [e for e in own if e.shown(today) in _URGENT and e.open(today)]
    waiting = [e for e in entries if e.planned and e.state.name == "submitted"]
    reviews = [e for e in waiting if person in (e.reviewer, lead) and person not in e.state.submitters]
    done = [e for e in own if e.shown(today) in _SETTLED and _since(e, zone) == today]
    later = sum(e.shown(today) in _URGENT and not e.open(today) for e in own)
    return Desktop(
        person,
        tuple(sorted(open_, key=lambda e: (e.due or date.max, _URGENT.index(e.shown(today)), e.slot.position))),
        tuple(e for e in waiting if e.owner == person),
        tuple(sorted(reviews, key=lambda e: (e.state.submitted_at is None, e.state.submitted_at, e.slot.position))),
        later,
        person == lead,
        tuple(sorted(done, key=lambda e: e.slot.position)),
    )


def _since(entry: Entry, zone: tzinfo) -> date | None:
    """The day on which a slot came to how it stands."""
    at = entry.state.submitted_at if entry.state.name == "submitted" else entry.state.reviewed_at
    return at.astimezone(zone).date() if at else None


def first_tab(mine: Desktop) -> Tab:
    """What a person sees first."""
    return "lead" if mine.lead else "mine" if mine.open or not mine.reviews else "review"


def home_view(mine: Desktop, tab: Tab, page: int, at: Scene, overview: Sequence[Block]) -> View:
    """The view; ``overview`` is what the lead's own part shows."""
    lang = at.lang
    blocks = [_tabs(mine, tab, lang)]
    asked = [] if tab == "review" else entries_of(mine.open, at.today)
    page = min(max(page, 0), pages(len(mine.reviews if tab == "review" else asked)) - 1)
    if tab == "lead" and mine.lead:
        blocks += overview
    elif tab == "review":
        blocks += _reviews(mine, page, at)
    else:
        blocks += _mine(mine, asked, page, at)
    return {"type": "home", "private_metadata": packed(t=tab, p=page), "blocks": blocks}


def entries_of(open_: Sequence[Entry], today: date) -> list[Asked]:
    """What is asked of somebody, in order: a line with its periods, and those that its paper serves too; what came back stands alone."""
    groups = [[mention(e, "home", today) for e in group] for group in _alike(open_, today)]
    untouched = [group for group in groups if group[0].state == "missing"]
    alone: list[Asked] = [(group, ()) for group in groups if group[0].state != "missing"]
    order = {shown.key: number for number, group in enumerate(groups) for shown in group}
    return sorted([*as_one(untouched), *alone], key=lambda entry: min(order[shown.key] for shown in mentions(entry)))


def _alike(entries: Sequence[Entry], today: date) -> list[list[Entry]]:
    """Periods of one line that are due together and stand alike, untouched or waiting for one word; everything else stands alone."""
    found: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        slot, stands = entry.slot, entry.shown(today)
        line = (slot.line_key, slot.subject, slot.person, entry.due, entry.state.snoozed_until, entry.state.counted)
        found.setdefault((*line, stands if stands in ("missing", "to_confirm") and slot.period else slot.key), []).append(entry)
    return [sorted(group, key=lambda e: e.slot.period) for group in found.values()]


def plain_home(text: str) -> View:
    """A Home tab that has only something to say."""
    return {"type": "home", "blocks": [paragraph(text)]}


def pages(count: int) -> int:
    """How many pages that many slots take."""
    return max(1, -(-count // PER_PAGE))


def _tabs(mine: Desktop, tab: Tab, lang: str) -> Block:
    tabs: list[tuple[Tab, int]] = [("mine", len(mine.open))]
    if mine.reviews or mine.lead:
        tabs.append(("review", len(mine.reviews)))
    if mine.lead:
        tabs.insert(0, ("lead", 0))
    made = []
    for name, count in tabs:
        label = say(f"evidence_slack.home.{name}", lang, count=count)
        made.append(button(f"{TAB}:{name}", label, packed(t=name), "primary" if name == tab else ""))
    return row("tabs", made)


def _mine(mine: Desktop, asked: Sequence[Asked], page: int, at: Scene) -> list[Block]:
    lang = at.lang
    listed = asked[page * PER_PAGE : (page + 1) * PER_PAGE]
    late = sum(e.due is not None and e.due < at.today for e in mine.open)
    facts = say("evidence_slack.home.facts", lang, open=len(mine.open), late=late, pending=len(mine.pending), later=mine.later)
    blocks = [header(say("evidence_slack.home.mine_head", lang)), small(facts)]
    if mine.settled and page == 0:
        blocks += _settled(mine.settled, at)
    if not listed:
        blocks.append(paragraph(say("evidence_slack.home.nothing", lang)))
    for number, (group, along) in enumerate(listed, page * PER_PAGE + 1):
        blocks += [divider(), *slot_blocks(group, number, at, mine.person, "", along=along)]
    return [*blocks, *_pager("mine", page, len(asked), lang)]


def _settled(done: Sequence[Entry], at: Scene) -> list[Block]:
    """What was settled today: how it stands, so that nobody wonders where it went."""
    lang = at.lang
    rows = []
    for group in by_line(done)[:PER_PAGE]:
        stands = list(dict.fromkeys(status(mention(e, "home", at.today), e, at) for e in group))
        rows.append([words(line_name(group, lang), bold=True), words(" " + listed(stands, lang), 300)])
    heading = line(words(say("evidence_slack.home.settled", lang, count=len(done)), bold=True))
    more = len(by_line(done)) - PER_PAGE
    rows += [[words(say("talk.more_lines", lang, count=more))]] if more > 0 else []
    return [rich("settled", heading, bullets(rows))]


def _reviews(mine: Desktop, page: int, at: Scene) -> list[Block]:
    lang = at.lang
    listed = mine.reviews[page * PER_PAGE : (page + 1) * PER_PAGE]
    blocks = [
        header(say("evidence_slack.home.review_head", lang)),
        small(say("evidence_slack.home.review_facts", lang, count=len(mine.reviews))),
    ]
    if not listed:
        blocks.append(paragraph(say("evidence_slack.home.no_review", lang)))
    for number, entry in enumerate(listed, page * PER_PAGE + 1):
        blocks += [divider(), *_review(entry, number, at)]
    return [*blocks, *_pager("review", page, len(mine.reviews), lang)]


def _review(entry: Entry, number: int, at: Scene) -> list[Block]:
    slot, lang = entry.slot, at.lang
    name = f"{number}. {line_name([entry], lang)}"
    given = [p for p in at.pieces if p.slot == slot.key and p.version == entry.state.version]
    claim = entry.state.claim == "not_applicable"
    by = tuple(at.name(p) for p in entry.state.submitters)
    reason = [[words(say("evidence_slack.home.claimed", lang, reason=entry.state.reason))]]
    came = bullets(reason if claim else piece_list(given, at, most=_PIECES))
    what = rich(f"what:{number}", line(words(name, bold=True)), quote(slot.text, _QUOTE), came)
    value = packed(s=slot.key, v=entry.state.version, g=entry.state.given[:SHOWN])
    buttons = [
        button(ACCEPT, say("evidence_slack.button.accept", lang), value, "primary"),
        button(RETURN, say("evidence_slack.button.return", lang), value),
        *([] if claim else [button(PIECES, say("evidence_slack.button.pieces", lang), value)]),
    ]
    return [what, small(say("evidence_slack.review.by", lang, by=by, version=entry.state.version)), row(f"do:{number}", buttons)]


def _pager(tab: Tab, page: int, count: int, lang: str) -> list[Block]:
    total = pages(count)
    if total == 1:
        return []
    made = []
    if page:
        made.append(button(f"{PAGE}:back", say("evidence_slack.home.back", lang), packed(t=tab, p=page - 1)))
    if page + 1 < total:
        made.append(button(f"{PAGE}:on", say("evidence_slack.home.on", lang), packed(t=tab, p=page + 1)))
    return [divider(), row("pages", made), small(say("evidence_slack.home.page", lang, page=page + 1, pages=total))]
