"""The lines of one owner or of one item as a window: how each stands, and what the lead can do about it; and the forms for that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from assistant.conversation.meaning.naming import by_line, line_name
from assistant.conversation.scene import Scene
from assistant.register.facts.slots import TO_DO, Entry
from assistant.register.papers.said.described import how
from assistant.register.papers.said.words import dotted, standing_word
from assistant.texts import listed, say
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.cards.blocks.parts import COLLEAGUE, View, colleague, field, modal, paragraph, row, small
from connectors.slack.cards.blocks.rich_text import Block
from connectors.slack.cards.blocks.text import clean, plain
from connectors.slack.cards.carried import packed
from connectors.slack.cards.evidence.slot_card import due_words
from connectors.slack.cards.home.people_rows import DUE, HAND, REMIND, menu
from connectors.slack.wire import limits

LINE, TURN = "lead_line", "lead_turn"
HAND_FORM, DUE_FORM = "lead_hand_form", "lead_due_form"
_PAGE, _TEXT = 20, 160  # lines of a page (Slack's 100 blocks hold them), characters of a line


def lines_view(title: str, of: str, entries: Sequence[Entry], at: Scene, page: int = 0) -> View:
    """The lines, ``_PAGE`` a page; ``of`` says whose they are, for turning the page."""
    lang = at.lang
    groups = by_line(entries)
    pages = max(1, -(-len(groups) // _PAGE))
    page = min(max(page, 0), pages - 1)
    blocks: list[Block] = [paragraph(title)]
    for number, group in enumerate(groups[page * _PAGE : (page + 1) * _PAGE]):
        blocks.append(_line(group, number, at))
    if not groups:
        blocks.append(paragraph(say("evidence_slack.lead.no_lines", lang)))
    turns = [(n, page + step) for n, step in (("back", -1), ("on", 1)) if 0 <= page + step < pages]
    if turns:
        blocks.append(row("turn", [_turn(name, packed(w=of, p=to), lang) for name, to in turns]))
        blocks.append(small(say("evidence_slack.home.page", lang, page=page + 1, pages=pages)))
    return modal("lead_lines", say("evidence_slack.lead.lines", lang), blocks, lang, memory=packed(w=of, p=page))


def _line(group: Sequence[Entry], number: int, at: Scene) -> Block:
    lang, first = at.lang, group[0]
    states = dict.fromkeys(standing_word(e, at.today, lang) for e in group)
    open_ = [e for e in group if e.owed and e.shown(at.today) in TO_DO]
    due = min((e.due for e in open_ if e.due), default=None)
    facts = dotted(listed(states, lang), at.name(first.owner), due_words(due, at.today, lang))
    wanted = how(first.slot, lang) if first.slot.checklist else head(clean(" ".join(first.slot.text.split())), _TEXT)
    text = f"{line_name(group, lang)}\n{wanted}\n{facts}"
    block: Block = {"type": "section", "block_id": f"line:{number}", "text": plain(text, limits.SECTION_TEXT, lines=True)}
    acts = [name for name in (REMIND, HAND, DUE) if name != REMIND or first.owner != at.lead]
    return block | ({"accessory": menu(LINE, acts, open_[0].slot.key, lang)} if open_ else {})


def _turn(name: str, value: str, lang: str) -> Block:
    text = plain(say(f"evidence_slack.home.{name}", lang), limits.BUTTON_TEXT)
    return {"type": "button", "action_id": f"{TURN}:{name}", "text": text, "value": value}


def hand_view(about: str, of: str, lang: str) -> View:
    """To whom it is given, with a word to them; ``of`` says what is given."""
    note = {"type": "plain_text_input", "action_id": "note", "multiline": True, "max_length": 500}
    fields = [
        field(COLLEAGUE, say("evidence_slack.form.to", lang), colleague(lang)),
        field("note", say("talk.hand.note", lang), note, True, say("talk.hand.note_hint", lang)),
    ]
    return _form(HAND_FORM, "evidence_slack.form.hand", "evidence_slack.form.hand_do", about, of, fields, lang)


def due_view(about: str, of: str, today: date, lang: str) -> View:
    """The new due date."""
    picker = {"type": "datepicker", "action_id": "due", "initial_date": (today + timedelta(days=7)).isoformat()}
    fields = [field("due", say("evidence_slack.lead.due_on", lang), picker)]
    return _form(DUE_FORM, "evidence_slack.lead.due", "evidence_slack.form.snooze_do", about, of, fields, lang)


def _form(callback: str, title: str, send: str, about: str, of: str, fields: Sequence[Block], lang: str) -> View:
    return modal(callback, say(title, lang).rstrip("…"), [paragraph(about), *fields], lang, say(send, lang), memory=of)
