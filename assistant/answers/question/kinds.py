"""What a question asks for: kinds of sections named in words, whole classes, counts, and whether it is a question at all."""

from __future__ import annotations

import re

from assistant.answers.question.words import fold
from assistant.guide import Kind

_KIND_WORDS: tuple[tuple[Kind, str], ...] = (
    (
        "documents",
        r"书面(文件|材料)|制度文件|(什么|哪些|啥|要有|建立).{0,6}(制度|文件)|制度(里|要|应|怎么)|policy|policies|written document|documents?\b|documentation|procedures? (need|should|must)|what (papers|paperwork)",
    ),
    (
        "situation",
        r"情况(说明|介绍|汇报)?部分|说明哪些情况|面谈|访谈|问(哪些|什么|啥)|介绍(什么|哪些)|汇报|interview|explain|briefing|situation",
    ),
    ("records", r"抽查|记录|台账|档案材料|留痕|\brecords?\b|\blogs?\b|sampl|spot.?check|register"),
    ("onsite", r"实地|现场|走现场|看现场|到场|on-?site|walk.?through|site (visit|check|inspection)|inspect"),
)
KIND_WORDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple((k, re.compile(p)) for k, p in _KIND_WORDS)
_STRICT: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "documents",
        re.compile(
            r"书面(文件|材料)|制度文件|哪些文件|什么文件|哪些制度|什么制度|(制度|文件)(里|上|要|得|该)?(怎么|咋|如何)?写|written documents?|"
            r"(which|what) (documents|polic|procedures|paperwork)|documents? for\b|documents?\W*$|written polic"
        ),
    ),
    (
        "situation",
        re.compile(
            r"哪些情况|什么情况|情况(说明|部分|介绍)|面谈|访谈|口头|当面(讲|说|问)|要(讲|说)的|讲解|interview|situation|briefing|orally|verbally|in person"
        ),
    ),
    (
        "records",
        re.compile(
            r"抽查|抽(什么|哪些|啥|看)|台账|留(什么|哪些|啥|底)|(哪些|什么|啥|留|要|所有|全部).{0,4}记录|记录(要|有|包括|呢)|档案.{0,3}(放|装|有)(什么|哪些|啥)|"
            r"which records|what records|records? (to|should|are|will|do|for)\b|records?\W*$|sampl"
        ),
    ),
    (
        "onsite",
        re.compile(r"实地|现场.{0,3}(看|查|会|要|检)|(看|到|来)现场|on-?site|on the spot|walk.?through|site (visit|check|inspection)"),
    ),
)
_LEFT_OUT = re.compile(
    r"(先|暂时?)(不|别)|不(用|必|要|是|需要)(说|讲|谈|管|问|列)|别(说|讲|谈|管|列)|除了|not (about|the)\b|leave out|except|without"
)
_PIECES = re.compile(r"[，,。.；;？?！!（）()\n]")


def kinds_demanded(question: str) -> tuple[Kind, ...]:
    """Section kinds that a question asks for beyond doubt; the whole section is then shown.

    A kind that the question leaves out (记录先不用说) is not asked for; of several that are named, each is.
    """
    text = "，".join(piece for piece in _PIECES.split(fold(question)) if not _LEFT_OUT.search(piece))
    strict = [kind for kind, pattern in _STRICT if pattern.search(text)]
    named = [kind for kind, pattern in KIND_WORDS if kind in strict or pattern.search(text)]
    return tuple(named if len(named) > 1 else strict)


_WHOLE_TOPIC = re.compile(
    r"(准备|备|弄|搞|提供)(好|齐)?(些|一些)?(什么|哪些|啥)|(怎么|如何|咋)(准备|迎检|应对)|迎检|(完整|全部|所有|整套|一整套|全套|成套|整体)的?(要求|材料|资料|内容|清单|东西)|"
    r"有(哪些|什么|啥)要求|要求(都)?(有|是)?(哪些|什么|啥)|(要|该|得)(做|满足|符合|达到|落实)(到|好)?(些)?(哪些|什么|啥)|从头到尾|一条龙|理一?遍|过一遍|捋一?(遍|捋)|讲全|说全|"
    r"everything|all (the )?requirements|full requirements|what (do|must|should) we (have to )?(prepare|have ready|get ready)|prepare for|overview of"
)


def whole_topic(question: str) -> bool:
    """Whether a question asks for all there is about its topic, and not for one thing."""
    return _WHOLE_TOPIC.search(fold(question)) is not None
