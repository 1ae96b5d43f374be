"""Follow-ups: 那记录要保存多久？ / what about the on-site check? — which clauses the conversation is still about.

Nothing is rewritten by a model: a follow-up that names no topic of its own stays with the clauses last answered; one
that does is searched, with the conversation as a prior.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.answers.answer import Turn
from assistant.answers.question.words import fold, words
from assistant.guide import Guide

_CUE = re.compile(
    r"^(那|那么|那要|还有|另外|然后|接着|它|它们|这个|这条|这项|这些|这种|该|其|上面|刚才|同样|如果是|换成|and\b|what about|how about|also\b|then\b|it\b|that\b|those|these|is it|does it|do they|are they|who\b|ok)"
    r"|呢[？?]?$|\b(it|its|they|them|this|that|those|these)\b|这条|这个|这项|上述|刚才"
)
_GENERIC = re.compile(
    r"那么|那|还有|另外|然后|呢|吗|啊|吧|呀|嘛|的|了|要不要|要|需要|应该|应当|是不是|是|有没有|有|什么|啥|哪些|哪|几|多少|多久|多长|时间|怎么|如何|怎样|谁|负责|部门|岗位|人员|管|"
    r"记录|台账|档案|保存|保留|留存|留|存|期限|年|月|天|次|每|一|两|二|三|回|实地|现场|查看|检查|检|查|看|海关|老师|认证|人员|来|书面|文件|制度|材料|资料|证据|抽查|抽|所有|全部|情况|说明|介绍|"
    r"准备|提供|交|提交|证明|凭证|佐证|痕迹|依据|本子|表格|登记簿|咋|接下来|交代|拿出来|写|内容|信息|东西|里头|的话|给|来着|这块|那块|必须|写清楚|清楚|做完|完|以后|之后|年份|往年|申明|包括|包含|格式|形式|电子|纸质|纸本|版|照片|视频|可以|行|能|用|算|够|不|都|也|还|再|就|我们|咱们|企业|公司|这个|这条|这项|这些|它|上面|刚才|该|其|具体|分别|一下|"
    r"适用|标准|指南|规定|要求|条款|条|项|原文|重新|新申请|申请|首次|头一回|头一次|初次|往前|追溯|频率|最|少|至少|最低|频次|别的|其他|其它|部分|方面|问|和|与|对|跟|给|把|被|从|到|里|里面|中|上|下|在|吗|他们|她们|人家|老师们|你们|大家|专家|官员|关员|到|去|要是|如果|万一|？|\?|，|,|。|！|、|\s|"
    r"\b(and|what|about|how|the|a|an|on|site|onsite|on-site|check|checks|checked|visit|inspection|records?|documents?|long|do|does|did|we|to|keep|kept|have|need|needs|must|should|be|is|are|it|they|them|that|this|those|these|for|of|in|"
    r"who|responsible|which|ones?|also|then|any|many|often|years?|written|policy|policies|interview|situation|prepare|show|ok|so|there|else|can|electronic|paper|format|photos?|back|far|new|applicants?|renewal|customs|officers?|officials?|inspectors?|certifiers?|will|look|at|if|"
    r"apply|applies|us|our|what's|evidence|same|with|would|they'll|sampled?|sampling|"
    r"proofs?|prove|files?|keeping|give|hand|happens?|next|place|took|take)(?:'s|'ll|'re)?\b"
)
CUED, SHORT, LONG, SIBLING = 5.0, 4.0, 1.0, 0.5
"""Log-probability added to the clauses under discussion for a cued, a short and a long question; siblings get a share of it."""
_REACH = 3


class Context(NamedTuple):
    """What a conversation adds to a question.

    ``stay``: the question has no topic of its own; answer it for ``clauses``. Otherwise ``boost`` is added to the
    log-probability of ``clauses``.
    """

    clauses: tuple[str, ...]
    stay: bool
    boost: float
    near: tuple[str, ...] = ()


def context(question: str, history: Sequence[Turn], guide: Guide) -> Context | None:
    """What the conversation so far means for ``question``, or None when it stands alone."""
    about = discussed(history)
    if not about:
        return None
    text = fold(question).strip()
    cued = _CUE.search(text) is not None
    left = own_words(text)
    if not left:
        return Context(about, True, 0.0)
    item = guide.places[about[0]].item
    near = tuple(c.id for c in item.clauses if c.id not in about)
    return Context(about, False, CUED if cued else SHORT if len(words(text)) <= 16 else LONG, near)


def own_words(text: str) -> list[str]:
    """The words of a (folded) question that name a topic, without those that any question about evidence holds."""
    return words(_GENERIC.sub(" ", text))


def discussed(history: Sequence[Turn]) -> tuple[str, ...]:
    """The clauses of the latest answered turn; after refusals only, the clause that came nearest."""
    recent = history[-_REACH:]
    for turn in reversed(recent):
        if turn.answer.answered and turn.answer.clauses:
            return turn.answer.clauses[:2]
    return next((turn.answer.nearest[:1] for turn in reversed(recent) if turn.answer.nearest), ())
