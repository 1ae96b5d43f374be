"""Blocks drawn as Markdown: what ``answer`` holds in the JSON, and what a chat model or a file gets."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.blocks import Block, Blocks, stretches
from assistant.guide import KINDS
from assistant.line_ids import LineId
from assistant.texts import listed, say


def markdown(blocks: Blocks) -> str:
    """The blocks as one text, a blank line between stretches."""
    return "\n\n".join("\n".join(_drawn(block) for block in stretch) for stretch in stretches(blocks))


def cited(passages: Sequence[str]) -> str:
    """What a claim rests on, as it stands behind it: clauses and lines as the guide prints them, ``24(3) 抽查记录（1）``."""
    return f" 〔{listed(map(_printed, passages))}〕" if passages else ""


def _printed(passage: str) -> str:
    clause, kind, number = LineId.of(passage)
    if kind not in KINDS:
        return clause
    name = say(f"answers.{kind}")
    return say("slot.numbered" if number.isdigit() else "slot.unnumbered", clause=clause, kind=name, number=number)


def _drawn(block: Block) -> str:
    text = "".join(f"**{piece}**" if bold else piece for piece, bold in block.pieces)
    match block.block:
        case "part" | "heading":
            return f"**{block.text}**"
        case "quote":
            return "> " + text.replace("\n", "\n> ")
        case "item":
            return "- " + text.replace("\n", "\n  ")
        case "claim":
            return f"- {text}{cited(block.passages)}"
        case "note" if block.role == "rest":
            return f"_{text}_"
        case _:
            return text
