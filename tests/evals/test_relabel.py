"""Cases in another edition: what did not change stays, whatever its number; what changed waits for a lead."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answers.question.words import fold
from assistant.guide import Guide
from evals.cases.carried.relabel import Relabeller
from evals.cases.carried.resolved import Resolved
from evals.cases.case import Case
from evals.cases.labels import Labels, labelled
from evals.cases.named_sets import SHIPPED_SETS, load
from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.shipped import SHIPPED

pytestmark = pytest.mark.thorough

Edit = Callable[[list[str]], None]


@pytest.fixture(scope="module")
def cases(guide: Guide) -> dict[str, Case]:
    """All shipped cases by id."""
    return {c.id: c for s in load(sorted(SHIPPED_SETS.glob("*.jsonl")), lambda edition: guide) for c in s.cases}


def edited(folder: Path, *edits: Edit) -> Guide:
    """The shipped guide after edits to its source lines (index = line number - 1), as edition ``next``."""
    lines = SHIPPED.read_text(encoding="utf-8").split("\n")
    for edit in edits:
        edit(lines)
    path = folder / "next.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return parse(read(path), "next")


def replaced(line: int, old: str, new: str) -> Edit:
    """An edit that replaces words of one source line."""

    def edit(lines: list[str]) -> None:
        assert old in lines[line - 1]
        lines[line - 1] = lines[line - 1].replace(old, new)

    return edit


def resolved(home: Guide | None, target: Guide, cases: dict[str, Case]) -> dict[str, Resolved]:
    """Every case in the target edition."""
    relabeller = Relabeller(home, target)
    return {i: relabeller.resolve(c) for i, c in cases.items()}


def telling(cases: dict[str, Case], line: str, words: str) -> set[str]:
    """The cases that expect a line, or words of it without saying which lines."""
    return {i for i, c in cases.items() if any(line in e.lines or (not e.lines and words in e.facts) for e in c.asked)}


def listing(cases: dict[str, Case], clause: str) -> set[str]:
    """The cases that ask for a list in which the clause stands."""
    return {i for i, c in cases.items() if any(e.act == "listing" for e in c.asked) and any(clause in e.clauses for e in c.asked)}


def test_renumbering_every_item_carries_every_case(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """Item 24 becomes 64, nothing else changes: every label follows its words, also without the home edition at hand."""

    def renumber(lines: list[str]) -> None:
        for item in guide.items.values():
            lines[item.line - 1] = lines[item.line - 1].replace(f"{item.number}．", f"{int(item.number) + 40}．", 1)

    target = edited(tmp_path, renumber)
    assert "64(3)" in target.clauses
    for home in (guide, None):
        found = resolved(home, target, cases)
        assert {r.state for r in found.values()} == {"carried", "unchanged"}
        assert all((r.state == "carried") == any(e.clauses for e in r.case.asked) for r in found.values())
        labels = Labels(target)
        assert all(i in labels.passages for r in found.values() for i in r.case.ids)
    assert found["num-001"].case.edition == "next"


def test_only_cases_of_a_reworded_line_wait(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """One line of 24(3) gets another word: cases that expect it wait, and lists that hold the clause; its other cases stand."""
    found = resolved(guide, edited(tmp_path, replaced(686, "访客姓名", "来访人员姓名")), cases)
    waiting = {i for i, r in found.items() if r.state == "relabel"}
    expecting = telling(cases, "24(3)/records/1", "访客姓名")
    assert waiting == expecting | listing(cases, "24(3)")
    change = found[min(expecting)].changes[0]
    assert (change.label, change.now, change.suggestion) == ("24(3)/records/1", None, "24(3)/records/1")


def test_a_reworded_clause_sentence_leaves_its_lines_alone(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """A threshold changes in the clause's own sentence: only the cases that rest on that sentence wait."""
    found = resolved(guide, edited(tmp_path, replaced(675, "临时身份标识", "临时通行标识")), cases)
    waiting = {i for i, r in found.items() if r.state == "relabel"}
    rest = {i for i, c in cases.items() if any("24(3)" in e.clauses for e in c.asked)} - waiting
    assert waiting == {i for i, c in cases.items() if any("24(3)" in e.lines or ("24(3)" in e.clauses and not e.lines) for e in c.asked)}
    assert rest
    assert {found[i].state for i in rest} == {"unchanged"}


