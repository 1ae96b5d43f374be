"""Labelled claims: read strictly, judged in two steps, counted by kind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.answers.reply.check.lines import GuideLines
from assistant.errors import CaseError
from assistant.guide import Guide
from connectors.cli.eval.runs import app
from evals.cases.labels import Labels
from evals.cases.problems import CaseMistakes
from evals.claims.claim import SHIPPED, LabelledClaim, Quoted, load
from evals.claims.confusion import Judged, confusion, kept, totals

RIGHT = LabelledClaim(
    id="r", text="系统数据要存三年以上。", citations=(Quoted(id="10", quote="数据存储3年以上"),), label="right", kind="number"
)
WRONG = RIGHT.model_copy(update={"id": "w", "text": "系统数据要存五年以上。", "label": "wrong", "kind": "another number"})
INVENTED = RIGHT.model_copy(update={"id": "i", "text": "数据由总经理签字。", "label": "wrong", "kind": "invented"})


@pytest.fixture(scope="module")
def labels(guide: Guide) -> Labels:
    """The shipped guide's passages."""
    return Labels(guide)


@pytest.mark.parametrize("name", ["seen", "unseen", "voices", "exchanged", "subtle", "everyday"])
def test_the_shipped_claims_cite_the_guide_word_for_word(labels: Labels, name: str) -> None:
    """All files: every quote stands in its line or heading, or in a line of the clause, so that only the sentence is right or wrong."""
    claims = load(SHIPPED / f"{name}.jsonl")
    lines = GuideLines(labels.guide, labels.groups)
    within = {q: [p.wording for p in lines.by_id.values() if f"{p.id}/".startswith(f"{q.id}/")] for c in claims for q in c.citations}
    assert [q for q, wordings in within.items() if not any(q.quote in wording for wording in wordings)] == []
    assert {c.label for c in claims} == {"right", "wrong"}
    assert {"zh", "en"} <= {c.lang for c in claims}
    assert len({c.id for c in claims}) == len(claims) >= 60


def test_rules_keep_the_right_number_and_drop_another(labels: Labels) -> None:
    """A number that does not stand in what is cited falls; what is not in the guide at all falls too."""
    gone = RIGHT.model_copy(update={"id": "g", "citations": (Quoted(id="99", quote="数据"),)})
    assert kept([RIGHT, WRONG, gone], labels) == {"r": True, "w": False, "g": False}


@pytest.mark.parametrize(
    ("name", "dropped", "accepted"),
    [("seen", 0, 48), ("unseen", 0, 57), ("voices", 0, 13), ("exchanged", 0, 22), ("subtle", 2, 46), ("everyday", 12, 1)],
)
def test_what_the_rules_alone_decide(labels: Labels, name: str, dropped: int, accepted: int) -> None:
    """Right claims stand; of wrong ones the rules see what needs no understanding, and no more."""
    claims = load(SHIPPED / f"{name}.jsonl")
    found = totals(confusion(claims, kept(claims, labels)))
    assert len(found["right"].astray) <= dropped, found["right"].astray
    assert len(found["wrong"].astray) <= accepted


def test_the_check_by_meaning_sees_every_claim_and_both_must_keep_it(labels: Labels) -> None:
    """It is asked once, for all of them (so that another rule leaves its requests as they are), with the whole passages."""
    asked: list[Sequence[Judged]] = []

    def check(claims: Sequence[Judged]) -> list[bool]:
        asked.append(claims)
        return [c.id != "i" for c, _ in claims]

    assert kept([RIGHT, WRONG, INVENTED], labels, check) == {"r": True, "w": False, "i": False}
    (claims,) = asked
    assert {c.id for c, _ in claims} == {"r", "w", "i"}
    assert all(p.wording for _, passages in claims for p in passages)


def test_the_confusion_names_what_went_astray_by_kind() -> None:
    """Right claims dropped and wrong ones accepted, each with its kind; together per label."""
    rows = confusion([RIGHT, WRONG, INVENTED], {"r": False, "w": False, "i": True})
    assert [(r.label, r.kind, r.claims, r.astray) for r in rows] == [
        ("right", "number", 1, ("r",)),
        ("wrong", "another number", 1, ()),
        ("wrong", "invented", 1, ("i",)),
    ]
    assert {name: r.share for name, r in totals(rows).items()} == {"right": 1.0, "wrong": 0.5}


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    """What is no JSON, lacks a key, has a label that there is not, or an id of before; an empty file is said to be one."""
    path = tmp_path / "c.jsonl"
    good = RIGHT.model_dump_json()
    maybe = good.replace('"label":"right"', '"label":"maybe"').replace('"id":"r"', '"id":"s"')
    path.write_text("\n".join([good, '{"text": "x"', '{"text": "x", "label": "right", "kind": "k"}', maybe, good]), encoding="utf-8")
    with pytest.raises(CaseMistakes) as caught:
        load(path)
    _, *told = caught.value.sentence("zh").splitlines()
    wanted = ((2, "不是一个 JSON 对象"), (3, "缺少“citations”"), (4, "maybe"), (5, "与 c.jsonl 第 1 行重复"))
    assert len(told) == len(wanted)
    assert all(f"第 {line} 行" in said and what in said for (line, what), said in zip(wanted, told, strict=True)), told
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(CaseError) as empty:
        load(path)
    assert empty.value.key == "evals.no_claims"


def test_the_command_prints_every_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of one's own, as text and as JSON."""
    monkeypatch.setenv("AEO_HOME", str(tmp_path / "home"))
    path = tmp_path / "c.jsonl"
    path.write_text("\n".join(c.model_dump_json() for c in (RIGHT, WRONG)), encoding="utf-8")
    shown = CliRunner().invoke(app, ["claims", str(path)]).stdout
    assert "another number" in shown
    document = json.loads(CliRunner().invoke(app, ["claims", str(path), "--json"]).stdout)
    assert document["totals"]["wrong"]["claims"] == 1
