"""Numbers in columns of their own: of items beside their titles, of clauses beside their texts."""

from __future__ import annotations

from pathlib import Path

from ingest.parse.guide import parse
from ingest.read.file import read

ROWS = [
    "部分,项目序号,项目名称,条款,内容",
    "一、内部控制标准,1,关企合作,1,指定海关业务联系人，与海关开展沟通与合作。",
    "一、内部控制标准,1,关企合作,2,企业应当掌握海关业务的总体情况：（1）进出口业务；（2）信用状况。",
    "一、内部控制标准,2,单证复核,3,明确进出口单证复核岗位的工作流程。",
    "二、贸易安全标准,3,人员安全,4,建立员工入职、离职等安全管理制度。",
    "二、贸易安全标准,3,人员安全,5,对员工开展贸易安全培训。",
]


def test_item_and_clause_numbers_stand_in_columns(tmp_path: Path) -> None:
    """A title repeated in each row is one item; each row is one clause, whatever lists its text holds."""
    (tmp_path / "a.csv").write_text("\n".join(ROWS), encoding="utf-8")
    guide = parse(read(tmp_path / "a.csv"), "any")
    assert list(guide.clauses) == ["1(1)", "1(2)", "2(3)", "3(4)", "3(5)"]
    assert [(i.number, i.title) for i in guide.items.values()] == [("1", "关企合作"), ("2", "单证复核"), ("3", "人员安全")]
    assert guide.clauses["1(2)"].text.endswith("（2）信用状况。")


def test_a_column_of_materials_owes_papers_and_records(tmp_path: Path) -> None:
    """Materials without headings are evidence: records by their words, else documents."""
    rows = [
        "项目,认证标准,所需材料",
        '1．关企合作,（1）指定海关业务联系人，与海关沟通合作。,"关企合作制度文件\n关企合作执行记录\n现场照片"',
    ]
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    guide = parse(read(tmp_path / "a.csv"), "any")
    assert [(r.id, r.text, r.role) for r in guide.requirements.values()] == [
        ("1(1)/documents/1", "关企合作制度文件", "evidence"),
        ("1(1)/records/1", "关企合作执行记录", "evidence"),
        ("1(1)/records/2", "现场照片", "evidence"),
    ]
