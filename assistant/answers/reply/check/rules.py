"""The exact rules: what needs no understanding. A claim that breaks one falls, whatever it means.

The quote stands word for word in the line; numbers with their units, frequencies and clause numbers stand in what is cited
or in the question; that the guide sets no number is only said where none stands; no words of the prompts, no echo.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from assistant.answers.passages import Passage
from assistant.answers.question.words import fold, plain
from assistant.answers.reply.calling.claims import Claim
from assistant.answers.reply.check.lines import GuideLines
from assistant.answers.reply.check.near import altered
from assistant.answers.reply.check.quantities import frequencies, quantities, turned
from assistant.answers.reply.check.values import strange
from assistant.guide import folded
from assistant.line_ids import LineId
from prompts import prompt

LONGEST = 600
"""Characters of a claim; the longest that a careful writer made of one line had 240."""
_SHORTEST_QUOTE = 3  # characters; a shorter quotation says nothing unless it is the line
_LETTERS_SHARED = 4
"""A Chinese sentence without a pair of letters of what it cites shares at least one letter in so many with it: 三种里交任意一种就行 (for 任一) does."""
_CHINESE = re.compile(r"[㐀-䶿一-鿿]+")
_NO_NUMBER = "the number “{}” does not stand in what it cites"
_PROMPTS = ("answer_system", "answer_user", "answer_repair", "check_system", "check_user")
_LONG_ENOUGH = 45
"""Letters and digits; the guide's English name, which a claim may say, has 38."""
_ASKS = re.compile(r"什么|哪|多久|多少|几|吗|怎么|如何|谁|what|which|how|who|when", re.IGNORECASE)
_INTEGER = re.compile(r"(?<![\d.])\d+(?![\d.(])")
_CLAUSE = re.compile(r"(?<![\d.])(\d{1,2})\s*\(\s*(\d{1,2})\s*\)")
_ITEM = re.compile(r"第\s*(\d{1,2})\s*(?:项|項)|\bitem\s*(\d{1,2})(?!\s*\(|\d)", re.IGNORECASE)
_DENIES = re.compile(
    r"(?:指南|标准|標準|条款|里|中|也|并|並)?(?:没有|沒有|没|未|不)(?:作|做|明确|明確|具体|具體|统一|統一|另行|单独)*(?:规定|規定|写明|写|寫|说明|說明|说|說|给出|給出|提到|提及|提|设定|设|設|限定|列出|要求具体)"
    r"|\b(?:does|do|did)(?: not|n't) (?:itself )?(?:say|set|state|specify|name|give|define|fix|mention|prescribe|spell)"
    r"|\b(?:sets?|gives?|names?|states?|specif\w+|fix\w*|prescribes?) (?:no|none)\b|\bnot (?:specified|set|stated|fixed|defined|prescribed)\b"
    r"|\bno (?:fixed|specific|set|particular|such) \w+",
    re.IGNORECASE,
)
_ASKED = (
    ("time", re.compile(r"次数|几次|多少次|多久一次|频次|频率|多久|间隔|how (?:often|many times)|frequency|interval", re.IGNORECASE)),
    ("year", re.compile(r"多久|多长时间|期限|几年|多少年|年限|存期|how long|period|retention|how many years", re.IGNORECASE)),
    ("day", re.compile(r"几天|多少天|多少日|期限|how many days|deadline|time limit", re.IGNORECASE)),
    ("percent", re.compile(r"比例|百分之|多少个点|率|percentage|rate", re.IGNORECASE)),
)


def denies(text: str) -> bool:
    """Whether a claim says that the guide does not say something: a claim of its own kind."""
    return bool(_DENIES.search(unicodedata.normalize("NFKC", text)))


class Ruled(NamedTuple):
    """What the rules say of a claim: why it falls (empty: it stands), the lines it cites; ``doubtful``: only its meaning can tell."""

    why: str
    lines: tuple[Passage, ...]
    doubtful: bool = False


def fault(claim: Claim, lines: GuideLines, question: str) -> Ruled:
    """Why a claim falls by the rules, if it does."""
    text = cleaned(claim.text)
    cited: list[Passage] = []
    for citation in claim.citations:
        line = lines.cited(citation)
        if line is None or (len(folded(citation.quote)) < _SHORTEST_QUOTE and folded(citation.quote) != folded(line.text)):
            return Ruled(f"the quote “{citation.quote[:60]}” does not stand in {citation.id[:30]}", tuple(cited))
        cited.append(line)
    found = tuple(dict.fromkeys(cited))
    if not text or not found:
        return Ruled("it cites nothing", found)
    source = lines.sections(found)
    number = strange(text, source, found, question)
    why = _empty(text, source, found, question) or (_NO_NUMBER.format(number.text) if number and not number.doubtful else "")
    why = why or turned(text, source) or _frequency(text, source, question) or _references(text, found, lines, question)
    why = why or (_denied(text, found, question) if denies(text) else "") or altered(text, found, question)
    return Ruled(why or _NO_NUMBER.format(number.text) if number else why, found, doubtful=not why and number is not None)


