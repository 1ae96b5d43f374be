"""A right written into a table is none: what the log does not tell gives nobody anything, and nothing of it gets into the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.adapters.files import open_files
from assistant.adapters.sql.register import open_register
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.people import Assignment, Person
from tests.access.test_attacks import OTHER, OWNER, by_hand
from tests.register.company import LEAD, LINK, RENEWAL, SHANGHAI, company, part_of, who

pytestmark = pytest.mark.thorough

REVIEWER, MALLORY = "li@example.cn", "mallory"


@pytest.fixture
def small(guide: Guide) -> Guide:
    """One item."""
    return part_of(guide, "24")


@pytest.fixture
def service(small: Guide, tmp_path: Path) -> Iterator[RegisterService]:
    """A register with something in review."""
    store = open_register(f"sqlite:///{tmp_path}/register.sqlite3")
    owners = [Assignment("item", "24", OWNER, reviewer=REVIEWER)]
    made = company(small, register=store, files=open_files(None, tmp_path), owners=owners)
    for person in (MALLORY, REVIEWER, LEAD):
        Owners(made).know(Person(person, address={"email": f"{person}@x.cn"}), who())
    made.submit(OTHER, [LINK], who(OWNER))
    yield made
    store.close()


def profiled(service: RegisterService, guide: Guide) -> object:
    """The plan again, by a profile that names the attacker as the lead."""
    mine = RegisterService(service.workspace, service.register, service.files, service.policy, MALLORY, SHANGHAI)
    return mine.sync(guide, RENEWAL, who(MALLORY))


ATTACKS: list[tuple[str, str, Callable[[RegisterService, Guide], object]]] = [
    ("admin to the table", "UPDATE people SET admin = 1 WHERE id = 'mallory'", lambda s, g: Owners(s).rights(MALLORY, True, who(MALLORY))),
    (
        "admin, from Slack",
        "UPDATE people SET admin = 1 WHERE id = 'mallory'",
        lambda s, g: s.accept(OTHER, who(MALLORY, origin="slack"), seen=WHOLE),
    ),
    ("admin, the binder", "UPDATE people SET admin = 1 WHERE id = 'mallory'", lambda s, g: s.require("export", who(MALLORY))),
    ("the lead", "UPDATE workspaces SET lead = 'mallory'", lambda s, g: Owners(s).rights(MALLORY, True, who(MALLORY))),
    ("the lead, by a plan", "UPDATE workspaces SET lead = 'mallory'", lambda s, g: profiled(s, g)),
    ("an assignment", "UPDATE assignments SET reviewer = 'mallory'", lambda s, g: Owners(s).rights(MALLORY, True, who(MALLORY))),
    ("a reviewer", "UPDATE slots SET reviewer = 'mallory'", lambda s, g: s.accept(OTHER, who(MALLORY), seen=WHOLE)),
    ("an owner, in Slack", "UPDATE slots SET owner = 'mallory'", lambda s, g: s.submit(OTHER, [LINK], who(MALLORY, origin="slack"))),
    (
        "another's address",
        "UPDATE people SET address = json_set(address, '$.slack', 'U0M') WHERE id = 'lead'",
        lambda s, g: Owners(s).rights(MALLORY, True, who("U0M")),
    ),
    (
        "another name for oneself",
        "UPDATE people SET known_as = '[\"li@example.cn\"]', id = 'x' WHERE id = 'li@example.cn'",
        lambda s, g: s.accept(OTHER, who("x"), seen=WHOLE),
    ),
    (
        "somebody new",
        "INSERT INTO people VALUES ('某某公司', 'x', '', '', 1, '{}', NULL, NULL, '[]')",
        lambda s, g: Owners(s).rights(MALLORY, True, who("x")),
    ),
]


@pytest.mark.parametrize(("what", "statement", "act"), ATTACKS, ids=[a[0] for a in ATTACKS])
def test_a_right_by_hand_does_not_work(
    service: RegisterService, small: Guide, what: str, statement: str, act: Callable[[RegisterService, Guide], object]
) -> None:
    """Refused at the moment of the act, nothing logged, and found by verifying."""
    by_hand(service, statement)
    before = len(service.history())
    with pytest.raises(RegisterError):
        act(service, small)
    assert len(service.history()) == before, what
    assert service.verify()[1]


def test_the_refusal_names_verify(service: RegisterService) -> None:
    """A right that the table gives and the log does not is called that."""
    by_hand(service, "UPDATE people SET admin = 1 WHERE id = 'mallory'")
    with pytest.raises(RegisterError, match="evidence verify"):
        Owners(service).rights(MALLORY, True, who(MALLORY))


def test_rights_that_were_given_work(service: RegisterService) -> None:
    """What the log tells goes on to work: lead, reviewer, an admin made by the lead, a reviewer by their chat id."""
    Owners(service).rights(MALLORY, True, who())
    Owners(service).know(Person(REVIEWER, "李", address={"slack": "U0LI"}), who(MALLORY))
    assert service.accept(OTHER, who("U0LI", origin="slack"), seen=WHOLE).state.name == "accepted"
    assert service.verify()[1] == []
