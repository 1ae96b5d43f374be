"""A slot's description in Slack: the same parts as everywhere, each with its label, whole. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.register.papers.said.described import Described, PartName
from assistant.texts import listed, say
from connectors.slack.cards.blocks.parts import bullets, line, rich, words
from connectors.slack.cards.blocks.rich_text import Block
from connectors.slack.cards.blocks.text import Element

IN_DIGEST: tuple[PartName, ...] = ("how", "occasion", "measure", "elements", "figures", "forms", "suggested", "undeclared", "joined")
IN_FORM: tuple[PartName, ...] = (
    *("how", "occasion", "any_of", "measure", "elements", "checklist", "forms", "suggested", "undeclared", "link", "joined", "valid"),
)
IN_REVIEW: tuple[PartName, ...] = ("occasion", "measure", "elements", "any_of", "checklist", "joined", "standard", "criteria")
_LONGEST = 2_900  # characters, within Slack's 3,000


def short_facts(told: Described, lang: str, names: Sequence[PartName] = IN_DIGEST) -> list[str]:
    """The parts that fit under a line of a digest, one text each, ticks joined."""
    found = []
    for part in (part for name in names if (part := told.part(name))):
        alone = part.name == "how"
        found.append(listed(part.texts, lang) if alone else say("slot.labelled", lang, label=part.label, text=part.texts))
    return found


def told_parts(told: Described, names: Sequence[PartName], block_id: str = "told") -> list[Block]:
    """The parts of these names, in one block: each label with its texts; what is to be ticked off has a box."""
    elements: list[Element] = []
    for part in (part for name in names if (part := told.part(name))):
        elements.append(line(words(part.label, bold=True)))
        elements.append(bullets([words(f"☐ {text}" if part.ticks else text, _LONGEST)] for text in part.texts))
    return [rich(block_id, *elements)] if elements else []
