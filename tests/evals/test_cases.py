"""Case files: strict, with the line of every mistake, and the same in every format."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.errors import CaseError
from assistant.guide import Guide
from evals.cases.case import Case
from evals.cases.files import read, validated, write
from evals.cases.labels import Labels, labelled
from evals.cases.named_sets import CaseSet, load
from evals.cases.problems import CaseMistakes

GOOD = '{"id": "a-1", "type": "topic", "edition": "2018-177", "question": "门卫？", "clauses": ["24(3)"], "lines": ["24(3)/records/1"]}'


def loaded(path: Path, guide: Guide) -> CaseSet:
    """The one set of a file, checked against the shipped guide."""
    return load([path], lambda edition: guide if edition == guide.edition else None)[0]


def mistakes(path: Path, guide: Guide) -> list[tuple[int, str]]:
    """(line, key) of everything that is wrong with a file."""
    with pytest.raises(CaseMistakes) as caught:
        loaded(path, guide)
    return [(p.place.line, p.key) for p in caught.value.problems]


def test_all_mistakes_of_a_jsonl_file_are_named_at_once_with_their_lines(tmp_path: Path, guide: Guide) -> None:
    """Unknown keys, wrong types, repeated ids and keys, missing labels, unknown clauses and lines: each with its line."""
    path = tmp_path / "bad.jsonl"
    path.write_text(
        "\n".join(
            [
                GOOD,
                '{"id": "a-1", "type": "topic", "edition": "2018-177", "question": "x", "clauses": ["24(9)"]}',
                '{"id": "a-2", "type": "topic", "edition": "2018-177", "question": "x", "clauses": ["24(3)"], "line": []}',
                '{"id": "a-3", "type": "topic", "edition": "2018-177", "question": "x", "refuse": "yes"}',
                '{"id": "a-4", "type": "topic", "edition": "2018-177", "question": "x"}',
                '{"id": "a-5", "type": "topic", "edition": "2018-177", "clauses": ["24(3)"], "clauses": ["24(3)"], "question": "x"}',
                "",
                "{not json",
                '["a list"]',
                '{"id": "a-6", "type": "topic", "edition": "2018-177", "question": "x", "clauses": ["24(3)"], "lines": ["24(3)/records/9"]}',
                '{"id": "a-7", "type": "topic", "edition": "2018-177", "question": "x", "clauses": ["24(3)"], "facts": ["不在原文里"]}',
                '{"id": "a-8", "type": "topic", "edition": "2018-177", "question": "x", "clauses": ["24(3)"], "lines": ["26"]}',
                '{"id": "a-9", "type": "topic", "edition": "1999", "question": "x", "clauses": ["24(3)"]}',
                '{"id": "b-1", "type": "topic", "edition": "2018-177", "question": "x", "refuse": true, "clauses": ["24(3)"]}',
                '{"id": "b-2", "type": "topic", "edition": "2018-177", "question": "x", "clauses": ["24(3)"], "lines": [9999]}',
            ]
        ),
        encoding="utf-8",
    )
    found = mistakes(path, guide)
    assert sorted(found) == [
        (2, "no_clause"),
        (2, "repeated_id"),
        (3, "unknown_key"),
        (4, "no_bool"),
        (5, "no_clauses"),
        (6, "repeated_key"),
        (8, "json"),
        (9, "no_mapping"),
        (10, "no_line"),
        (11, "no_fact"),
        (12, "line_elsewhere"),
        (13, "no_edition"),
        (14, "refuse_and_labels"),
        (15, "no_source_line"),
    ]


def test_a_mistake_in_yaml_is_named_with_the_line_of_the_very_entry(tmp_path: Path, guide: Guide) -> None:
    """Within a case of many lines the line is that of the wrong value, also inside turns."""
    path = tmp_path / "bad.yaml"
    path.write_text(
        """edition: "2018-177"
type: topic
cases:
- id: y-1
  question: 门卫？
  clauses:
    - 24(3)
    - 24(99)
  nonsense: 1
- id: y-2
  turns:
  - question: 访客？
    clauses: ["24(3)"]
  - question: 那记录呢？
    clauses: ["24(3)"]
    facts:
    - 访客姓名
    - 没有这句
