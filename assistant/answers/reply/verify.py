"""A model's claims against the passages: a claim stands only if what it cites exists and says so, word for word.

Near matches are never accepted: 一次 for 两次 is 90 % alike and wrong. Numbers, periods, negation and modality of a claim
must occur in what it cites.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from assistant.answers.passages import Passage
from assistant.answers.question.words import fold, plain
from assistant.guide import folded
from prompts import prompt


class Cited(BaseModel):
    """One citation by a model: the number of a passage, and words copied from it."""

    model_config = ConfigDict(extra="ignore")
    passage: int
    quote: str


class Claim(BaseModel):
    """One sentence by a model with its citations."""

    model_config = ConfigDict(extra="ignore")
    text: str
    citations: list[Cited] = Field(default_factory=list)


class Reply(BaseModel):
    """What a model is asked to return. Flat, no defaults that a strict server would reject."""

    model_config = ConfigDict(extra="ignore")
    answerable: bool
    claims: list[Claim]


class Verdict(NamedTuple):
    """Whether a claim stands; the passages it rests on; or why it fell."""

    stands: bool
    text: str
    passages: tuple[Passage, ...]
    why: str


_SHORTEST_QUOTE = 4
_PROMPTS = ("answer_system", "answer_user", "answer_repair")
_LONG_ENOUGH = 45
"""Letters and digits; the guide's English name, which a claim may say, has 38."""
_CHINESE = re.compile(r"[㐀-䶿一-鿿]+")
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "〇": 0}
_ENGLISH = {
    "once": "1",
    "twice": "2",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "dozen": "12",
    "half": "0.5",
}
_UNIT_WORDS = r"年|个月|月|日|天|次|%|名|人|份|票|家|项|条|位|小时|分钟|岁"
_NUMBER = re.compile(
    rf"(\d+(?:[.．]\d+)?)|(?<![零一二三四五六七八九十两])([零一二三四五六七八九十两]+)(?=\s*(?:{_UNIT_WORDS}))|\b({'|'.join(_ENGLISH)})\b"
)
_REFERENCE = re.compile(
    r"\[\d+\]|【\d+】|第?\s*\d{1,2}\s*[（(]\s*\d{1,2}\s*[）)]|第\s*[\d一二三四五六七八九十]+\s*(?:项|条|分项)|\b(?:clause|item)s?\s*\d+(?:\(\d+\))?|\d{4}-\d{2,3}"
)
_CLAUSE = re.compile(r"(\d{1,2})\s*\(\s*(\d{1,2})\s*\)")
_NEGATION = re.compile(
    r"不(?!同|仅|但|断|少于|超过|低于|参与|涉及|适用)|未|没有|无(?!论)|禁止|\bnot\b|\bno\b|\bnever\b|n't\b|without|\bneither\b|\bnone\b"
)
_SOURCE_NEGATION = re.compile(r"不|未|没有|无|禁止|否则|非")
_MUST = re.compile(r"必须|应当|\bmust\b|\bshall\b|\brequired\b|mandatory")
_MAY = re.compile(r"可以|\bmay\b|\bcan\b|optional|可选|自愿|无需|不必|不需要|no need|need not")
_SOURCE_MUST = re.compile(r"应|必须|禁止|不得|提供|建立|按照")
_SOURCE_MAY = re.compile(r"可以|可|任一|能够|或者|由其授权|若有|如有|否则不适用")
_AT_LEAST = (
    re.compile(r"不少于|以上|至少|不低于"),
    re.compile(r"不少于|以上|至少|不低于|起码|最少|满|at least|or more|minimum|no less|not less|no fewer"),
)
_AT_MOST = (
    re.compile(r"不超过|以内|以下|不高于"),
    re.compile(r"不超过|不得超过|不能超过|以内|以下|最多|至多|不高于|at most|no more|not more|within|up to|maximum|not exceed"),
)
_FREQUENCY = re.compile(
    r"每[年月周日季]|\b(annual|annually|yearly|monthly|weekly|daily|quarterly|every (?:year|month|week|day|quarter)|(?:a|per) (?:year|month|week|day))\b"
)
_FREQUENCY_SOURCE = {"年": r"每一?年|每年|年度|年末", "月": r"每月", "周": r"每周", "日": r"每日|每天", "季": r"每季"}


_ASKS = re.compile(r"什么|哪|多久|多少|几|吗|怎么|如何|谁|what|which|how|who|when", re.IGNORECASE)


def verify(claim: Claim, passages: Sequence[Passage], question: str = "") -> Verdict:
    """Whether ``claim`` stands on ``passages`` (numbered from 1 in the prompt) and says more than ``question`` did."""
    text = cleaned(claim.text)
    said = re.sub(r"\W", "", folded(text))
    if text.endswith((":", "：")) or (_ASKS.search(said) and said in re.sub(r"\W", "", folded(question))):
        return _fallen(text, "it says nothing that was not asked")
    cited: list[Passage] = []
    for citation in claim.citations:
        if not 1 <= citation.passage <= len(passages):
            return _fallen(text, f"passage {citation.passage} is not in the list")
        passage = passages[citation.passage - 1]
        quote = folded(citation.quote)
        if len(quote) < _SHORTEST_QUOTE or quote not in folded(passage.wording):
            return _fallen(text, f"the quote “{citation.quote[:60]}” does not stand in passage {citation.passage}")
        cited.append(passage)
    if not text or not cited:
        return _fallen(text, "it cites nothing")
    source = "\n".join(p.wording for p in cited)
    why = (
        _strange(text, source)
        or _numbers(text, source)
        or _bounds(text, source)
        or _references(text, cited)
        or _sense(text, source)
        or _frequency(text, source)
    )
    if why:
        return _fallen(text, why)
    return Verdict(True, text, tuple(dict.fromkeys(cited)), "")


