"""Guides of several families side by side: known by their titles, staged, in force and taken out of force each on its own."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.adapters.builds import Active, Manifest
from assistant.adapters.editions import Editions
from assistant.answers.by_number import by_number
from assistant.app import Assistant
from assistant.errors import EditionError
from assistant.families import apart, combined, family_of
from assistant.guide import Guide
from assistant.settings import Settings
from ingest.parse.guide import parse
from ingest.pipeline import ingest
from ingest.read.file import read
from tests.conftest import NOW
from tests.ingest.small import small_guide
from tests.thin import thin_bank

BROKER = "海关认证企业标准指南\n（高级认证—报关企业单项标准）"


@pytest.mark.parametrize(
    ("title", "family"),
    [
        ("海关认证企业标准指南（高级认证—通用标准）", "通用"),
        ("《海关高级认证企业标准》（通用标准）", "通用"),
        ("海关认证企业标准（2026年第34号公告）", "通用"),
        ("海关认证企业标准指南（高级认证—报关企业单项标准）", "报关企业"),
        ("报关企业单项标准指南", "报关企业"),
        ("附件2 海关高级认证企业标准（进出境快件运营人）", "进出境快件运营人"),
        ("", "通用"),
    ],
)
def test_a_title_names_its_family(title: str, family: str) -> None:
    """Words that every title has, years and numbers name no family."""
    assert family_of(title) == family


def test_a_guide_alone_is_itself_and_others_carry_their_family(guide: Guide) -> None:
    """The first keeps ids and keys; ids of the others carry the family, no key is used twice, and judged lines are still known."""
    assert combined({"通用": guide}) is guide
    both = combined({"通用": guide, "报关企业": guide})
    assert list(both.clauses)[:64] == list(guide.clauses)
    assert both.clauses["报关:24(3)"].text == guide.clauses["24(3)"].text
    keys = [r.key for r in both.requirements.values()]
    assert len(keys) == len(set(keys)) == 2 * len({r.key for r in guide.requirements.values()})
    assert both.requirements["报关:24(3)/records/1"].lineage == guide.requirements["24(3)/records/1"].lineage
    assert {t for r in both.clauses["报关:30(2)"].references for t in r.targets} == {"报关:30(1)/documents"}
    assert list(apart(both)) == ["通用", "报关企业"]


def _manifest(store: Editions, build: str, edition: str, family: str) -> Manifest:
    made = Manifest(
        build=build, edition=edition, title="", source="a", source_sha256="", embedder="none", bank="", clauses=1, passages=1,
        created=NOW.isoformat(), version="0", family=family,
    )  # fmt: skip
    store.begin(build)
    store.finish(made)
    return made


def test_each_family_has_its_own_pointer(tmp_path: Path) -> None:
    """An edition replaces one of its own family only; going back is a family's own, and one that had none before leaves force."""
    store = Editions(tmp_path)
    general, broker, later = (_manifest(store, *v) for v in (("a", "2018", "通用"), ("b", "177", "报关企业"), ("c", "2021", "通用")))
    store.activate(broker, NOW)
    store.activate(general, NOW + timedelta(days=1))
    assert [m.edition for m in store.in_force()] == ["2018", "177"]
    assert store.label_in_force() == "2018 + 177"
    store.activate(later, NOW + timedelta(days=2))
    assert [m.edition for m in store.in_force()] == ["2021", "177"]
    with pytest.raises(EditionError, match="--family"):
        store.rollback(NOW)
    assert store.rollback(NOW + timedelta(days=3), family="通用").edition == "2018"
    assert store.rollback(NOW + timedelta(days=4), family="报关企业").out
    assert [m.edition for m in store.in_force()] == ["2018"]
    with pytest.raises(EditionError, match="没有更早"):
        store.rollback(NOW)
    store.activate(broker, NOW + timedelta(days=5))
    assert store.label_in_force() == "2018 + 177"


