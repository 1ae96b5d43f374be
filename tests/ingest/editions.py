"""Editions made from the shipped one by edits whose truth is known: which lines' words live on, and around which nothing changed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.guide import Guide, Kind
from ingest.parse.guide import parse
from ingest.printed_numbers import mark
from ingest.read.file import read

NEW_LINES = (
    "企业对无人机进入厂区的报备和处置台账。",
    "电子封条读取设备的校准凭据，应包括设备编号、校准日期、校准人员。",
    "外部供电中断时关键设施的应急切换演示报告。",
    "跨境数据出境评估的申报材料及其批复意见。",
)
TERMS = (
    ("重新认证", "复核"),
    ("重新认证", "再认定"),
    ("高级管理人员", "高管人员"),
    ("书面文件", "书面材料"),
    ("海关认证人员", "海关评定人员"),
)
PERIODS = ("近三年每一年", "自取得资格之日起每年")


@dataclass
class Line:
    """A line with its paragraphs; ``origins`` are the old ids whose words it holds whole."""

    paragraphs: list[str]
    numbered: bool
    origins: set[str] = field(default_factory=set)


@dataclass
class Section:
    """A section; a heading may be missing (notes)."""

    kind: Kind
    heading: str
    lines: list[Line]
    notes: list[str]


@dataclass
class Clause:
    """A clause; ``disturbed`` says that an edit changed what its evidence is held against."""

    id: str
    text: str
    numbered: bool
    applicability: str
    sections: list[Section]
    shares: bool = False
    disturbed: bool = False


@dataclass
class Item:
    """An item of a category of a part."""

    part: str
    category: str
    title: str
    clauses: list[Clause]


class Edition:
    """A guide as things that can be edited, and written out again with numbers counted anew."""

    def __init__(self, guide: Guide, seed: int) -> None:
        self.chance = random.Random(seed)
        self.items = [
            _item(guide, part.title, category.title, item)
            for part in guide.parts
            for category in part.categories
            for item in category.items
        ]
        self.terms: list[tuple[str, str]] = []
        self.first = 1

    def guide(self, folder: Path, label: str = "next") -> Guide:
        """The edition, parsed from its text."""
        path = folder / f"{label}.txt"
        path.write_text(self.text(), encoding="utf-8")
        return parse(read(path), label)

    def text(self) -> str:
        """The edition written out as the shipped text is."""
        out = ["海关认证企业标准指南", "（高级认证—通用标准）", "\t认证标准", "\t指南"]
        part = category = ""
        parts = categories = 0
        for number, item in enumerate(self.items, self.first):
            if item.part != part:
                part, parts = item.part, parts + 1
                out.append(f"\t{_CHINESE[parts]}、{part}")
            fresh = item.category != category
            category, categories = item.category, categories + fresh
            for nth, clause in enumerate(item.clauses, 1):
                head = f"\t（{_CHINESE[categories]}）{category}" if fresh and nth == 1 else "\t"
                title = f"\t{number}．{item.title}" if nth == 1 else "\t"
                several = clause.numbered or len(item.clauses) > 1
                out += [head, title, f"\t{f'（{nth}）' if several else ''}{clause.text}"]
                out += "\n".join(_guide_cell(clause)).split("\n") if not clause.shares else ["\t"]
        text = "\n".join(out)
        for old, new in self.terms:
            text = text.replace(old, new)
        return text

    # -- what can be picked ----------------------------------------------------------------------------------------

    def clauses(self, fit: Callable[[Clause], bool] = lambda c: True) -> list[Clause]:
        """Clauses with sections of their own that fit."""
        return [c for i in self.items for c in i.clauses if c.sections and not c.shares and fit(c)]

    def pick(self) -> tuple[Clause, Section, int]:
        """A line of evidence in a headed section with several lines."""
        found = [
            (c, s, n)
            for c in self.clauses()
            for s in c.sections
            if s.kind in ("documents", "records")
            for n, line in enumerate(s.lines)
            if len(line.paragraphs) == 1 and len(line.paragraphs[0]) > 20 and line.origins and not _SPECIAL.search(line.paragraphs[0])
        ]
        return self.chance.choice(found)


_CHINESE = [
    "",
    *"一二三四五六七八九十",
    *(f"十{c}" for c in "一二三四五六七八九"),
    "二十",
    *(f"二十{c}" for c in "一二三四五六七八九"),
    "三十",
]
_SPECIAL = re.compile("重新认证|新申请|制度规定|符合|译本|保存期限|可以为|不涉及|由海关认定|分项标准|任一|年以来|每一年|每年")


def _item(guide: Guide, part: str, category: str, item: object) -> Item:
    found = []
    for clause in item.clauses:  # type: ignore[attr-defined]
        sections = []
        for s in clause.sections:
            printed = mark(s.heading or "")
            heading = printed.rest if printed else s.heading or ""
            lines = [Line([r.text, *(p.text for p in r.continuation)], r.number is not None, {r.id}) for r in s.requirements]
            sections.append(Section(s.kind, heading, lines, [p.text for p in s.notes]))
        applicability = clause.applicability.text if clause.applicability else ""
        found.append(Clause(clause.id, clause.text, clause.number is not None, applicability, sections, clause.shares_with is not None))
    return Item(part, category, item.title, found)  # type: ignore[attr-defined]


def _guide_cell(clause: Clause) -> list[str]:
    out = [clause.applicability] if clause.applicability else []
    headed = 0
    for section in clause.sections:
        if section.heading:
            headed += 1
            out.append(f"{headed}．{section.heading}")
        count = 0
        for line in section.lines:
            count += line.numbered
            first, *more = line.paragraphs
            out += [f"（{count}）{first}" if line.numbered else first, *more]
        out += section.notes
    return [f"\t{out[0]}", *out[1:]] if out else ["\t"]


def reword(e: Edition) -> None:
    """Other words in the middle of a line."""
    _, section, n = e.pick()
    text = section.lines[n].paragraphs[0]
    section.lines[n] = Line([f"{text[:6]}另行补充{text[9:]}"], section.lines[n].numbered)


def split_line(e: Edition) -> None:
    """A line parted in two."""
    _, section, n = e.pick()
    line = section.lines[n]
    text = line.paragraphs[0]
    cuts = [m.end() for m in re.finditer("[，、；。]", text) if 8 < m.end() < len(text) - 8]
    if cuts:
        cut = e.chance.choice(cuts)
        section.lines[n : n + 1] = [
            replace(line, paragraphs=[text[:cut].rstrip("，、；。") + "。"]),
            replace(line, paragraphs=[text[cut:]], origins=set(line.origins)),
        ]


def merge_lines(e: Edition) -> None:
    """Two neighbours joined in one."""
    _, section, n = e.pick()
    if n + 1 < len(section.lines):
        a, b = section.lines[n], section.lines[n + 1]
        if len(b.paragraphs) == 1 and a.numbered == b.numbered and not _SPECIAL.search(b.paragraphs[0]) and b.origins:
            joined = f"{a.paragraphs[0].rstrip('。')}；{b.paragraphs[0]}"
            section.lines[n : n + 2] = [Line([joined], a.numbered, a.origins | b.origins)]


def move_line(e: Edition) -> None:
    """A line taken to another clause."""
    clause, section, n = e.pick()
    others = [
        s
        for c in e.clauses()
        if c is not clause
        for s in c.sections
        if s.kind == section.kind and s.lines and s.lines[0].numbered == section.lines[n].numbered
    ]
    if len(section.lines) > 1 and others:
        e.chance.choice(others).lines.insert(0, section.lines.pop(n))


def change_kind(e: Edition) -> None:
    """A line taken to a section of another kind in its clause."""
    clause, section, n = e.pick()
    others = [s for s in clause.sections if s.kind in ("documents", "records") and s is not section and s.lines]
    if len(section.lines) > 1 and others:
        line = section.lines.pop(n)
        others[0].lines.insert(0, replace(line, numbered=others[0].lines[0].numbered))


def unnumber(e: Edition) -> None:
    """A section whose lines lose their printed numbers."""
    _, section, _ = e.pick()
    if all(len(line.paragraphs) == 1 for line in section.lines):
        for line in section.lines:
            line.numbered = False


def renumber(e: Edition) -> None:
    """Items counted from another number."""
    e.first = e.chance.choice((1, 3, 41, 101))


def insert_line(e: Edition) -> None:
    """A line that was not there."""
    _, section, n = e.pick()
    section.lines.insert(n, Line([e.chance.choice(NEW_LINES)], section.lines[n].numbered))


def insert_clause(e: Edition) -> None:
    """A clause that was not there, in an item with numbered ones."""
    item = e.chance.choice([i for i in e.items if len(i.clauses) > 1 and not any(c.shares for c in i.clauses)])
    fresh = Section("documents", "建立以下书面文件并有效落实：", [Line([e.chance.choice(NEW_LINES)], False)], [])
    item.clauses.insert(
        e.chance.randrange(len(item.clauses) + 1), Clause("", "对无人机和电子封条实行专门管理并定期校验。", True, "", [fresh])
    )


def insert_item(e: Edition) -> None:
    """An item that was not there."""
    place = e.chance.randrange(1, len(e.items))
    before = e.items[place - 1]
    fresh = Section("documents", "建立以下书面文件并有效落实：", [Line([e.chance.choice(NEW_LINES)], False)], [])
    e.items.insert(
        place, Item(before.part, before.category, "低空飞行器管理", [Clause("", "建立低空飞行器进出的报备制度。", False, "", [fresh])])
    )


def delete_line(e: Edition) -> None:
    """A line taken out."""
    _, section, n = e.pick()
    if len(section.lines) > 1:
        del section.lines[n]


def delete_clause(e: Edition) -> None:
    """A clause taken out."""
    item = e.chance.choice([i for i in e.items if len(i.clauses) > 2 and not any(c.shares for c in i.clauses)])
    del item.clauses[e.chance.randrange(len(item.clauses))]


def retitle(e: Edition) -> None:
    """An item, a category or a part with another title."""
    what = e.chance.choice(("title", "category", "part"))
    old = getattr(e.chance.choice(e.items), what)
    for item in e.items:
        if getattr(item, what) == old:
            setattr(item, what, f"新编{old}"[:18])


def change_period(e: Edition) -> None:
    """Another period rule in one section."""
    rule = e.chance.choice(PERIODS)
    pattern = re.compile("自成为认证企业或者最近一次重新认证后，?每一年")
    sections = [s for c in e.clauses() for s in c.sections if any(pattern.search(p) for line in s.lines for p in line.paragraphs)]
    section = e.chance.choice(sections) if sections else None
    for line in section.lines if section else ():
        if pattern.search(line.paragraphs[0]):
            line.origins = set()
        line.paragraphs = [pattern.sub(rule, p) for p in line.paragraphs]


def change_terms(e: Edition) -> None:
    """A word exchanged throughout."""
    term = e.chance.choice(TERMS)
    if all(term[0] != old for old, _ in e.terms):
        e.terms.append(term)


def reword_sentence(e: Edition) -> None:
    """Another threshold in a clause's sentence."""
    clause = e.chance.choice(e.clauses(lambda c: bool(c.id) and len(c.text) > 20))
    clause.text = f"{clause.text.rstrip('。')}，并至少每半年复查一次。"
    clause.disturbed = True