def cleaned(text: str) -> str:
    """A model's sentence as data: no markup, no control sequences, no line breaks, no passage numbers, bounded length."""
    single = re.sub(r"\s+", " ", plain(text)).strip()
    single = re.sub(r"\s*[\[【](?:passage\s*)?\d+(?:\s*[,，]\s*\d+)*[\]】]", "", single)
    single = re.sub(r"https?://\S+|[<>@`*_#|~]", "", single)
    visible = "".join(c for c in single if unicodedata.category(c) not in ("Cf", "Cc"))
    return re.sub(r" {2,}", " ", visible)[:400].strip()


def numbers(text: str) -> set[str]:
    """Numbers of a text as digits: 两次 and twice are 2, 0．3 is 0.3; clause references are left out."""
    wide = _REFERENCE.sub(" ", " ".join(unicodedata.normalize("NFKC", text).lower().split()))
    found: set[str] = set()
    for digits, chinese, english in _NUMBER.findall(wide):
        if digits:
            found.add(digits.rstrip("0").rstrip(".") if "." in digits else digits.lstrip("0") or "0")
        elif chinese:
            found.add(str(_chinese(chinese)))
        else:
            found.add(_ENGLISH[english])
    return found


def _strange(text: str, source: str) -> str:
    """Words that repeat a prompt, or that have nothing to do with what they cite: a model that obeys orders inside a text."""
    bare = _bare(text)
    if any(bare[start : start + _LONG_ENOUGH] in _prompts() for start in range(len(bare) - _LONG_ENOUGH + 1)):
        return "it repeats the instructions"
    chinese = ["".join(pair) for run in _CHINESE.findall(fold(text)) for pair in pairwise(run)]
    known = fold(source)
    if chinese and not any(pair in known for pair in chinese):
        return "it shares no word with what it cites"
    if not chinese and len(text.split()) < 3:
        return "it is no sentence"
    return ""


@cache
def _prompts() -> frozenset[str]:
    """Every stretch of the prompts that is too long to be said by chance."""
    bare = [_bare(line) for name in _PROMPTS for line in prompt(name).text.split("\n")]
    return frozenset(line[start : start + _LONG_ENOUGH] for line in bare for start in range(len(line) - _LONG_ENOUGH + 1))


def _bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _numbers(text: str, source: str) -> str:
    extra = numbers(text) - numbers(source) - ({"1"} if re.search(r"\bone\b", text.lower()) else set())
    return f"the number {sorted(extra)[0]} does not stand in what it cites" if extra else ""


def _bounds(text: str, source: str) -> str:
    """A claim may not make 2年 of 不少于2年: a number that the source only bounds must be bounded in the claim."""
    wide = unicodedata.normalize("NFKC", source)
    for number in numbers(text):
        spots = [m.span() for m in _NUMBER.finditer(wide) if numbers(m.group(0) + "年") == {number} or numbers(m.group(0)) == {number}]
        for in_source, in_claim in (_AT_LEAST, _AT_MOST):
            bounded = [bool(in_source.search(wide[max(0, a - 4) : b + 4])) for a, b in spots]
            if bounded and all(bounded) and not in_claim.search(text.lower()):
                return f"it drops the bound on {number}"
    return ""


def _references(text: str, cited: Sequence[Passage]) -> str:
    known = {p.clause for p in cited}
    for item, number in _CLAUSE.findall(unicodedata.normalize("NFKC", text)):
        if f"{item}({number})" not in known:
            return f"clause {item}({number}) is not what it cites"
    return ""


def _sense(text: str, source: str) -> str:
    lower = text.lower()
    if _NEGATION.search(lower) and not _SOURCE_NEGATION.search(source):
        return "it denies something that the passage does not deny"
    if _MUST.search(lower) and _SOURCE_MAY.search(source) and not _SOURCE_MUST.search(source):
        return "it makes a duty of what the passage only allows"
    if _MAY.search(lower) and not _SOURCE_MAY.search(source):
        return "it makes optional what the passage does not leave open"
    return ""


def _frequency(text: str, source: str) -> str:
    """每月 for 每年, weekly for yearly: a frequency must be the source's own."""
    english = {"year": "年", "annual": "年", "yearly": "年", "month": "月", "week": "周", "day": "日", "dail": "日", "quarter": "季"}
    for match in _FREQUENCY.finditer(text.lower()):
        word = match.group(0)
        unit = word[1] if word.startswith("每") else next((u for e, u in english.items() if e in word), "")
        if unit and not re.search(_FREQUENCY_SOURCE[unit], source):
            return f"the frequency “{word}” does not stand in what it cites"
    return ""


def _chinese(text: str) -> int:
    tens, _, units = text.rpartition("十")
    if "十" not in text:
        return int("".join(str(_NUMERALS[c]) for c in text))
    return _NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(units, 0)


def _fallen(text: str, why: str) -> Verdict:
    return Verdict(False, text, (), why)