def test_a_deleted_line_waits_and_nothing_is_invented_for_it(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """The line is gone: its cases wait, and what is suggested is only a suggestion."""

    def delete(lines: list[str]) -> None:
        del lines[685]

    found = resolved(guide, edited(tmp_path, delete), cases)
    expecting = telling(cases, "24(3)/records/1", "访客姓名")
    assert {i for i, r in found.items() if r.state == "relabel"} == expecting | listing(cases, "24(3)")
    assert all(found[i].case == cases[i] for i in expecting)


def test_swapped_lines_keep_their_labels(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """Two records change places: each label goes with its words, and no score turns to zero."""

    def swap(lines: list[str]) -> None:
        one, two = lines[685], lines[686]
        lines[685], lines[686] = "（1）" + two[3:], "（2）" + one[3:]

    target = edited(tmp_path, swap)
    found = resolved(guide, target, cases)
    moved = next(i for i, c in cases.items() if c.lines == ("24(3)/records/1",))
    assert found[moved].state == "carried"
    assert found[moved].case.lines == ("24(3)/records/2",)
    assert "relabel" not in {r.state for r in found.values()}


def test_re_chunking_the_home_edition_is_followed_by_key(tmp_path: Path, guide: Guide) -> None:
    """An id that means other words by now is not believed where the file's key says which words were meant."""

    def split(lines: list[str]) -> None:
        lines.insert(685, "（0）新增的要求。")

    target = edited(tmp_path, split).model_copy(update={"edition": guide.edition})
    plain = {"id": "k", "type": "topic", "edition": guide.edition, "question": "x", "clauses": ["24(3)"], "lines": ["24(3)/records/1"]}
    keyed = labelled(Case.model_validate(plain), Labels(guide))
    found = Relabeller(target, target).resolve(keyed)
    assert (found.state, found.case.lines) == ("carried", ("24(3)/records/2",))


def test_a_confirmed_suggestion_is_a_case_of_the_new_edition(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """A lead who confirms gets labels, keys and facts that hold in the new edition."""
    target = edited(tmp_path, replaced(686, "访客姓名", "来访人员姓名"))
    relabeller = Relabeller(guide, target)
    waiting = next(c for c in cases.values() if "24(3)/records/1" in c.lines)
    confirmed = relabeller.suggested(waiting)
    assert confirmed is not None
    again = Relabeller(target, target).resolve(confirmed)
    assert (again.state, again.case.edition) == ("unchanged", "next")
    words = Labels(target).words(confirmed.lines)
    assert all(f in words for f in confirmed.facts)


def test_a_confirmed_fact_takes_the_new_words(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """A changed threshold is asked for in its new value, and facts that did not change stay."""
    relabeller = Relabeller(guide, edited(tmp_path, replaced(34, "每年参加2次以上", "每年至少参加3次")))
    plain = {"id": "f", "type": "threshold", "edition": "2018-177", "question": "x", "clauses": ["1(2)"], "lines": ["1(2)"]}
    fact = ["每年参加2次以上", "法定代表人（负责人）", "参加2次以上海关法律法规"]
    confirmed = relabeller.suggested(Case.model_validate(plain | {"facts": fact}))
    assert confirmed is not None
    assert confirmed.facts == ("每年至少参加3次", "法定代表人（负责人）", "参加3次海关法律法规")


def test_a_line_that_moved_to_another_clause_waits_with_its_new_place(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """The words stand, but another clause must be cited: a lead decides, and is shown where the line went."""

    def move(lines: list[str]) -> None:
        line = lines.pop(687)
        lines.insert(707, "（4）" + line[3:])

    target = edited(tmp_path, move)
    relabeller = Relabeller(guide, target)
    waiting = next(c for c in cases.values() if c.lines == ("24(3)/records/3",) and c.clauses == ("24(3)",))
    found = relabeller.resolve(waiting)
    assert found.state == "relabel"
    [change] = found.changes
    assert (change.label, change.now) == ("24(3)/records/3", None)
    assert change.suggestion is not None
    assert change.suggestion.startswith("24(4)/")
    confirmed = relabeller.suggested(waiting)
    assert confirmed is not None
    assert confirmed.clauses == ("24(3)", "24(4)")
    assert Relabeller(target, target).resolve(confirmed).state == "unchanged"
    open_ = waiting.with_expected(tuple(e.model_copy(update={"acceptable": ("24(4)",)}) for e in waiting.asked))
    open_ = labelled(open_, Labels(guide))
    assert relabeller.resolve(open_).state == "relabel"  # that its new clause may be cited as well says nothing of the one that must
    assert relabeller.certain(open_) is None


def test_an_unrelated_guide_claims_no_more_than_is_true(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """Against another text every case with labels waits, and refusals stand."""
    from tests.ingest.small import small_guide

    target = parse(read(small_guide(tmp_path)), "small")
    found = resolved(guide, target, {i: c for i, c in cases.items() if c.type in ("paraphrase", "unanswerable")})
    assert all(r.state == "unchanged" for r in found.values() if r.case.refuse)
    stand = [r for r in found.values() if r.state != "relabel" and not r.case.refuse]
    assert all(i in Labels(target).passages for r in stand for i in r.case.ids)
    assert len(stand) < len(found) / 10


def test_what_is_certain_is_confirmed_at_once(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """A reworded line is certain where every fact has its words in it, the new ones; where a fact is gone a lead has to look."""
    reworded = edited(tmp_path, replaced(687, "企业访客临时身份标识发放与回收记录", "企业访客临时身份标识发放、更换与回收记录"))
    relabeller = Relabeller(guide, reworded)
    held = [i for i, r in resolved(guide, reworded, cases).items() if r.state == "relabel"]
    sure = {i: found for i in held if (found := relabeller.certain(cases[i])) is not None}
    assert sure
    for i, found in sure.items():
        assert found.edition == "next"
        assert [len(e.facts) for e in found.asked] == [len(e.facts) for e in cases[i].asked]
        assert relabeller.resolve(found).state == "unchanged"
    gone = edited(tmp_path, replaced(687, "企业访客临时身份标识发放与回收记录", "企业来访人员证件的管理台账和企业访客临时身份标识"))
    assert Relabeller(guide, gone).certain(cases["num-001"]) is None


def test_counts_wait_where_an_item_has_another_number_of_clauses(guide: Guide) -> None:
    """24项一共几条 counts otherwise in an edition that dropped a clause of an item; elsewhere it stands."""
    counting = labelled(Case(id="c-1", type="listing", lang="zh", edition=guide.edition, question="24项一共几条？", count=4), guide)
    assert Relabeller(guide, guide).resolve(counting).state == "unchanged"
    shorter = guide.model_dump(mode="json") | {"edition": "next"}
    shorter["parts"][0]["categories"][0]["items"][0]["clauses"].pop()
    assert Relabeller(guide, Guide.model_validate_json(json.dumps(shorter))).resolve(counting).state == "relabel"


def test_a_confirmed_case_asks_for_todays_number(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """Items counted otherwise: what is confirmed is asked by the number of its edition, not by the one that it was written with."""

    def renumber(lines: list[str]) -> None:
        for item in guide.items.values():
            lines[item.line - 1] = lines[item.line - 1].replace(f"{item.number}．", f"{int(item.number) + 40}．", 1)

    confirmed = Relabeller(guide, edited(tmp_path, renumber)).suggested(cases["num-001"])
    assert confirmed is not None
    assert confirmed.clauses == ("64(3)",)
    assert "64(3)" in fold(confirmed.question or "")


def test_only_numbers_of_places_are_written_anew(tmp_path: Path, guide: Guide) -> None:
    """What counts clauses, and what goes by their order in a dialogue, stays; so does every other letter of a question."""

    def renumber(lines: list[str]) -> None:
        for item in guide.items.values():
            lines[item.line - 1] = lines[item.line - 1].replace(f"{item.number}．", f"{int(item.number) + 40}．", 1)

    relabeller = Relabeller(guide, edited(tmp_path, renumber))
    turns = [{"question": "第30项，有哪些条？", "context": True}, {"question": "第三条呢，跟谁报告？", "clauses": ["30(3)"]}]
    cases = [
        {"id": "dialogue", "turns": turns},
        {"id": "few", "question": "25项四款当中，不抽查记录的是哪一款？", "clauses": ["25(1)"]},
    ]
    made = [labelled(Case.model_validate(c | {"type": "topic", "edition": guide.edition}), Labels(guide)) for c in cases]
    found = [relabeller.resolve(c) for c in made]
    assert [r.state for r in found] == ["carried", "carried"]
    assert [r.questions for r in found] == [("第70项，有哪些条？", "第三条呢，跟谁报告？"), ("65项四款当中，不抽查记录的是哪一款？",)]


def test_a_number_that_reads_as_another_place_waits(guide: Guide) -> None:
    """A title with a number, and a dialogue that goes by the order of clauses, cannot be asked where that order changed; others can."""
    shorter = guide.model_dump(mode="json") | {"edition": "next"}
    [item] = [i for p in shorter["parts"] for c in p["categories"] for i in c["items"] if i["number"] == "25"]
    del item["clauses"][0]
    written = json.dumps(shorter).replace("25(2)", "25(1)").replace("25(3)", "25(2)").replace("25(4)", "25(3)")
    relabeller = Relabeller(guide, Guide.model_validate_json(written))
    turns = [{"question": "25项共四条吧，列一下", "context": True}, {"question": "第三条怎么查", "clauses": ["25(3)"]}]
    cases = [
        {"id": "titled", "question": "人员安全（3），对应聘的人查什么", "clauses": ["25(3)"]},
        {"id": "counted", "turns": turns},
        {"id": "plain", "question": "招聘前要核实什么", "clauses": ["25(3)"]},
    ]
    made = [labelled(Case.model_validate(c | {"type": "topic", "edition": guide.edition}), Labels(guide)) for c in cases]
    found = [relabeller.resolve(c) for c in made]
    assert [(r.state, r.successors) for r in found] == [("relabel", None), ("relabel", None), ("carried", None)]
    assert found[2].case.clauses == ("25(2)",)
    assert relabeller.certain(made[0]) is None


def test_a_list_may_hold_what_an_edition_added(tmp_path: Path, guide: Guide) -> None:
    """A list of clauses that stand may name a changed clause too; one that names a changed clause waits, and is never certain."""
    target = edited(tmp_path, replaced(34, "每年参加2次以上", "每年参加3次以上"))
    relabeller = Relabeller(guide, target)
    plain = {"type": "listing", "edition": guide.edition, "question": "哪些条款写了次数", "act": "listing"}
    stands, waits = (
        labelled(Case.model_validate(plain | {"id": f"l-{n}", "clauses": clauses}), Labels(guide))
        for n, clauses in enumerate((["6(2)"], ["1(2)", "6(2)"]))
    )
    found = relabeller.resolve(stands)
    assert (found.state, found.case.acceptable) == ("unchanged", ("1(2)",))
    assert relabeller.resolve(waits).state == "relabel"
    assert relabeller.certain(waits) is None


def test_a_question_that_quotes_what_changed_is_not_certain(tmp_path: Path, guide: Guide) -> None:
    """Where 2次 became 3次, a question about 2次 asks for something else now; one about the training does not."""
    relabeller = Relabeller(guide, edited(tmp_path, replaced(34, "每年参加2次以上", "每年参加3次以上")))
    plain = {"type": "topic", "edition": guide.edition, "clauses": ["1(2)"], "lines": ["1(2)"]}
    quoting, other = (
        labelled(Case.model_validate(plain | {"id": f"q-{n}", "question": q}), Labels(guide))
        for n, q in enumerate(("写着“2次”的是哪条", "高管一年要参加几次培训"))
    )
    assert relabeller.resolve(quoting).state == relabeller.resolve(other).state == "relabel"
    assert relabeller.certain(quoting) is None
    assert relabeller.certain(other) is not None
    assert [relabeller.resolve(c).successors for c in (quoting, other)] == [None, {"1(2)": ("1(2)",)}]


def test_a_fact_follows_a_word_that_was_exchanged(tmp_path: Path, guide: Guide, cases: dict[str, Case]) -> None:
    """重新认证 becomes 复核 throughout: every case is carried, and its facts are the words that its lines have by now."""

    def exchange(lines: list[str]) -> None:
        lines[:] = [line.replace("重新认证", "复核") for line in lines]

    target = edited(tmp_path, exchange)
    labels = Labels(target)
    telling = {i for i, c in cases.items() if any("重新认证" in f for e in c.asked for f in e.facts)}
    found = {i: r for i, r in resolved(guide, target, cases).items() if i in telling}
    assert len(found) > 10
    assert {i for i, r in found.items() if r.state == "relabel"} <= {i for i, c in cases.items() if any(e.verdict for e in c.asked)}
    asked = [e for r in found.values() if r.state != "relabel" for e in r.case.asked]
    assert not any("重新认证" in f for e in asked for f in e.facts)
    assert all(f in labels.words(e.lines or [p.id for c in e.clauses for p in labels.groups[c]]) for e in asked for f in e.facts)


def test_a_verdict_on_words_that_were_exchanged_waits(tmp_path: Path, guide: Guide) -> None:
    """A yes or no that hangs on a fact whose words changed is for the lead, who sees the line before and after."""

    def exchange(lines: list[str]) -> None:
        lines[:] = [line.replace("重新认证", "复核") for line in lines]

    plain = {"id": "v", "type": "topic", "edition": guide.edition, "question": "x", "clauses": ["6(3)"], "lines": ["6(3)/applicability"]}
    case = labelled(Case.model_validate(plain | {"facts": ["重新认证"], "verdict": "yes"}), Labels(guide))
    found = Relabeller(guide, edited(tmp_path, exchange)).resolve(case)
    assert (found.state, found.case) == ("relabel", case)
    (change,) = found.changes
    assert (change.label, change.suggestion) == ("6(3)/applicability", "6(3)/applicability")
    assert "重新认证" in (change.before or "")
    assert "复核" in (change.after or "")
