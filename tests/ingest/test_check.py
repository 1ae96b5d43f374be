"""Findings: gaps, duplicates, empty places, each with its line and a sentence in every language."""

from __future__ import annotations

import pytest

from assistant.guide import Guide
from assistant.guide_told import finding_sentence
from assistant.texts import LANGUAGES
from ingest.parse.check import check
from ingest.parse.guide import parse
from ingest.read.text import rows_of_text
from ingest.source import Source

TEXT = """海关认证企业标准指南
一、内部控制标准
（一）组织机构控制
1．海关业务培训
（1）建立培训制度。
1．书面文件：
（1）培训制度。
（2）培训计划。
2．抽查记录：
培训记录。
（2）每年参加培训。
1．抽查记录：
签到表。
（二）进入安全控制措施
2．进入安全
建立出入管理制度。
1．书面文件：
出入管理制度。
"""


def found(old: str, new: str) -> dict[str, int]:
    """Finding codes with their lines, after a change of the text."""
    assert old in TEXT
    source = Source(name="x", format="text", rows=rows_of_text(TEXT.replace(old, new)), fingerprint="")
    return {f.code: f.line for f in check(parse(source, "any"))}


def test_a_guide_in_order_has_no_findings() -> None:
    """Nothing to say, nothing said."""
    assert found("一、", "一、") == {}


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("（二）进入", "（三）进入", "gap.category", 14),
        ("（二）进入", "（一）进入", "duplicate.category", 14),
        ("2．进入安全\n", "3．进入安全\n", "gap.item", 15),
        ("（2）培训计划", "（3）培训计划", "gap.line", 8),
        ("（2）培训计划", "（1）培训计划", "duplicate.line", 8),
        ("（2）培训计划。\n", "", "lone.line", 7),
        ("2．抽查", "3．抽查", "gap.section", 9),
        ("签到表。\n", "", "empty_section", 12),
        ("（2）培训计划", "（2）培训制度", "repeated", 8),
    ],
)
def test_one_change_one_finding(old: str, new: str, code: str, line: int) -> None:
    """Each slip in the numbering or the text is one finding at its line."""
    assert found(old, new) == {code: line}


def test_a_clause_without_guide_text() -> None:
    """An item without anything under it is reported as empty, with its line."""
    assert found("2．进入安全\n建立出入管理制度。\n1．书面文件：\n出入管理制度。\n", "2．进入安全\n建立出入管理制度。\n") == {
        "empty_clause": 16
    }
    assert found("2．进入安全\n建立出入管理制度。\n1．书面文件：\n出入管理制度。\n", "2．进入安全\n") == {"empty_item": 15}


def test_the_shipped_guide(guide: Guide) -> None:
    """The guide's own slips: a lone （1） in item 3, and item 13, which shares its guide text."""
    assert [(f.line, f.code) for f in check(guide)] == [(94, "lone.line"), (497, "shared")]
    for finding in check(guide):
        assert all(finding_sentence(finding, lang) for lang in LANGUAGES)
