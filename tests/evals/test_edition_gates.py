"""Gates on the edition itself: damage is stopped with its figure, and a real edition passes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.guide import Guide
from evals.gates.edition import Figures, figures
from evals.gates.policy import EditionLimits, GatePolicy
from ingest.compare.damage import Turned, damage
from ingest.compare.diff import diff
from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.shipped import SHIPPED

Edit = Callable[[str], str]


@pytest.fixture(scope="module")
def text() -> str:
    """The shipped guide's text."""
    return SHIPPED.read_text(encoding="utf-8")


@pytest.fixture
def measured(text: str, guide: Guide, tmp_path: Path) -> Callable[[Edit], Figures]:
    """The figures of the shipped guide after an edit of its text."""

    def of(edit: Edit) -> Figures:
        path = tmp_path / "next.txt"
        path.write_text(edit(text), encoding="utf-8")
        new = parse(read(path), "next")
        return figures(damage(diff(guide, new), guide, new), {}, EditionLimits())

    return of


def broken(found: Figures) -> list[str]:
    """Figures beyond their limits."""
    return [f.score for f in found.failures]


def between(text: str, start: str, end: str) -> tuple[int, int]:
    """From the first ``start`` to the ``end`` after it."""
    a = text.index(start)
    return a, text.index(end, a)


def test_the_same_guide_shows_nothing(measured: Callable[[Edit], Figures]) -> None:
    """No figure above zero, no text turned."""
    found = measured(lambda t: t)
    assert [m.value for m in found.measures] == [0.0] * len(found.measures)
    assert found.turned == ()


def test_a_lost_item_stops_and_is_named(measured: Callable[[Edit], Figures]) -> None:
    """An item that is gone whole is one too many, whatever its share."""

    def without(text: str) -> str:
        a, b = between(text, "\t（十三）商业伙伴安全控制措施", "\t（十四）货物安全控制措施")
        return text[:a] + text[b:]

    found = measured(without)
    assert broken(found) == ["items_lost"]
    assert found.failures[0].cases == ("26",)
    assert "26" in found.failures[0].sentence("zh")


def test_swapped_cells_stop_and_name_both_clauses(measured: Callable[[Edit], Figures]) -> None:
    """The guide of 24(2) beside the sentence of 24(3), and the other way round."""

    def swapped(text: str) -> str:
        a, b = between(text, "员工出入管理的书面文件", "\n\n\t\n\t\n\t（3）实行访客登记管理")
        c, d = between(text, "对访客登记管理的书面文件", "\n\n\t\n\t\n\t（4）对未经许可进入")
        return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]

    found = measured(swapped)
    assert "swapped" in broken(found)
    assert next(f for f in found.failures if f.score == "swapped").cases == ("24(2)↔24(3)",)


@pytest.mark.parametrize("rate", [0.005, 0.02])
def test_letters_misread_all_over_stop(measured: Callable[[Edit], Figures], rate: float) -> None:
    """One letter in two hundred, as recognition exchanges them."""
    chance = random.Random(1)

    def noisy(text: str) -> str:
        letters = sorted({c for c in text if "一" <= c <= "鿿"})
        head, body = text[:300], text[300:]
        return head + "".join(chance.choice(letters) if "一" <= c <= "鿿" and chance.random() < rate else c for c in body)

    assert "misread" in broken(measured(noisy))


def test_letters_lost_all_over_stop(measured: Callable[[Edit], Figures]) -> None:
    """One letter in a hundred that recognition leaves out."""
    chance = random.Random(1)
    assert "misread" in broken(measured(lambda t: "".join(c for c in t if not ("一" <= c <= "鿿" and chance.random() < 0.01))))


def test_a_page_that_was_scanned_twice_stops(measured: Callable[[Edit], Figures]) -> None:
    """An item that stands there two times."""

    def twice(text: str) -> str:
        a, b = between(text, "\t（十三）商业伙伴安全控制措施", "\t（十四）货物安全控制措施")
        return text[:b] + text[a:b] + text[b:]

    found = measured(twice)
    assert [(f.score, f.value) for f in found.failures] == [("doubled", 1.0)]
    assert "1 个" in found.failures[0].sentence("zh")


