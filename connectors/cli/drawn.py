"""Answers drawn on a terminal: bold, bars, bullets and hanging lines by rich; to a pipe, the same words uncut and unstyled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from assistant.answers.blocks import Block, Blocks, stretches
from assistant.answers.markdown import cited
from connectors.cli.output import console

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_LEAD = {"quote": "│ ", "item": "• ", "claim": "• "}
_NEXT = {"quote": "│ ", "item": "  ", "claim": "  "}
_STYLE = {"part": "bold underline", "heading": "bold", "verdict": "bold", "quote": "", "item": "", "claim": ""}


def show(answers: Iterator[Answer]) -> Answer:
    """Draw an answer while it is made: each claim as soon as it stands, everything else once, at the end.

    Returns the whole answer, the last that came.
    """
    screen = console()
    drawn: list[Block] = []
    last: Answer | None = None
    for last in answers:
        sure: list[Block] = [block for block in last.blocks if block.block == "claim"]
        if sure[: len(drawn)] == drawn:
            draw(sure[len(drawn) :], screen)
            drawn = sure
    assert last is not None, "there is at least one answer"
    rest = [block for block in last.blocks if block not in drawn]
    if drawn and rest:
        screen.print()
    draw(rest, screen)
    return last


def draw(blocks: Blocks, screen: Console) -> None:
    """Blocks on ``screen``, an empty line between stretches."""
    for number, stretch in enumerate(stretches(blocks)):
        if number:
            screen.print()
        for block in stretch:
            for line in _lines(block, screen):
                screen.print(line, soft_wrap=True)


def _lines(block: Block, screen: Console) -> Iterator[Text]:
    """The lines of a block, wrapped to a terminal's width behind their bar or bullet; not wrapped for a pipe."""
    from rich.text import Text

    style = _STYLE.get(block.block, "dim" if getattr(block, "role", "") in ("rest", "source", "notice") else "")
    text = Text(style=style)
    for piece, bold in block.pieces:
        text.append(piece, "bold" if bold else "")
    if block.block == "claim":
        text.append(cited(block.passages), "dim")
    lead, following = _LEAD.get(block.block, ""), _NEXT.get(block.block, "")
    whole = text.wrap(screen, max(20, screen.width - len(lead))) if screen.is_terminal else text.split("\n")
    for number, line in enumerate(whole):
        yield Text(lead if number == 0 else following) + line
