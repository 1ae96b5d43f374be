"""The direct answer, before anything else, where the guide's own structure makes it certain; else nothing, and the lines speak.

What is computed: a number of the question against a bound of the line, how many or how often or how long, that no number is set,
what happens to those whom a clause does not concern, any one of several. What takes understanding of the words is learned
(``assistant.answers.reply.verdicts``) and handed in, where it is sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from assistant.answers.blocks import Verdict
from assistant.answers.passages import Passage
from assistant.answers.question.pieces import pieces
from assistant.answers.question.words import fold, tokens
from assistant.answers.reply.compared import ComparedQuantity, compared
from assistant.answers.reply.quantities import Bound, Quantity, bounds, quantities
from assistant.answers.reply.verdicts import Ruling
from assistant.answers.search.features import asked_unit
from assistant.guide import Clause
from assistant.texts import say

ANY_ONE = "任一"
"""In a section's heading: its lines are alternatives."""
_POLAR = re.compile(
    r"([一-鿿])不\1|是否|能否|可否|会否|(?:[吗嘛吧否]|(?<![什怎])么)[呀啊呢]?[\s？?！!。.~）)]*$|(?<![要好])不[\s？?。~）)]*$|"
    r"(?:^|[.,;!?]\s*)(?:so\s+)?(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have)\b|\b(?:right|ok|okay|acceptable|enough|allowed|correct)\s*\?"
)
"""Yes/no by grammar: A-not-A and final particles, inversion and tags."""
_DUTY = re.compile(r"[应须需]|要(?!求)|\bmust\b|\bha(?:ve|s) to\b|\bneeds?\b|\bshould\b|\brequired?\b")
"""The number is told as what the guide asks, and not as what is done."""
_DENIAL = re.compile(r"不|没|无|未|非|\bno\b|\bnot\b|n't\b|\bnever\b|\bwithout\b")
_LACKS = re.compile(r"[不没未]|\bnot\b|n't\b|\bwithout\b")
_ASKING = re.compile(r"([一-鿿])不\1|不[\s？?。~）)]*$")
_SOME = re.compile(r"[这那好前后十和]几")
"""Here 几 asks for no number: 老板和几个高管要备哪些材料."""
_WANTS = re.compile(r"几|多|什么|何|\bhow\b|\bwhat\b")
_ATTRIBUTE = re.compile(r"\s?的|\s[a-z]")
"""After a rate: it only names the thing (一年两次的课, our yearly audit)."""
_YEARLY = re.compile(r"每一?年")
"""A rate without a count: in a question it repeats the guide's words, as in 每年对标那个内审; of how many years, it is no number."""
_STORY = 90
"""Longest question, in characters (a Latin letter counts half), whose numbers are held against a bound: in longer ones they tell a story."""
_LEANS = 0.5
"""Probability of a verdict that is not sure enough, from which the matter is not said to be open either."""
_MUST = 0.8
"""Probability from which a message asks whether something must be."""
_PIECE = re.compile(r"[^，。；：,;]+")
_FINER = re.compile(r"[^，。；：,;、]+")
_NEAR = 9
"""Characters after a word of denial in which a word of the condition must stand."""
_LONG_PIECE = 36
"""Characters above which a piece of a sentence is cut at 、 too."""
_VAGUE = re.compile(r"定期|期限|时限|周期|频次|次数|及时|年限")
"""How the guide names a measure without a number."""
_TERMS = ("期限", "年限")
"""Of these, what is a number of years."""
_EVERY = {"year": "每一年", "long": _YEARLY.pattern, "time": "每年"}
"""How the guide answers how many years back and how often without a number."""
_DIMENSIONS: dict[str, tuple[str, ...]] = {
    "day": ("length",), "hour": ("length",), "year": ("length",), "long": ("length", "rate"), "time": ("rate", "count"),
    "percent": ("share",), "head": ("people",), "metre": ("metre",),
}  # fmt: skip
_RANGE = {"hour": (0.0, 0.05), "day": (0.02, 11.9), "year": (2.9, 1200.0)}
"""Which lengths, in months, answer a question for hours, days or years."""


