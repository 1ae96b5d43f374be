"""What a lead is told of a staged edition, as plain text; the words stand in ``assistant/texts``."""

from __future__ import annotations

from assistant.register.facts.notices.leading import Staged, WorstCase
from assistant.texts import say


def staged_text(staged: Staged, lang: str) -> str:
    """Verdict, the gates that fail, the worst cases, what would change, and how to put it in force."""
    lines = [say("editions.staged.head", lang, edition=staged.edition, active=staged.active), verdict_line(staged, lang)]
    lines += [f"  {gate}" for gate in staged.gates]
    lines += [case_line(c, lang) for c in staged.worst]
    lines += [changes_line(staged, lang), *place_lines(staged, lang), register_line(staged, lang)]
    lines += [say("editions.staged.report", lang, report=staged.report), say("editions.staged.how", lang, edition=staged.edition)]
    return "\n".join(lines)


def verdict_line(staged: Staged, lang: str) -> str:
    """Whether the gates hold, of how many cases."""
    name = "passed" if staged.passed else "failed"
    return say(f"editions.staged.{name}", lang, cases=staged.cases, failures=staged.failures, relabel=staged.relabel)


def case_line(case: WorstCase, lang: str) -> str:
    """One case: question, expected, got."""
    between = say("editions.staged.between", lang)
    nothing = say("editions.staged.refused", lang)
    expected, got = (between.join(found) or nothing for found in (case.expected, case.got))
    return say("editions.staged.case", lang, id=case.id, question=case.question, expected=expected, got=got)


def changes_line(staged: Staged, lang: str) -> str:
    """How many clauses and lines changed in which way."""
    parts = []
    for what, counts in staged.changes.items():
        shown = say("editions.staged.between", lang).join(f"{say(f'diff.{k}', lang)} {n}" for k, n in sorted(counts.items()) if n)
        parts.append(say("diff.summary", lang, what=say(f"diff.{what}", lang), counts=shown))
    return say("editions.staged.stop", lang).join(parts)


def place_lines(staged: Staged, lang: str) -> list[str]:
    """Which clauses are numbered and which parts, categories and items are called otherwise, each with their count."""
    numbers = [f"{r['old']} → {r['new']}" for r in staged.renumbered]
    titles = [f"{say('diff.level.' + r['level'], lang)} {r['old']} {r['before']} → {r['new']} {r['after']}" for r in staged.retitled]
    between = say("editions.staged.between", lang)
    told = (("diff.renumbered", numbers), ("diff.retitled", titles))
    return [say(name, lang, count=len(rows)) + say("editions.staged.these", lang, these=between.join(rows)) for name, rows in told if rows]


def register_line(staged: Staged, lang: str) -> str:
    """What the register would keep, ask to be confirmed, add and set aside."""
    return say("editions.staged.register", lang, **staged.in_register)