def cleaned(text: str) -> str:
    """A model's sentence as data: no markup, no control sequences, no line breaks, no passage numbers, bounded length."""
    single = re.sub(r"\s+", " ", plain(text)).strip()
    single = re.sub(r"\s*[\[【〔](?:passage\s*)?[\d(),，、 /a-z]*\d[\d(),，、 /a-z]*[\]】〕]", "", single)
    single = re.sub(r"https?://\S+|[<>@`*_#|~]", "", single)
    visible = "".join(c for c in single if unicodedata.category(c) not in ("Cf", "Cc"))
    return re.sub(r" {2,}", " ", visible)[:LONGEST].strip()


def _empty(text: str, source: str, cited: Sequence[Passage], question: str) -> str:
    """Words that repeat the question or a prompt, have nothing to do with what they cite, or are no sentence."""
    said = re.sub(r"\W", "", folded(text))
    asked = {re.sub(r"\W", "", folded(one)) for one in question.splitlines()}
    if text.endswith((":", "：", "?", "？")) or said in asked or (_ASKS.search(said) and said in re.sub(r"\W", "", folded(question))):
        return "it says nothing that was not asked"
    bare = _bare(text)
    if any(bare[start : start + _LONG_ENOUGH] in _prompts() for start in range(len(bare) - _LONG_ENOUGH + 1)):
        return "it repeats the instructions"
    if _CLAUSE.search(text) or {*_INTEGER.findall(text)} & {line.clause for line in cited}:  # a list of clauses has no other words
        return ""
    runs, told = _CHINESE.findall(fold(text)), fold(source)
    pairs, letters = ["".join(pair) for run in runs for pair in pairwise(run)], set("".join(runs))
    strange = pairs and not any(pair in told for pair in pairs)  # 19条 has none, and is not judged by its words
    if strange and len(letters & set(told)) * _LETTERS_SHARED < len(letters) and not quantities(text) & quantities(source):
        return "it shares no word with what it cites"
    return "it is no sentence" if not _CHINESE.search(text) and len(text.split()) < 3 else ""


def _frequency(text: str, source: str, question: str) -> str:
    other = frequencies(text) - frequencies(source, source=True) - frequencies(question)
    return f"“every {min(other)}” does not stand in what it cites" if other else ""


def _references(text: str, cited: Sequence[Passage], lines: GuideLines, question: str) -> str:
    """Clause numbers: of what is cited, its neighbours in the item, what it refers to, or what was asked about."""
    wide = unicodedata.normalize("NFKC", text)
    asked = unicodedata.normalize("NFKC", question)
    items = {line.clause.partition("(")[0] for line in cited}
    known = {line.clause for line in cited} | {f"{a}({b})" for a, b in _CLAUSE.findall(asked)}
    known |= {LineId.of(t).clause for line in cited for r in lines.guide.clauses[line.clause].references for t in r.targets}
    for item, number in _CLAUSE.findall(wide):
        name = f"{item}({number})"
        if name not in known and not (item in items and name in lines.guide.clauses):
            return f"clause {name} is not what it cites"
    numbers = items | {a or b for a, b in _ITEM.findall(asked)} | {k.partition("(")[0] for k in known}
    strange = {a or b for a, b in _ITEM.findall(wide)} - numbers - set(re.findall(r"\d+", asked))
    return f"item {min(strange)} is not what it cites" if strange else ""


def _denied(text: str, cited: Sequence[Passage], question: str) -> str:
    """No number is denied that a line of the clause sets: the asked unit stands in none of the lines that are cited."""
    told = {q.unit for q in quantities("\n".join(line.wording for line in cited))}
    for unit, asked in _ASKED:
        if unit in told and (asked.search(question) or asked.search(text)):
            return f"it denies a number of {unit}s that stands in what it cites"
    return ""


@cache
def _prompts() -> frozenset[str]:
    """Every stretch of the prompts that is too long to be said by chance."""
    bare = [_bare(line) for name in _PROMPTS for line in prompt(name).text.split("\n")]
    return frozenset(line[start : start + _LONG_ENOUGH] for line in bare for start in range(len(line) - _LONG_ENOUGH + 1))


def _bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
