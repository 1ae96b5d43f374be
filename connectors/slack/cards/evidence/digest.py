"""The messages that carry slots: digests, drills, hand-overs, lists asked for, notices of a new edition. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from assistant.conversation.meaning.naming import mentioned
from assistant.conversation.scene import Scene
from assistant.register.facts.notices.asking import Changed, Drilled, Handed, Nudge, Reminded, Renewed, Wanting
from assistant.register.facts.notices.common import Mention
from assistant.register.facts.outbox import Message
from assistant.register.facts.slot_ids import SlotKey
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.messages import back_key
from assistant.register.papers.said.one_paper import Asked, as_one, mentions
from assistant.register.papers.said.words import actor_word
from assistant.texts import say
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.cards.blocks.parts import HOLE, divider, header, line, paragraph, rich, small, timed, words
from connectors.slack.cards.blocks.rich_text import Block, SlackMessage
from connectors.slack.cards.blocks.text import clean, escape, instant_element
from connectors.slack.cards.carried import packed
from connectors.slack.cards.evidence.digest_line import DigestLine, told_line
from connectors.slack.cards.evidence.slot_card import CONFIRM, FOUND, buttons, pressing, slot_blocks, status, urgency

_M = TypeVar("_M", bound=Mention)

MOST = 10
"""Slots in a drill or a notice of a new edition."""
LINES = 5
"""Lines in a digest at most; the others stand on the Home tab."""
HIGH = 500
"""Pixels of its lines, so that the whole is under 700 px at 390 px width; measured on pictures (``tests/slack/render``)."""
_CHANGED, _NAMED = 160, 3  # characters of a changed line, people that are named
_ROOM, _AROUND = 9_000, 500
"""Characters of the guide in one message, and what stands around each slot (Slack refuses messages from about 13,000)."""


def digest(message: Message, says: Wanting, at: Scene) -> SlackMessage:
    """A digest, a drill, a hand-over or a list asked for, as it stands now."""
    lang = at.lang
    listed = _fitting(says.slots)
    drill = isinstance(says, Drilled)
    settled = sum(s.key in at.produced if drill else _settled(at.entries.get(s.key), at) for s in says.slots)
    title = _title(says, len(says.slots) + says.more - settled, lang)
    blocks: list[Block] = [header(title), small(*_source(says, at), _asking(message, says, at))]
    blocks += _intro(says, at)
    if drill:
        for number, shown in enumerate(listed, 1):
            blocks += [divider(), *_slot(message, shown, number, at, (FOUND,))]
        return SlackMessage(_fallback(title, listed, lang), [*blocks, divider(), small(*_footer(says, len(listed), at))])
    lines = that_fit(_lines(says.slots, message, at), at, message.recipient)
    for number, one in enumerate(lines, 1):
        blocks.append(one.block(number))
        if one.usable:
            blocks.append(pressing(one.usable, number, packed(s=one.group[0].key, m=message.id), one.entry, lang))
    drawn = [s for one in lines for s in mentions((one.group, one.along))]
    return SlackMessage(_fallback(title, [one.group[0] for one in lines], lang), [*blocks, small(*_footer(says, len(drawn), at))])


def _title(says: Wanting, left: int, lang: str) -> str:
    """What is wanted, and how much is left of it."""
    if left > 0:
        return say(f"evidence_slack.head.{says.topic}", lang, count=left)
    return say(f"evidence_slack.head.nothing_left{'_drill' if isinstance(says, Drilled) else ''}", lang)


def _lines(slots: Sequence[Mention], message: Message, at: Scene) -> Sequence[Asked]:
    """The slots by line, periods and lines of one paper that stand alike together: ``LINES`` that are to be done, and what is settled."""
    found: dict[tuple[object, ...], dict[tuple[object, ...], list[Mention]]] = {}
    for shown in slots:
        of = SlotKey.of(shown.key)
        entry = at.entries.get(shown.key)
        usable = buttons(shown, entry, at, message.recipient)
        stands = entry.shown(at.today) if entry else ""
        alone: tuple[object, ...] = ("", shown.key) if usable and stands != "submitted" else ("", status(shown, entry, at))
        line_ = (of.line, of.mark, entry.state.counted if entry and usable else 0)
        alike: tuple[object, ...] = (
            ("open",) if stands == "missing" and usable else (stands, *line_) if stands == "to_confirm" and usable else alone
        )
        found.setdefault(alike, {}).setdefault(line_, []).append(shown)
    order = {shown.key: number for number, shown in enumerate(slots)}
    entries = [(alike == ("open",), one) for alike, groups in found.items() for one in as_one(list(groups.values()))]
    entries.sort(key=lambda entry: min(order[s.key] for s in mentions(entry[1])))
    more = [id(one) for to_do, one in entries if to_do][LINES:]
    return [one for _, one in entries if id(one) not in more][:MOST]


def that_fit(entries: Sequence[Asked], at: Scene, recipient: str) -> list[DigestLine]:
    """As many lines as fit on a telephone's screen, at least one; with the points of a line where there is room left."""
    found: list[DigestLine] = []
    left = HIGH
    for group, along in entries:
        shown = digest_line(group, at, recipient, whole=False, along=along)
        if found and shown.height > left:
            break
        found.append(shown)
        left -= shown.height
    for number, shown in enumerate(found):
        whole = digest_line(shown.group, at, recipient, along=shown.along)
        if whole.height - shown.height <= left:
            found[number] = whole
            left -= whole.height - shown.height
    return found


