"""One loopback Slack and one app for each file of evidence tests; each test gets a register of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

import pytest

from assistant.guide import Guide
from assistant.register.facts.profile import Profile
from connectors.slack.manifest import manifest
from tests.register.company import RENEWAL, memory_files
from tests.slack.conftest import shot
from tests.slack.evidence.bureau import LEAD, LI, WANG, Bureau, clock_at
from tests.slack.loopback import LoopbackSlack
from tests.slack.loopback import Person as Member
from tests.twins.register import MemoryRegister


class Office(NamedTuple):
    """The app with its people: an owner, a reviewer, the lead, and somebody from elsewhere."""

    bureau: Bureau
    slack: LoopbackSlack
    wang: Member
    li: Member
    lead: Member
    zhao: Member


@pytest.fixture(scope="module")
def _bureau(guide: Guide, request: pytest.FixtureRequest) -> Iterator[Bureau]:
    with LoopbackSlack(manifest()) as slack:
        bureau = Bureau(slack, guide).start()
        yield bureau
        bureau.close()
        shot(request.module.__name__.rpartition(".")[2], slack)
        assert slack.problems == []


@contextmanager
def owing(guide: Guide, *items: str, profile: Profile = RENEWAL) -> Iterator[Office]:
    """A company that owes these items only, with its owner, its reviewer and its lead."""
    with LoopbackSlack(manifest()) as slack:
        bureau = Bureau(slack, guide, items, profile=profile)
        bureau.start()
        bureau.planned()
        people = [
            slack.person(n, real_name=r, email=m) for n, r, m in (("wang", "王芳", WANG), ("li", "李雷", LI), ("lead", "赵合规", LEAD))
        ]
        wang, li, lead = people
        yield Office(bureau.known(*people), slack, wang, li, lead, wang)
        bureau.close()
        assert slack.problems == []


def overdue(office: Office, slot: str) -> None:
    """A slot whose due date was yesterday."""
    bureau = office.bureau
    bureau.service.set_due(slot, bureau.clock().date(), bureau.who())
    bureau.clock.at += timedelta(days=1)


@pytest.fixture
def office(_bureau: Bureau) -> Office:
    """A planned register of the item 24, its owner 王芳, its reviewer 李雷; nobody was asked yet."""
    slack = _bureau.slack
    _bureau.idle()
    slack.faults.clear()
    _bureau.register = MemoryRegister()
    _bureau.files = memory_files()
    _bureau.clock.at = clock_at("2026-11-24T10:00").at
    slack.run(lambda: [slack.workspace.users.pop(u.id) for u in list(slack.workspace.users.values()) if u.email])
    people = [("wang", "王芳", WANG), ("li", "李雷", LI), ("lead", "赵合规", LEAD), ("zhao", "钱外人", "zhao@example.cn")]
    members = [slack.person(name, real_name=real, email=mail) for name, real, mail in people]
    return Office(_bureau.planned(), slack, *members)