def test_a_family_that_comes_back_has_its_place(tmp_path: Path) -> None:
    """What is in force together is called by one label, whatever was out of force for a while: by it the register knows what it goes back to."""
    store = Editions(tmp_path)
    _, broker, _ = made = [_manifest(store, *v) for v in (("a", "2018", "通用"), ("b", "177", "报关企业"), ("c", "34", "快件"))]
    for day, manifest in enumerate(made):
        store.activate(manifest, NOW + timedelta(days=day))
    store.rollback(NOW + timedelta(days=4), family="报关企业")
    assert store.label_in_force() == "2018 + 34"
    store.activate(broker, NOW + timedelta(days=5))
    assert store.label_in_force() == "2018 + 177 + 34"


def test_a_home_of_before_opens_as_one_family(tmp_path: Path) -> None:
    """A pointer and manifests that name no family are of one: that of the title in force."""
    store = Editions(tmp_path)
    for name in ("a", "b"):
        made = _manifest(store, name, name, "")
        path = store.folder(name) / "manifest.json"
        old = made.model_dump(mode="json", exclude={"family"}) | {"title": "海关认证企业标准指南（高级认证—通用标准）"}
        path.write_text(json.dumps(old), encoding="utf-8")
    old = Active(edition="a", build="a", activated=NOW.isoformat()).model_dump(exclude={"family", "out", "beside"})
    store.pointer.write_text(json.dumps(old), encoding="utf-8")
    assert {m.family for m in store.all()} == {"通用"}
    store.activate(store.manifest("b"), NOW)
    assert store.label_in_force() == "b"
    assert store.rollback(NOW).edition == "a"


@pytest.mark.thorough
def test_another_title_is_staged_beside_and_replaces_nothing(tmp_path: Path) -> None:
    """A file of another title is another family, unless it is said to be of one; labels are used once."""
    settings = Settings(home=tmp_path / "home")
    broker = tmp_path / "broker.txt"
    broker.write_text(small_guide(tmp_path).read_text(encoding="utf-8").replace("测试指南", BROKER), encoding="utf-8")
    with thin_bank(refusals=20):
        assert ingest(tmp_path / "small.txt", settings, NOW, "one").active
        done = ingest(broker, settings, NOW, "two")
        assert (done.active, done.manifest.family) == (False, "报关企业")
        with pytest.raises(EditionError, match="--edition"):
            ingest(broker, settings, NOW, "one")
        copied = tmp_path / "copied"
        shutil.copytree(settings.home, copied)
        assert ingest(broker, Settings(home=copied), NOW, "three", family="测试").manifest.family == "测试"
    store = Editions(settings.home)
    store.activate(store.manifest("two"), NOW)
    assert [m.edition for m in store.in_force()] == ["one", "two"]
    assert "报关:2(2)" in Assistant(settings).guide().clauses


def test_a_family_is_shown_only_from_itself(tmp_path: Path, guide: Guide) -> None:
    """A number that calls a family is looked for there; where that family has no such number, another's is not shown in its place."""
    small = parse(read(small_guide(tmp_path)), "small")
    both = combined({"通用": guide, "报关企业": small})
    assert by_number("报关:3", both) == ["报关:3"]
    assert by_number("报关企业:2(2)", both) == ["报关:2(2)"]
    assert by_number("报关:第3项", both) == ["报关:3"]
    assert by_number("报关企业：第2项第2分项", both) == ["报关:2(2)"]
    assert by_number("报关:20(2)", both) == []
    assert by_number("3", combined({"通用": small, "报关企业": guide})) == ["3"]
    assert by_number("24(3)", combined({"通用": small, "报关企业": guide})) == ["报关:24(3)"]
    assert by_number("第24项", combined({"通用": small, "报关企业": guide, "快件": guide})) == []
    assert by_number("第24项", both)[0] == "24(1)"
    assert by_number("24(3)", guide) == ["24(3)"]