_CONFIRMED = re.compile(r"(?:对吗|对不对|对么|对吧|是吧|是吗|是不是|没错吧|吧|\bright|\bcorrect)[\s？?。]*$")
"""The question ends by asking to confirm what it says."""
_RULE = re.compile(r"要求|规定|应|须|必须|需要|得(?=[一-鿿]{0,3}$)|是[\s要得]*$|\brequire|\brule\b|\bmust\b")
"""Before a number that is to be confirmed: it is told as what the guide asks."""
_THEN = re.compile(r"呢[\s？?。!！]*$|^(?:and\s+)?(?:what|how) about\b")
"""A number with no more than this asks of it what was asked of another: 那2%呢."""
_WE = re.compile(r"[我咱]|\b(?:we|our|us)\b")
_ALTERNATIVES = re.compile(r"或者|[一-鿿]、[一-鿿]+等")
_DAY = re.compile(r"月 ?[\d一二三十]+ ?[日号]")
_OR = re.compile(r"或者|、|，|等")
_PERIOD = re.compile(r"前年|去年|今年|明年|后年|往年|[上下]一?年(?!度?报)|\b(?:last|this|next) year\b")
_WHO = re.compile(r"^(?P<who>[^。；]{0,80}?(?:人员|人|者)[^。；，]{0,20}?)(?:应当|须|必须|要|每)")
"""In front of a bound: those whom the line binds."""
_PERSON = re.compile(r"[一-鿿]{0,4}(?:人员|员工|[一-鿿]员|队长|班长|组长|经理|司机|主管|保安|工人|会计|前台)")
"""A kind of person by its ending."""


class _Weighed(NamedTuple):
    said: ComparedQuantity
    bound: Bound
    line: str
    holds: bool | None

    @property
    def even(self) -> bool:
        return abs(self.said.quantity.value - self.bound.quantity.value) < 1e-9


def direct(
    question: str,
    clause: Clause,
    lines: Sequence[Passage],
    shown: Sequence[Passage],
    lang: str,
    near: Sequence[Passage] = (),
    decide: Callable[[], Ruling | None] | None = None,
    searched: bool = True,
) -> Verdict | None:
    """What can be said for certain of ``clause`` to ``question``.

    Args:
        question: as it was read; one question.
        clause: the clause that answers.
        lines: all its passages.
        shown: those that the answer quotes.
        lang: language of the words around the guide's.
        near: passages of other clauses of the item that are likely too: what one of them bounds is not said to be open.
        decide: gives what words of the clause decide, as it was learned.
        searched: whether the question was searched; if not, that is asked only where it must be known.
    """
    text = fold(question)
    asks = weighing(text)
    compares = asks and bool(quantities(text)) and not _WANTS.search(_THEN.sub("", text))  # 至少每年一次可以吗 asks for no number
    if not compares and not _SOME.search(text) and (units := _units(question)):
        told = [_stated(unit, shown, lang) for unit in units]
        return next((v for v in told if v and v.outcome != "open"), told[0])
    short = _length(text) <= _STORY
    if short and not asks:
        presumed = _premise(text, _weighed(text, lines, True), lang, True)
        if presumed is not None:
            return presumed
    weighed = _weighed(text, lines) if short and asks else []
    premise = _premise(text, weighed, lang)
    if premise is not None:
        return premise
    if any(w.holds is None for w in weighed) or (weighed and _two_years(text) and all(w.holds for w in weighed)):
        return _fact(weighed[0].line, weighed[0].bound.quantity.start, weighed[0].bound.quantity.end)
    unconcerned = _not_concerned(text, lines, lang)
    decided = decide() if decide and short and (searched or (unconcerned and polar(text))) else None
    if decided is not None and not reaches(text, decided.outcome, decided.words, lines):
        decided = None
    if weighed:
        verdict = _verdict(text, weighed, lines, lang)
        if verdict.outcome == "fact" and weighed[0].bound.side != "within" and _unweighed(text, weighed):
            return None
        if verdict.outcome != "fact" or decided is None or not decided.sure:
            return verdict
    if unconcerned is not None:
        applies_not = decided is not None and decided.asks == "must" and decided.likely >= _MUST
        return unconcerned.model_copy(update={"outcome": "no"}) if applies_not else unconcerned
    if decided is not None and decided.sure:
        return _told(decided, weighed, lang)
    leans = decided is not None and decided.probability >= _LEANS
    if short and polar(text) and _unbounded(text, lines) and not _bounded(text, near) and not leans:
        return _left_open("long", shown, lang)
    return _any_one(clause, shown, lang) if not (polar(text) and _LACKS.search(_ASKING.sub("", text))) else None


