"""Answers drawn on a terminal: bold, bars, bullets and hanging lines by rich; to a pipe, the same words uncut and unstyled."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from assistant.answers.blocks import Block, Blocks, together
from assistant.answers.markdown import cited
from connectors.cli.output import console

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_LEAD = {"quote": "│ ", "item": "• ", "claim": "• "}
_NEXT = {"quote": "│ ", "item": "  ", "claim": "  "}
_STYLE = {"part": "bold underline", "heading": "bold", "verdict": "bold", "quote": "", "item": "", "claim": ""}


def show(answers: Iterator[Answer]) -> Answer:
    """Draw an answer while it is made; the whole one, the last that came, is returned."""
    drawing = Drawing(console())
    last: Answer | None = None
    for last in answers:
        drawing.grow(last)
    assert last is not None, "there is at least one answer"
    drawing.finish(last)
    return last


class Drawing:
    """One answer that is drawn while it is made: every block once, in order, nothing taken back."""

    def __init__(self, screen: Console) -> None:
        self.screen = screen
        self._drawn: list[Block] = []

    def grow(self, answer: Answer) -> None:
        """Draw what is new of an answer that still grows; of one that is whole nothing: ``finish`` draws it."""
        if answer.growing:
            self._draw(self._new(answer.blocks) or ())

    def finish(self, answer: Answer) -> None:
        """Draw the rest of the whole answer; of one that is another than what was begun, what was not drawn yet."""
        new = self._new(answer.blocks)
        self._draw([b for b in answer.blocks if b not in self._drawn] if new is None else new)

    def _new(self, blocks: Blocks) -> list[Block] | None:
        """What follows the blocks that are drawn, without the question of a part that was begun without it. None: others stand there."""
        begun = deque(self._drawn)
        new: list[Block] = []
        for block in blocks:
            if not begun:
                new.append(block)
            elif block == begun[0]:
                begun.popleft()
            elif block.block != "part":
                return None
        return None if begun else new

    def _draw(self, blocks: Blocks) -> None:
        """An empty line stands between stretches."""
        for block in blocks:
            if self._drawn and not together(self._drawn[-1], block):
                self.screen.print()
            for line in _lines(block, self.screen):
                self.screen.print(line, soft_wrap=True)
            self._drawn.append(block)


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
