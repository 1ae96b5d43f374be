"""Answers of several families in force: each under its name, with ids that carry it, and never more than one that is not meant."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from assistant.adapters.editions import Editions
from assistant.answers.answer import Answer, Citation, Turn
from assistant.answers.blocks import AnswerItem, Heading, Note
from assistant.answers.called import called, spoken_of
from assistant.answers.joint import Voice, joined, of_family, offering, shown, under
from assistant.answers.question.learned.classifier import shipped
from assistant.answers.question.reading import Reader
from assistant.answers.together import _heard
from assistant.app import Assistant
from assistant.guide import Guide
from assistant.settings import Settings
from connectors.cli.talking.drawn import Drawing
from ingest.pipeline import ingest
from tests.answers.endpoint import Reply, endpoint
from tests.answers.scripted import body, is_repair
from tests.conftest import NOW
from tests.ingest.small import small_guide
from tests.thin import thin_bank

FAMILIES = ("通用", "报关企业")


def _nothing(voices: Sequence[Voice]) -> Answer:
    raise AssertionError("nothing grows here")


def _whole(heard: Generator[Answer, None, list[Voice]]) -> list[Voice]:
    """What a generator returns that yields nothing."""
    with pytest.raises(StopIteration) as ended:
        next(heard)
    voices: list[Voice] = ended.value.value
    return voices


def said(clause: str, answered: bool = True) -> Answer:
    """An answer from one clause, or a refusal that names it."""
    blocks = (
        Heading(text=f"{clause} 进入安全", clause=clause, level="clause"),
        AnswerItem(text="访客登记记录。", clause=clause, line=f"{clause}/records/1"),
        Note(text="来源", role="source"),
    )
    cited = (Citation(clause=clause, line=f"{clause}/records/1", kind="records", quote="访客登记记录。"),) if answered else ()
    reason = None if answered else "not_in_guide"
    return Answer(
        question="q", answered=answered, blocks=blocks, mode="extractive", edition="e", citations=cited, nearest=(clause,), reason=reason
    )  # type: ignore[arg-type]


def test_ids_carry_the_family_and_come_back(guide: Guide) -> None:
    """Every id of an answer carries its family; that family's view of the conversation has its own ids, others' view nothing of it."""
    answer = under(said("2(2)"), "报关企业")
    assert answer.clauses == ("报关:2(2)",)
    assert answer.blocks[0].text == "报关:2(2) 进入安全"
    assert answer.nearest == ("报关:2(2)",)
    history = (Turn(question="q", answer=answer),)
    (back,) = of_family(history, "报关企业", False, FAMILIES[1:])
    assert (back.answer.clauses, back.answer.blocks[0].text) == (("2(2)",), "2(2) 进入安全")
    assert back.answer.citations[0].line == "2(2)/records/1"
    (general,) = of_family(history, "通用", True, FAMILIES[1:])
    assert not general.answer.citations
    assert [b.block for b in general.answer.blocks] == ["note"]
    assert spoken_of(history, FAMILIES) == "报关企业"
    both = joined([Voice("通用", guide, said("24(3)"), first=True), Voice("报关企业", guide, said("2(2)"))], "a + b", "zh")
    assert spoken_of((Turn(question="q", answer=both),), FAMILIES) == ""


def test_what_is_said_of_clauses_names_their_family(guide: Guide) -> None:
    """In what else a clause has, and among the nearest of a refusal, as in its heading: a number alone would be another guide's."""
    rest = Note(text="本条还有：情况介绍 3、实地查看 1。问“3 的情况介绍”可以查看", clause="3", role="rest")
    answer = said("3").model_copy(update={"blocks": (Heading(text="3 单证控制", clause="3", level="clause"), rest)})
    assert under(answer, "报关企业").blocks[1].text == "本条还有：情况介绍 3、实地查看 1。问“报关:3 的情况介绍”可以查看"
    near = Note(text="最接近的条款：2(2)。", role="nearest")
    refused = said("2(2)", answered=False).model_copy(update={"blocks": (Note(text="本指南没有规定这一点。"), near)})
    other = Voice("报关企业", guide, refused)
    alone = joined([other], "a + b", "zh").answer
    assert alone.startswith("《报关企业》")
    assert "报关:2(2)" in alone
    both = joined([replace(other, family="通用", first=True, near=0.1), replace(other, near=0.2)], "a + b", "zh")
    assert "报关:2(2) 内部组织架构、2(2) 内部组织架构" in both.answer


