"""The dialogue so far as reading needs it: what was shown, in order, with its numbers, and what was refused.

第二条, 最后一条, 前面那个, 那第一个问题呢 resolve here before they mean item numbers of the guide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers.question.places.number_grammar import named
from assistant.answers.question.places.number_rows import row_of
from assistant.answers.question.places.number_shapes import ORDINALS
from assistant.answers.question.words import fold
from assistant.guide import Guide
from assistant.numerals import NUMBER, value

if TYPE_CHECKING:
    from assistant.answers.answer import Answer, Turn

_SILENT = ("not_in_guide", "no_such_clause")
"""Reasons of a refusal that is one about the guide."""
_REACH, _PAIR = 4, 2
"""Turns that a message may still speak of."""
_ONE = r"(?:小?分项|小[项点条款]|子[项条]|条(?!件)|款|个(?!月|人|小时|工作|部分|类|年)|点(?!钟)|项(?!目)|one|clause|point|question|item)"
_NTH = re.compile(
    rf"第\s*({NUMBER})(?=\s*(?:、|和|与|及|跟)\s*第?\s*{NUMBER}\s*(?:条(?!件)|款|个(?!月|人|年)|小?分项|点(?!钟))|\s*(?:的?那|呢|块(?!钱)|$|\?))()|第\s*({NUMBER})\s*(问(?!题)|个?问题|小?分项|小[项点条款]|子[项条]|条(?!件)|款|个(?!月|人|小时|工作|部分|类|年|公告|标准)|点(?!钟))|(?:^|那|and|,|。)\s*\(\s*({NUMBER})\s*\)|"
    rf"^\W*(?:那|and)?\s*({NUMBER})\s*号?\s*(?:呢|[).、]?\s*(?:\?|$))|"
    rf"(?:^\W*(?:and\s+)?|\bthe\s+)({'|'.join(ORDINALS)})\b(?!\s+(?:time|application|year|of all))|\b({'|'.join(ORDINALS)})\s*(?:(?:one|clause|point|question)(?![a-z])|那)"
)
_CLAUSES = re.compile(r"\(|分项|款|子[项条]|\bclause|项(?!目)")
_LINE = re.compile(rf"第\s*{NUMBER}\s*[样种类项]")
_FROM_END = re.compile(
    rf"倒数\s*第?\s*({NUMBER})\s*(?:{_ONE}|(?=呢|\W|$))|(?:second[- ](?:to[- ])?last|last but one|one before (?:the )?last)\s*{_ONE}?"
)
_LAST = re.compile(
    rf"(?:最后|最末|末尾|末|最(?:底下|下面|下边))\s*(?:那|的)?\s*一?\s*{_ONE}|\b(?:last|final)\s+(?:one|clause|point|question|item)(?![a-z])|about the last\b|\bthe last\s*(?:\?|$)|(?:排|列)在?最[后末]|最后的\s*(?:$|\W|呢)"
)
_FIRST = re.compile(r"(?:头|首|起头|最上面|最上边)\s*(?:的)?\s*(?:那)?\s*一?\s*(?:条|款|个|项)(?!件|目|月|公)")
_MIDDLE = re.compile(r"(?:中间|当中)\s*(?:的)?\s*(?:那|这)?\s*一?\s*(?:条|款|个|项)|\bmiddle (?:one|clause)\b")
_NEXT = re.compile(r"([上下前后])一\s*(?:条(?!件)|款|小?分项|项(?!目)|个(?!月|人|年|季|工作|问))|\b(previous|next) (?:one|clause)")
_FEW = re.compile(
    rf"(前面?|头|最?后面?|末)\s*(?:那|这)?\s*({NUMBER})\s*{_ONE}|\b(first|last)\s+(two|three|four)\b(?!\s+(?:years?|months?|days?|times?))"
)
_ALSO = re.compile(
    rf"\s*(?:、|和|与|及|跟|以及|还有|,|and|&)\s*(?:第|the\s+)?\s*({NUMBER}|{'|'.join(ORDINALS)}|最后一?|last)\s*(?={_ONE}|呢|$|\W|分别|要|各)"
)
_SHORT = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)\b(?=\s*(?:one|clause|point|question|item)?)|"
    r"\b(?:(?:number|no\.)\s*|no\s*(?=\d{1,2}\s*(?:\?|$|please|-|,)))(\d{1,2})\b(?!\s*(?:%|(?:of|years?|months?|days?|hours?|times?)\b))"
)
_EARLIER = r"(?<![之以])(?:前|上)(?:面|边|头)?\s*(?:的)?\s*(?:那|这|一)\s*一?\s*(?:个(?!月|人)|条(?!件)|款|项(?!目)|问)"
_BEFORE = re.compile(rf"{_EARLIER}|前者|\bformer\b|\bprevious question\b")
_DESCRIBED = re.compile(rf"{_EARLIER}(?!的)[\u4e00-\u9fff]{{1,8}}的")
"""What was shown before, called by more than its place."""
_THESE = re.compile(rf"[这那]\s*({NUMBER}|几)\s*{_ONE}")
"""All that was listed: 这两条, 那几个."""
_AFTER = re.compile(r"(?<![之以])后(?:面|边|头)?\s*(?:的)?\s*(?:那|这|一)\s*一?\s*(?:个(?!月|人)|条(?!件)|款|项(?!目))|后者|\blatter\b")
_WHICH = re.compile(rf"第\s*几\s*{_ONE}|哪\s*一?\s*(?:小?分项|条(?!件)|款|点)|\bwhich (?:one|clause|point)\b")
"""Which of those listed something is: 离职的是第几条."""


@dataclass(frozen=True)
class ShownTurn:
    """One question that was asked and the clauses shown for it, in order; none where it was refused or was no question.

    ``lines`` are the requirements of a single clause that were shown to a question that did not name it. ``listed``: the clauses
    were looked up or listed, and not searched.
    """

    question: str
    clauses: tuple[str, ...]
    lines: tuple[str, ...] = ()
    listed: bool = False


@dataclass(frozen=True)
class Dialogue:
    """The last turns, oldest first, each a tuple of the questions of that message.

    Attributes:
        nearest: what came next, likeliest first.
        earlier: the turns before these.
        standing: the list that ordinals count, until another one is shown or something outside of it is talked about.
        answer: what was said last of the guide, an answer or that it does not say.
    """

    turns: tuple[tuple[ShownTurn, ...], ...] = ()
    nearest: tuple[str, ...] = ()
    earlier: tuple[tuple[ShownTurn, ...], ...] = ()
    standing: tuple[ShownTurn, ...] = ()
    answer: Answer | None = None

    @classmethod
    def of(cls, history: Sequence[Turn], guide: Guide) -> Dialogue:
        """From the conversation so far, oldest first; what was shown of another family or edition and is not in ``guide`` counts for nothing."""
        every = tuple(_questions(turn, guide) for turn in history)
        standing: tuple[ShownTurn, ...] = ()
        for shown in every:
            standing = _standing(standing, shown)
        nearest = next((known for t in reversed(history[-_REACH:]) if (known := _held(t.answer.nearest, guide))), ())
        said = (t.answer for t in reversed(history) if _held(t.answer.clauses, guide) or t.answer.reason in _SILENT)
        return cls(every[-_REACH:], nearest, every[:-_REACH], standing, next(said, None))

    @property
    def last(self) -> tuple[str, ...]:
        """The clauses shown last, in order."""
        return next((found for turn in reversed(self.turns) if (found := _clauses(turn))), ())

    @property
    def about(self) -> tuple[str, ...]:
        """What is being talked about: the clauses shown last, after refusals only the one that came nearest."""
        return self.last[:_PAIR] or self.nearest[:1]

    @property
    def question(self) -> str:
        """The question that was answered last; of clauses that were looked up after a search for them (依据哪一条), the one that was searched."""
        answered = [shown for turn in reversed(self.turns) for shown in reversed(turn) if shown.clauses]
        searched = (s for s in answered if not s.listed and set(answered[0].clauses) <= set(s.clauses))
        return next(searched, answered[0]).question if answered else ""

    def place(self, message: str, guide: Guide) -> tuple[str, ...]:
        """The clauses that an ordinal of ``message`` means, or none: it holds none, or nothing was shown that it could count."""
        text = fold(message)
        if not self.last or _names_places(text):
            return ()
        text = _SHORT.sub(lambda m: f"the {ORDINALS[int(m[1] or m[2]) - 1]}" if 0 < int(m[1] or m[2]) <= len(ORDINALS) else m[0], text)
        if few := _FEW.search(text):
            count = value(few[2]) if few[2] else _COUNTS.index(few[4]) + 2
            row = self._row(guide)
            if count and 1 < count <= len(row):
                return row[-count:] if (few[1] or few[3])[0] in "最后末l" and few[1] != "前" else row[:count]
        if (these := _THESE.search(text)) and (value(these[1]) == len(row := self._row(guide)) > 1 or (these[1] == "几" and self._counts)):
            return row
        if (several := row_of(text)) and max(several) <= len(row := self._row(guide)):
            return tuple(row[n - 1] for n in several)
        position = _position(text)
        if position is None or (position[0] == "former" and len(self.last) == 1 and _DESCRIBED.search(text)):
            return ()  # 前面那个离职的: what it is called says which one, so it is searched
        first = self._at(*position, guide)
        if position[0] != "number" or not first:
            return first
        more = (self._at("number" if number >= 0 else "end", number, guide) for number in _further(text))
        return tuple(dict.fromkeys((*first, *(c for found in more for c in found))))

    def among(self, message: str, guide: Guide) -> tuple[str, ...]:
        """The clauses of one item that were listed, where ``message`` asks which of them something is; else none."""
        if not self.last or not _WHICH.search(fold(message)):
            return ()
        row = self._row(guide)
        one_item = len({guide.places[c].item.number for c in row}) == 1
        return row if one_item and len(row) > 1 else ()

    def line(self, message: str, guide: Guide) -> str | None:
        """The requirement that an ordinal of ``message`` means, where several of one clause were shown; None where it means none of them.

        Whoever asked for an item by its title counts its clauses.
        """
        text = fold(message)
        shown = next((turn for turn in reversed(self.turns) if _clauses(turn)), ())
        position = _position(text)
        if (
            len(shown) != 1
            or len(shown[0].lines) < _PAIR
            or position is None
            or position[0] not in ("number", "end")
            or _names_places(text)
        ):
            return None
        if fold(guide.places[shown[0].clauses[0]].item.title) in fold(shown[0].question):
            return None
        if self._counts and any(s.listed for s in self.standing):
            return None
        lines, number = shown[0].lines, position[1]
        return lines[number] if not _CLAUSES.search(text) and -len(lines) <= number < len(lines) else None

    def _at(self, word: str, number: int, guide: Guide) -> tuple[str, ...]:
        """The clauses at one place of what was shown."""
        every = (*self.earlier, *self.turns)
        questions = self.standing if len(self.standing) > 1 else tuple(shown for turn in every for shown in turn if shown.clauses)
        if word == "line":
            return self.last if len(self.last) == 1 else ()
        if word == "next":
            return self._beside(number, guide) if len(self.last) != _PAIR else (self.last[0 if number < 0 else 1],)
        if word == "question" and len(questions) == 1 and len(questions[0].clauses) > 1:
            questions = tuple(ShownTurn("", (c,)) for c in questions[0].clauses)
        if word == "question":
            return questions[number].clauses if -len(questions) <= number < len(questions) else ()
        row = self._row(guide)
        if word in ("former", "latter") and len(self.standing) > 1:
            return questions[0 if word == "former" else -1].clauses
        if word == "former" and not self._counts:
            earlier = [s for s in questions[:-1] if s.clauses and s.clauses != self.last]
            if earlier or len(row) < _PAIR:
                return earlier[-1].clauses if earlier else ()
        if word == "middle":
            return (row[len(row) // 2],) if len(row) > 2 else ()
        item = guide.places[row[0]].item
        if word == "number" and number >= 0 and all(guide.places[c].item.number == item.number for c in row):
            row = tuple(c.id for c in item.clauses)
        return (row[number],) if -len(row) <= number < len(row) else ()

    def _beside(self, step: int, guide: Guide) -> tuple[str, ...]:
        """The clause before or after the one shown last, within the list that stands, else in the guide's order."""
        row = self._row(guide) if len(self.last) == 1 and self._counts else tuple(guide.clauses)
        place = row.index(self.last[0]) + step
        return (row[place],) if 0 <= place < len(row) else ()

    @property
    def _counts(self) -> bool:
        """Whether a list stands that ordinals count: 第三个, then 最后一条."""
        return len(_clauses(self.standing)) > 1

    def _row(self, guide: Guide) -> tuple[str, ...]:
        """What is counted: the list that stands; else the clauses shown last, of a single one its whole item."""
        last = _clauses(self.standing) if self._counts else self.last
        return last if len(last) > 1 else tuple(c.id for c in guide.places[last[0]].item.clauses)


