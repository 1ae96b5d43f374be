"""The comparison of two editions in the terminal: counts, what changed word by word, and what is numbered or called otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.texts import say
from connectors.cli.output import console, write
from ingest.compare.matching.word_runs import word_runs
from ingest.compare.named import lines_named

if TYPE_CHECKING:
    from rich.text import Text

    from assistant.guide import Guide
    from ingest.compare.diff import ClauseChange, Diff, LineChange

_STYLES = {"same": "", "old": "red strike", "new": "green"}
_PLAIN = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}


def print_diff(changes: Diff, old: Guide, new: Guide, lang: str) -> None:
    """Print a comparison; lines are named as the guides print them."""
    for what, counts in changes.counts().items():
        each = [f"{say(f'diff.{k}', lang)} {n}" for k, n in sorted(counts.items())]
        write(say("diff.summary", lang, what=say(f"diff.{what}", lang), counts=each or "0"))
    screen = console()
    for clause in changes.clauses:
        if clause.change == "unchanged":
            continue
        screen.print(_shown(say(f"diff.{clause.change}", lang), clause.ids, clause, screen.is_terminal), soft_wrap=not screen.is_terminal)
        for line in clause.lines:
            if line.change != "unchanged":
                name = lines_named(line.olds, line.news, lang, old, new)
                said = _shown(f"    {say(f'diff.{line.change}', lang)}", name, line, screen.is_terminal)
                screen.print(said, soft_wrap=not screen.is_terminal)
    _print_places(changes, lang)


def _shown(mark: str, name: str, change: ClauseChange | LineChange, styled: bool) -> Text:
    """One change; where there are no colours, what went and what came stands in brackets."""
    from rich.text import Text

    line = Text(f"{mark} {name}  ")
    for run in word_runs(change.before or "", change.after or ""):
        line.append(run.text if styled else _PLAIN[run.kind].format(run.text), style=_STYLES[run.kind])
    return line


def _print_places(changes: Diff, lang: str) -> None:
    """Exchanged words, retitled places and renumbered clauses, each as a table under its count."""
    from rich.table import Table

    level = {name: say(f"diff.level.{name}", lang) for name in ("part", "category", "item")}
    tables = (
        ("terms", ("old", "new", "seen"), [(t.old, t.new, str(t.lines)) for t in changes.terms]),
        (
            "retitled",
            ("level", "old", "new"),
            [(level[r.level], f"{r.old} {r.before}", f"{r.new} {r.after}") for r in changes.retitled],
        ),
        ("renumbered", ("old", "new"), [(r.old, r.new) for r in changes.renumbered]),
    )
    for name, heads, rows in tables:
        if rows:
            table = Table()
            for head in heads:
                table.add_column(say(f"diff.column.{head}", lang))
            for row in rows:
                table.add_row(*row)
            write(say(f"diff.{name}", lang, count=len(rows)))
            console().print(table)