def test_one_word_changed_everywhere_is_vocabulary(measured: Callable[[Edit], Figures]) -> None:
    """重新认证 became 复核, 章 became 印, 每一年 became 每个年度, in every clause that has them: no misreading, nothing lost, no number turned."""
    found = measured(lambda t: t.replace("重新认证", "复核").replace("专用章", "专用印").replace("每一年", "每个年度"))
    assert broken(found) == []
    assert found.turned == ()


@pytest.mark.parametrize(("new", "turned"), [("三年", set()), ("五年", {"4(3)/records/2", "4(4)/records/1", "10"})])
def test_a_number_in_other_figures_is_the_same(measured: Callable[[Edit], Figures], new: str, turned: set[str]) -> None:
    """3年 as 三年 says the same; as 五年 it is another number, whichever figures it is written in."""
    assert {t.new for t in measured(lambda t: t.replace("3年", new)).turned if t.how == "number"} == turned


def test_texts_whose_sense_may_have_turned_are_listed_and_stop_nothing(measured: Callable[[Edit], Figures]) -> None:
    """A duty that became a choice or a choice a duty, any one that became all, a lost 不, another number, an address: by name, for the lead."""

    def turned(text: str) -> str:
        text = text.replace("必须检查带有照片", "可以检查带有照片").replace("滞纳税款报关单率不超过3%", "滞纳税款报关单率不超过5%")
        text = text.replace("可以由其授权人员", "必须由其授权人员").replace("提供以下任一证明材料", "提供以下全部证明材料")
        return text.replace("2年内无向海关人员行贿", "2年内有向海关人员行贿").replace(
            "信息系统手册。", "信息系统手册（见www.example.com）。"
        )

    found = measured(turned)
    assert {(t.new, t.how) for t in found.turned} == {
        ("24(3)", "duty"),
        ("1(2)/situation/1", "duty"),
        ("14/documents/n0", "extent"),
        ("20(2)", "number"),
        ("21(9)", "negation"),
        ("9/documents/1", "address"),
    }
    assert broken(found) == []
    assert isinstance(found.turned[0], Turned)


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        ("2次以上", "2次以内", "number"),
        ("不少于2年", "不超过2年", "number"),
        ("企业每年开展", "企业每季度开展", "number"),
        ("单证复核或者纠错制度", "单证复核并且纠错制度", "joining"),
        ("企业全部进出口活动", "企业部分进出口活动", "extent"),
    ],
)
def test_bounds_periods_and_joining_words_that_turn_are_listed(measured: Callable[[Edit], Figures], old: str, new: str, how: str) -> None:
    """At least became at most, a year a quarter, either both, all some."""
    assert {t.how for t in measured(lambda t: t.replace(old, new)).turned} == {how}


@pytest.mark.parametrize(("old", "new"), [("2次以上", "两次及以上"), ("不少于2年", "2年以上"), ("不超过3%", "不高于3%"), ("必须", "应当")])
def test_the_same_bound_and_duty_in_other_words_turn_nothing(measured: Callable[[Edit], Figures], old: str, new: str) -> None:
    """Grammar that demands the same."""
    assert measured(lambda t: t.replace(old, new)).turned == ()


def test_a_line_that_only_got_another_number_says_the_same(measured: Callable[[Edit], Figures]) -> None:
    """（1） became （2）: no number turned."""
    found = measured(lambda t: t.replace("（1）企业访客出入登记记录", "（5）企业访客出入登记记录"))
    assert found.turned == ()


def test_limits_are_the_policys_and_every_figure_has_words(measured: Callable[[Edit], Figures]) -> None:
    """A stricter policy stops earlier; both languages name each figure."""
    assert set(EditionLimits.model_fields) == {m.name for m in measured(lambda t: t).measures}
    for measure in measured(lambda t: t).measures:
        assert measure.sentence("zh") != measure.sentence("en")
    with pytest.raises(ValueError, match="misread"):
        GatePolicy(invariants=(), edition={"misread": 2})  # type: ignore[arg-type]
