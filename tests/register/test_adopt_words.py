"""An edition that says the same in other words, in its headings and periods too: the same is owed, and nobody is asked anything again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.register.acts.plans.fates import fates
from assistant.register.facts.slots import Entry, State
from assistant.register.rules.demands.plan import plan
from ingest.compare.lineage import parse_after
from ingest.compare.moves import moves
from ingest.read.file import read
from ingest.shipped import SHIPPED, shipped_guide
from tests.register.company import RENEWAL

AT = datetime(2026, 6, 1, tzinfo=UTC)
ACCEPTED = State("accepted", version=1, submitters=("wang",), submitted_at=AT, reviewed_by="li", reviewed_at=AT, accepted_version=1)
SEALED = RENEWAL.model_copy(update={"scope": RENEWAL.scope.model_copy(update={"seal": True, "certificates": True})})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("抽查记录", "检查记录"),
        ("实地查看", "现场查看"),
        ("企业", "公司"),
        ("书面文件", "书面材料"),
        ("每一年年末", "每年年底"),
        ("每一年", "每个年度"),
        ("应当", "应"),
        ("情况：\n", "情况介绍：\n"),
        ("3年", "三年"),
        ("2次", "两次"),
        ("以上", "及以上"),
        ("不少于2年", "至少2年"),
        ("不超过", "不高于"),
        ("否则不适用", "否则免予适用"),
        ("未经许可", "未经批准"),
        ("应当", "须"),
        ("以及", "和"),
        ("及时", "尽快"),
    ],
)
def test_other_words_for_the_same_keep_all_that_was_accepted(tmp_path: Path, old: str, new: str) -> None:
    """In headings alone, in all sentences, in a rule of years, in numerals; the registers of a seal, lines of a briefing, too."""
    (tmp_path / "next.txt").write_text(SHIPPED.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = [Entry(s, ACCEPTED, owner="wang") for s in plan(shipped_guide(), SEALED, AT).slots]
    after = parse_after(read(tmp_path / "next.txt"), "next", shipped_guide())
    found = fates(before, plan(after, SEALED, AT).slots, moves(shipped_guide(), after).lines, lambda key: None, "next")
    assert [f.slot.id for f in found if f.what != "kept"] == []
    assert {f.source.slot.key for f in found if f.source} == {e.slot.key for e in before}
    assert any(f.slot.id == "4(4)/situation/2" and f.slot.applicable for f in found)


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        ("以上", "以下", {"1(2)/documents/1"}),
        ("每年", "每季度", {"1(2)/documents/1", "6(1)/situation"}),
        ("应当", "可以", {"1(2)/documents/1"}),
        ("不少于", "不超过", {"4(2)/records/1@2025"}),
        ("高级管理人员", "员工", {"1(2)/documents/1", "1(2)/situation"}),
    ],
)
def test_a_word_that_changes_what_is_demanded_is_asked_about_however_often_it_was_put(
    tmp_path: Path, old: str, new: str, asked: set[str]
) -> None:
    """A bound turned round, another period, a duty that became a choice, somebody else: no other word for the same."""
    (tmp_path / "next.txt").write_text(SHIPPED.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = [Entry(s, ACCEPTED, owner="wang") for s in plan(shipped_guide(), SEALED, AT).slots]
    after = parse_after(read(tmp_path / "next.txt"), "next", shipped_guide())
    found = fates(before, plan(after, SEALED, AT).slots, moves(shipped_guide(), after).lines, lambda key: None, "next")
    assert asked <= {f.slot.id for f in found if f.what == "confirm"}


def test_records_of_which_only_the_keeping_is_said_are_still_owed(tmp_path: Path) -> None:
    """The line that named the records says how long they are kept instead: what was accepted waits for its owner, nothing is archived."""
    text = SHIPPED.read_text(encoding="utf-8").replace("企业安全意识培训记录。", "企业安全意识培训记录保存期限不少于3年。")
    (tmp_path / "next.txt").write_text(text, encoding="utf-8")
    before = [Entry(s, ACCEPTED, owner="wang") for s in plan(shipped_guide(), SEALED, AT).slots]
    after = parse_after(read(tmp_path / "next.txt"), "next", shipped_guide())
    line = after.requirements["31(2)/records/1"]
    assert (line.role, line.also) == ("evidence", ("retention",))
    found = fates(before, plan(after, SEALED, AT).slots, moves(shipped_guide(), after).lines, lambda key: None, "next")
    assert {f.slot.requirement for f in found if f.what == "confirm"} == {"31(2)/records/1"}
    assert not [f for f in found if f.what in ("archived", "added")]
