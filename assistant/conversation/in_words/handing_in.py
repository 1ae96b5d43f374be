"""Handing in by conversation: what came is looked at first, then one asks what it is for, then the register takes it and that is said.

Files are fetched and examined before the picker, so that whatever is refused is refused at once. What waits for a choice lies on the
side (``RegisterService.take_file``) for a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import reduce
from typing import TYPE_CHECKING

from assistant.conversation.chat import Button, ChatItem, Choice, Line, Option, Press, Saying, words
from assistant.conversation.in_words.told import kept_of, told
from assistant.conversation.meaning.naming import by_line, line_name, lines_named
from assistant.conversation.post import Place, Post
from assistant.errors import AeoError
from assistant.register.acts.doing.who import Repeated, Who
from assistant.register.acts.slots.together import goes_with, has_company
from assistant.register.facts.handed_in import NOTHING, Piece, Said
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.words import period_word, shortfall_word
from assistant.register.ports import Filter
from assistant.register.rules.evidence.accepted_files import plain_name
from assistant.register.rules.evidence.shortfall import Shortfall
from assistant.register.rules.people.in_charge import reviewer_of
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk

PICKED, LEFT = "hand_in_picked", "hand_in_left"
CHOICE = "for"
_LINK = re.compile(r"https?://[^\s<>|，。；）)]+")
_EDGE = " ，。,;；\n"  # what is left over where a link was
_OPTIONS, _LISTED = 100, 8  # options of one menu (Slack's most), and pieces that are named


def offered(ctx: Context, post: Post, desk: Desk, fitting: Sequence[Entry], at_once: bool = False) -> None:
    """Take what came with a post: for the one slot that it can be for (``at_once``), or for those that are picked of ``fitting``."""
    pieces, refused = taken(ctx, post, desk)
    place = post.place
    if not pieces:
        ctx.chat.say(place, f"refused:{post.key}", received({}, (), (), refused, ctx.lang))
        return
    if at_once and len(fitting) == 1:
        _submit(ctx, place, desk, [fitting[0].slot.key], pieces, refused, f"drop:{post.key}", "")
        return
    ask(ctx, place, f"pick:{post.key}", fitting, pieces, refused)


def ask(ctx: Context, place: Place, key: str, fitting: Sequence[Entry], pieces: Sequence[Piece], refused: Sequence[str] = ()) -> None:
    """Ask which slots something is for; several may be chosen."""
    lang = ctx.lang
    ctx.store.keep(place.team, key, place.user, {"pieces": [asdict(p) for p in pieces], "refused": list(refused)}, ctx.now())
    parts = [*_listed(pieces, lang), *(ChatItem((say("evidence_slack.not_received", lang) + why,)) for why in refused)]
    every = options(fitting, lang, len(fitting))
    choice = Choice(CHOICE, say("evidence_slack.pick_which", lang), every[:_OPTIONS], rest=every[_OPTIONS:])
    buttons = (Button(PICKED, say("talk.hand_in.do", lang), key, "primary"), Button(LEFT, say("talk.hand_in.leave", lang), key))
    head = say("evidence_slack.pick" if any(p.kind == "file" for p in pieces) else "talk.hand_in.pick_link", lang)
    ctx.chat.say(place, key, Saying(head=(head,), parts=tuple(parts), choice=choice, buttons=buttons))


def options(fitting: Sequence[Entry], lang: str, most: int = _OPTIONS) -> tuple[Option, ...]:
    """The slots to choose from, grouped by line; a line with one period is one option."""
    found: list[Option] = []
    for group in by_line(fitting):
        whole = f"{line_name(group, lang)} {first_words(group[0])}"
        if len(group) == 1:
            found.append(Option(group[0].slot.key, whole))
        else:
            found += [Option(entry.slot.key, line_name([entry], lang), whole) for entry in group]
    return tuple(found[:most])


def first_words(entry: Entry, most: int = 24) -> str:
    """The beginning of what a slot asks for."""
    text = " ".join(entry.slot.text.split())
    return text if len(text) <= most else text[:most] + "…"


def picked(ctx: Context, press: Press) -> None:
    """Hand in for what was chosen; the message that asked says what the register did."""
    lang, team = ctx.lang, press.place.team
    kept = kept_of(ctx, press, "evidence_slack.pick_gone")
    if kept is None:
        return
    if not press.chosen:
        ctx.chat.whisper(press.place, words(say("talk.hand_in.choose_first", lang)))
        return
    pieces = [Piece(**p) for p in kept["pieces"]]
    _submit(ctx, press.place, ctx.register(team), press.chosen, pieces, kept["refused"], press.value, press.ref)


def left(ctx: Context, press: Press) -> None:
    """Nothing is handed in after all."""
    ctx.chat.change(press.place, press.ref, words(say("talk.hand_in.left", ctx.lang)))


def _submit(
    ctx: Context, place: Place, desk: Desk, keys: Sequence[str], pieces: Sequence[Piece], refused: Sequence[str], key: str, ref: str
) -> None:
    who = ctx.who(place.team, place.user, key)
    entries: list[Entry] = []
    try:
        entries = handed_in(desk, keys, pieces, who)
    except AeoError as error:
        refused = [*refused, told(ctx, place.team, error)]
    done = received(ctx.names(place.team), entries, pieces if entries else (), refused, ctx.lang, short_of(desk, entries))
    if ref:
        ctx.chat.change(place, ref, done)
    else:
        ctx.chat.say(place, f"handed:{key}", done)
    ctx.chat.settle(place.team)


def handed_in(desk: Desk, keys: Sequence[str], pieces: Sequence[Piece], who: Who, said: Said = NOTHING) -> list[Entry]:
    """Hand in; doing it again after a crash changes nothing and says the same. Each entry names who is to review it now.

    What else the same paper was handed in for comes after what was asked for.
    """
    try:
        entries = desk.service.submit_all(keys, pieces, who, said=said)
    except Repeated:
        entries = [desk.service.entry(key) for key in keys]
    waiting = desk.service.entries(who.at, Filter(state="submitted")) if any(has_company(e.slot) for e in entries) else ()
    along = [e for e in waiting if any(goes_with(e, one) for one in entries)]
    return with_reviewers(desk, list({e.slot.key: e for e in (*entries, *along)}.values()))


def with_reviewers(desk: Desk, entries: Sequence[Entry]) -> list[Entry]:
    """The same, each naming who is to review it now."""
    with desk.service.register.reading(desk.workspace) as tx:
        people = list(tx.people().values())
    return [replace(e, reviewer=reviewer_of(e, desk.lead, people)) for e in entries]


def taken(ctx: Context, post: Post, desk: Desk) -> tuple[list[Piece], list[str]]:
    """The pieces of a post (files, links in its words, the words themselves), and why some were refused."""
    pieces: list[Piece] = []
    refused: list[str] = []
    for file in post.files:
        if file.get("mode") == "tombstone":
            continue
        try:
            given = ctx.chat.fetch(post.team, file, desk.policy.largest_file_mb * 1024 * 1024)
            if given.content is None:
                pieces.append(Piece("link", text=given.link))
                continue
            with given.content as content:
                pieces.append(desk.service.take_file(content, given.name))
        except AeoError as error:
            why, name = told(ctx, post.team, error), plain_name(str(file.get("name") or ""))
            refused.append(why if name in why else f"{name}：{why}")
    links = links_in(post.text)
    pieces += [Piece("link", text=link) for link in links]
    rest = _words_beside(post.text, ctx.lang)
    if rest and (pieces or not refused):
        pieces.append(Piece("note", text=rest))
    return pieces, refused


def _words_beside(text: str, lang: str) -> str:
    """What a message says beside its links; a link in the middle of a sentence leaves a word in its place."""
    parts = [part for part in _LINK.split(text) if part.strip(_EDGE)] or [""]
    return reduce(lambda before, after: say("evidence_slack.piece.beside", lang, before=before.rstrip(), after=after), parts).strip(_EDGE)


def links_in(text: str) -> list[str]:
    """The web addresses in a message."""
    return list(dict.fromkeys(_LINK.findall(text)))


def short_of(desk: Desk, entries: Iterable[Entry]) -> list[Shortfall]:
    """What a hand-in is short of, with everything that was there before it; of what it serves as well its reviewer is told."""
    return [short for entry in entries if not entry.state.along for short in desk.service.short_of(entry)]


def received(
    called_as: Mapping[str, str],
    entries: Sequence[Entry],
    pieces: Sequence[Piece],
    refused: Sequence[str],
    lang: str,
    short: Sequence[Shortfall] = (),
) -> Saying:
    """What is said of a hand-in: for which lines, who looks at it, what arrived, what is short, and what could not be taken."""
    parts: list[Line | ChatItem] = []
    head: Line = ()
    if entries:
        reviewers = tuple(dict.fromkeys(called_as.get(e.reviewer, e.reviewer) for e in entries))
        head = ("✓ " + say("talk.hand_in.received", lang, lines=tuple(lines_named(entries, lang)), reviewer=reviewers),)
        parts += _listed(pieces, lang)
        parts += [ChatItem((f"⚠️ {text}",)) for text in dict.fromkeys(shortfall_word(s, lang) for s in short)]
    if refused:
        parts += [(say("evidence_slack.not_received", lang),), *(ChatItem((why,)) for why in refused)]
    return Saying(head=head, parts=tuple(parts))


def _listed(pieces: Sequence[Piece], lang: str) -> list[ChatItem]:
    """What was given, at most ``_LISTED`` entries and a word on how many more."""
    shown = [ChatItem((piece_line(p, lang),)) for p in pieces[:_LISTED]]
    return [*shown, ChatItem((say("talk.more_lines", lang, count=len(pieces) - _LISTED),))] if len(pieces) > _LISTED else shown


def piece_line(piece: Piece, lang: str) -> str:
    """One thing handed in, as people read it."""
    when = say("evidence_slack.piece.period", lang, period=period_word(piece.period, lang)) if piece.period else ""
    until = say("evidence_slack.piece.valid", lang, until=piece.valid_until.isoformat()) if piece.valid_until else ""
    return say(f"evidence_slack.piece.{piece.kind}", lang) + piece.shown + when + until
