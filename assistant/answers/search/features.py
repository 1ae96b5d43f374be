"""The numbers behind two decisions: which clause (or none), and which of its lines. Shared by fitting and answering."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.answers.passages import Passage
from assistant.answers.ports import Floats
from assistant.answers.question.asked_number import asked_unit
from assistant.answers.question.learned.classifier import softmax
from assistant.answers.question.words import fold, mostly_latin
from assistant.answers.search.ranker import KINDS

DEPTH = 64
"""How many dense hits are looked at."""

_INTENTS: tuple[tuple[str, str], ...] = (
    (
        "write",
        r"(帮|给|替)(我|忙)(?!.{0,8}(过一?遍|列|捋|理|拉|说|讲|看|查|数|总结|梳|盘|讲解|解释|找|确认))|写(一|个|份|篇|段)|起草|拟(一|个|份)|润色|翻译成|范(本|文)|模板|样(本|张|板)|template|draft|write |sample |translate|make up|generate|example of",
    ),
    ("price", r"多少钱|费用|价格|报价|预算|收费|便宜|贵不贵|几块|几万|cost|price|fee|budget|charge|cheap|expensive|how much money"),
    (
        "vendor",
        r"哪家|哪个牌子|品牌|供应商推荐|推荐|好用|厂家|软件好|vendor|brand|recommend|supplier for|which (tool|software|company)|best ",
    ),
    (
        "person",
        r"是谁|哪位|谁管|谁负责|找谁|电话|联系方式|邮箱|手机号|微信|分机|姓什么|叫(啥|什么)|who (is|in our|at)|phone|contact|e-?mail",
    ),
    ("own", r"我们|咱们|咱|我司|公司(里|现在|目前)|本公司|我厂|our |we |us "),
    (
        "status",
        r"了没|了吗|有没有(做|交|办|过)|现在(有|是|到)|目前|去年|上个?月|上周|今年|last (year|month|week|quarter)|so far|already|status|currently",
    ),
    ("law", r"罚|坐牢|判|刑|赔|起诉|仲裁|违法吗|合法|责任算|劳动法|法律|penalt|fine|jail|prison|sue|legal|lawsuit|liab"),
    (
        "verdict",
        r"能不能过|过得了|算不算达标|扣(几|多少)?分|几分|打分|评分|一票否决|达标|合格线|通过率|会不会被|pass mark|score|points|fail|deduct",
    ),
    ("forge", r"补一?份假|假的|造假|伪造|编(一|个|段)|倒签|改日期|糊弄|蒙混|应付|瞒|fake|forge|back-?dat|invent|pretend"),
    ("define", r"定义|是什么意思|什么叫|是指|怎么界定|区别|definition|define|mean by|difference between|what is (a|an) "),
    (
        "operate",
        r"怎么(操作|填|登录|登陆|下载|注册|办理|申请|报名|安装|设置|导出)|网址|网站|账号|密码忘|系统报错|打不开|流程走|how do i (log|install|fill|download|apply|register|reset)|website|link|error",
    ),
    ("you", r"你(是|能|会|们|的)|您|you are|are you|your (prompt|instruction|rule)|system prompt|指令|提示词|扮演|ignore|忽略"),
    ("edition", r"新版|旧版|最新|20\d\d年|改版|修订|c-?tpat|iso|欧盟|美国|日本|韩国|new version|edition|other countr|mutual"),
    ("calc", r"怎么算|公式|计算|折算|税率|汇率|归(哪|到)|编码|calculate|formula|tariff|rate of|hs code"),
)
INTENTS = tuple((name, re.compile(pattern)) for name, pattern in _INTENTS)

REFUSAL_FEATURES = 10 + len(INTENTS)

_STATED = re.compile(
    r"((?<!\d)\d+|[一二两三四五六七八九十]|每一?|定期|及时|近一)\s*(年|次|日|月|%|个月|天)|定期|及时|期限|频次|次数|人数|周期|时限|年末"
)


def stated_units(passages: Sequence[Passage]) -> frozenset[str]:
    """Units for which these passages hold a number, a frequency or a period in words."""
    text = "\n".join(p.wording for p in passages)
    found: set[str] = set()
    for match in _STATED.finditer(text):
        words = match.group(0)
        if "年" in words or "期限" in words or "年末" in words:
            found |= {"year", "long"}
        if re.search(r"次|定期|每|频|周期", words):
            found |= {"time", "long"}
        if re.search(r"日|天|月|时限|及时", words):
            found |= {"day", "long"}
        if "%" in words:
            found.add("percent")
        if "人数" in words:
            found.add("head")
    return frozenset(found)


def refusal_features(text: str, scores: Floats, stated: frozenset[str]) -> Floats:
    """What speaks for "the guide does not say": scores, language, intents, and a number asked that the clause lacks.

    Args:
        text: the question.
        scores: regression scores, shape (clauses + 1,).
        stated: units stated by the best clause.
    """
    top = np.sort(scores[:-1])[-2:] if len(scores) > 2 else np.array([0.0, scores[0]])
    latin = float(mostly_latin(text))
    folded = fold(text)
    unit = asked_unit(text)
    asks = [float(unit is not None), float(unit is not None and unit not in stated)]
    intents = [float(pattern.search(folded) is not None) for _, pattern in INTENTS]
    own_status = intents[4] * intents[5]
    short = float(len(folded) < 8)
    base = [float(scores[-1]), float(top[1]), float(top[0]), 1.0, latin, latin * float(scores[-1])]
    return np.array([*base, *asks, own_status, short, *intents], dtype=np.float32)


def dense_by_clause(similarities: Floats, columns: NDArray[np.int64], clauses: int) -> Floats:
    """Dense hits folded up to clauses: how far the best line of each stands above the last hit, in standard deviations."""
    found = np.zeros(clauses, dtype=np.float32)
    if len(similarities) < 2:
        return found
    floor, spread = similarities.min(), float(similarities.std()) or 1.0
    np.maximum.at(found, columns, ((similarities - floor) / spread).astype(np.float32))
    return found


def max_by_clause(values: Floats, columns: NDArray[np.int64], clauses: int) -> Floats:
    """The largest value of each clause's passages."""
    found = np.zeros(clauses, dtype=np.float32)
    np.maximum.at(found, columns, values.astype(np.float32))
    return found


