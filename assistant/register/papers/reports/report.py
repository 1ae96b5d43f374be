"""The readiness report: one HTML page without anything from outside, readable on a phone, in daylight and in the dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.guide import Guide, Kind
from assistant.register.facts.slots import Entry
from assistant.register.papers.page import template
from assistant.register.papers.reports.coverage import Dimension, Ready, counted, heat, readiness, total
from assistant.register.papers.said.words import first_line, kind_word, period_word, standing_word
from assistant.register.ports import Count, overdue
from assistant.register.rules.demands.plan import Exempt
from assistant.texts import say, texts

KINDS: tuple[Kind, ...] = ("documents", "situation", "records", "onsite")
URGENT = 12  # late slots that the page names
TABLES: tuple[Dimension, ...] = ("owner", "due", "kind", "part")
DUES = ("past", "week", "month", "later", "none")


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell of the heat map. ``level``: 0 none ready, 1 less than half, 2 more, 3 all, None: nothing owed."""

    level: int | None
    text: str
    overdue: int
    title: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One item of the heat map; ``said`` stands across all four kinds where nothing is handed in."""

    number: str
    title: str
    cells: tuple[HeatCell, ...]
    said: str = ""


def render(
    guide: Guide, enterprise: str, entries: Sequence[Entry], exempt: Sequence[Exempt], today: date, log: tuple[int, str], lang: str = "zh"
) -> str:
    """The report as one HTML document."""
    counts = counted(entries, today)
    words = {name.removeprefix("report."): text for name, text in texts("evidence", lang).items() if name.startswith("report.")}
    late = sorted((e for e in entries if overdue(e, today)), key=lambda e: (e.due or date.max, e.slot.position))
    whole = total(counts)
    document: str = template("report.html.j2").render(
        lang=lang,
        words=words,
        say=lambda key, **values: say(key, lang, **values),
        enterprise=enterprise,
        edition=guide.edition,
        today=today.isoformat(),
        whole=whole,
        percent=round(100 * whole.share),
        parts=_map(guide, counts, exempt, lang),
        kinds=[kind_word(kind, lang) for kind in KINDS],
        tables=_tables(guide, counts, lang),
        urgent=[_line(e, today, lang) for e in late[:URGENT]],
        log=log,
    )
    return document


def _map(guide: Guide, counts: Sequence[Count], exempt: Sequence[Exempt], lang: str) -> list[tuple[str, Ready, list[HeatRow]]]:
    cells, by_part = heat(counts), readiness(counts, "part")
    reasons: dict[str, list[Exempt]] = {}
    for e in exempt:
        reasons.setdefault(e.item, []).append(e)
    found: list[tuple[str, Ready, list[HeatRow]]] = []
    for part in guide.parts:
        rows = []
        for item in (i for category in part.categories for i in category.items):
            row = tuple(_cell(cells.get((item.number, kind)), f"{item.number} {kind_word(kind, lang)}", lang) for kind in KINDS)
            said = "" if any(c.level is not None for c in row) else _said(reasons.get(item.number, []), lang)
            rows.append(HeatRow(item.number, item.title, row, said))
        found.append((f"{part.number}、{part.title}", by_part.get(part.number, Ready()), rows))
    return found


def _cell(ready: Ready | None, name: str, lang: str) -> HeatCell:
    if ready is None or not (ready.owed or ready.later):
        return HeatCell(None, "", 0, "")
    if not ready.owed:
        return HeatCell(None, say("evidence.report.later", lang), 0, name)
    level = 3 if ready.ready == ready.owed else 0 if not ready.ready else 1 + (ready.share >= 0.5)
    title = f"{name} {ready.ready}/{ready.owed} · {say('evidence.report.pending', lang)} {ready.pending} · " + (
        f"{say('evidence.report.overdue', lang)} {ready.overdue}"
    )
    return HeatCell(level, f"{ready.ready}/{ready.owed}", ready.overdue, title)


def _said(exempt: Sequence[Exempt], lang: str) -> str:
    whys = {e.why.partition(".")[0] for e in exempt}
    if not exempt or whys == {"off"}:
        return say("evidence.report.off", lang)
    if "customs" in whys:
        return say("evidence.report.customs", lang)
    outside = [e.elsewhere for e in exempt if e.elsewhere]
    return say("evidence.why.elsewhere", lang, elsewhere=outside[0]) if outside else say("evidence.why.no_list", lang)


def _tables(guide: Guide, counts: Sequence[Count], lang: str) -> list[tuple[str, list[tuple[str, Ready]]]]:
    return [(say(f"evidence.by.{by}", lang), named(readiness(counts, by), by, guide, lang)) for by in TABLES]


def named(table: Mapping[str, Ready], by: Dimension, guide: Guide, lang: str) -> list[tuple[str, Ready]]:
    """A readiness table with the names that people know, in an order that makes sense."""
    if by == "kind":
        return [(kind_word(k, lang), table[k]) for k in KINDS if k in table]
    if by == "family":
        names = {p.number.rpartition(":")[0]: p.family or guide.title for p in guide.parts}
        return [(name, table[prefix]) for prefix, name in names.items() if prefix in table]
    if by == "part":
        return [(f"{p.number}、{p.title}", table[p.number]) for p in guide.parts if p.number in table]
    if by == "item":
        return [(f"{i.number}．{i.title}", table[i.number]) for i in guide.items.values() if i.number in table]
    if by == "due":
        return [(say(f"evidence.due.{d}", lang), table[d]) for d in DUES if d in table]
    return sorted(table.items(), key=lambda pair: (-pair[1].overdue, -pair[1].open, pair[0]))


def _line(entry: Entry, today: date, lang: str) -> dict[str, str]:
    return {
        "slot": entry.slot.id,
        "kind": kind_word(entry.slot.kind, lang),
        "period": period_word(entry.slot.spoken, lang),
        "text": first_line(entry.slot.text, 70),
        "owner": entry.owner,
        "due": entry.due.isoformat() if entry.due else "",
        "state": standing_word(entry, today, lang),
    }
