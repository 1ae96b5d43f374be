"""HTML pages for people: one self-contained file each, no network, light and dark, readable on a phone and printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.guide import Guide
from assistant.texts import texts
from ingest.compare.diff import Diff
from ingest.compare.matching.word_runs import word_runs
from ingest.compare.named import lines_named


def diff_page(changes: Diff, old: Guide, new: Guide, lang: str) -> str:
    """The comparison of two editions as HTML: counts first, then what changed with word-level before and after."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(default=True), undefined=StrictUndefined
    )
    environment.globals["runs"] = word_runs
    environment.globals["named"] = lambda line: lines_named(line.olds, line.news, lang, old, new)
    words = texts("diff", lang)
    return environment.get_template("diff.html.j2").render(
        changes=changes,
        counts=changes.counts(),
        titles=_titles(old, new),
        words=words,
        lang=lang,
        terms=[(t.old, t.new) for t in changes.terms],
        retitled=[(f"{words[f'level.{r.level}']} {r.old} {r.before}", f"{r.new} {r.after}") for r in changes.retitled],
        renumbered=[(r.old, r.new) for r in changes.renumbered],
    )


def _titles(old: Guide, new: Guide) -> dict[str, dict[str, Any]]:
    return {side: {c: p.item.title for c, p in guide.places.items()} for side, guide in (("old", old), ("new", new))}