def test_a_conversation_stays_with_its_family_through_refusals_and_thanks(guide: Guide) -> None:
    """What cites nothing does not change what is talked about."""
    about = Turn(question="q", answer=under(said("2(2)"), "报关企业"))
    silent = Turn(question="q", answer=said("2(2)", answered=False).model_copy(update={"citations": ()}))
    assert spoken_of([about, silent], FAMILIES) == "报关企业"
    assert spoken_of([silent], FAMILIES) == ""


@pytest.mark.parametrize("message", ["谢谢", "门禁要什么", "第一条呢", "离职的是哪一条"])
def test_a_conversation_about_what_a_guide_lacks_is_read(guide: Guide, message: str) -> None:
    """Clauses of another family, or of an edition that is no more in force, count for nothing, and nothing is shown of them."""
    both = joined([Voice("通用", guide, said("24(3)"), first=True), Voice("报关企业", guide, said("2(2)"))], "a + b", "zh")
    gone = Turn(question="q", answer=under(said("2(2)"), "报关企业"))
    for history in ((gone,), (Turn(question="q", answer=both),), (gone, Turn(question="q", answer=both))):
        reading = Reader(guide, shipped().from_grams, lambda text: None).read(message, history)
        assert set(reading.place) | set(reading.among) | set(reading.dialogue.about) <= set(guide.clauses)


def test_families_are_joined_by_probability(guide: Guide) -> None:
    """What is far less likely is left out; a refusal is overruled only where another family answers; with none the first refuses."""
    general = Voice("通用", guide, said("24(3)"), 0.9, first=True)
    far, near = Voice("报关企业", guide, said("2(2)"), 0.1), Voice("报关企业", guide, said("2(2)"), 0.8)
    assert [v.family for v in shown([general, far])] == ["通用"]
    assert [v.family for v in shown([general, near])] == ["通用", "报关企业"]
    refused = Voice("报关企业", guide, said("2(2)", answered=False), 0.3, lambda: said("2(2)"))
    assert [v.family for v in shown([general, refused])] == ["通用", "报关企业"]
    none = joined([Voice("通用", guide, said("24(3)", answered=False), first=True), refused], "a + b", "zh")
    assert (none.answered, none.reason, none.nearest) == (False, "not_in_guide", ("24(3)", "报关:2(2)"))
    both = joined([general, near], "a + b", "zh")
    assert both.clauses == ("24(3)", "报关:2(2)")
    assert [b.text for b in both.blocks if b.block == "note" and b.role == "plain"] == [
        f"《{f}》（版本 {guide.edition}）：" for f in FAMILIES
    ]
    assert offering(general.answer, [("报关:4", "申报规范")], "zh").nearest[-1] == "报关:4"


def test_the_family_whose_words_are_near_is_meant(guide: Guide) -> None:
    """Of two families as sure of a clause the one whose lines are near is told, what was looked up stands beside either; nearest first."""
    general = Voice("通用", guide, said("24(3)"), 0.5, first=True, near=0.2)
    food = Voice("报关企业", guide, said("2(2)"), 0.5, near=0.6)
    assert [v.family for v in shown([general, food])] == ["报关企业"]
    assert joined([general, food], "a + b", "zh").nearest == ("报关:2(2)", "24(3)")
    looked_up = Voice("通用", guide, said("24(3)"), 1.0, first=True)
    assert [v.family for v in shown([looked_up, food])] == ["通用", "报关企业"]


def test_the_nearest_are_those_of_whom_is_meant(guide: Guide) -> None:
    """A family that is hardly meant takes no place of the likely one's among the five; families as likely take turns."""
    five = said("24(3)").model_copy(update={"nearest": ("24(1)", "24(2)", "24(3)", "24(4)", "23(1)")})
    food, far = Voice("报关企业", guide, five, 0.9, near=0.6), replace(Voice("通用", guide, five, 0.1, first=True, near=0.2), answer=five)
    assert joined([far, food], "a + b", "zh").nearest == tuple(f"报关:{c}" for c in five.nearest)
    alike = replace(far, likely=0.9, near=0.6)
    assert joined([alike, food], "a + b", "zh").nearest[:4] == ("24(1)", "报关:24(1)", "24(2)", "报关:24(2)")


