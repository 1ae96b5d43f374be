"""How the register's facts read to people: states, kinds, periods, reasons. The words stand in ``assistant/texts``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.guide import KINDS, Kind
from assistant.line_ids import LineId
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.happened import Carried
from assistant.register.facts.people import BY_ITSELF
from assistant.register.facts.slot_ids import SlotId
from assistant.register.facts.slots import Entry, Slot, State
from assistant.register.rules.demands.conditions import PREFIX
from assistant.register.rules.evidence.shortfall import Shortfall, only_lacking, too_few
from assistant.texts import listed, say, texts

if TYPE_CHECKING:
    from assistant.register.facts.events import Event
    from assistant.register.rules.demands.plan import Exempt

_TWO_YEARS, _DAY = re.compile(r"\d{4}-\d{4}"), re.compile(r"\d{4}-\d\d-\d\d")
_TICK = 36
"""Characters of a tick that a sentence names whole; the longest element of the shipped list has 28."""


def state_word(state: str, lang: str) -> str:
    """A state's name."""
    return say(f"evidence.state.{state}", lang)


def standing_word(entry: Entry, today: date, lang: str) -> str:
    """How an entry stands on a day, in a word; what cannot be there yet is not yet due, and what is there of a whole is said."""
    shown = entry.shown(today)
    if shown == "missing" and entry.state.in_part:
        counted = too_few(entry.slot, entry.state.kept)
        part = say("evidence.part_count", lang, has=counted[0].has, wanted=counted[0].wanted) if counted else say("evidence.part", lang)
        return state_word(shown, lang) + part
    return say("evidence.report.later", lang) if shown == "missing" and not entry.open(today) else state_word(shown, lang)


def kind_word(kind: Kind | str, lang: str) -> str:
    """A section kind's name."""
    return say(f"evidence.kind.{kind}", lang)


def slot_name(slot: str, kind: str, lang: str) -> str:
    """A slot (its id) as people say it, without period and person: ``24(3) 抽查记录（1）``.

    The number is the guide's own in the section of that kind; a whole section goes by its kind,
    a line of another section by both, what a clause owes by its own sentence by that.
    """
    clause, section, number = LineId.of(SlotId.of(slot).line)
    if number and section in KINDS and section != kind:  # two registers of 4(4) that a briefing names
        return say("slot.sectioned", lang, clause=clause, kind=kind_word(kind, lang), section=kind_word(section, lang), number=number)
    numbered = bool(number) and section in (kind, "clause")
    word = say("slot.part.standard", lang) if section == "clause" else kind_word(kind, lang)
    return say("slot.numbered" if numbered else "slot.unnumbered", lang, clause=clause, kind=word, number=number)


def dotted(*texts: str) -> str:
    """What there is of several texts, on one line."""
    return " · ".join(text for text in texts if text)


def period_word(period: str, lang: str) -> str:
    """A period (``Slot.spoken``, or what somebody named) as people say it; empty for none."""
    if period.endswith("y"):
        return say("evidence.period.rolling", lang, years=period[:-1])
    if period.endswith("-12-31"):
        return say("evidence.period.year_end", lang, year=period[:4])
    if _DAY.fullmatch(period):
        return say("evidence.period.ends", lang, day=period)
    if _TWO_YEARS.fullmatch(period):
        return say("evidence.period.certified", lang, years=period.replace("-", "–"))
    return say("evidence.period.year", lang, year=period) if period else ""


def periods(of: Iterable[str], lang: str) -> str:
    """Several periods (``Slot.spoken``) in few words: runs of years, calendar or certification, as one; empty for none."""
    known = [p for p in dict.fromkeys(of) if p]
    years = [f"{run[0]}–{run[-1]}" if len(run) > 1 else run[0] for run in _runs(p for p in known if len(p) == 4 and p.isdigit())]
    two = [[p.replace("-", "–") for p in run] for run in _runs(p for p in known if _TWO_YEARS.fullmatch(p))]
    certified = [say("evidence.period.certified_run", lang, first=r[0], last=r[-1]) if len(r) > 1 else r[0] for r in two]
    others = [period_word(p, lang) for p in known if not (len(p) == 4 and p.isdigit()) and not _TWO_YEARS.fullmatch(p)]
    between = say("talk.and", lang)
    shown = [say("evidence.period.year", lang, year=between.join(years))] if years else []
    shown += [say("evidence.period.certified", lang, years=between.join(certified))] if certified else []
    return between.join([*shown, *others])


def _runs(years: Iterable[str]) -> list[list[str]]:
    """Years (``2022``, ``2022-2023``) that follow one another, together."""
    ordered = sorted(years)
    return [[y for _, y in run] for _, run in groupby(enumerate(ordered), key=lambda pair: int(pair[1][:4]) - pair[0])]


def whose(slot: Slot, lang: str) -> str:
    """Of whom or of what it is owed; empty where it is one for all."""
    return say("slot.held_by", lang, subject=slot.subject, person=slot.person) if slot.person else slot.subject


def of_whom(slots: Iterable[Slot | None], lang: str) -> str:
    """Of whom or of what several rows of a line are owed, each once."""
    return listed(dict.fromkeys(of for slot in slots if slot and (of := whose(slot, lang))), lang)


def why_word(slot: Slot, lang: str) -> str:
    """In one line, why a slot is owed, or why not."""
    return reason_word(slot.why, lang, period_word(slot.spoken, lang))


def exempt_word(exempt: Exempt, lang: str) -> str:
    """In one line, why a clause owes nothing here."""
    return reason_word(exempt.why, lang, elsewhere=exempt.elsewhere)


