"""What was handed in, so that it can be opened: links are links, files are files, everything else is its words. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from assistant.conversation.scene import Scene
from assistant.register.facts.handed_in import Piece
from assistant.register.papers.said.words import period_word, size_word
from assistant.texts import listed as together
from assistant.texts import say
from connectors.slack.cards.blocks.parts import address, bullets, modal, paragraph, rich, small, words
from connectors.slack.cards.blocks.text import Element

PIECES = "evidence_pieces"
"""The button that shows what was handed in."""
_NOTE = 400  # characters of a note


def piece_list(given: Sequence[Piece], at: Scene, since: datetime | None = None, most: int = 12) -> list[list[Element]]:
    """Each piece as a line; those that came at ``since`` or later say that they are new."""
    fresh = [p for p in given if since is None or p.at is None or p.at >= since]
    listed = []
    figures = [p for p in given if p.kind == "figure"]
    told = [p for p in given if p.kind != "figure"]
    for piece in told[:most]:
        mark = [words(say("evidence_slack.piece.new", at.lang), bold=True)] if since is not None and piece in fresh else []
        listed.append([*mark, *piece_words(piece, at.lang, at.links.get(piece.sha256, ""))])
    if len(told) > most:
        listed.append([words(say("evidence_slack.review.more", at.lang, count=len(told) - most))])
    if figures:
        shown = tuple(piece.shown for piece in figures)
        listed.append([words(say("evidence_slack.piece.figure", at.lang)), words(together(shown, at.lang), _NOTE)])
    return listed or [[words("—")]]


def piece_words(piece: Piece, lang: str, link: str = "") -> Iterator[Element]:
    """One thing handed in: its kind, what it is, and what it covers; ``link`` is where a file stands in Slack."""
    yield words(say(f"evidence_slack.piece.{piece.kind}", lang))
    if piece.kind == "file":
        yield address(link, piece.name) if link else words(piece.name, 200, bold=True)
        yield words(f" （{size_word(piece.size)}）")
    elif piece.kind == "link":
        yield address(piece.text)
    else:
        yield words(piece.shown, _NOTE)
    if piece.period:
        yield words(" " + say("evidence_slack.piece.period", lang, period=period_word(piece.period, lang)))
    if piece.valid_until:
        yield words(" " + say("evidence_slack.piece.valid", lang, until=piece.valid_until.isoformat()))


def pieces_view(name: str, given: Sequence[Piece], at: Scene, sent: bool) -> dict[str, Any]:
    """A window with all that was handed in for a line; ``sent``: its files were put into the reader's direct messages."""
    lang = at.lang
    note = [small(say("evidence_slack.review.files_sent", lang))] if sent else []
    blocks = [paragraph(name), rich("given", bullets(piece_list(given, at, most=50))), *note]
    return modal(PIECES, say("evidence_slack.review.pieces", lang), blocks, lang)