def digest_line(
    group: Sequence[Mention], at: Scene, recipient: str, whole: bool = True, along: Sequence[Sequence[Mention]] = ()
) -> DigestLine:
    """One line as it stands now, with those that its paper serves too; what is pressed concerns the first of its periods."""
    shown = group[0]
    entry = at.entries.get(shown.key)
    first = min((s for other in (group, *along) for s in other), key=lambda s: _due(s, at))
    when = urgency(first, at.entries.get(first.key), at)
    return told_line(group, entry, status(shown, entry, at), when, buttons(shown, entry, at, recipient), at.lang, whole, along)


def _due(shown: Mention, at: Scene) -> date:
    entry = at.entries.get(shown.key)
    return (entry.due if entry else shown.due) or date.max


def edition_notice(message: Message, says: Renewed, at: Scene) -> SlackMessage:
    """What a new edition changed for one owner: before and after, and a way to say that what was handed in still serves."""
    lang, reason = at.lang, says.topic
    listed = _fitting(says.slots)
    values = {"edition": says.edition, "before": says.before, "count": len(says.slots)}
    title = say(f"evidence_slack.head.{reason}", lang, **values)
    intro = [paragraph(say(f"evidence_slack.intro.{reason}", lang, **values))] if any(s.key for s in says.slots) else []
    blocks: list[Block] = [header(title), *intro]
    held = {p.slot for p in at.pieces if (e := at.entries.get(p.slot)) is not None and p.version == e.state.version}
    for number, shown in enumerate(listed, 1):
        entry = at.entries.get(shown.key)
        waits = entry is not None and entry.state.name in ("to_confirm", "returned") and shown.key in held
        what, *rest = _slot(message, shown, number, at, (CONFIRM,) if waits else ())
        before = [line(words(say("evidence_slack.before", lang), bold=True)), _struck(shown.before)] if shown.before else []
        key = back_key(shown) if reason == "edition_back" else shown.change
        change = line(words(say(f"evidence_slack.change.{key}", lang), italic=True))
        what = {**what, "elements": [what["elements"][0], change, *before, *what["elements"][1:]]}
        blocks += [divider(), what, *rest]
    return SlackMessage(_fallback(title, listed, lang), [*blocks, divider(), small(*_footer(says, len(listed), at))])


def _fitting(slots: Sequence[_M]) -> list[_M]:
    """As many slots as one message holds with the whole of their words; at least one, at most ``MOST``."""
    size = 0
    kept: list[_M] = []
    for shown in slots[:MOST]:
        size += len(shown.text) + (len(shown.before) if isinstance(shown, Changed) else 0) + _AROUND
        if kept and size > _ROOM:
            break
        kept.append(shown)
    return kept


def _settled(entry: Entry | None, at: Scene) -> bool:
    """Whether nothing more is asked for a slot at present."""
    return entry is None or not entry.owed or entry.shown(at.today) in ("submitted", "accepted", "not_applicable")


def _slot(message: Message, shown: Mention, number: int, at: Scene, extra: tuple[str, ...]) -> list[Block]:
    return slot_blocks([shown], number, at, message.recipient, message.id, extra)


def _source(says: Wanting, at: Scene) -> list[str]:
    return [says.enterprise, say("evidence_slack.edition", at.lang, edition=says.edition) if says.edition else ""]


def _asking(message: Message, says: Wanting, at: Scene) -> str:
    """Who asks, and who will review what is handed in."""
    if not isinstance(says, Nudge) or not at.lead:
        return ""
    open_ = [e for s in says.slots if (e := at.entries.get(s.key)) is not None and e.owed]
    reviewers = tuple(dict.fromkeys(at.name(at.reviewer(e)) for e in open_))
    if not reviewers:
        return ""
    if message.recipient == at.lead:
        return say("evidence_slack.reviewed_by", at.lang, reviewers=reviewers[:_NAMED])
    return say("evidence_slack.asked_by", at.lang, lead=at.name(at.lead), reviewers=reviewers[:_NAMED])


def _intro(says: Wanting, at: Scene) -> list[Block]:
    lang, until = at.lang, says.deadline if isinstance(says, Drilled) else None
    if isinstance(says, Drilled) and until:
        until = until if until.tzinfo else until.replace(tzinfo=ZoneInfo(at.zone))  # as stored by earlier versions
        said = say("evidence_slack.intro.drill", lang, deadline=HOLE, hours=says.hours)
        return [rich("intro", line(*timed(said, instant_element(until, at.zone))))]
    if isinstance(says, Handed | Reminded):
        return [paragraph(say(f"evidence_slack.intro.{says.named}", lang, by=actor_word(says.by, lang, at.name, says.through)))]
    if says.topic in ("first", "reminder"):  # the buttons say it
        return []
    intro = say(f"evidence_slack.intro.{says.topic}", lang)
    return [paragraph(intro)] if intro else []


def _footer(says: Wanting, listed: int, at: Scene) -> list[str]:
    lang = at.lang
    more = len(says.slots) - listed + says.more
    return [
        say("evidence_slack.more", lang, count=more) if more > 0 else "",
        say("evidence_slack.drop", lang) if any(s.key for s in says.slots) else "",
        say("evidence_slack.estimated", lang) if isinstance(says, Nudge) and says.estimated else "",
    ]


def _struck(text: str) -> dict[str, Any]:
    shown = words(text, _CHANGED)
    return {"type": "rich_text_quote", "elements": [{**shown, "style": {"strike": True}}]}


def _fallback(title: str, listed: Sequence[Mention], lang: str) -> str:
    told = [f"{n}. {mentioned([s], lang)} {head(' '.join(clean(s.text).split()), 60)}" for n, s in enumerate(listed, 1)]
    return head(escape("\n".join([title, *told])), 1_500)
