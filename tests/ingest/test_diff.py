"""The comparison of editions claims what is true and no more, proven on edits that the tests make themselves."""

from __future__ import annotations

import random
import re
from pathlib import Path
from time import process_time

import pytest

from assistant.guide import Guide
from ingest.compare.diff import Diff, LineChange, diff
from ingest.compare.matching.word_runs import word_runs
from ingest.compare.named import line_name, lines_named
from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.shipped import SHIPPED

pytestmark = pytest.mark.thorough

TEXT = SHIPPED.read_text(encoding="utf-8")


@pytest.fixture
def edited(tmp_path: Path):
    """Parse an edited copy of the shipped text."""

    def make(text: str) -> Guide:
        path = tmp_path / "edited.txt"
        path.write_text(text, encoding="utf-8")
        return parse(read(path), "new")

    return make


def changed(found: Diff) -> list[LineChange]:
    """All lines that are not unchanged."""
    return [line for clause in found.clauses for line in clause.lines if line.change != "unchanged"]


def clauses(found: Diff) -> dict[str, str]:
    """Old (or new) id -> class, of clauses that are not unchanged."""
    return {c.old or c.new or "": c.change for c in found.clauses if c.change != "unchanged"}


def test_an_edition_is_unchanged_against_itself(guide: Guide) -> None:
    """64 clauses and every line unchanged, nothing else."""
    found = diff(guide, guide)
    assert set(found.counts()["clauses"]) == set(found.counts()["lines"]) == {"unchanged"}
    assert found.counts()["clauses"]["unchanged"] == 64


def test_renumbering_every_item_changes_nothing(guide: Guide, edited) -> None:
    """Items counted from 101, clauses by other numbers: all lines unchanged under their new ids."""
    text = re.sub(r"^(\t(?:\t)?)(\d{1,2})．(?![^\n]*：)", lambda m: f"{m.group(1)}{int(m.group(2)) + 100}．", TEXT, flags=re.M)
    renumbered = edited(text)
    assert "124(3)" in renumbered.clauses
    found = diff(guide, renumbered)
    assert set(found.counts()["lines"]) == set(found.counts()["clauses"]) == {"unchanged"}
    assert found.passage_moves()["24(3)/records/1"] == ("124(3)/records/1", "unchanged")


def test_a_line_inserted_before_others_renumbers_but_does_not_reword_them(guide: Guide, edited) -> None:
    """A new （1） in front: one line added, the old ones unchanged though their numbers moved on."""
    text = (
        TEXT.replace("（1）企业访客出入登记记录。", "（1）企业访客预约审批单。\n（2）企业访客出入登记记录。")
        .replace("（2）企业访客临时身份", "（3）企业访客临时身份")
        .replace("（3）企业访客车辆的", "（4）企业访客车辆的")
    )
    found = diff(guide, edited(text))
    assert [(line.change, line.new) for line in changed(found)] == [("added", "24(3)/records/1")]
    assert clauses(found) == {"24(3)": "reworded"}


def test_two_full_editions_take_less_than_a_second(guide: Guide, edited) -> None:
    """Of processor time, with every item renumbered and words exchanged throughout."""
    new = edited(TEXT.replace("重新认证", "复核").replace("高级管理人员", "高管人员"))
    start = process_time()
    assert diff(guide, new).counts()["clauses"]
    assert process_time() - start < 1


def test_one_threshold(guide: Guide, edited) -> None:
    """3年 to 5年 in a clause's sentence rewords that clause alone, with before and after; its lines stand."""
    found = diff(guide, edited(TEXT.replace("数据存储3年以上", "数据存储5年以上")))
    assert clauses(found) == {"10": "reworded"}
    assert changed(found) == []
    clause = next(c for c in found.clauses if c.old == "10")
    assert [r for r in word_runs(clause.before or "", clause.after or "") if r.kind != "same"] == [("old", "3"), ("new", "5")]


def test_a_threshold_in_a_line(guide: Guide, edited) -> None:
    """不少于2年 to 不少于3年 in a records line rewords that line."""
    found = diff(guide, edited(TEXT.replace("保存期限不少于2年", "保存期限不少于3年")))
    assert [(line.change, line.old, line.new) for line in changed(found)] == [("reworded", "4(2)/records/3", "4(2)/records/3")]


def test_deleting_and_inserting_a_clause(guide: Guide, edited) -> None:
    """A clause taken out is withdrawn with its lines; one put in is added with its lines; the rest stands."""
    start = TEXT.index("\t（4）对未经许可进入")
    end = TEXT.index("\t（十二）人员安全控制措施")
    without = edited(TEXT[: TEXT.rindex("\t\n\t\n", 0, start)] + TEXT[end:])
    found = diff(guide, without)
    assert clauses(found) == {"24(4)": "withdrawn"}
    assert {line.change for line in changed(found)} == {"withdrawn"}
    back = diff(without, guide)
    assert clauses(back) == {"24(4)": "added"}
    assert {line.change for line in changed(back)} == {"added"}