def reason_word(why: str, lang: str, period: str = "", elsewhere: str = "") -> str:
    """A reason of the plan (``Slot.why``); where several conditions rule a section out (``off.seal+certificates``), all of them."""
    group, _, flags = why.partition(".")
    if group != "off":
        return say(f"evidence.why.{why}", lang, period=period, elsewhere=elsewhere)
    return say("evidence.not_here", lang, reasons=tuple(dict.fromkeys(say(f"evidence.why.off.{f}", lang) for f in flags.split("+"))))


def asked(flag: str, lang: str) -> str:
    """The question behind an open declaration: a flag or list of the profile, or a condition that a guide names itself."""
    if flag.startswith(PREFIX):
        return say("profile.ask.condition", lang, name=flag.removeprefix(PREFIX))
    return say(f"profile.ask.{flag}", lang)


def open_word(flag: str, lang: str) -> str:
    """The same for who only hands in: what the lead has yet to declare, without how that is typed."""
    return say(f"profile.open.{flag}", lang) if f"open.{flag}" in texts("profile", lang) else asked(flag, lang)


def piece_word(piece: Piece, lang: str) -> str:
    """One thing handed in, in one line."""
    return say(f"evidence.piece.{piece.kind}", lang, shown=piece.shown, size=size_word(piece.size))


def shortfall_word(short: Shortfall, lang: str) -> str:
    """What a submission is short of, in one sentence."""
    named, when = named_short(short.elements), periods(short.periods, lang)
    return say(f"slot.short.{short.name}", lang, has=short.has, wanted=short.wanted, elements=named, period=when)


def named_short(ticks: Iterable[str]) -> tuple[str, ...]:
    """Ticks as a sentence names them: a long point of a briefing by its beginning, as it stands whole beside the line."""
    return tuple(tick.rstrip("。") if len(tick) <= _TICK else f"{tick[: _TICK - 12]}…" for tick in ticks)


def returned_words(reason: str, lacking: tuple[str, ...], unnamed: tuple[str, ...], lang: str) -> tuple[str, ...]:
    """Why something came back: the reviewer's reason, and which of the line's elements it misses, or that none was named."""
    if lacking:
        named = say("slot.short.elements", lang, elements=named_short(lacking))
        return (named,) if only_lacking(reason, lacking) else (reason, named)
    return (reason, say("slot.short.unnamed", lang, elements=unnamed)) if unnamed else (reason,)


def rest_words(lacking: tuple[str, ...], counted: int, slot: Slot | None, lang: str) -> tuple[str, ...]:
    """What is still to come of a slot after a part was accepted: how often, how many sets, and which elements."""
    few = too_few(slot, counted) if slot else ()
    return tuple(shortfall_word(s, lang) for s in (*few, *([Shortfall("elements", elements=lacking)] if lacking else [])))


def in_a_row(sentences: Iterable[str], lang: str) -> str:
    """What people wrote and what is said to it, one after the other: each ends before the next begins."""
    stop, blank = ("。", "") if lang == "zh" else (".", " ")
    said = [text for s in sentences if (text := s.strip())]
    return blank.join([*(s if s[-1] in "。！？.!?…" else s + stop for s in said[:-1]), *said[-1:]])


def size_word(size: int) -> str:
    """Bytes as people read them."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


def difference_word(table: str, where: str, lang: str) -> str:
    """Something that stands otherwise in a table than the log tells it."""
    return say(f"evidence.differs.{table}", lang, where=where)


def undelivered_word(detail: str, lang: str) -> str:
    """Why a message did not arrive, way by way: the codes of a receipt (``user_disabled; mail 550``) in words."""
    known = texts("nudge", lang)
    said = []
    for code in detail.split("; "):
        name = f"undelivered.{code.replace(' ', '_')}"
        if name in known:
            said.append(known[name])
        elif code.startswith("mail "):
            number = code.removeprefix("mail ")
            said.append(say("nudge.undelivered.mail" if number.isdigit() else "nudge.undelivered.mail_away", lang, code=number))
        else:
            said.append(say("nudge.undelivered.other", lang, code=code or "—"))
    return ("；" if lang == "zh" else "; ").join(said)


def happened_word(event: Event, lang: str) -> str:
    """What an event is called; what was carried on within one edition came of the profile: of other years where a slot kept its own."""
    says = event.says
    if isinstance(says, Carried) and says.editions[0] == says.editions[1]:
        months = says.source == event.slot and says.change is None and not says.also
        return say(f"evidence.event.carried_{'months' if months else 'within'}", lang)
    return say(f"evidence.event.{event.kind}", lang)


def first_line(text: str, limit: int = 60) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def actor_word(actor: str, lang: str, called: Callable[[str], str] = str, by: str | None = None) -> str:
    """Who did it: a person as they are ``called``, and who acted in their name; what runs by itself in words."""
    if by and by != actor:
        return say("evidence.in_the_name_of", lang, actor=called(actor), by=called(by))
    return say("evidence.by_itself", lang) if actor == BY_ITSELF else called(actor)


def reviewer_word(state: State, lang: str, called: Callable[[str], str] = str) -> str:
    """Who decided on it last, and through whom."""
    return actor_word(state.reviewed_by or "—", lang, called, state.reviewed_through)


def by_name(entries: Iterable[Entry], called: Callable[[str], str]) -> list[Entry]:
    """The entries with the people in them as they are called, for what is read by people alone."""
    return [
        replace(
            e,
            owner=called(e.owner),
            reviewer=called(e.reviewer),
            state=replace(e.state, reviewed_by=called(e.state.reviewed_by), submitters=tuple(map(called, e.state.submitters))),
        )
        for e in entries
    ]
