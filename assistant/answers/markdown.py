"""Blocks drawn as Markdown: what ``answer`` holds in the JSON, and what a chat model or a file gets."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.blocks import Block, Blocks, stretches


def markdown(blocks: Blocks) -> str:
    """The blocks as one text, a blank line between stretches."""
    return "\n\n".join("\n".join(_drawn(block) for block in stretch) for stretch in stretches(blocks))


def cited(passages: Sequence[str]) -> str:
    """The ids that a claim rests on, as they stand behind it."""
    return f" 〔{'、'.join(passages)}〕" if passages else ""


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