def test_splitting_and_merging_a_line(guide: Guide, edited) -> None:
    """One line over two is split, both parts named; read backwards it is merged."""
    whole = "（2）培训计划、方式、内容、频次、培训人员范围以及培训效果等。"
    parts = "（2）培训计划、方式、内容。\n（3）培训频次、培训人员范围以及培训效果等。"
    split = edited(TEXT.replace(whole, parts))
    assert {(line.change, line.old) for line in changed(diff(guide, split))} == {("split", "1(1)/situation/2")}
    merged = changed(diff(split, guide))
    assert [(line.change, line.old, line.new) for line in merged] == [
        ("merged", ("1(1)/situation/2", "1(1)/situation/3"), "1(1)/situation/2")
    ]


def test_the_short_end_of_a_long_line_is_split_off(guide: Guide, edited) -> None:
    """What many lines end with (档案资料保管等内容) is a line of its own now: the long one is split, and not reworded."""
    whole = "商业伙伴安全管理责任部门（岗位）、工作职责、管理要求、档案资料保管等内容。"
    found = changed(diff(guide, edited(TEXT.replace(whole, whole.replace("、档案", "。\n档案")))))
    assert [(line.change, line.old, line.new) for line in found] == [("split", "26/documents/1", ("26/documents/1", "26/documents/2"))]


def test_a_line_that_takes_the_place_of_one_like_it_is_itself(guide: Guide, edited) -> None:
    """The paper of 24(4), gone with its clause, stands where the like paper of 24(3) stood: moved, and what it displaced is withdrawn."""
    papers = [guide.requirements[f"24({n})/documents/1"].text for n in (3, 4)]
    start, end = TEXT.index("\t\n\t\n\t（4）对未经许可进入"), TEXT.index("\t（十二）")
    found = diff(guide, edited((TEXT[:start] + TEXT[end:]).replace(papers[0], papers[1])))
    assert ("moved", "24(4)/documents/1", "24(3)/documents/1") in {(line.change, line.old, line.new) for line in changed(found)}


def test_splitting_a_clause(guide: Guide, edited) -> None:
    """A sentence whose parts become two clauses is split; what both say is not called new."""
    old = "\t（4）对离职停职员工及时收回工作证件、设备，并禁止其进入企业经营场所及使用企业信息系统。"
    new = "\t（4）对离职停职员工及时收回工作证件、设备。\n\t1．建立以下书面文件并有效落实：\n收回证件设备的书面文件。\n\t\n\t\n\t（5）禁止离职停职员工进入企业经营场所及使用企业信息系统。"
    found = diff(guide, edited(TEXT.replace(old, new)))
    assert {c.change for c in found.clauses if c.new in ("25(4)", "25(5)")} <= {"split", "reworded", "added"}
    assert "withdrawn" not in {line.change for line in changed(found)}


def test_swapping_two_clauses(guide: Guide, edited) -> None:
    """Two clauses that change places are moved, not reworded, and nothing else is."""
    a, b = "2年内无向海关提供虚假情况或者隐瞒事实的情形。", "2年内无拒不配合海关执法的情形。"
    found = diff(guide, edited(TEXT.replace(a, "@").replace(b, a).replace("@", b)))
    assert clauses(found) == {"21(2)": "moved", "21(7)": "moved"}


def test_a_line_that_goes_to_another_clause_is_moved(guide: Guide, edited) -> None:
    """The words leave one clause and stand in another: moved, with both ids."""
    line = "企业商业伙伴供应链安全评估、检查的记录（包括评估、检查项目，评估、检查过程，评估、检查结论）。\n"
    text = TEXT.replace(line, "").replace("企业贸易安全内部培训记录。\n", f"企业贸易安全内部培训记录。\n{line}")
    moved = [(c.change, c.old, c.new) for c in changed(diff(guide, edited(text))) if c.change != "unchanged"]
    assert ("moved", "26/records/1", "31(1)/records/2") in moved


@pytest.mark.parametrize("seed", range(6))
def test_random_small_edits_are_found_where_they_are(guide: Guide, edited, seed: int) -> None:
    """Words replaced in random evidence lines: just those lines are reworded."""
    chance = random.Random(seed)
    lines = [r for r in guide.requirements.values() if r.role == "evidence" and len(r.text) > 25 and TEXT.count(r.text) == 1]
    picked = chance.sample(lines, 5)
    text = TEXT
    for requirement in picked:
        cut = chance.randrange(5, len(requirement.text) - 6)
        text = text.replace(requirement.text, requirement.text[:cut] + "另行补充" + requirement.text[cut + 3 :])
    found = changed(diff(guide, edited(text)))
    assert {line.old for line in found} == {r.id for r in picked}
    assert {line.change for line in found} == {"reworded"}