def _told(decided: Ruling, weighed: Sequence[_Weighed], lang: str) -> Verdict:
    """A learned verdict in words: the outcome, since when it counts, and what the guide says."""
    denied = next((b for b in bounds(decided.words) if b.denies), None)
    head = say(f"direct.{'denied' if denied else decided.asks}_{decided.outcome}", lang)
    facts = ""
    if denied and decided.outcome == "no":
        limit = _limit(denied.quantity, lang)
        facts = (
            say("direct.within.holds", lang, said=weighed[0].said.text.strip(), limit=limit)
            if weighed
            else say("direct.since", lang, limit=limit)
        )
    return _said(lang, decided.outcome, head, facts, decided.words)


def limited(question: str, lines: Iterable[tuple[str, bool]]) -> bool:
    """Whether a yes/no question tells a quantity that one of these lines bounds; ``lines``: text, and whether it is a clause's own."""
    text = fold(question)
    told = quantities(text) if polar(text) else []
    return any(_comparable(q, b) for line, own in (lines if told else ()) for b in bounds(line, own) for q in told)


def polar(question: str) -> bool:
    """Whether a question wants a yes or a no, by its grammar."""
    return _POLAR.search(fold(question)) is not None


def weighing(question: str) -> bool:
    """Whether the numbers of a question are to be held against the guide's: it wants a yes or a no, or puts another number (那2%呢)."""
    text = fold(question)
    rest, then = _THEN.subn("", text)
    return polar(text) or (bool(then) and bool(quantities(rest)) and not _WANTS.search(rest))


def _weighed(text: str, lines: Sequence[Passage], presumed: bool = False) -> list[_Weighed]:
    """Every quantity of the question with the one bound that it can be held against; nothing where two could be meant.

    ``presumed``: the question takes what it tells for the rule (为什么每年要做4次), and asks for something else.
    """
    asked = [(bound, p.text) for p in lines for bound in bounds(p.text, p.kind == "clause")]
    found: list[_Weighed] = []
    rule = (presumed or _CONFIRMED.search(text)) and not _WE.search(text)
    for q in quantities(text):
        if rule and q.dimension == "count" and (presumed or _RULE.search(text[: q.start])):
            q = q._replace(dimension="rate")
        said = compared(text, q)
        if said is None or (q.dimension == "rate" and _only_named(text, q) and not (presumed and _RULE.match(text[q.end :].lstrip("的 ")))):
            continue
        fitting = [(b, line) for b, line in asked if _comparable(q, b)]
        if len({(b.side, b.quantity.value) for b, _ in fitting}) == 1 and not _other_person(text, fitting[0][1]):
            bound, line = max(fitting, key=lambda f: _shared(text, _around(f[1], f[0].quantity.start, f[0].quantity.end)))
            found.append(_Weighed(said, bound, line, said.keeps(bound)))
    return found


def _only_named(text: str, rate: Quantity) -> bool:
    """Whether a rate tells nothing of what is done: 一年两次的课, 每年对标那个内审."""
    return _ATTRIBUTE.match(text[rate.end :]) is not None or _YEARLY.fullmatch(rate.text) is not None


def _shared(text: str, words: str) -> int:
    """How many pairs of letters a question shares with some words."""
    return len(_pairs(text) & _pairs(words))


