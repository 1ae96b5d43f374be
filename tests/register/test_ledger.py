"""What the log tells is kept while it grows, and told anew where it is another log."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.log.ledger import Ledger
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE
from assistant.register.rules.evidence import life
from assistant.register.rules.evidence.telling import tell
from tests.register.company import LINK, SHANGHAI, company, part_of, who
from tests.twins.register import MemoryRegister

SLOT = "24(3)/records/1@2024"


class Counted:
    """A transaction that counts the events which are read."""

    def __init__(self, tx: Any) -> None:
        self.tx, self.read = tx, 0

    def workspace(self) -> Any:
        """As the register has it."""
        return self.tx.workspace()

    def events(self, **since: int) -> Any:
        """Every event on its way out."""
        for event in self.tx.events(**since):
            self.read += 1
            yield event


@pytest.fixture
def service(guide: Guide) -> RegisterService:
    """One item, planned."""
    return company(part_of(guide, "24"))


def read(service: RegisterService, ledger: Ledger) -> int:
    """How many events are read for what is told, which is what the whole log tells."""
    with service.register.reading(service.workspace) as tx:
        counted: Any = Counted(tx)
        assert vars(ledger.told(counted, SHANGHAI)) == vars(tell(tx.events(), SHANGHAI))
        return int(counted.read)


def test_only_what_came_since_is_read(service: RegisterService) -> None:
    """After the first time an act costs its own events; without one nothing is read."""
    ledger = Ledger()
    first = read(service, ledger)
    assert (first > 0, read(service, ledger)) == (True, 0)
    service.submit(SLOT, [LINK], who("wang"))
    assert 0 < read(service, ledger) <= 2
    service.accept(SLOT, who(), seen=WHOLE)
    assert 0 < read(service, ledger) <= 2


def test_another_log_is_told_anew(service: RegisterService, guide: Guide) -> None:
    """A restored log, one that is longer and other, and the moment before an act that was taken back: each is told as it is."""
    ledger = Ledger()
    service.submit(SLOT, [LINK], who("wang"))
    read(service, ledger)
    with suppress(ZeroDivisionError), service.register.writing(service.workspace) as tx:
        tx.append([life.comment(service.entry(SLOT), "x", "wang", who().at)])
        ledger.told(tx, SHANGHAI)
        raise ZeroDivisionError
    read(service, ledger)
    other = company(part_of(guide, "24"), register=MemoryRegister())
    for year in ("2022", "2023", "2024"):
        other.submit(SLOT.replace("2024", year), [LINK], who("li"))
    read(other, ledger)
    read(service, ledger)


def test_an_event_of_nobody_s_version(service: RegisterService, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named by its number; lists then show what the tables say."""
    service.submit(SLOT, [LINK], who("wang"))
    raises: Callable[..., Any] = lambda *_: (_ for _ in ()).throw(KeyError("x"))  # noqa: E731
    monkeypatch.setattr("assistant.register.acts.log.ledger.tell", raises)
    with service.register.reading(service.workspace) as tx, pytest.raises(RegisterError, match="第 1 条"):
        Ledger().told(tx, SHANGHAI)
    assert [e.state.name for e in service.standing(who().at) if e.slot.id == SLOT] == ["submitted"]