BIG_JUMP = """<html><meta charset="utf-8"><h1>海关高级认证企业标准</h1><table>
<tr><td colspan="2">一、内部控制</td></tr>
<tr><td rowspan="2">1．关企沟通联系合作</td><td>（1）建立与海关沟通联系的机制，指定高级管理人员负责关务。</td></tr>
<tr><td>（2）配合海关开展调查统计。</td></tr>
<tr><td rowspan="2">2．进出口单证</td><td>（3）建立并执行进出口单证复核制度或者纠错制度。</td></tr>
<tr><td>（4）按照海关要求保管进出口单证以及有关资料。</td></tr>
<tr><td rowspan="2">3．信息系统</td><td>（5）建立信息系统的数据管理制度，数据存储3年以上。</td></tr>
<tr><td>（6）建立信息安全管理制度并有效落实，防止非法侵入。</td></tr>
<tr><td colspan="2">二、贸易安全</td></tr>
<tr><td rowspan="2">4．经营场所安全</td><td>（7）对经营场所的人员和车辆进出实行管理。</td></tr>
<tr><td>（8）实行访客登记管理，登记时必须检查带有照片的身份证件。</td></tr>
<tr><td>5．禁限审查</td><td>（9）建立禁止、限制类货物的审查制度。</td></tr>
</table></html>
"""


def test_the_big_jump_claims_no_more_than_is_true(guide: Guide, tmp_path: Path) -> None:
    """Another structure with continuous numbers: the verbatim clause is found, the new one is added, most are withdrawn."""
    path = tmp_path / "jump.html"
    path.write_text(BIG_JUMP, encoding="utf-8")
    other = parse(read(path), "jump")
    assert [c.split("(")[-1].rstrip(")") for c in other.clauses] == [str(n) for n in range(1, 10)]
    found = diff(guide, other)
    by_new = {c.new: c for c in found.clauses if c.new}
    data = next(c for c in other.clauses if "数据存储" in other.clauses[c].text)
    assert by_new[data].old == "10"
    ban = next(c for c in other.clauses if "禁止、限制类" in other.clauses[c].text)
    survey = next(c for c in other.clauses if "调查统计" in other.clauses[c].text)
    assert by_new[ban].change == by_new[survey].change == "added"
    assert sum(c.change == "withdrawn" for c in found.clauses) >= 55
    assert not any(line.change == "unchanged" and line.new for c in found.clauses for line in c.lines)


def test_every_old_and_every_new_line_is_accounted_for(guide: Guide, edited) -> None:
    """No line of either edition is forgotten, and none is told twice in different ways."""
    found = diff(guide, edited(TEXT.replace("培训", "教育", 40).replace("记录", "台账", 25)))
    olds = {line.old: line.change for c in found.clauses for line in c.lines if line.old}
    news = {line.new: line.change for c in found.clauses for line in c.lines if line.new}
    assert {i for i in olds if not re.search(r"/n\d|applicability$", i)} == set(guide.requirements)
    assert len(news) >= 319


def test_word_runs_give_both_texts_back() -> None:
    """Without the new runs they read as before, without the old runs as after."""
    before, after = "数据存储3年以上，每年2次。", "数据存储10年以上，每年至少2次！"
    runs = word_runs(before, after)
    assert "".join(r.text for r in runs if r.kind != "new") == before
    assert "".join(r.text for r in runs if r.kind != "old") == after
    assert ("old", "3") in runs


def test_headings_are_told_apart_from_lines(guide: Guide, edited) -> None:
    """A heading is no line: where 任一 became 全部 no line changed, and one heading did."""
    counts = diff(guide, edited(TEXT.replace("提供以下任一证明材料", "提供以下全部证明材料", 1))).counts()
    assert set(counts["lines"]) == {"unchanged"}
    assert counts["headings"]["reworded"] == 1


def test_lines_are_called_as_the_guide_prints_them(guide: Guide) -> None:
    """By clause, section and printed number; counted where none is printed; no id is shown."""
    called = {
        "24(3)/records/2": "24(3) 抽查记录（2）",
        "24(3)/documents/1": "24(3) 书面文件第 1 行",
        "24(3)/records/n0": "24(3) 抽查记录的小标题",
        "24(3)/records/n2": "24(3) 抽查记录的说明第 2 段",
        "4(2)/applicability": "4(2) 适用条件",
        "24(3)": "24(3)",
    }
    assert {line: line_name(line, "zh", guide) for line in called} == called
    assert lines_named(("24(3)/records/2",), ("24(3)/records/3",), "zh", guide, guide) == "24(3) 抽查记录（2） → 24(3) 抽查记录（3）"