def clause_features(scores: Floats, dense: Floats, lexical_line: Floats, lexical_clause: Floats, words: int) -> Floats:
    """Features per clause, shape (clauses, 4)."""
    length = np.float32(max(1, words))
    return np.stack([scores[:-1], dense, lexical_line / length, lexical_clause / length], axis=1).astype(np.float32)


BARE_FEATURES = 5  # features per clause; the weights have the same shape
_AHEAD_COLUMN, AHEAD = 3, 10.0
"""What brings differences of the kernel to the size of the other features, so that the penalty lets them speak."""


UNASKED = 0.5
"""Least share of the clauses that nobody asked about in what speaks for any clause, at which a question counts as being about them."""

RESERVE = 1.0
"""Log odds that such a clause needs beyond its fit where another clause has a line as near: of the bank's questions about other clauses
0.3% then go to a clause that nobody asked about, without it 0.6%; of those about it three in four are among the first five."""


def bare_features(features: Floats, line_kernel: Floats) -> Floats:
    """Features of clauses that no bank question covers: hits on their own lines only, shape (clauses, BARE_FEATURES).

    How near a question is to the lines says little; that no other clause has a line as near says much.

    Args:
        features: ``clause_features`` (their first column, the regression score, says nothing about a bare clause).
        line_kernel: the largest kernel value of the question with each clause's own lines.
    """
    lead = ahead(line_kernel) * AHEAD
    return np.concatenate([features[:, 1:], lead[:, None], np.ones((len(features), 1))], axis=1).astype(np.float32)


def log_odds(probability: float, most: float) -> float:
    """Log odds, within ``most`` of even."""
    return float(np.clip(np.log(max(probability, 1e-9) / max(1 - probability, 1e-9)), -most, most))


def ahead(values: Floats) -> Floats:
    """How far each value is ahead of the largest of the others (below zero: behind it)."""
    if len(values) < 2:
        return values
    second, first = np.partition(values, -2)[-2:]
    return np.asarray(values - np.where(np.arange(len(values)) == values.argmax(), second, first), dtype=np.float32)


def probabilities(
    features: Floats, refusal: Floats, weights: dict[str, list[float]], bare: NDArray[np.int64], line_kernel: Floats
) -> Floats:
    """Softmax over the clauses and "not in the guide", shape (clauses + 1,); ``bare`` clauses by their own weights."""
    logits = np.append(features @ np.array(weights["clause"]), refusal @ np.array(weights["refusal"]))
    if len(bare):
        own = bare_features(features, line_kernel)
        logits[bare] = (own @ np.array(weights["bare"]) - RESERVE * (own[:, _AHEAD_COLUMN] <= 0))[bare]
    return np.asarray(softmax(logits), dtype=np.float32)