def test_a_further_family_answers_alone_only_when_it_is_sure(guide: Guide) -> None:
    """One that would nearly refuse, or is less near, overrules no refusal of the first; called by name, or beside one that answers, it answers as ever."""
    refused = Voice("通用", guide, said("24(3)", answered=False), 0.1, first=True)
    sure, unsure = (Voice("报关企业", guide, said("2(2)"), 0.6, doubt=d) for d in (0.4, 0.95))
    assert [v.family for v in shown([refused, sure])] == ["报关企业"]
    assert not joined([refused, unsure], "a + b", "zh").answered
    assert joined([refused, unsure], "a + b", "zh").nearest[0] == "报关:2(2)"
    assert joined([unsure], "a + b", "zh").answered
    for near, answers in ((0.3, False), (0.5, True)):
        voices = [replace(refused, near=0.4), replace(sure, near=near)]
        assert joined(voices, "a + b", "zh").answered is answers, "what the first guide's lines are nearer to is the first's to refuse"
    also = Voice("通用", guide, said("24(3)"), 0.6, first=True, doubt=0.95)
    assert [v.family for v in shown([also, unsure])] == ["通用", "报关企业"]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("报关:4", {"报关企业": "第4项"}),
        ("报关:2(2)", {"报关企业": "2(2)"}),
        ("报关企业：第3项", {"报关企业": "第3项"}),
        ("报关企业单项标准第3项要什么", {"报关企业": "第3项要什么"}),
        ("报关企业单项标准里的4", {"报关企业": "4"}),
        ("通用标准里的第4项", {"通用": "第4项"}),
        ("报关企业单项标准有多少条", {"报关企业": "本指南有多少条"}),
        ("报关:3和报关:2(1)的记录", {"报关企业": "第3项和2(1)的记录"}),
        ("报关:3和24(3)有什么区别", {"通用": "24(3)有什么区别", "报关企业": "第3项"}),
        ("报关:3和通用:4", {"通用": "第4项", "报关企业": "第3项"}),
        ("报关企业要培训吗", {}),
        ("4", {}),
    ],
)
def test_a_family_is_called_by_name(question: str, asked: dict[str, str]) -> None:
    """Before a number, or as a standard; its name alone may be what is asked about. A number without a name is the first family's."""
    assert called(question, FAMILIES) == asked


@pytest.fixture(scope="module")
def two_guides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two families, the second staged only."""
    folder = tmp_path_factory.mktemp("two")
    first = small_guide(folder)
    text = first.read_text(encoding="utf-8").replace("测试指南", "报关企业单项标准指南").replace("2．进入安全", "2．差错管理")
    text = text.replace("3．数据管理", "3．委托管理").replace("建立信息系统的数据管理制度，数据存储3年以上。", "妥善保管委托协议和委托书。")
    text = text.replace("企业生产经营数据管理的书面文件。", "委托协议保管制度的书面文件。")
    second = folder / "broker.txt"
    second.write_text(text, encoding="utf-8")
    settings = Settings(home=folder / "home")
    with thin_bank(refusals=20):
        ingest(first, settings, NOW, "one")
        ingest(second, settings, NOW, "two")
    return settings.home


@pytest.mark.thorough
def test_two_guides_are_asked_together(two_guides: Path) -> None:
    """A number is the first family's unless another is called or talked of; what only one guide says is answered from that one."""
    store, assistant = Editions(two_guides), Assistant(Settings(home=two_guides))
    alone = assistant.ask("第3项")
    store.activate(store.manifest("two"), NOW + timedelta(days=1))
    number = assistant.ask("第3项")
    assert number.clauses == alone.clauses == ("3",)
    assert "报关:3 委托管理" in number.answer
    assert number.edition == "one + two"
    called_by_name = assistant.ask("报关:3")
    assert called_by_name.clauses == ("报关:3",)
    assert assistant.ask("第3项", [Turn(question="报关:3", answer=called_by_name)]).clauses == ("报关:3",)
    assert "报关:3" in assistant.ask("委托协议怎么保管").clauses
    assert assistant.ask("第3项", edition="two").clauses == ("3",)
    assert assistant.ask("报关:3和2(2)有什么区别").clauses == ("2(2)", "报关:3")
    assert assistant.ask("报关企业单项标准有多少条").answer.startswith("《报关企业》")
    kept = (Turn(question="报关:3", answer=called_by_name), Turn(question="谢谢", answer=assistant.ask("谢谢")))
    follow_up = assistant.ask("书面文件呢", kept)
    assert follow_up.clauses == ("报关:3",), "what hangs on an answer is that guide's"
    assert assistant.guide("one + two").clauses["报关:3"].text == "妥善保管委托协议和委托书。"


@pytest.mark.thorough
def test_a_number_that_two_guides_have_is_asked_of_one(two_guides: Path) -> None:
    """The first family is asked; that another has the number too is offered without a call."""
    store = Editions(two_guides)
    store.activate(store.manifest("two"), NOW + timedelta(days=1))
    with endpoint(lambda r, n: Reply(body(r, {"text": "要有书面文件。", "quote": "书面文件"}))) as at:
        settings = Settings(home=two_guides, chat_model="m", chat_base_url=at.address, check_model="rules")
        answer = Assistant(settings).ask("第3项要准备哪些书面文件？")
    assert len(at.requests) == 1
    assert answer.mode == "generated"
    assert "报关:3 委托管理" in answer.answer