_COUNTS = ("two", "three", "four")
_NONE = 1000  # stands for an ordinal that is no number, beyond any list


def _names_places(text: str) -> bool:
    """Whether a folded text names clauses or items of the guide by number, so that no ordinal counts what was shown."""
    return any(n.number is not None or (n.unsure == "" and "项" in text[n.start : n.end]) for n in named(text))


def _further(text: str) -> list[int]:
    """The places, from 0 or from the end, that follow the first ordinal of a folded text: 第一和第三条, 第二个和最后一个, 第四条…，第五条…."""
    found: list[int] = []
    for first in _NTH.finditer(text):
        found += [number] if (number := _written(first)) >= 0 else []
        match: re.Match[str] | None = first
        while match and (match := _ALSO.match(text, match.end())):
            last = match[1].startswith(("最后", "last"))
            found.append(-1 if last else ORDINALS.index(match[1]) if match[1] in ORDINALS else (value(match[1]) or _NONE) - 1)
    return [n for n in found[1:] if n < _NONE]


def _held(clauses: Sequence[str], guide: Guide) -> tuple[str, ...]:
    """Those that the guide has, each once."""
    return tuple(dict.fromkeys(c for c in clauses if c in guide.clauses))


def _questions(turn: Turn, guide: Guide) -> tuple[ShownTurn, ...]:
    """The questions of one message with what was shown for each; the clauses in the order in which they were cited."""
    parts = turn.answer.parts
    if len(parts) < _PAIR:
        clauses = _held(turn.answer.clauses, guide)
        lines = [c.line for c in turn.answer.citations if c.line] if len(clauses) == 1 and turn.answer.mode == "extractive" else []
        return (ShownTurn(turn.question, clauses, tuple(dict.fromkeys(lines)), turn.answer.mode == "lookup"),)
    return tuple(ShownTurn(p.question, _held([c.clause for c in p.citations], guide)) for p in parts)


