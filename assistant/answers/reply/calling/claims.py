"""What a model returns: parts of the message, each with a verdict, a direct answer and claims that cite lines of the guide."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.answers.blocks import Told


class Cited(BaseModel):
    """One citation: the id of a line, and words copied from it."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)
    id: str
    quote: str


class Claim(BaseModel):
    """One sentence with the lines it rests on."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    text: str
    citations: tuple[Cited, ...] = ()


class PartReply(BaseModel):
    """The answer to one part of a message. ``outcome`` says what kind of answer ``direct`` is."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    question: str
    verdict: Told
    outcome: Literal["yes", "no", "fact"] = "fact"
    direct: Claim | None = None
    claims: tuple[Claim, ...] = ()


class Reply(BaseModel):
    """A reply. ``cut``: it ended before it was whole, and only what is complete of it is here."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    cut: bool = False
    parts: tuple[PartReply, ...] = Field(min_length=1)