""",
        encoding="utf-8",
    )
    assert mistakes(path, guide) == [(8, "no_clause"), (9, "unknown_key"), (18, "no_fact")]


@pytest.mark.parametrize(
    ("text", "key"), [("a: [", "yaml"), ("cases: 3", "yaml_list"), ("fall: 1\ncases: []", "yaml_head"), ("- 3", "no_mapping")]
)
def test_a_file_that_is_no_list_of_cases_says_so(tmp_path: Path, guide: Guide, text: str, key: str) -> None:
    """Broken YAML, another shape, unknown heads: one sentence with a line, never a traceback."""
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    assert key in [k for _, k in mistakes(path, guide)]


def test_sentences_exist_in_both_languages(tmp_path: Path, guide: Guide) -> None:
    """Every mistake is a sentence with file and line in Chinese and in English."""
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "a", "clauses": 3, "foo": 1}\n', encoding="utf-8")
    with pytest.raises(CaseMistakes) as caught:
        loaded(path, guide)
    assert "bad.jsonl 第 1 行" in caught.value.sentence("zh")
    assert "bad.jsonl line 1" in caught.value.sentence("en")


@pytest.mark.parametrize("name", ["a.txt", "missing.jsonl"])
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, guide: Guide, name: str) -> None:
    """An unknown ending and a missing file are CaseErrors."""
    with pytest.raises(CaseError):
        loaded(tmp_path / name, guide)


def test_a_file_in_another_encoding_is_one_sentence(tmp_path: Path, guide: Guide) -> None:
    """GB18030 is not guessed at."""
    path = tmp_path / "gb.jsonl"
    path.write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(CaseError):
        loaded(path, guide)


def test_source_line_numbers_become_ids_and_headings_are_left_out(tmp_path: Path, guide: Guide) -> None:
    """A lead may name lines by their number in the source; what is kept is the id."""
    path = tmp_path / "lines.yaml"
    path.write_text(
        yaml.safe_dump(
            [
                {"id": "n-1", "type": "topic", "edition": "2018-177", "question": "x", "clauses": ["24(3)"], "lines": [685, 686, 689, 675]},
                {"id": "n-2", "type": "topic", "edition": "2018-177", "question": "y", "clauses": [26], "lines": [788]},
            ]
        ),
        encoding="utf-8",
    )
    first, second = loaded(path, guide).cases
    assert first.lines == ("24(3)/records/1", "24(3)/records/n1", "24(3)")
    assert second.clauses == ("26",)


def test_labelling_adds_keys_and_the_clauses_whose_words_are_the_same() -> None:
    """12 and 13 share a guide cell, 30(2) refers to 30(1)'s documents: both are accepted when that line is expected."""
    from ingest.parse.guide import parse
    from ingest.read.file import read as read_guide
    from ingest.shipped import SHIPPED

    labels = Labels(parse(read_guide(SHIPPED), "2018-177"))
    plain = {"type": "topic", "edition": "2018-177", "question": "x"}
    shared = labelled(Case.model_validate(plain | {"id": "s", "clauses": ["13"], "lines": ["12/note/1"]}), labels)
    referred = labelled(Case.model_validate(plain | {"id": "r", "clauses": ["30(2)"], "lines": ["30(2)/documents/1"]}), labels)
    assert shared.acceptable == ("12",)
    assert referred.acceptable == ("30(1)",)
    assert shared.keys == {i: labels.keys[i] for i in ("13", "12", "12/note/1")}


@pytest.mark.parametrize("ending", ["jsonl", "yaml", "xlsx"])
def test_what_is_written_is_read_again(tmp_path: Path, guide: Guide, ending: str) -> None:
    """Shipped cases of every type survive every format."""
    from evals.cases.named_sets import SHIPPED_SETS

    cases = [c for path in sorted(SHIPPED_SETS.glob("*.jsonl")) for _, c in validated(read(path)[0])[0][::4]]
    path = tmp_path / f"all.{ending}"
    write(path, cases)
    again = loaded(path, guide).cases
    assert [c.model_copy(update={"keys": {}}) for c in again] == [c.model_copy(update={"keys": {}}) for c in cases]


def test_a_context_turn_needs_no_labels_but_a_case_needs_one_that_is_scored(tmp_path: Path, guide: Guide) -> None:
    """Turns that only lead up to the next one are allowed, a case of nothing else is not."""
    path = tmp_path / "context.yaml"
    turns = [{"question": "访客登记", "context": True}, {"question": "那记录呢", "clauses": ["24(3)"]}]
    one = {"id": "t-1", "type": "dialogue", "edition": "2018-177"}
    path.write_text(yaml.safe_dump([one | {"turns": turns}]), encoding="utf-8")
    assert loaded(path, guide).cases[0].asked[0].context
    path.write_text(yaml.safe_dump([one | {"turns": turns[:1]}]), encoding="utf-8")
    assert mistakes(path, guide) == [(1, "question_or_turns")]


def test_a_question_for_a_count_needs_no_clause_and_a_refusal_has_no_verdict(tmp_path: Path, guide: Guide) -> None:
    """What the message does, what it must be told and how many: checked like every other label."""
    path = tmp_path / "kinds.jsonl"
    path.write_text(
        "\n".join(
            [
                '{"id": "k-1", "type": "listing", "edition": "2018-177", "question": "24项几条？", "count": 4, "act": "listing"}',
                '{"id": "k-2", "type": "verdict", "edition": "2018-177", "question": "3%行吗", "refuse": true, "verdict": "no"}',
                '{"id": "k-3", "type": "verdict", "edition": "2018-177", "question": "3%行吗", "clauses": ["20(2)"], "verdict": "maybe"}',
                '{"id": "k-4", "type": "listing", "edition": "2018-177", "question": "24项几条？", "count": true}',
                '{"id": "k-5", "type": "status", "edition": "2018-177", "question": "还差啥", "refuse": true, "reason": "register", "act": "x"}',
            ]
        ),
        encoding="utf-8",
    )
    assert mistakes(path, guide) == [(2, "refuse_and_labels"), (3, "no_choice"), (4, "int_type"), (5, "no_choice")]
    path.write_text(path.read_text(encoding="utf-8").split("\n")[0], encoding="utf-8")
    [one] = loaded(path, guide).cases
    assert (one.count, one.act, one.clauses) == (4, "listing", ())