def _standing(before: tuple[ShownTurn, ...], turn: tuple[ShownTurn, ...]) -> tuple[ShownTurn, ...]:
    """The list that stands after a turn; what an ordinal picked from one, or what was asked on about one of its clauses, leaves it."""
    clauses, counted = _clauses(turn), _clauses(before)
    picked = set(clauses) <= set(counted) and (len(clauses) < _PAIR or (len(turn) < _PAIR and _counts_a_place(fold(turn[0].question))))
    if picked:
        return before
    return turn if len(clauses) > 1 else ()


def _clauses(turn: tuple[ShownTurn, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for shown in turn for c in shown.clauses))


def _written(match: re.Match[str]) -> int:
    """The place, from 0, that an ordinal writes."""
    written = next(g for g in (match[1], *match.groups()[2:]) if g)
    return ORDINALS.index(written) if written in ORDINALS else (value(written) or 0) - 1


def _counts_a_place(text: str) -> bool:
    return bool(row_of(text)) or _position(text) is not None


def _position(text: str) -> tuple[str, int] | None:
    """The ordinal of a folded text: what is counted (``number``, ``question``, ``former``, …) and the place, from 0 or from the end."""
    if match := _FROM_END.search(text):
        return "end", -(value(match[1]) or 2) if match[1] else -2
    if match := _NTH.search(text):
        asked = "问" in (match[4] or "") or "question" in match[0]
        return ("question" if asked else "number"), _written(match)
    if match := _LAST.search(text):
        return ("question" if "问" in match[0] else "end"), -1
    if match := _NEXT.search(text):
        return "next", -1 if match[1] in ("上", "前") or match[2] == "previous" else 1
    if _LINE.search(text):
        return "line", 0
    for pattern, word, number in ((_MIDDLE, "middle", 0), (_FIRST, "number", 0), (_BEFORE, "former", 0), (_AFTER, "latter", -1)):
        if pattern.search(text):
            return word, number
    return None
