"""Whole-class questions, answered from the structure: all on-site checks of part four, every training record, how many items."""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.answers.passages import Passage
from assistant.answers.question.kinds import kinds_demanded, kinds_named
from assistant.answers.question.words import fold
from assistant.guide import Guide, Kind

_ALL = re.compile(
    r"所有(?!企业|公司|人|员工|的?人)|全部(?!企业|员工)|各(条款|项标准|条)|每(一)?条|都有哪些|有哪些(条款|条文|地方|分项)|哪些(条款|条文|地方|分项|制度|文件|记录|存放|资料|项)|[哪有]几(条|处|项|个地方)|(总共|一共)有几|"
    r"列(出|一下|一遍|个|举)|汇总|盘点|\b(all|every|each)( of)?( the)? ([a-z-]+ )?(clauses?|items?|requirements?|records?|trainings?|documents?|checks?|plans?|policies|places?|on-?site)\b|"
    r"\bwhich (clauses?|items?)\b|\blist (all|every)\b|\bwhat (clauses|items)\b"
)
_STOPS = re.compile(r"[,;.!?。](?!\d)")
_LONGEST_NAMED = 100
"""Characters: a question that names more than this asks for no single topic."""
_TOPIC_SHARE = 0.5
"""Least share of what a question names that its topic must be."""
_COUNT = re.compile(r"(一共|总共|共|有)(有)?(多少|几)(个)?(部分|类|项|条|条款)|how many (parts|categories|items|clauses)")
_WHOLE = re.compile(r"(指南|标准|通用标准|认证标准|guide|standard)")
_APPLICABILITY = re.compile(r"不适用|适用条件|否则不|可以不(做|适用)|applicab|not apply|exempt|conditional|condition")
_CUSTOMS = re.compile(
    r"(由)?海关(自己|自行|直接)?(来)?认定|不(用|需要|必)(我们)?(主动)?(准备|提交|交)(任何)?(材料|资料|东西|证据)?|established by customs|customs (itself )?(decide|determine|establish)|nothing to (prepare|submit)"
)
_ELSEWHERE = re.compile(
    r"(别的|其他|其它|另外的|外部)(公告|标准|指南|文件)|不在(本|这)(指南|本)|(see|refer to) (an)?other|outside document"
)
_STATEMENT = re.compile(r"(不适用|不涉及).{0,12}(说明|材料|声明)|statement")
_PART = re.compile(r"第?([一二三四五六1-6])\s*(?:大)?部分|part\s*(one|two|three|four|five|[1-5]|i{1,3}v?|iv)\b")
_ALONE = re.compile(r"第?[一二三四五1-5]大?部分((都|里|里面)?(有|是|要|讲|说|包括)?(哪些|什么|啥)?(内容|条款|要求)?)?[?？。]?|part\s*\w+\??")
_PART_NUMBERS = {
    "one": "一",
    "two": "二",
    "three": "三",
    "four": "四",
    "five": "五",
    "1": "一",
    "2": "二",
    "3": "三",
    "4": "四",
    "5": "五",
    "i": "一",
    "ii": "二",
    "iii": "三",
    "iv": "四",
}
_NOISE = re.compile(
    r"所有|全部|各条款|各项|每一?条|每一?项|都有哪些|有哪些|哪些|哪几|列出来|列出|列一下|列一遍|列个|列举|汇总|盘点|一下|一遍|给我|帮我|把|请|指南|标准|里面|里头|里|中|条款|条文|项目|分项|地方|要求|规定|"
    r"相关|有关|涉及|提到|关于|都|要|需要|应当|应|的|了|吗|呢|？|\?|，|,|。|、|：|:|；|“|”|需|做|写|到|我们|我|企业|公司|是|在|跟|和|与|有|项|条|单子|清单|什么|啥|几个|会|用|可以|配|哪|被|得|才|时|包括|包含|涵盖|内容|准备|提供|提交|交|给|"
    r"书面文件|书面材料|文件|情况说明|情况|抽查记录|抽查|记录|实地查看|实地|现场查看|现场|查看|看|制度|资料|"
    r"[a-z][a-z0-9' .!-]*|几处|处|写着|点名|总共|一共|时间|管|各自|分别|等|也|就|还|得"
)
_ENGLISH = {
    "training": "培训",
    "trainings": "培训",
    "emergency plan": "应急预案",
    "emergency plans": "应急预案",
    "contingency": "应急",
    "emergency": "应急",
    "internal audit": "内部审计",
    "audits": "内部审计",
    "visitor": "访客",
    "visitors": "访客",
    "container": "集装箱",
    "containers": "集装箱",
    "drill": "演练",
    "drills": "演练",
    "accountab": "责任追究",
    "seal": "印章",
    "two years": "2年内",
    "business partner": "商业伙伴",
}


class Listed(NamedTuple):
    """A whole class: what it is called in the texts, its values there, and the clauses with the passages that show it."""

    name: str
    values: dict[str, str]
    entries: tuple[tuple[str, tuple[Passage, ...]], ...]


