"""Answers that were kept before answers had blocks: their Markdown, read once when such a record is opened.

That version wrote headings (``**24(3) 进入安全**``), quotes (``> ``), items (``- ``, continued by two spaces), a line on what else there
is in italics, and last where it is from. Records of exchanges and eval runs hold it; nothing writes it any more.
"""

from __future__ import annotations

import re

from assistant.answers.blocks import AnswerItem, Block, Heading, Note, Quote

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_SOURCE = ("出处：", "Source: ")
_NO_CLAUSE = "kept"
"""Stands for the clause of a stretch, whose id that Markdown does not give apart."""


def blocks_of(markdown: str) -> tuple[Block, ...]:
    """The blocks of an answer of that version."""
    blocks: list[Block] = []
    for number, stretch in enumerate(re.split(r"\n(?:[^\S\n]*\n)+", markdown)):
        lines = [line.rstrip() for line in stretch.split("\n") if line.strip()]
        under = f"{_NO_CLAUSE}{number}" if len(lines) > 1 else None
        start = len(blocks)
        for line in lines:
            last = blocks[-1] if len(blocks) > start else None
            if last is not None and last.block == "item" and line.startswith("  "):
                blocks[-1] = last.model_copy(update={"text": f"{last.text}\n{line.strip()}"})
            else:
                blocks.append(_block(line, under))
    return tuple(block for block in blocks if block.text.strip())


def _block(line: str, under: str | None) -> Block:
    bold = _BOLD.fullmatch(line.strip())
    if bold:
        return Heading(text=bold[1], clause=under, level="section")
    if line.startswith(">"):
        return Quote(text=line[1:].removeprefix(" "), clause=under)
    if line.startswith("- "):
        return AnswerItem(text=line[2:].strip(), clause=under)
    if len(line) > 2 and line[0] == line[-1] == "_":
        return Note(text=line[1:-1], clause=under, role="rest")
    return Note(text=line, clause=under, role="source" if line.startswith(_SOURCE) else "plain")
