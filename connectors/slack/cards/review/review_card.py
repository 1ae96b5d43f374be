"""What a reviewer gets for each submission, and what its owner hears of the decision. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from assistant.conversation.scene import Scene, full_name, slot_name
from assistant.register.facts.outbox import Message as Told
from assistant.register.facts.slots import Entry, Piece
from assistant.register.papers.described import described
from assistant.register.papers.words import period_word, shortfall_word, size_word, state_word
from assistant.register.rules.shortfall import shortfalls
from assistant.texts import say
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.cards.blocks.parts import address, bullets, button, header, line, quote, rich, row, small, words
from connectors.slack.cards.blocks.rich_text import Block, Message, text_element
from connectors.slack.cards.blocks.text import Element, escape, instant_element, plain
from connectors.slack.cards.carried import SHOWN, packed
from connectors.slack.cards.evidence.slot_card import SUBMIT
from connectors.slack.cards.evidence.told import IN_REVIEW, told_parts

ACCEPT, RETURN = "evidence_accept", "evidence_return"
_PIECES, _NOTE = 12, 400


def review_card(message: Told, at: Scene) -> Message:
    """The card of one version of a submission; the buttons are there while that version waits."""
    payload, lang = message.payload, at.lang
    shown, version = payload["slots"][0], int(payload["version"])
    entry = at.entries.get(shown["key"])
    claim = bool(payload.get("claim"))
    title = say("evidence_slack.review.claim" if claim else "evidence_slack.review.head", lang)
    by = tuple(at.name(p) for p in (entry.state.submitters if entry and entry.state.version == version else payload["by"]))
    name, period = slot_name(shown["slot"], shown["kind"], lang), period_word(shown["period"], lang)
    blocks: list[Block] = [
        header(title),
        rich(
            "what",
            line(words(name, bold=True), *([words(f" · {period}")] if period else [])),
            quote(shown["text"], _NOTE),
            line(text_element(say("evidence_slack.review.by", lang, by=by, version=version)), *_when(payload, at)),
        ),
    ]
    if claim:
        blocks.append(rich("given", line(words(say("evidence_slack.review.reason", lang), bold=True)), quote(payload["claim"], _NOTE)))
    else:
        blocks.append(rich("given", line(words(say("evidence_slack.review.given", lang), bold=True)), bullets(_pieces(shown, version, at))))
    if entry is not None:
        given = [p for p in at.pieces if p.slot == shown["key"] and p.version == version]
        short = shortfalls(entry.slot, entry.state, given) if entry.state.version == version and not claim else ()
        blocks += [small(*(f"⚠️ {shortfall_word(s, lang)}" for s in short))] if short else []
        blocks += told_parts(described(entry.slot, lang, entry.state), IN_REVIEW, "criteria")
    return Message(escape(f"{title}：{name} {period}（{by}）"), [*blocks, *_end(message, entry, version, at)])


def _end(message: Told, entry: Entry | None, version: int, at: Scene) -> list[Block]:
    lang, shown = at.lang, message.payload["slots"][0]
    if entry is None or entry.state.version != version:
        return [small(say("evidence_slack.review.newer", lang))]
    if entry.state.name != "submitted":
        state, by = state_word(entry.shown(at.today), lang), at.name(entry.state.reviewed_by or "—")
        reason = entry.state.reason if entry.state.name == "returned" else ""
        return [small(say("evidence_slack.review.decided", lang, state=state, by=by, reason=f"：{reason}" if reason else ""))]
    if message.recipient in entry.state.submitters:
        return [small(say("evidence_slack.review.nobody", lang))]
    value = packed(s=shown["key"], v=version, g=entry.state.given[:SHOWN], m=message.id)
    confirm = {
        "title": plain(say("evidence_slack.review.sure", lang), 100),
        "text": plain(say("evidence_slack.review.sure_text", lang, slot=_name(shown, lang)), 300),
        "confirm": plain(say("evidence_slack.button.accept", lang), 30),
        "deny": plain(say("evidence_slack.form.close", lang), 30),
    }
    sure = confirm if message.payload.get("claim") else None
    buttons = [
        button(ACCEPT, say("evidence_slack.button.accept", lang), value, "primary", sure),
        button(RETURN, say("evidence_slack.button.return", lang), value, "danger"),
    ]
    note = say("evidence_slack.review.files_below", lang) if message.payload.get("files") else ""
    return [row("do", buttons), *([small(note)] if note else [])]


def _name(shown: Mapping[str, Any], lang: str) -> str:
    return full_name(shown["slot"], shown["kind"], shown["period"], lang)


def _when(payload: dict[str, Any], at: Scene) -> list[Element]:
    moment = str(payload.get("at") or "")
    return [instant_element(datetime.fromisoformat(moment), at.zone)] if moment else []


def _pieces(shown: dict[str, Any], version: int, at: Scene) -> list[list[Element]]:
    given = [p for p in at.pieces if p.slot == shown["key"] and p.version == version]
    listed = [list(piece_words(p, at.lang)) for p in given[:_PIECES]]
    if len(given) > _PIECES:
        listed.append([words(say("evidence_slack.review.more", at.lang, count=len(given) - _PIECES))])
    return listed or [[words("—")]]


def piece_words(piece: Piece, lang: str) -> Iterator[Element]:
    """One thing handed in: its kind, what it is, and what it covers."""
    yield words(say(f"evidence_slack.piece.{piece.kind}", lang))
    if piece.kind == "file":
        yield words(piece.name, 200, bold=True)
        yield words(f" （{size_word(piece.size)}）")
    elif piece.kind == "link":
        yield address(piece.text)
    else:
        yield words(piece.text, _NOTE)
    if piece.period:
        yield words(" " + say("evidence_slack.piece.period", lang, period=piece.period))
    if piece.valid_until:
        yield words(" " + say("evidence_slack.piece.valid", lang, until=piece.valid_until.isoformat()))


def verdict(message: Told, at: Scene) -> Message:
    """What the owner hears of a decision; a returned slot can be answered right here while it is still returned."""
    payload, lang = message.payload, at.lang
    shown, name = payload["slots"][0], str(payload["verdict"])
    by = at.name(str(payload["by"]))
    said = say(f"evidence_slack.verdict.{name}", lang, slot=_name(shown, lang), by=by)
    elements = [line(words(said, bold=name == "returned"))]
    reason = str(payload.get("reason") or "")
    if reason:
        elements.append(quote(reason, 1_500))
    blocks: list[Block] = [rich("verdict", *elements)]
    entry = at.entries.get(shown["key"])
    if name == "returned" and entry is not None and entry.owed and entry.state.name == "returned":
        value = packed(s=shown["key"], m=message.id)
        blocks.append(row("do", [button(SUBMIT, say("evidence_slack.button.submit_again", lang), value, "primary")]))
    return Message(escape(head(f"{said} {reason}", 1_000)), blocks)


def comment(message: Told, at: Scene) -> Message:
    """What somebody says of what was handed in, or of what they handed over."""
    payload = message.payload
    names = tuple(_name(shown, at.lang) for shown in payload["slots"][:_PIECES])
    said = say("evidence_slack.comment", at.lang, by=at.name(str(payload["by"])), slots=names)
    text = str(payload["text"])
    return Message(escape(head(f"{said} {text}", 1_000)), [rich("comment", line(words(said, bold=True)), quote(text, 1_500))])
