"""What a lead is told of a staged edition, as plain text; the words stand in ``assistant/texts``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.register.facts.outbox import Message
from assistant.texts import say


def staged_text(message: Message, lang: str) -> str:
    """Verdict, the gates that fail, the worst cases, what would change, and how to put it in force."""
    p = message.payload
    lines = [say("editions.staged.head", lang, edition=p["edition"], active=p["active"]), verdict_line(p, lang)]
    lines += [f"  {gate}" for gate in p["gates"]]
    lines += [case_line(c, lang) for c in p["worst"]]
    lines += [changes_line(p, lang), register_line(p, lang)]
    lines += [say("editions.staged.report", lang, report=p["report"]), say("editions.staged.how", lang, edition=p["edition"])]
    return "\n".join(lines)


def verdict_line(payload: Mapping[str, Any], lang: str) -> str:
    """Whether the gates hold, of how many cases."""
    name = "passed" if payload["passed"] else "failed"
    values = {k: payload[k] for k in ("cases", "failures", "relabel")}
    return say(f"editions.staged.{name}", lang, **values)


def case_line(case: Mapping[str, Any], lang: str) -> str:
    """One case: question, expected, got."""
    between = say("editions.staged.between", lang)
    nothing = say("editions.staged.refused", lang)
    expected, got = (between.join(case[k]) or nothing for k in ("expected", "got"))
    return say("editions.staged.case", lang, id=case["id"], question=case["question"], expected=expected, got=got)


def changes_line(payload: Mapping[str, Any], lang: str) -> str:
    """How many clauses and lines changed in which way."""
    parts = []
    for what, counts in payload["changes"].items():
        shown = say("editions.staged.between", lang).join(f"{say(f'diff.{k}', lang)} {n}" for k, n in sorted(counts.items()) if n)
        parts.append(say("diff.summary", lang, what=say(f"diff.{what}", lang), counts=shown))
    return say("editions.staged.stop", lang).join(parts)


def register_line(payload: Mapping[str, Any], lang: str) -> str:
    """What the register would keep, ask to be confirmed, add and set aside."""
    return say("editions.staged.register", lang, **payload["register"])