def whole_class(question: str, guide: Guide, groups: dict[str, list[Passage]]) -> Listed | None:
    """The class that a question asks for as a whole, or None when it asks for something else."""
    text = fold(question)
    if _COUNT.search(text) and _WHOLE.search(text) and not kinds_named(question):
        return Listed("class_count", {}, ())
    scope = _scope(text, guide)
    if scope and _ALONE.fullmatch(text):
        return _listed("class_part", {"part": scope}, {c: g[:1] for c, g in groups.items() if guide.places[c].part.number == scope})
    if not _ALL.search(text) and not (scope and kinds_named(question)):
        return None
    within = {c: g for c, g in groups.items() if scope is None or guide.places[c].part.number == scope}
    if _ELSEWHERE.search(text):
        quoted = {c: {r.line for r in guide.clauses[c].references if r.external} for c in within}
        return _listed("class_elsewhere", {}, {c: [p for p in g if p.line in quoted[c]] for c, g in within.items()})
    if _STATEMENT.search(text):
        return _listed("class_statement", {}, {c: [p for p in g if p.role == "statement"] for c, g in within.items()})
    if _APPLICABILITY.search(text):
        return _listed("class_applicability", {}, {c: [p for p in g if p.role == "applicability"] for c, g in within.items()})
    if _CUSTOMS.search(text):
        return _listed("class_customs", {}, {c: [g[0]] if guide.clauses[c].customs_decides else [] for c, g in within.items()})
    kinds = kinds_named(question)
    english = next((chinese for word, chinese in _ENGLISH.items() if re.search(rf"\b{word}", text)), "")
    pieces = [english] if english else [p for p in _NOISE.sub(" ", _PART.sub(" ", _asking(_without_titles(text, guide)))).split() if p]
    if kinds and not pieces:
        return _of_kind(kinds, scope, within)
    topic = _topic(pieces, within) if len(kinds_demanded(question)) < 2 else ""  # several kinds are asked of one clause
    return _of_topic(topic, kinds, within) if topic else None


def _without_titles(text: str, guide: Guide) -> str:
    """A question without the title of the part that it is about: that is its scope, and no topic."""
    for title in (p.title.removesuffix("标准") for p in guide.parts if p.title):
        text = text.replace(title, " ")
    return text


def _asking(text: str) -> str:
    """The part of a question, between its commas and stops, that asks for all: 人员入职背景调查，全部列一下 names no topic there."""
    return next((part for part in _STOPS.split(text) if _ALL.search(part)), text)


def _of_kind(kinds: tuple[Kind, ...], scope: str | None, groups: dict[str, list[Passage]]) -> Listed | None:
    kind = kinds[-1]
    found = {c: [p for p in g if p.kind == kind and p.role in ("evidence", "statement")] for c, g in groups.items()}
    return _listed("class_kind", {"kind": kind, "part": scope or ""}, found)


def _of_topic(topic: str, kinds: tuple[Kind, ...], groups: dict[str, list[Passage]]) -> Listed | None:
    found: dict[str, list[Passage]] = {}
    for clause, group in groups.items():
        mentions = [p for p in group if topic in fold(p.wording) and p.role in ("evidence", "clause", "statement")]
        asked = [p for p in mentions if p.kind in kinds] if kinds else mentions
        found[clause] = asked if asked or not kinds else []
    result = _listed("class_topic", {"topic": topic}, found)
    return result if result and len(result.entries) > 1 else None


def _listed(name: str, values: dict[str, str], found: dict[str, list[Passage]]) -> Listed | None:
    entries = tuple((c, tuple(p)) for c, p in found.items() if p)
    return Listed(name, values, entries) if entries else None


def _scope(text: str, guide: Guide) -> str | None:
    match = _PART.search(text)
    if match:
        number = match.group(1) or match.group(2)
        return _PART_NUMBERS.get(number, number)
    return next((p.number for p in guide.parts if p.title and p.title.removesuffix("标准") in text), None)


def _topic(pieces: list[str], groups: dict[str, list[Passage]]) -> str:
    """The longest run of the question's own words that several clauses hold; the earliest of equally long ones.

    Empty when it is the lesser part of what the question names: 人员 is not the topic of 人员入职背景调查.
    """
    named = "".join(pieces)
    if len(named) > _LONGEST_NAMED:
        return ""
    wordings = ["\n".join(fold(p.wording) for p in g if p.role in ("evidence", "clause", "statement")) for g in groups.values()]
    best = ""
    for piece in pieces:
        for start in range(len(piece)):
            for end in range(len(piece), start + max(1, len(best)), -1):
                words = piece[start:end]
                if len(words) >= 2 and sum(words in w for w in wordings) >= 2:
                    best = words
                    break
    return best if len(best) * max(1, named.count(best)) >= _TOPIC_SHARE * len(named) else ""
