"""One line of a digest, all its periods together: what to bring in the guide's own words, what it must hold, how often, by when.

Nothing is cut: the elements of a line are boxes in its own sentence, and where its points do not fit the message says how many there
are and where they stand. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from math import ceil
from unicodedata import east_asian_width

from assistant.register.facts.notices.common import Mention
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.described import DEMANDED, Described, PartName, described, forms_named, points
from assistant.register.papers.said.one_paper import Group, also, title, when_asked
from assistant.register.papers.said.words import dotted, slot_name, whose
from assistant.texts import say
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.cards.blocks.parts import bullets, line, rich, words
from connectors.slack.cards.blocks.rich_text import Block, text_element
from connectors.slack.cards.blocks.text import clean, one_line

_LABEL, _STATUS = 40, 300  # characters of a line that nothing more is asked of, and of its state
_REASON = 100  # characters of its state where there is no room: the form has the whole reason of a return. Chosen, not measured
_WIDE, _ROW, _POINT, _BUTTONS = 20, 22, 17, 44
"""Of a message at 390 px: characters in a row, pixels of a row, characters in a row of a point, pixels of buttons and the space around;
measured on drawn pictures (``tests/slack/render``)."""
_TELLING = ("event", "sample", "form")
"""Kinds whose line does not say by itself what is to be done."""


_BESIDE: tuple[PartName, ...] = ("occasion", "figures", "suggested", "joined")
"""What else goes with a line, and what one hand-in settles too."""


@dataclass(frozen=True, slots=True)
class DigestLine:
    """What one line of a digest shows: its name with when it is due, its sentences, its points, and its buttons."""

    group: tuple[Mention, ...]
    entry: Entry | None
    name: str
    due: str
    told: tuple[str, ...]
    points: tuple[str, ...]
    usable: tuple[str, ...]
    along: tuple[Group, ...] = ()

    @property
    def height(self) -> int:
        """How high it is on a telephone, in pixels, about."""
        rows = sum(_rows(text, _WIDE) for text in (self.name + self.due, *self.told)) + sum(_rows(text, _POINT) for text in self.points)
        return rows * _ROW + (_BUTTONS if self.usable else 12)

    def block(self, number: int) -> Block:
        """It as a block."""
        told = [text_element(text) for text in (self.due, *("\n" + text for text in self.told)) if text]
        found = [
            line(words(f"{number}. {self.name}", bold=True), *told),
            *([bullets([words(p)] for p in self.points)] if self.points else []),
        ]
        return rich(f"what:{number}", *found)


def told_line(
    group: Sequence[Mention],
    entry: Entry | None,
    stands: str,
    when: Sequence[str],
    usable: tuple[str, ...],
    lang: str,
    whole: bool = True,
    along: Sequence[Group] = (),
) -> DigestLine:
    """One line; not ``whole``: without its points and the rest of a long reason, which then stand in its form.

    Args:
        group: what the message says of its periods.
        entry: the first of them as it stands.
        stands: how it stands.
        when: when it is due and how often it was asked for.
        usable: its buttons.
        lang: the language.
        whole: with everything.
        along: what the message says of the lines that its paper serves too.
    """
    shown = group[0]
    name = dotted(slot_name(shown.slot, shown.kind, lang), whose(entry.slot, lang) if entry else "", when_asked(group, lang))
    due = "".join(f" · {fact}" for fact in when)
    if entry is None or not usable or entry.state.name == "submitted":
        label = head(one_line(shown.text), _LABEL)
        others = say("slot.also_for", lang, lines=tuple(title(other, lang) for other in along)) if along else ""
        return DigestLine(tuple(group), entry, name, due, _said(label, stands, others), (), usable, tuple(along))
    what, listed = described(entry.slot, lang, entry.state, len(group) > 1), points(entry.slot)
    here = listed if whole else ()
    forms = forms_named(entry.slot.forms)
    allowed = say("evidence_slack.forms", lang, forms=forms) if forms else ""
    kind = "any_of" if entry.slot.any_of else "points"
    in_form = say(f"evidence_slack.{kind}_in_form", lang, count=len(listed)) if listed and not whole else ""
    others_in_form = say("evidence_slack.lines_in_form", lang, count=len(along)) if along and not whole else ""
    too = tuple(text for other in along for text in _too(other, lang)) if whole else ()
    told = (*_boxed(_said(what.bring, *_how(entry, what, lang), in_form, others_in_form), entry.slot.elements, entry.state.covers), *too)
    now = _short(stands, _STATUS if whole else _REASON, lang)
    return DigestLine(tuple(group), entry, name, due, (*told, *(text for text in (allowed, now) if text)), here, usable, tuple(along))


def _how(entry: Entry, what: Described, lang: str) -> list[str]:
    """What is to be done and how often, where the line alone does not say it, and what goes with it."""
    how, measure, slot = what.part("how"), what.part("measure"), entry.slot
    beside = [part for name in _BESIDE if (part := what.part(name))]
    filled = [say("slot.labelled", lang, label=part.label, text=part.texts) for part in beside]
    said = how.texts if how and (slot.owing in _TELLING or slot.any_of or slot.count or slot.why in ("statement", "sentence")) else ()
    term = measure and not slot.count and measure.texts[0] not in slot.text
    terms = [say("slot.labelled", lang, label=measure.label, text=measure.texts)] if measure and term else []
    return [*said, *terms, *filled]


def _too(group: Group, lang: str) -> tuple[str, ...]:
    """What another line wants of the same paper, its elements boxed."""
    elements = group[0].what.elements if group[0].what else ()
    return _boxed(tuple(also(group, lang, [name for name in DEMANDED if name != "elements"])), elements, ())


def _boxed(told: Sequence[str], elements: Sequence[str], covered: Container[str]) -> tuple[str, ...]:
    """The sentences with a box before each element where it is first named; those that stand in none of them after the first."""
    left = dict.fromkeys(e for e in elements if e)
    boxed = []
    for text in told:
        found = re.compile("|".join(map(re.escape, sorted(left, key=len, reverse=True))) or r"(?!)")

        def box(match: re.Match[str]) -> str:
            if match[0] not in left:
                return match[0]
            del left[match[0]]
            return _ticked(match[0], covered)

        boxed.append(found.sub(box, text))
    rest = [_ticked(e, covered) for e in left]
    return (*boxed[:1], *((" ".join(rest),) if rest else ()), *boxed[1:])


def _ticked(element: str, covered: Container[str]) -> str:
    return f"{'✓' if element in covered else '☐'}{element}"


def _short(stands: str, room: int, lang: str) -> str:
    """How it stands, in so many characters; of a longer reason its beginning, and where the whole of it is."""
    if len(text := clean(stands)) <= room:
        return text
    rest = say("evidence_slack.reason_in_form", lang)
    return head(text, room - len(rest)) + rest


def _said(*texts: str) -> tuple[str, ...]:
    return tuple(head(clean(t), _STATUS) if number else clean(t) for number, t in enumerate(texts) if t.strip())


def _rows(text: str, wide: int) -> int:
    """Rows that a text takes, its Latin letters half as wide."""
    return sum(max(ceil(sum(2 if east_asian_width(c) in "WF" else 1 for c in row) / (2 * wide)), 1) for row in text.split("\n"))
