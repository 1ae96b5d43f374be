"""What an answer is made of: typed blocks, drawn as Markdown, on a terminal, in Slack and as HTML.

Blocks stand in reading order. A block says which clause it stands under; what stands under none stands by itself. ``text`` of a
quote or an item is verbatim, with line breaks where the guide has paragraphs; nothing in any text is a mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from assistant.guide import Frozen

Told = Literal["answered", "open", "silent"]
"""Of a part: answered; spoken of, with the detail left open; not spoken of."""
Reason = Literal["not_in_guide", "no_such_clause", "not_a_question", "register"]


class Words(Frozen):
    """What every block has. ``bold``: ranges of ``text`` (start, end) that decide and are shown so."""

    text: str
    clause: str | None = None
    bold: tuple[tuple[int, int], ...] = ()

    @model_serializer(mode="wrap")
    def _tagged(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Which block it is stands in every record, also in those that leave defaults out."""
        fields: dict[str, Any] = handler(self)
        return {"block": type(self).model_fields["block"].default} | fields

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is bold."""
        end = 0
        for start, stop in self.bold:
            if start > end:
                yield self.text[end:start], False
            yield self.text[start:stop], True
            end = stop
        if self.text[end:]:
            yield self.text[end:], False


class QuestionPart(Words):
    """Opens the answer to one question of several; ``text`` is that question."""

    block: Literal["part"] = "part"
    told: Told = "answered"


class Verdict(Words):
    """The direct answer, before anything else. ``open``: the guide speaks of it and leaves it open."""

    block: Literal["verdict"] = "verdict"
    outcome: Literal["yes", "no", "open", "fact"]


class Heading(Words):
    """A clause with its title, or the heading of one of its sections."""

    block: Literal["heading"] = "heading"
    level: Literal["clause", "section"]


class Quote(Words):
    """The clause's own sentence."""

    block: Literal["quote"] = "quote"


class AnswerItem(Words):
    """One of a list: a line of the guide with its id, or words of ours without one."""

    block: Literal["item"] = "item"
    line: str | None = None


class CheckedClaim(Words):
    """A sentence of a model that was checked, and the ids of the passages it rests on."""

    block: Literal["claim"] = "claim"
    passages: tuple[str, ...] = ()


class Note(Words):
    """Words of ours, by ``role``.

    Plain; what else there is (``rest``); the clauses nearest to a refusal (``nearest``); that something is told in another document
    (``external``); where an answer is from (``source``); what did not work (``notice``).
    """

    block: Literal["note"] = "note"
    role: Literal["plain", "rest", "nearest", "external", "source", "notice"] = "plain"


Block = Annotated[QuestionPart | Verdict | Heading | Quote | AnswerItem | CheckedClaim | Note, Field(discriminator="block")]
Blocks = Sequence[Block]


def stretches(blocks: Blocks) -> list[list[Block]]:
    """Blocks that stand together: a clause with its lines, a list, or one by itself."""
    found = [[block] for block in blocks[:1]]
    for before, block in pairwise(blocks):
        if together(before, block):
            found[-1].append(block)
        else:
            found.append([block])
    return found


def together(before: Block, block: Block) -> bool:
    """Whether a block stands in one stretch with the one before it."""
    if before.block == block.block and block.block in ("claim", "item"):
        return True
    opens = block.block == "heading" and block.level == "clause"
    return block.clause is not None and block.clause == before.clause and not opens