def _pairs(text: str) -> set[str]:
    """The pairs of letters of a text."""
    return {t for t in tokens(text) if "_" in t}


def _premise(text: str, weighed: Sequence[_Weighed], lang: str, presumed: bool = False) -> Verdict | None:
    """Whether a number that is told as the guide's own is: 培训要求每年4次对吗. What we do (我们每年做四次，对吧) is no premise.

    ``presumed``: it is not asked to be confirmed, so it is named only where it is false.
    """
    if len(weighed) != 1 or weighed[0].bound.side == "within" or _WE.search(text) or not (presumed or _CONFIRMED.search(text)):
        return None
    (w,) = weighed
    told = _ASKING.sub("", re.split(r"[，。；,;]", text[: w.said.quantity.start])[-1] + w.said.quantity.text)
    if not (_RULE.search(told) or (presumed and (_DUTY.search(told) or w.said.comparison in ("<=", ">=")))):
        return None
    true = w.even and w.holds is not False and w.said.comparison in ("=", *((">=", ">") if w.bound.side == "least" else ("<=", "<")))
    if presumed and (w.even or _PERIOD.search(text)):
        return None
    limit = say(f"direct.rule.{w.bound.side}", lang, limit=_limit(w.bound.quantity, lang))
    facts = say(f"direct.rule.{'true' if true else 'false'}", lang, said=w.said.text.strip(), limit=limit)
    words = _around(w.line, w.bound.quantity.start, w.bound.quantity.end)
    return _said(lang, "yes" if true else "no", say("direct.the_rule" if true else "direct.not_the_rule", lang), facts, words)


def reaches(text: str, outcome: str, words: str, lines: Sequence[Passage] = ()) -> bool:
    """Whether the deciding words reach what a question tells.

    They say nothing to a length, share or rate that they know nothing of, to another person than those whom they bind, and to a thing
    that is lacking where an alternative that they offer is told; that something of a certain day will do no words of the guide say.
    """
    known = {q.dimension for q in quantities(words)}
    told = {q.dimension for q in quantities(text) if not q.ago and not _only_named(text, q)}
    if (told & {"length", "share", "rate"}) - known:
        return False
    if told and any(_other_person(text, p.text) for p in lines if bounds(p.text, p.kind == "clause")):
        return False
    return not _DAY.search(fold(text)) if outcome == "yes" else not _alternative(text, words)


def _alternative(text: str, words: str) -> bool:
    """Whether of alternatives (照片、视频等, …或者采取…) a question tells one beside another, or lacks one that another could stand for."""
    offered = [part for part in _OR.split(words) if part]
    if len(offered) < 2 or not (_DENIAL.search(text) and _ALTERNATIVES.search(words)):
        return False
    return sum(bool(_pairs(text) & _pairs(part)) for part in offered) > 1


def _unweighed(text: str, weighed: Sequence[_Weighed]) -> bool:
    """Whether a question tells a number of times that was held against nothing: 列了两次，加起来10天."""
    return any(q.dimension == "count" for q in quantities(text) if q.start not in {w.said.quantity.start for w in weighed})


def _two_years(text: str) -> bool:
    """Whether two years are told apart, one of them with a denial: 今年做了两次，明年不做."""
    return len({m.group() for m in _PERIOD.finditer(text)}) > 1 and _DENIAL.search(_ASKING.sub("", text)) is not None


def _other_person(text: str, line: str) -> bool:
    """Whether a question names a kind of person only that the line, which binds some, does not name: 司机一年培训一次."""
    bound = _WHO.match(line)
    if bound is None or not _PERSON.search(text):
        return False
    return not _pairs(bound["who"]) & _pairs(text)


def _comparable(said: Quantity, bound: Bound) -> bool:
    if said.dimension != bound.quantity.dimension:
        return False
    return said.ago == (bound.side == "within")


