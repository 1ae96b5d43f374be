"""What a reviewer gets for a hand-in: its lines with what came for each, and 接受 / 退回 for one of them or for all. Pure functions.

A line's buttons are there while exactly what the card showed of it waits; what was added since has a card of its own in the thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.conversation.meaning.naming import line_of
from assistant.conversation.scene import Scene
from assistant.register.acts.slots.review_notes import PER_CARD
from assistant.register.acts.slots.together import goes_with
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.notices.common import Mention
from assistant.register.facts.notices.reviewing import ToReview
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.described import described, titled
from assistant.register.papers.said.one_paper import title
from assistant.register.papers.said.words import in_a_row, returned_words, reviewer_word, shortfall_word, state_word
from assistant.register.rules.evidence.shortfall import shortfalls
from assistant.texts import listed, say
from connectors.slack.cards.blocks.parts import bullets, button, divider, header, line, quote, rich, row, small, words
from connectors.slack.cards.blocks.rich_text import Block, SlackMessage
from connectors.slack.cards.blocks.text import Element, escape, instant_element, plain
from connectors.slack.cards.carried import SHOWN, packed
from connectors.slack.cards.evidence.told import IN_REVIEW, short_facts, told_parts
from connectors.slack.cards.review.pieces import piece_list

ACCEPT, RETURN = "evidence_accept", "evidence_return"
ALL = "*"
"""Stands for all lines of a card in a button."""
_NOTE = 400  # characters of a line; the longest of the guide that is handed in has fewer
_MOST, _FEW = 12, 4  # pieces that are named on a card of one, and of several


@dataclass(frozen=True)
class CardRow:
    """One line on a card, its periods together: what the card said of them, how they stand, what came for them, and what is still open."""

    shown: tuple[Mention, ...]
    entries: tuple[Entry, ...]
    given: tuple[Piece, ...]
    waits: bool
    stands: str

    @property
    def key(self) -> str:
        """The key of its first slot, which stands for it in buttons."""
        return self.shown[0].key

    def name(self, lang: str) -> str:
        """The line with whose it is and its periods."""
        return title(self.shown, lang)


def review_card(message: Message, says: ToReview, at: Scene) -> SlackMessage:
    """The card of a hand-in, or of one version of a submission that waits for another reviewer."""
    lang, every = at.lang, rows_of(message, says, at)
    rows, more = every[:PER_CARD], len(every[PER_CARD:])  # letters hold more, and come here where mail failed
    waiting = [r for r in rows if r.waits]
    by = listed((at.name(p) for p in says.by), lang)
    one = len(rows) == 1
    name = "adds" if says.adds else "claim" if says.claims else "head"
    title = say(f"evidence_slack.review.{name}" if one else "evidence_slack.review.several", lang, count=len(says.slots), by=by)
    facts = [
        words(say("evidence_slack.review.by", lang, by=by, version=says.version)),
        *([instant_element(says.at, at.zone)] if says.at else []),
    ]
    together = not one and len({_same(r.given) for r in rows}) == 1 and bool(rows[0].given)
    blocks: list[Block] = [header(title), rich("who", line(*facts))]
    if together:
        blocks.append(rich("given", *_given(rows[0].given, at, says, _MOST)))
    for number, found in enumerate(rows, 1):
        blocks += _row(found, number, one, together, message, says, at)
    if not one and len(waiting) > 1 and not more:  # "all" is all of the message, also what is not shown here
        blocks += [divider(), row("all", _buttons(waiting, ALL, message, says, at, len(waiting)))]
    if more:
        blocks.append(small(say("evidence_slack.more", lang, count=more)))
    note = say("evidence_slack.review.files_below", lang) if says.files and waiting and not at.links else ""
    names = listed((r.name(lang) for r in rows), lang)
    return SlackMessage(escape(f"{title}：{names}（{by}）"[:1_000]), [*blocks, *([small(note)] if note else [])])


def rows_of(message: Message, says: ToReview, at: Scene) -> list[CardRow]:
    """The lines of a card: periods of one line that stand alike and came with the same pieces are one row."""
    found: dict[tuple[Any, ...], list[tuple[Mention, Entry | None, tuple[Piece, ...], str]]] = {}
    for shown in says.slots:
        entry = at.entries.get(shown.key)
        given = tuple(p for p in at.pieces if p.slot == shown.key and p.version == says.version_of(shown.key))
        stands = _stands(message.recipient, says, shown.key, entry, at)
        found.setdefault((line_of(shown.slot), stands, _same(given)), []).append((shown, entry, given, stands))
    return [
        CardRow(tuple(s for s, *_ in group), tuple(e for _, e, *_ in group if e is not None), group[0][2], not group[0][3], group[0][3])
        for group in found.values()
    ]


def _same(given: Sequence[Piece]) -> tuple[tuple[str, str, str], ...]:
    return tuple((p.kind, p.sha256, p.shown) for p in given)


def _stands(reader: str, says: ToReview, key: str, entry: Entry | None, at: Scene) -> str:
    """Why there is nothing to decide on any more; empty while what the card showed waits."""
    lang = at.lang
    if entry is None or entry.state.version != says.version_of(key):
        return say("evidence_slack.review.newer", lang)
    shown = says.given.get(key, "")
    if entry.state.name == "submitted" and shown and not entry.state.given.startswith(shown):
        return say("evidence_slack.review.added", lang)
    if entry.state.name == "submitted":
        return say("evidence_slack.review.nobody", lang) if reader in entry.state.submitters else ""
    state, mine = entry.shown(at.today), entry.state.accepted_version == says.version_of(key)
    if state == "missing" and mine:
        return say("evidence_slack.review.partly", lang, by=reviewer_word(entry.state, lang, at.name))
    if state == "accepted" and not mine:  # withdrawn: what was accepted before stands again
        state = "missing"
    if state in ("to_confirm", "missing", "expired"):  # nobody's decision
        return say(f"evidence_slack.review.{state}", lang)
    by, held = reviewer_word(entry.state, lang, at.name), entry.state
    reason = in_a_row(returned_words(held.reason, held.lacking, (), lang), lang) if state == "returned" else ""
    return say("evidence_slack.review.decided", lang, state=state_word(state, lang), by=by, reason=f"：{reason}" if reason else "")


def _row(found: CardRow, number: int, one: bool, together: bool, message: Message, says: ToReview, at: Scene) -> list[Block]:
    """One line: what is asked, what came for it, what is short, what to look at; and its buttons, or how it stands."""
    lang, first = at.lang, found.shown[0]
    name = found.name(lang) if one else f"{number}. {found.name(lang)}"
    elements = [line(words(name, bold=True)), quote(first.text, _NOTE)]
    claim = says.claims.get(found.key, "")
    if claim:
        elements += [line(words(say("evidence_slack.review.reason", lang), bold=True)), quote(claim, _NOTE)]
    elif not together:
        elements += _given(found.given, at, says, _MOST if one else _FEW)
    blocks: list[Block] = [*([] if one else [divider()]), rich(f"what:{number}", *elements)]
    if found.waits and found.entries:
        entry = found.entries[0]
        short = shortfalls(entry.slot, entry.state, found.given) if not claim else ()
        told = described(entry.slot, lang, entry.state)
        facts = [*(() if one else short_facts(told, lang, ("measure",))), *(f"⚠️ {shortfall_word(s, lang)}" for s in short)]
        facts += _short_along(found, at)
        blocks += [small(*facts)] if facts else []
        blocks += told_parts(told, IN_REVIEW, f"criteria:{number}") if one else []
    if found.stands:
        return [*blocks, small(found.stands)]
    return [*blocks, row("do" if one else f"do:{number}", _buttons([found], found.key, message, says, at))]


def _short_along(found: CardRow, at: Scene) -> list[str]:
    """What the paper is short of for the other lines that it was handed in for, each by name."""
    others = [e for e in at.entries.values() if any(goes_with(e, one) for one in found.entries)]
    told = ((titled(e.slot, at.lang), s) for e in others for s in shortfalls(e.slot, e.state, found.given))
    return [f"⚠️ {say('slot.labelled', at.lang, label=name, text=shortfall_word(s, at.lang))}" for name, s in told]


def _buttons(found: Sequence[CardRow], slot: str, message: Message, says: ToReview, at: Scene, count: int = 0) -> list[Element]:
    """接受 and 退回 for these lines; a claim that something does not apply is asked about again before it counts."""
    lang, first = at.lang, found[0]
    value = packed(s=slot, m=message.id)
    if slot != ALL and len(first.entries) == 1:
        value = packed(s=slot, v=says.version_of(slot), g=first.entries[0].state.given[:SHOWN], m=message.id)
    claimed = [r.name(lang) for r in found if r.key in says.claims]
    sure: Element | None = None
    if claimed:
        sure = {
            "title": plain(say("evidence_slack.review.sure", lang), 100),
            "text": plain(say("evidence_slack.review.sure_text", lang, slot=tuple(claimed)), 300),
            "confirm": plain(say("evidence_slack.button.accept", lang), 30),
            "deny": plain(say("evidence_slack.form.close", lang), 30),
        }
    which = "_all" if count else ""
    return [
        button(ACCEPT, say(f"evidence_slack.button.accept{which}", lang, count=count), value, "primary", sure),
        button(RETURN, say(f"evidence_slack.button.return{which}", lang, count=count), value, "danger"),
    ]


def _given(given: Sequence[Piece], at: Scene, says: ToReview, most: int) -> list[Element]:
    heading = line(words(say("evidence_slack.review.given", at.lang), bold=True))
    since = says.at if says.adds else None
    return [heading, bullets(piece_list(given, at, since, most))]