def split_clause(e: Edition) -> None:
    """A clause of several sections parted in two, each with some of them."""
    items = [i for i in e.items if len(i.clauses) > 1 and not any(c.shares for c in i.clauses)]
    parts = [(i, c) for i in items for c in i.clauses if c.id and not c.applicability and len(c.sections) > 2 and c.text.count("。") > 1]
    if parts:
        item, clause = e.chance.choice(parts)
        first, rest = clause.text.split("。", 1)
        second = replace(clause, id="", text=rest, sections=clause.sections[2:], disturbed=True)
        clause.text, clause.sections, clause.disturbed = f"{first}。", clause.sections[:2], True
        item.clauses.insert(item.clauses.index(clause) + 1, second)


def move_item(e: Edition) -> None:
    """An item taken to another place of its category."""
    places = [n for n in range(1, len(e.items)) if e.items[n].category == e.items[n - 1].category]
    n = e.chance.choice(places)
    e.items[n - 1], e.items[n] = e.items[n], e.items[n - 1]


def merge_clauses(e: Edition) -> None:
    """Two neighbouring clauses of an item joined in one, their sections one behind the other."""
    items = [i for i in e.items if len(i.clauses) > 2 and all(c.id and not c.shares and not c.applicability for c in i.clauses)]
    item = e.chance.choice(items)
    n = e.chance.randrange(len(item.clauses) - 1)
    a, b = item.clauses[n], item.clauses[n + 1]
    if len(a.text) > 14 and len(b.text) > 14:
        joined = Clause(
            a.id, f"{a.text.rstrip('。')}；{b.text}", True, "", [*a.sections, *b.sections], disturbed=a.disturbed or b.disturbed
        )
        item.clauses[n : n + 2] = [joined]


EDITS: dict[str, Callable[[Edition], None]] = {
    f.__name__: f
    for f in (
        reword,
        split_line,
        merge_lines,
        move_line,
        change_kind,
        unnumber,
        renumber,
        insert_line,
        insert_clause,
        insert_item,
        delete_line,
        delete_clause,
        retitle,
        change_period,
        change_terms,
        reword_sentence,
        merge_clauses,
        split_clause,
        move_item,
    )
}
