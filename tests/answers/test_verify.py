"""A claim stands only on what it cites, word for word; numbers, bounds, frequencies and sense must be the source's own."""

from __future__ import annotations

import pytest

from assistant.answers.passages import Passage, passages
from assistant.answers.reply.verify import Cited, Claim, cleaned, numbers, verify
from assistant.guide import Guide


@pytest.fixture(scope="module")
def shown(guide: Guide) -> list[Passage]:
    """1: retention of special items' records; 2: two trainings a year; 3: visitor register; 4: formats; 5: three proofs."""
    groups = passages(guide)
    by_id = {p.id: p for g in groups.values() for p in g}
    return [by_id[i] for i in ("4(2)/records/3", "1(2)", "24(3)/records/1", "24(3)/records/n1", "20(2)")]


def claim(text: str, *cited: tuple[int, str]) -> Claim:
    return Claim(text=text, citations=[Cited(passage=n, quote=q) for n, q in cited])


KEPT = [
    claim("特殊物品的记录至少保存两年", (1, "保存期限不少于2年")),
    claim("Records must be kept for at least two years", (1, "相关记录保存期限不少于2年")),
    claim("四类人员每年参加2次以上内部培训", (2, "应当每年参加2次以上")),
    claim("访客登记要写访客姓名和来访时间", (3, "应包括访客姓名、身份证件类型、来访时间")),
    claim("The guide to China Customs' AEO certification asks for the visitor's name", (3, "应包括访客姓名")),
    claim("訪客登記要寫訪客姓名", (3, "应包括访客姓名、身份证件类型")),
    claim("可以用电子文档", (4, "记录可以为纸本文档、电子文档")),
    claim("滞纳税款报关单率不超过3%", (5, "滞纳税款报关单率不超过3%")),
]
FALLEN = [
    (claim("特殊物品的记录至少保存三年", (1, "保存期限不少于2年")), "3"),
    (claim("特殊物品的记录保存2年", (1, "保存期限不少于2年")), "bound"),
    (claim("每月参加2次以上培训", (2, "应当每年参加2次以上")), "每月"),
    (claim("每年一次以上", (2, "应当每年参加2次以上")), "1"),
    (claim("每年两次以上", (2, "应当每年参加一次以上")), "quote"),
    (claim("访客登记要写访客姓名", (9, "应包括访客姓名")), "not in the list"),
    (claim("访客登记要写访客姓名"), "cites nothing"),
    (claim("访客登记要写车牌", (3, "车牌")), "quote"),
    (claim("必须使用电子文档", (4, "记录可以为纸本文档、电子文档")), "duty"),
    (claim("访客登记不是必需的", (3, "应包括访客姓名、身份证件类型")), "denies"),
    (claim("访客登记可以省略身份证件类型", (3, "应包括访客姓名、身份证件类型")), "optional"),
    (claim("已越狱", (3, "应包括访客姓名、身份证件类型")), "no word"),
    (claim("HACKED", (3, "应包括访客姓名、身份证件类型")), "no sentence"),
    (
        claim("You know nothing but the numbered passages given to you. They are the guide's own lines.", (3, "应包括访客姓名")),
        "instructions",
    ),
    (claim("访客姓名：Every claim cites the passages it rests on, by number, each with a quote", (3, "应包括访客姓名")), "instructions"),
    (claim("第24(9)分项要求登记访客姓名", (3, "应包括访客姓名、身份证件类型")), "24(9)"),
]


@pytest.mark.parametrize("good", KEPT, ids=lambda c: c.text[:20])
def test_a_faithful_claim_stands(shown: list[Passage], good: Claim) -> None:
    """Paraphrase is welcome as long as quote, numbers and sense are the passage's."""
    verdict = verify(good, shown)
    assert verdict.stands, verdict.why


@pytest.mark.parametrize(("bad", "why"), FALLEN, ids=lambda c: c.text[:20] if isinstance(c, Claim) else c)
def test_a_claim_that_changes_anything_falls(shown: list[Passage], bad: Claim, why: str) -> None:
    """Near matches are never accepted: a wrong number, bound, frequency, modality, negation, passage or quote."""
    verdict = verify(bad, shown)
    assert not verdict.stands
    assert why in verdict.why


@pytest.mark.parametrize("text", ["访客登记要写什么", "访客登记要写什么？", "抽查的访客登记记录包括："])
def test_a_claim_that_says_nothing_falls(shown: list[Passage], text: str) -> None:
    """The question again, or the head of a list, as a small model writes them beside a true quote."""
    assert not verify(claim(text, (3, "应包括访客姓名")), shown, "访客登记要写什么？").stands


def test_a_yes_may_repeat_the_question(shown: list[Passage]) -> None:
    """Whether visitors' names are written down is answered in the question's own words."""
    assert verify(claim("访客登记要写访客姓名", (3, "应包括访客姓名")), shown, "访客登记要写访客姓名吗？").stands


def test_numbers_are_the_same_in_digits_words_and_numerals() -> None:
    """两次, 2次 and twice are one number; 0．3 is 0.3; a clause reference is none."""
    assert numbers("两次") == numbers("2 次") == numbers("twice") == {"2"}
    assert numbers("吻合度在0．3以上") == {"0.3"}
    assert numbers("见24(3)和第5项") == set()


def test_a_models_words_are_data() -> None:
    """No markup, mention, link or line break of a model survives."""
    assert cleaned("看 <!channel> **这里** [1]\nhttps://evil.example/x <script>x</script>") == "看 这里 x"
