"""A home that the version before filled is opened, brought up to date, and verifies; nothing in it is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from assistant.adapters.archive.restore import restore
from assistant.adapters.archive.save import Archive, save
from assistant.adapters.editions import Editions
from assistant.adapters.lead_files import read_profile
from assistant.enterprises import Enterprises
from assistant.register.acts.doing.who import Who
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE
from assistant.settings import Settings
from tests.register.company import SHANGHAI
from tests.register.old_home import company_of, unpacked

pytestmark = pytest.mark.thorough

MOMENT = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
Old = tuple[Enterprises, RegisterService]


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Old]:
    """The old home's register."""
    enterprises, service = company_of(unpacked(tmp_path))
    yield enterprises, service
    enterprises.sql.close()


def test_opens_and_verifies(old: Old) -> None:
    """The chain of the old log holds, and every state is what the log says."""
    chain, wrong = old[1].verify()
    assert chain.intact
    assert chain.events >= 162
    assert wrong == []


def test_everything_is_there(old: Old) -> None:
    """The slots stand as they stood, the files open, the history is told."""
    enterprises, service = old
    states = Counter(e.shown(service.day(MOMENT)) for e in service.entries(MOMENT))
    assert states == {"accepted": 25, "expired": 1, "returned": 6, "submitted": 11, "not_applicable": 6, "missing": 236}
    files = [p for p in service.pieces() if p.kind == "file"]
    assert len(files) == 38
    for piece in files:
        with service.open_file(piece.sha256) as content:
            assert len(content.read()) == piece.size
    kinds = Counter(e.kind for e in service.history())
    assert (kinds["erased"], kinds["drill_started"], kinds["submitted"]) == (1, 1, 45)
    assert len(service.messages()) == 20
    assert [w.edition for w in enterprises.planned()] == ["2018-177"]


def test_goes_on(old: Old) -> None:
    """It is planned again and worked with, and still verifies."""
    enterprises, service = old
    store = Editions(enterprises.settings.home)
    profile = enterprises.settings.profile_path
    service.sync(store.guide(store.manifest()), read_profile(profile), Who("lead@example.cn", MOMENT))
    waiting = next(e for e in service.entries(MOMENT) if e.state.name == "submitted" and "li@example.cn" not in e.state.submitters)
    service.accept(waiting.slot.key, Who("lead@example.cn", MOMENT), seen=WHOLE)
    chain, wrong = service.verify()
    assert chain.intact
    assert wrong == []


def test_a_backup_of_it_comes_back(old: Old, tmp_path: Path) -> None:
    """A backup of the old home is restored all but a file that it lost; it verifies, and the gap is named."""
    enterprises, service = old
    file, back = tmp_path / "b.zip", tmp_path / "back"
    save(enterprises.settings.model_copy(update={"home": tmp_path / "none"}), enterprises.sql.engine, enterprises.files, file, MOMENT, "0")
    assert [e.kind for e in service.history()][-1] == "inventory"
    with Archive(file) as archive:
        settings = Settings(home=back)
        root = Enterprises(settings)
        lost = sorted(archive.evidence())[0]
        restore(archive, settings, root.sql, root.files, {lost})
    again = Enterprises(settings).of_profile(read_profile(enterprises.settings.profile_path))
    assert again.verify() == service.verify()
    assert [d.table for d in again.verify(files=True)[1]] == ["file"]
