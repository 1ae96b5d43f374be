"""A staged edition before its lead: verdict, worst cases, what would change, and two buttons. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.conversation.scene import Scene
from assistant.register.facts.outbox import Message as Told
from assistant.register.papers.edition_words import case_line, changes_line, register_line, verdict_line
from assistant.texts import say
from connectors.slack.cards.blocks.parts import divider, header, paragraph, small
from connectors.slack.cards.blocks.rich_text import Block, Message
from connectors.slack.cards.blocks.text import escape, plain, web_address
from connectors.slack.cards.carried import packed
from connectors.slack.wire import limits

ACTIVATE, DECLINE, REPORT = "edition_activate", "edition_decline", "edition_report"


def staged_card(message: Told, at: Scene) -> Message:
    """The card of a staged edition as things stand now: in force whoever put it there, declined, or still to be decided on."""
    payload, lang = message.payload, at.lang
    outcome = ""
    if at.edition == payload["edition"] != payload["active"]:
        outcome = say("evidence_slack.staged.now", lang, edition=payload["edition"])
    elif payload.get("declined_by"):
        outcome = say("evidence_slack.staged.declined", lang, who=at.name(payload["declined_by"]))
    return edition_card(payload, message.id, lang, outcome)


def edition_card(payload: Mapping[str, Any], message: str, lang: str, outcome: str = "") -> Message:
    """The card; with an outcome it has no buttons any more."""
    title = say("evidence_slack.head.staged", lang, edition=payload["edition"])
    blocks: list[Block] = [header(title), paragraph(verdict_line(payload, lang))]
    if payload["gates"]:
        blocks.append(paragraph("\n".join(payload["gates"])))
    if payload["worst"]:
        worst = "\n".join([say("evidence_slack.staged.worst", lang), *(case_line(c, lang).strip() for c in payload["worst"])])
        blocks.append(paragraph(worst))
    blocks += [divider(), paragraph(f"{changes_line(payload, lang)}\n{register_line(payload, lang)}")]
    blocks.append(small(say("evidence_slack.edition", lang, edition=payload["active"])))
    if outcome:
        blocks.append(paragraph(outcome))
    else:
        value = packed(m=message)
        blocks.append(
            {
                "type": "actions",
                "elements": [_activate(payload, value, lang), _button(DECLINE, value, lang), *_report(payload, lang)],
            }
        )
    return Message(escape(f"{title}\n{verdict_line(payload, lang)}"), blocks)


def _activate(payload: Mapping[str, Any], value: str, lang: str) -> Block:
    """启用 asks again before it counts, and is green only when all gates were met."""
    words = {"edition": payload["edition"], "active": payload["active"], "changes": register_line(payload, lang)}
    sure = "sure_failed" if payload["gates"] else "sure"
    confirm = {
        "title": plain(say("evidence_slack.staged.sure_head", lang, **words), limits.CONFIRM_TITLE),
        "text": plain(say(f"evidence_slack.staged.{sure}", lang, **words), limits.CONFIRM_TEXT),
        "confirm": plain(say(f"evidence_slack.staged.{ACTIVATE}", lang), limits.CONFIRM_BUTTON),
        "deny": plain(say("evidence_slack.form.close", lang), limits.CONFIRM_BUTTON),
    }
    return _button(ACTIVATE, value, lang, "" if payload["gates"] else "primary") | {"confirm": confirm}


def _button(name: str, value: str, lang: str, style: str = "") -> Block:
    text = plain(say(f"evidence_slack.staged.{name}", lang), limits.BUTTON_TEXT)
    found: Block = {"type": "button", "action_id": name, "text": text, "value": value}
    return found | ({"style": style} if style else {})


def _report(payload: Mapping[str, Any], lang: str) -> list[Block]:
    """A link to the report, where ``AEO_REPORTS_URL`` says that its folder is served."""
    link = web_address(str(payload.get("link") or ""))
    text = plain(say(f"evidence_slack.staged.{REPORT}", lang), limits.BUTTON_TEXT)
    return [{"type": "button", "action_id": REPORT, "text": text, "url": link}] if link else []