def _verdict(text: str, weighed: Sequence[_Weighed], lines: Sequence[Passage], lang: str) -> Verdict:
    outcome = _outcome(text, weighed, lines)
    told = [w for w in weighed if _bad(w)] if outcome == "no" and any(map(_bad, weighed)) else weighed
    join = "；" if lang == "zh" else "; "
    facts = join.join(_against(w, lang) for w in told)
    rule = outcome == "no" and not any(map(_bad, weighed))
    head = say("direct.not_the_rule" if rule else f"direct.{outcome}", lang)
    words = "，".join(dict.fromkeys(_around(w.line, w.bound.quantity.start, w.bound.quantity.end) for w in told))
    return _said(lang, outcome, head, facts, words)


def _against(w: _Weighed, lang: str) -> str:
    """The number told beside the guide's; where they are the same number, what is asked of it."""
    limit = _limit(w.bound.quantity, lang)
    if w.even and w.said.comparison != "=" and w.bound.side != "within":
        limit = say(f"direct.rule.{w.bound.side}", lang, limit=limit)
        return say("direct.rule.asks", lang, said=w.said.text.strip(), limit=limit)
    return say(f"direct.{w.bound.side}.{'holds' if w.holds else 'fails'}", lang, said=w.said.text.strip(), limit=limit)


def _outcome(text: str, weighed: Sequence[_Weighed], lines: Sequence[Passage]) -> str:
    if any(map(_bad, weighed)):
        return "no"
    if any(w.bound.denies and w.holds for w in weighed):
        return "fact"  # it lies within the years that count; whether it is what the clause means is not for numbers to say
    bound = {(b.side, b.quantity.dimension) for p in lines if p.kind == "clause" for b in bounds(p.text, True) if b.side != "within"}
    if bound - {(w.bound.side, w.bound.quantity.dimension) for w in weighed}:
        return "fact"
    if _DUTY.search(text) and not all(w.even for w in weighed):
        return "no"
    return "yes"


def _bad(w: _Weighed) -> bool:
    return not w.holds and not w.bound.denies


def _unbounded(text: str, lines: Sequence[Passage]) -> bool:
    """Whether the question tells a length or rate, and the clause speaks of such a measure without bounding any."""
    told = {q.dimension for q in quantities(text) if not q.ago} & {"length", "rate"}
    named = any(_VAGUE.search(p.text) for p in lines)
    return bool(told) and named and not any(bounds(p.text, p.kind == "clause") for p in lines)


def _bounded(text: str, lines: Sequence[Passage]) -> bool:
    """Whether any of ``lines`` bounds a quantity that the question tells."""
    return any(_comparable(q, b) for p in lines for b in bounds(p.text, p.kind == "clause") for q in quantities(text))


def _units(question: str) -> list[str]:
    """What is asked how many, how often or how long for: in every sentence its own, that none is called open for another's sake."""
    asked = (asked_unit(fold(text)) for text in (question, *pieces(question).sentences))
    return [unit for unit in dict.fromkeys(asked) if unit in _DIMENSIONS]


def _stated(unit: str, shown: Sequence[Passage], lang: str) -> Verdict | None:
    """The deciding words for how many, how often, how long; or that the guide sets no number."""
    low, high = _RANGE.get(unit, (0.0, float("inf")))
    for p in shown:
        bounded = [b.quantity for b in bounds(p.text, p.kind == "clause") if b.side != "within"]
        for q in (*bounded, *quantities(p.text)):
            lately = p.text[: q.start].endswith("近") and p.kind != shown[0].kind  # 近一年来: of what it speaks, not what was asked
            if q.dimension in _DIMENSIONS[unit] and low <= q.value <= high and not lately:
                return _fact(p.text, q.start, q.end)
    every = re.search(_EVERY[unit], shown[0].text) if unit in _EVERY and shown else None
    if every:  # only where it leads: the years that are sampled are no answer to how long a record is kept
        return _fact(shown[0].text, *every.span())
    if unit == "year" and any(_YEARLY.search(p.text) for p in shown) and not any(term in p.text for p in shown for term in _TERMS):
        return None
    return _left_open(unit, shown, lang)


