"""What a line of a guide is called: by its clause, the kind of its section and the number it is printed with, never by its id."""

from __future__ import annotations

from assistant.guide import KINDS, Guide
from assistant.line_ids import LineId
from assistant.texts import say


def line_name(line: str, lang: str, guide: Guide | None = None) -> str:
    """A passage as people say it: ``24(3)/records/2`` is 24(3) 抽查记录（2）, a heading 24(3) 抽查记录的小标题.

    Args:
        line: the id of a passage or clause; anything else is given back.
        lang: the reader's language.
        guide: its edition; a line that is printed there without a number is counted instead.
    """
    clause, kind, end = LineId.of(line)
    if kind == "applicability":
        return say("diff.named.applicability", lang, clause=clause)
    if kind not in KINDS:
        return line
    number = end.rpartition("/")[2]
    values = {"clause": clause, "kind": say(f"evidence.kind.{kind}", lang), "number": number.removeprefix("n")}
    if number == "n0":
        return say("diff.named.heading", lang, **values)
    if number.startswith("n"):
        return say("diff.named.paragraph", lang, **values)
    known = guide.requirements.get(line) if guide is not None else None
    return say("diff.named.counted" if known is not None and not known.number else "diff.named.printed", lang, **values)


def lines_named(olds: tuple[str, ...], news: tuple[str, ...], lang: str, old: Guide, new: Guide) -> str:
    """The lines of one change, before → after; once where they are called the same."""
    here = " + ".join(line_name(i, lang, old) for i in olds)
    there = " + ".join(line_name(i, lang, new) for i in news)
    return f"{here} → {there}" if here and there and here != there else there or here
