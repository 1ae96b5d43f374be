"""A part, category or item that an edition calls otherwise is still found by what it was called before."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers.question.learned.listing import place_of, titles_of
from assistant.answers.question.places.references import bare, references, titled
from assistant.guide import Guide
from ingest.compare.lineage import parse_after
from ingest.read.file import read
from ingest.shipped import SHIPPED


@pytest.fixture(scope="module")
def retitled(guide: Guide, tmp_path_factory: pytest.TempPathFactory) -> Guide:
    """The edition after the shipped one, a part and an item of it called otherwise."""
    path = tmp_path_factory.mktemp("next") / "next.txt"
    text = (
        SHIPPED.read_text(encoding="utf-8")
        .replace("四、贸易安全标准", "四、供应链安全标准")
        .replace("26．商业伙伴安全", "26．业务伙伴管理")
    )
    path.write_text(text, encoding="utf-8")
    return parse_after(read(path), "next", guide)


def test_old_titles_are_known(retitled: Guide, guide: Guide) -> None:
    """Both titles name the same place, and a title of today goes before one of yesterday."""
    assert retitled.formerly == {"供应链安全标准": "贸易安全标准", "业务伙伴管理": "商业伙伴安全"}
    assert set(titles_of(retitled)) == set(titles_of(guide)) | {"供应链安全标准", "业务伙伴管理"}
    old, new = place_of("贸易安全", retitled, {}), place_of("供应链安全", retitled, {})
    assert old is not None
    assert old == new
    assert len(old.clauses) == 20


@pytest.mark.parametrize("title", ["业务伙伴管理", "商业伙伴安全"])
def test_an_item_is_referred_to_by_either_title(retitled: Guide, title: str) -> None:
    """By title and number, by title with its number, in a pair, and alone: 商业伙伴安全 is still item 26."""
    assert [r.item for r in references(f"26项{title}", retitled)] == ["26"]
    assert bare(f"26 {title}", retitled)
    assert {r.item for r in titled(f"{title}和运输工具安全", retitled)} == {"26", "29"}


def test_what_was_called_so_once_is_known_in_the_edition_after(retitled: Guide, tmp_path: Path, guide: Guide) -> None:
    """An edition that keeps the new titles keeps the old ones beside them; one that goes back has the others."""
    (tmp_path / "third.txt").write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    assert parse_after(read(tmp_path / "third.txt"), "third", retitled).formerly["贸易安全标准"] == "供应链安全标准"
    assert guide.formerly == {}