def held_back(likely: Floats, bare: NDArray[np.int64]) -> Floats:
    """Probabilities without the clauses that no bank question covers, unless the question is likelier about these than about the others.

    A question about another clause is so answered exactly as if there were no new ones. ``likely`` ends with that the guide does not say.
    """
    if not len(bare) or likely[bare].sum() >= UNASKED * likely[:-1].sum():
        return likely
    others = likely.copy()
    others[bare] = 0
    return np.asarray(others / others.sum(), dtype=np.float32)


_ROLES = ("evidence", "period", "format", "conformity", "retention", "translation", "statement", "applicability")
_ROLE_WORDS = (
    (
        "period",
        r"几年|多少年|多久|年份|往前|追溯|每年|period|years?|how long|how far|年度|往年|历年|去年|哪年|首次|新申请|复认证|重新认证|renew|first",
    ),
    (
        "format",
        r"格式|电子|纸|照片|视频|拍照|形式|系统|截图|excel|paper|electronic|photo|video|format|写什么|哪些(信息|内容|字段|栏)|包括|包含",
    ),
    ("conformity", r"一致|相符|对不上|不符|符合|consistent|match|脱节|两张皮"),
    ("retention", r"保存|留|存|keep|retain|retention|销毁|扔"),
    ("translation", r"外文|英文|翻译|中文|译|translat|english|日文|德文"),
    ("statement", r"不涉及|没有|不用|不适用|none|not applicable|exempt|适用|要不要|无集装箱|no container|don't|不做"),
    ("applicability", r"不涉及|没有|不用|不适用|none|not applicable|exempt|适用|要不要|跟我们|关我们|apply|只有|不做"),
)
_ROLE_ASKED = tuple((_ROLES.index(role), re.compile(pattern)) for role, pattern in _ROLE_WORDS)
LINE_FEATURES = 11 + len(_ROLES) + len(_ROLE_ASKED)


def line_features(
    text: str,
    passages: Sequence[Passage],
    votes: Floats,
    kind_votes: Floats,
    kinds: Floats,
    dense: Floats,
    lexical: Floats,
    words: int,
) -> Floats:
    """Features per passage of one clause (its own sentence left out), shape (passages, LINE_FEATURES).

    Args:
        text: the question.
        passages: the candidates.
        votes: share of like questions in the bank that were answered by each passage, shape (passages,).
        kind_votes: share of like questions by ``KINDS``, shape (7,).
        kinds: kind scores over all clauses, shape (7,).
        dense: cosine of the question with each passage, shape (passages,).
        lexical: BM25 of each passage, shape (passages,).
        words: number of distinct tokens of the question.
    """
    n = len(passages)
    column = np.array([KINDS.index(p.kind) for p in passages])
    role = np.array([_ROLES.index(p.role) if p.role in _ROLES else 0 for p in passages])
    spread = float(dense.std()) or 1.0
    near = (dense - dense.mean()) / spread if n else dense
    overlap = lexical / max(1, words)
    one_hot = np.eye(len(_ROLES))[role]
    folded = fold(text)
    asked = np.stack([(role == index) * float(bool(pattern.search(folded))) for index, pattern in _ROLE_ASKED], axis=1)
    first = [
        np.ones(n),
        votes,
        np.log(votes + 0.02),
        kind_votes[column],
        kinds[column],
        np.full(n, kinds[KINDS.index("all")]),
        np.full(n, kinds[KINDS.index("clause")]),
        near,
        near == near.max() if n else near,
        overlap,
        (overlap == overlap.max()) & (overlap > 0) if n else overlap,
    ]
    return np.concatenate([np.stack(first, axis=1), one_hot, asked], axis=1).astype(np.float32)


_WITH_OWN = (1, 2, 3, 4, 5, 6, 7, 9)
"""Features of a line that speak otherwise for a clause's own sentence: votes, kinds asked for, nearness, words."""
ORDER_FEATURES = LINE_FEATURES + 5 + len(_WITH_OWN)


def order_features(lines: Floats, own: NDArray[np.bool_], scores: Floats) -> Floats:
    """Features of which line of a clause decides, its own sentence among them, shape (passages, ORDER_FEATURES).

    Args:
        lines: ``line_features`` of all its passages.
        own: which of them is the clause's own sentence.
        scores: how much like questions hung on each (``Ranker.line_scores``).
    """
    log = np.log(np.maximum(scores, 0) + 0.02)
    apart = own.astype(np.float32)[:, None]
    both = np.stack([scores, log], axis=1)
    return np.concatenate([lines, apart, both, apart * both, apart * lines[:, _WITH_OWN]], axis=1).astype(np.float32)
