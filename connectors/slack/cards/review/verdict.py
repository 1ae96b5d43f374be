"""What owners hear: decisions on what they handed in, and what others say of it. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.conversation.meaning.naming import line_of, mentioned
from assistant.conversation.scene import Scene
from assistant.register.facts.notices.common import Mention
from assistant.register.facts.notices.reviewing import Comment, Decided
from assistant.register.papers.said.words import actor_word, rest_words, returned_words
from assistant.register.rules.evidence.shortfall import only_lacking
from assistant.texts import listed, say
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.cards.blocks.parts import button, line, quote, rich, row, words
from connectors.slack.cards.blocks.rich_text import Block, SlackMessage
from connectors.slack.cards.blocks.text import Element, escape
from connectors.slack.cards.carried import packed
from connectors.slack.cards.evidence.slot_card import SUBMIT

_BUTTONS, _NAMES, _ABOUT = 5, 12, 3  # buttons of one row (Slack's most), lines that are named: of a decision, and of a word about them


def verdict(message: str, decided: Decided, at: Scene) -> SlackMessage:
    """A decision on one line or several; what was returned can be answered right here (``message``: its id) while it is still returned."""
    lang, name, reason = at.lang, decided.verdict, decided.reason
    by = actor_word(decided.by, lang, at.name, decided.through)
    said = say(f"evidence_slack.verdict.{name}", lang, slot=names(decided.slots, lang), by=by)
    back = name in ("returned", "reopened")
    elements = [line(words(said, bold=back))]
    if reason and any(not only_lacking(reason, s.lacking) for s in decided.slots):
        elements.append(quote(reason, 1_500))
    elements += _missed(decided.slots, lang) if back or name == "partly" else []
    blocks: list[Block] = [rich("verdict", *elements)]
    returned = [s for s in decided.slots if back and _returned(s, at)]
    if returned:
        one = len(decided.slots) == 1
        label = "evidence_slack.button.submit_again" + ("" if one else "_one")
        for number, shown in enumerate(returned[:_BUTTONS], 1):
            value, style = packed(s=shown.key, m=message), "primary" if one else ""
            again = button(SUBMIT, say(label, lang, slot=names([shown], lang)), value, style)
            blocks.append(row("do" if one else f"do:{number}", [again]))
    return SlackMessage(escape(head(f"{said} {reason}", 1_000)), blocks)


def _missed(slots: Sequence[Mention], lang: str) -> list[Element]:
    """What the returned lines miss, each line once; its name before it where there are several."""
    found: dict[tuple[str, str], list[Mention]] = {}
    for shown in slots:
        partly = shown.reason == "verdict" and shown.state == "missing"
        rest = rest_words((), shown.counted, shown.what if partly else None, lang)
        for said in (*rest, *returned_words("", shown.lacking, shown.unnamed, lang)[-1:]):
            if said:
                found.setdefault((line_of(shown.slot), said), []).append(shown)
    several = len({line_of(s.slot) for s in slots}) > 1
    told = [say("slot.labelled", lang, label=names(group, lang), text=said) if several else said for (_, said), group in found.items()]
    return [line(words(text)) for text in told]


def comment(told: Comment, at: Scene) -> SlackMessage:
    """What somebody says of what was handed in, or of what they handed over."""
    said = say(
        "evidence_slack.comment" if told.slots else "evidence_slack.comment_alone",
        at.lang,
        by=at.name(told.by),
        slots=names(told.slots, at.lang, _ABOUT),
    )
    return SlackMessage(
        escape(head(f"{said} {told.text}", 1_000)), [rich("comment", line(words(said, bold=True)), quote(told.text, 1_500))]
    )


def names(slots: Sequence[Mention], lang: str, most: int = _NAMES) -> str:
    """Lines with their periods, as people call them; at most ``most``, and how many more."""
    lines: dict[str, list[Mention]] = {}
    for shown in slots:
        lines.setdefault(line_of(shown.slot), []).append(shown)
    found = [mentioned(group, lang) for group in list(lines.values())[:most]]
    more = len(lines) - most
    return listed([*found, *([say("talk.more_lines", lang, count=more)] if more > 0 else [])], lang)


def _returned(shown: Mention, at: Scene) -> bool:
    entry = at.entries.get(shown.key)
    return entry is not None and entry.owed and entry.state.name == "returned" and not entry.state.along
