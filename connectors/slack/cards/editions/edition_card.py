"""A staged edition before its lead: verdict, worst cases in words, what would change; 启用, 不启用, 回退, the report. Pure functions."""

from __future__ import annotations

from assistant.conversation.meaning.naming import plain_slot
from assistant.conversation.scene import Scene
from assistant.register.facts.notices.leading import Staged, WorstCase
from assistant.register.papers.said.edition_words import changes_line, place_lines, register_line, verdict_line
from assistant.texts import say
from connectors.slack.cards.blocks.parts import bullets, divider, header, line, paragraph, rich, row, small, words
from connectors.slack.cards.blocks.rich_text import Block, SlackMessage
from connectors.slack.cards.blocks.text import escape, plain, web_address
from connectors.slack.cards.carried import packed
from connectors.slack.wire import limits

ACTIVATE, DECLINE, REPORT, ROLLBACK = "edition_activate", "edition_decline", "edition_report", "edition_rollback"
_WORST = 3  # cases that the card names


def staged_card(message: str, staged: Staged, at: Scene, said: str = "") -> SlackMessage:
    """The card of a staged edition as things stand now: in force whoever put it there, declined, or still to be decided on.

    ``message`` is its id; ``said`` is what came of a click a moment ago.
    """
    lang = at.lang
    stands, outcome = at.edition == staged.edition != staged.active, said
    if not said and stands:
        outcome = say("evidence_slack.staged.now", lang, edition=staged.edition)
    elif not said and staged.declined_by:
        outcome = say("evidence_slack.staged.declined", lang, who=at.name(staged.declined_by))
    return edition_card(staged, message, lang, outcome, back=stands)


def way_back(message: str, staged: Staged, lang: str) -> list[Block]:
    """回退 for the lead's Home, while what is in force is what the message (by id) staged; it asks again, as on the card."""
    return [row("edition_back", [_rollback(staged, packed(m=message), lang)])]


def edition_card(staged: Staged, message: str, lang: str, outcome: str = "", back: bool = False) -> SlackMessage:
    """The card; with an outcome only the report is left, and ``back``, once it is in force, the way back."""
    title = say("evidence_slack.head.staged" if not outcome else "evidence_slack.staged.head", lang, edition=staged.edition)
    blocks: list[Block] = [header(title), paragraph(verdict_line(staged, lang))]
    if staged.gates:
        blocks.append(paragraph("\n".join(staged.gates)))
    if staged.worst:
        heading = line(words(say("evidence_slack.staged.worst", lang), bold=True))
        blocks.append(rich("worst", heading, bullets([words(_case(c, lang), 400)] for c in staged.worst[:_WORST])))
    blocks += [divider(), paragraph(f"{changes_line(staged, lang)}\n{register_line(staged, lang)}")]
    blocks += [paragraph(told) for told in place_lines(staged, lang)]
    blocks.append(small(say("evidence_slack.staged.before" if back else "evidence_slack.edition", lang, edition=staged.active)))
    value = packed(m=message)
    if outcome:
        blocks.append(paragraph(outcome))
        acts = [_rollback(staged, value, lang)] if back and staged.active else []
    else:
        acts = [_activate(staged, value, lang), _button(DECLINE, value, lang)]
    acts += _report(staged, value, lang)
    return SlackMessage(escape(f"{title}\n{outcome or verdict_line(staged, lang)}"), [*blocks, *([row("staged", acts)] if acts else [])])


def _case(case: WorstCase, lang: str) -> str:
    """A case in words: what was asked, what should have been cited, what came instead."""
    between = say("editions.staged.between", lang)
    expected, got = (between.join(dict.fromkeys(plain_slot(c, lang) for c in cited)) for cited in (case.expected, case.got))
    came = say("evidence_slack.staged.got", lang, got=got) if got else say("evidence_slack.staged.got_nothing", lang)
    name = "evidence_slack.staged.case" if expected else "evidence_slack.staged.case_refused"
    return say(name, lang, question=case.question, expected=expected, came=came)


def _activate(staged: Staged, value: str, lang: str) -> Block:
    """启用 asks again before it counts, and is green only when all gates were met."""
    named = {"edition": staged.edition, "active": staged.active, "changes": register_line(staged, lang)}
    sure = "sure_failed" if staged.gates else "sure"
    confirm = {
        "title": plain(say("evidence_slack.staged.sure_head", lang, **named), limits.CONFIRM_TITLE),
        "text": plain(say(f"evidence_slack.staged.{sure}", lang, **named), limits.CONFIRM_TEXT),
        "confirm": plain(say(f"evidence_slack.staged.{ACTIVATE}", lang), limits.CONFIRM_BUTTON),
        "deny": plain(say("evidence_slack.form.close", lang), limits.CONFIRM_BUTTON),
    }
    return _button(ACTIVATE, value, lang, "" if staged.gates else "primary") | {"confirm": confirm}


def _button(name: str, value: str, lang: str, style: str = "") -> Block:
    text = plain(say(f"evidence_slack.staged.{name}", lang), limits.BUTTON_TEXT)
    found: Block = {"type": "button", "action_id": name, "text": text, "value": value}
    return found | ({"style": style} if style else {})


def _rollback(staged: Staged, value: str, lang: str) -> Block:
    """回退 asks again, too: the register follows."""
    named = {"edition": staged.edition, "active": staged.active}
    confirm = {
        "title": plain(say("evidence_slack.staged.back_head", lang, **named), limits.CONFIRM_TITLE),
        "text": plain(say("evidence_slack.staged.back_sure", lang, **named), limits.CONFIRM_TEXT),
        "confirm": plain(say("evidence_slack.staged.back_do", lang), limits.CONFIRM_BUTTON),
        "deny": plain(say("evidence_slack.form.close", lang), limits.CONFIRM_BUTTON),
        "style": "danger",
    }
    return _button(ROLLBACK, value, lang, "danger") | {"confirm": confirm}


def _report(staged: Staged, value: str, lang: str) -> list[Block]:
    """The report: a link, where ``AEO_REPORTS_URL`` says that its folder is served, else a file that is put under the card."""
    link = web_address(staged.link)
    if not link and not staged.report:
        return []
    return [_button(REPORT, value, lang) | ({"url": link} if link else {})]
