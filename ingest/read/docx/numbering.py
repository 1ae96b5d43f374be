"""Word's automatic numbers, written into the text by Word's own rules (ECMA-376 part 1, 17.9), since no text holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ingest.read.docx.cleaning import attribute, child, local
from ingest.read.docx.number_formats import number_as

_LEVELS = 9  # of a list in Word
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class _Level:
    start: int
    style: str
    text: str
    restart: int
    legal: bool
    paragraph_style: str | None


@dataclass
class _List:
    """One ``w:num``: its abstract list, and the levels and starts that it overrides."""

    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


def write_numbers(document: Any, numbering: Any, styles: Any) -> int:
    """Write every automatic number in front of its paragraph, and return how many; bullets are marks and not written.

    Args:
        document: root of ``word/document.xml``, changed in place.
        numbering: root of ``word/numbering.xml``, or None.
        styles: root of ``word/styles.xml``, or None.
    """
    by_style = _Styles(styles)
    counters = _Counters(_lists(numbering, by_style) if numbering is not None else {})
    written = 0
    for paragraph in document.iter("{*}p"):
        if "wordprocessingml" not in paragraph.tag:
            continue
        place = _place(paragraph, by_style, counters.lists)
        if place is None or _unseen(paragraph):
            continue
        label = counters.next(*place)
        if label.strip():
            _insert(paragraph, label)
            written += 1
    return written


class _Styles:
    """Paragraph styles with the numbering that they carry or inherit."""

    def __init__(self, styles: Any) -> None:
        found = [s for s in (styles if styles is not None else ()) if local(s) == "style" and attribute(s, "type") in ("paragraph", None)]
        self._styles = {attribute(s, "styleId"): s for s in found}
        self.default = next((attribute(s, "styleId") for s in found if attribute(s, "default") in ("1", "true")), None)
        self.linked = {
            attribute(s, "styleId"): _value(s, "pPr", "numPr", "numId")
            for s in (styles if styles is not None else ())
            if local(s) == "style" and attribute(s, "type") == "numbering"
        }

    def numbering(self, style: str | None) -> tuple[str | None, int | None, str | None]:
        """List, level, and the style that names the list, for a paragraph of that style."""
        level: int | None = None
        for _ in range(32):
            element = self._styles.get(style)
            if element is None:
                break
            own = _integer(_value(element, "pPr", "numPr", "ilvl"))
            level = own if level is None else level
            number = _value(element, "pPr", "numPr", "numId")
            if number is not None:
                return number, level, style
            style = _value(element, "basedOn")
        return None, None, None


def _lists(numbering: Any, styles: _Styles) -> dict[str, _List]:
    abstracts = {attribute(a, "abstractNumId"): a for a in numbering if local(a) == "abstractNum"}
    numbers = {attribute(n, "numId"): n for n in numbering if local(n) == "num"}
    found: dict[str, _List] = {}
    for name, number in numbers.items():
        identity = _value(number, "abstractNumId")
        abstract = abstracts.get(identity)
        link = _value(abstract, "numStyleLink") if abstract is not None else None
        if link is not None:
            linked = numbers.get(styles.linked.get(link))
            identity = _value(linked, "abstractNumId") if linked is not None else identity
            abstract = abstracts.get(identity)
        if name is None or identity is None or abstract is None:
            continue
        entry = _List(identity, _levels(abstract))
        for override in (o for o in number if local(o) == "lvlOverride"):
            level = _integer(attribute(override, "ilvl")) or 0
            entry.levels |= _levels(override)
            start = _integer(_value(override, "startOverride"))
            if start is not None:
                entry.starts[level] = start
        found[name] = entry
    return found


def _levels(parent: Any) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for element in (e for e in parent if local(e) == "lvl"):
        level = _integer(attribute(element, "ilvl"))
        if level is None or not 0 <= level < _LEVELS:
            continue
        restart = _integer(_value(element, "lvlRestart"))
        legal = child(element, "isLgl")
        found[level] = _Level(
            start=_integer(_value(element, "start")) or 0,
            style=_number_format(element),
            text=_value(element, "lvlText") or "",
            restart=level if restart is None else min(restart, level),
            legal=legal is not None and attribute(legal, "val") not in ("0", "false", "off"),
            paragraph_style=_value(element, "pStyle"),
        )
    return found


def _number_format(level: Any) -> str:
    """The number format; a custom one has a plain fallback beside it."""
    formats = [attribute(f, "val") for f in level.iter("{*}numFmt")]
    return next((f for f in formats if f and f != "custom"), "decimal")


class _Counters:
    """The running numbers; lists with the same abstract list count on together."""

    def __init__(self, lists: dict[str, _List]) -> None:
        self.lists = lists
        self._values: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def next(self, name: str, level: int) -> str:
        """Count one paragraph of list ``name`` and return its label."""
        entry = self.lists[name]
        values = self._values.setdefault(entry.abstract, [None] * _LEVELS)
        definition = entry.levels[level]
        start = entry.starts.get(level, definition.start)
        if level in entry.starts and (name, level) not in self._begun:
            values[level] = None
        self._begun.add((name, level))
        current = values[level]
        values[level] = start if current is None else current + 1
        for deeper in range(level + 1, _LEVELS):
            if deeper in entry.levels and level < entry.levels[deeper].restart:
                values[deeper] = None
        for higher in range(level):
            if values[higher] is None and higher in entry.levels:
                values[higher] = entry.starts.get(higher, entry.levels[higher].start)
        return self._label(entry, level, values)

    def _label(self, entry: _List, level: int, values: list[int | None]) -> str:
        definition = entry.levels[level]
        if definition.style == "bullet" or any(int(n) > level + 1 for n in _PLACE.findall(definition.text)):
            return ""

        def shown(match: re.Match[str]) -> str:
            place = int(match.group(1)) - 1
            style = entry.levels[place].style if place in entry.levels else "decimal"
            value = values[place]
            return "" if value is None else number_as("decimal" if definition.legal and style != "none" else style, value)

        return _PLACE.sub(shown, definition.text)


def _place(paragraph: Any, styles: _Styles, lists: dict[str, _List]) -> tuple[str, int] | None:
    """The list and level of a paragraph: its own, else its style's."""
    properties = child(paragraph, "pPr")
    style = (_value(properties, "pStyle") if properties is not None else None) or styles.default
    number = _value(paragraph, "pPr", "numPr", "numId")
    level = _integer(_value(paragraph, "pPr", "numPr", "ilvl"))
    if number is None:
        number, inherited, named = styles.numbering(style)
        if number in lists and level is None and inherited is None:
            inherited = next((i for i, v in lists[number].levels.items() if v.paragraph_style in (style, named)), 0)
        level = inherited if level is None else level
    level = level or 0
    return (number, level) if number in lists and level in lists[number].levels else None


def _unseen(paragraph: Any) -> bool:
    """Whether a paragraph stands in a cell that is merged away, or is deleted."""
    for ancestor in paragraph.iterancestors():
        name = local(ancestor)
        if name == "tc":
            merge = child(ancestor, "tcPr", "vMerge")
            if merge is not None and attribute(merge, "val") in (None, "continue"):
                return True
        elif name in ("del", "Choice"):
            return True
    return False


def _insert(paragraph: Any, label: str) -> None:
    """Put the label in front; a blank follows only where number and text would run together."""
    text = "".join(t.text or "" for t in paragraph.iter("{*}t"))
    gap = " " if label[-1:].isalnum() and label.isascii() and text[:1].isalnum() else ""
    namespace = paragraph.tag[:-1]
    run = etree.Element(f"{namespace}r")
    etree.SubElement(run, f"{namespace}t").text = label + gap
    properties = child(paragraph, "pPr")
    paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, run)


def _value(element: Any, *names: str) -> str | None:
    found = child(element, *names)
    return attribute(found, "val") if found is not None else None


def _integer(text: str | None) -> int | None:
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None