@pytest.mark.thorough
@pytest.mark.parametrize(("parts", "falls"), [(1, [{"text": "书面文件要保存99年。", "quote": "书面文件"}]), (2, [])])
def test_with_a_model_two_guides_grow_one_answer(two_guides: Path, parts: int, falls: list[dict[str, str]]) -> None:
    """What one guide says stands while the next is asked, each sentence checked before it is shown and shown once, ids with their family."""
    store = Editions(two_guides)
    store.activate(store.manifest("two"), NOW + timedelta(days=1))
    good = {"text": "要有书面文件。", "quote": "书面文件"}

    def script(request: dict[str, Any], number: int) -> Reply:
        if is_repair(request):
            return Reply("{}")
        told = json.loads(body(request, good, {"text": "书面文件也要给海关看。", "quote": "书面文件"}, *falls))
        return Reply(json.dumps({"parts": told["parts"] * parts}, ensure_ascii=False))

    with endpoint(script) as at:
        settings = Settings(home=two_guides, chat_model="m", chat_base_url=at.address, check_model="rules")
        stages = list(Assistant(settings).stream("内部培训要留什么记录？"))
    last, growing = stages[-1], stages[:-1]
    assert [is_repair(r) for r in at.requests] == ([False, True] if falls else [False]) * 2, (
        "a repair that comes to nothing costs one call and no other guide its own"
    )
    assert not last.growing
    assert all(s.growing for s in growing)
    assert last.edition == "one + two"
    assert int(last.model["calls"]) == len(at.requests), "of both guides"
    assert {":" in c for c in last.clauses} == {True, False}
    if parts == 1:
        assert all(after.blocks[: len(before.blocks)] == before.blocks for before, after in pairwise(growing))
    assert not any("99" in s.answer for s in stages)
    drawn = StringIO()
    drawing = Drawing(Console(file=drawn))
    lengths = []
    for stage in growing:
        drawing.grow(stage)
        lengths.append(len(drawn.getvalue()))
    drawing.finish(last)
    assert len(set(lengths)) >= 4, "each guide's sentences come by themselves"
    assert drawn.getvalue().count(good["text"]) == 2 * parts, "once for each guide and part"


def test_what_is_far_from_meant_is_not_composed(guide: Guide) -> None:
    """The likeliest family is asked first; one far behind it is named among the nearest and no more, unless it looked its answer up."""

    def speaker(family: str, likely: float, answered: bool = True, searched: bool = True, near: float = 0.5) -> Any:
        voice = Voice(family, guide, said("2(2)", answered), likely, near=near)
        edition = SimpleNamespace(modelled=False)
        return SimpleNamespace(
            edition=edition,
            family=family,
            searched=searched,
            voices=lambda: iter([voice]),
            silent=replace(voice, answer=said("2(2)", answered=False)),
        )

    def answering(*speakers: Any) -> list[str]:
        return [v.family for v in _whole(_heard(speakers, _nothing)) if v.answer.answered]

    assert answering(speaker("a", 0.1), speaker("b", 0.9), speaker("c", 0.5)) == ["b", "c"]
    assert answering(speaker("a", 0.1), speaker("b", 0.9, answered=False)) == ["a"]
    assert answering(speaker("a", 0.1, searched=False), speaker("b", 0.9)) == ["a", "b"]
    assert answering(speaker("a", 0.5, near=0.1), speaker("b", 0.5, near=0.6)) == ["b"]


def test_a_family_that_is_not_meant_costs_no_call(guide: Guide) -> None:
    """With a chat model one far behind a family that it answered for is not asked; where it found that guide silent the next one is."""

    def asked(first: float, second: float, answered: bool = True) -> list[str]:
        calls: list[str] = []

        class Modelled:
            searched, edition = True, SimpleNamespace(modelled=True)

            def __init__(self, family: str, likely: float) -> None:
                self.family = family
                self.silent = Voice(family, guide, said("2(2)", answered=False), likely, near=0.5)

            def voices(self) -> Iterator[Voice]:
                calls.append(self.family)
                answer = said("2(2)", answered).model_copy(update={"mode": "generated"})
                yield Voice(self.family, guide, answer, float(answered))

        _whole(_heard([Modelled("a", first), Modelled("b", second)], _nothing))  # type: ignore[list-item]
        return calls

    assert asked(0.05, 0.9) == ["b"]
    assert asked(0.2, 0.9) == ["b", "a"]
    assert asked(0.05, 0.9, answered=False) == ["b", "a"]