def _left_open(unit: str, shown: Sequence[Passage], lang: str) -> Verdict:
    """That no number is set, with what is said instead."""
    for p in shown:
        vague = _VAGUE.search(p.text)
        if vague and {"length", "rate"} & set(_DIMENSIONS[unit]):
            head = say("direct.open_years" if vague.group() in _TERMS and unit in ("year", "long") else "direct.open", lang)
            return _said(lang, "open", head, words=_around(p.text, *vague.span()))
    return _said(lang, "open", say("direct.open", lang))


def _not_concerned(text: str, lines: Sequence[Passage], lang: str) -> Verdict | None:
    """What becomes of those who do not meet a clause's condition: it does not apply, and what they hand in all the same."""
    condition = next((p for p in lines if p.role == "applicability"), None)
    if condition is None or not denied(text, condition):
        return None
    statements = [p.text for p in lines if p.role == "statement"]
    head = say("direct.not_applicable", lang)
    return _said(lang, "fact", head, say("direct.statement", lang) if statements else "", next(iter(statements), condition.text))


def denied(question: str, condition: Passage) -> bool:
    """Whether a question denies what a condition asks for: near a word of denial stands a word of the condition, or the clause is named."""
    text = _ASKING.sub("", fold(question))
    asked = _pairs(condition.text)
    item = condition.clause.split("(")[0]
    return any(
        asked & set(tokens(text[m.start() : m.end() + _NEAR])) or re.search(rf"(?<!\d){item}(?!\d)", text) for m in _DENIAL.finditer(text)
    )


def _length(text: str) -> float:
    return sum(0.5 if c.isascii() else 1 for c in text)


def _any_one(clause: Clause, shown: Sequence[Passage], lang: str) -> Verdict | None:
    """That any one of the lines is enough. Whether what the asker has is one of them, words alone cannot say: no verdict."""
    ids = {r.id for s in clause.sections if s.heading and ANY_ONE in s.heading for r in s.requirements}
    offered = [p for p in shown if p.id in ids]
    if not offered:
        return None
    return _said(lang, "fact", say("direct.any_one", lang))


def _fact(line: str, start: int, end: int) -> Verdict:
    """The piece of a line that decides, its deciding words bold."""
    piece = _around(line, start, end)
    place = piece.find(line[start:end])
    stop = place + end - start
    for bound in ("以上", "以内", "以下", "以来"):
        stop += len(bound) if piece[stop:].startswith(bound) else 0
    for bound in ("不少于", "不超过", "不低于"):
        place -= len(bound) if piece[:place].endswith(bound) else 0
    return Verdict(text=piece, outcome="fact", bold=((place, stop),))


def _limit(quantity: Quantity, lang: str) -> str:
    """A bound's number in the reader's language."""
    if lang == "zh":
        return quantity.text if quantity.dimension != "rate" or "次" in quantity.text else say("direct.once", lang, every=quantity.text)
    number: float = quantity.value
    unit: str = quantity.dimension
    if unit == "length":
        number, unit = (number / 12, "years") if number >= 12 else (number, "months") if number >= 1 else (number * 365 / 12, "days")
    return say(f"direct.unit.{unit}", lang, number=f"{number:.3g}")


def _around(line: str, start: int, end: int) -> str:
    """The piece of ``line`` that holds the words from ``start`` to ``end``, verbatim."""
    for pattern in (_PIECE, _FINER):
        held = [m for m in pattern.finditer(line) if m.end() > start and m.start() < end]
        first, last = held[0].start(), held[-1].end()
        if last - first <= _LONG_PIECE:
            break
    who = _WHO.match(line)
    if who and 0 < first < who.end("who"):  # the last of several whom a line binds would read as the only one
        first = who.end("who")
    return line[first:last]


def _said(lang: str, outcome: str, head: str, facts: str = "", words: str = "") -> Verdict:
    """Head, what was held against what, and the guide's words, as far as there are any; the head is bold."""
    text = say("direct.told", lang, head=head, facts=facts) if head and facts else head or facts
    text = say("direct.quoted", lang, text=text, words=words) if words and words not in text else text
    return Verdict(text=text, outcome=outcome, bold=((0, len(head)),) if head else ())
