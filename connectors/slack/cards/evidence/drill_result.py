"""What came of a spot-check drill, for the lead: how many were produced in time, and what was not, by whom. Pure functions."""

from __future__ import annotations

from assistant.conversation.scene import Scene
from assistant.register.facts.notices.leading import DrillOver
from assistant.register.papers.said.messages import drilled_lines
from assistant.texts import say
from connectors.slack.cards.blocks.parts import HOLE, bullets, header, line, rich, small, timed, words
from connectors.slack.cards.blocks.rich_text import Block, SlackMessage
from connectors.slack.cards.blocks.text import escape, instant_element

_MOST = 20  # records that the card names


def drill_result(over: DrillOver, at: Scene) -> SlackMessage:
    """The card; what was found in time stands only as a number."""
    lang = at.lang
    head = say("evidence.drill.over", lang, count=len(over.slots), **over.counts)
    told = say("evidence_slack.drilled.until", lang, deadline=HOLE)
    until = timed(told, instant_element(over.deadline, at.zone)) if over.deadline else []
    lines = drilled_lines(over, lang, at.name)
    more = [say("talk.more_lines", lang, count=len(lines) - _MOST)] if len(lines) > _MOST else []
    blocks: list[Block] = [header(say("evidence_slack.head.drilled", lang)), rich("counts", line(words(head, bold=True)), line(*until))]
    if lines:
        blocks.append(rich("lines", bullets([words(text)] for text in (*lines[:_MOST], *more))))
    else:
        blocks.append(small(say("evidence_slack.drilled.all", lang)))
    return SlackMessage(escape(head), blocks)
