"""500 nudges against a Slack on this machine that limits its callers as Slack does: nothing lost or doubled, at Slack's own pace.

The stand-in (``tests.slack.loopback``) comes with the source and not with the package. Its clock runs faster, and so does the pace.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from assistant.adapters.files import open_files
from assistant.adapters.sql.register import SqlRegister, open_register
from assistant.conversation.enterprise import Desk
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.acts.telling.announce import announce
from assistant.register.acts.telling.delivery import Courier
from assistant.register.facts.people import Assignment, Person
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import Profile, Scope
from assistant.settings import Settings
from connectors.slack.calls.notifier import SlackNotifier
from connectors.slack.cards.shown import show
from connectors.slack.manifest import manifest
from connectors.slack.wire.limits import POSTS_PER_SECOND
from connectors.slack.wire.pace import Pace
from tests.slack.loopback import LoopbackSlack

PEOPLE = 500
SPEED = 2.5
"""Seconds that pass at the stand-in for each real one."""
MOMENT = datetime.fromisoformat("2026-06-03T10:00:00+08:00")


class Measurement(NamedTuple):
    """One measured number: what, in which unit, the limit that it must keep (None: none), and what stands behind it."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    detail: str = ""


def cases(people: int = PEOPLE, speed: float = SPEED) -> Iterator[Measurement]:
    """All measurements; without the stand-in (an installed package) there are none."""
    with tempfile.TemporaryDirectory() as folder, LoopbackSlack(manifest(), speed=speed) as slack:
        register = open_register(f"sqlite:///{folder}/register.sqlite3")
        try:
            yield from _nudges(slack, register, Path(folder), people, speed)
        finally:
            register.close()


def _nudges(slack: Any, register: SqlRegister, folder: Path, people: int, speed: float) -> Iterator[Measurement]:
    members = [slack.person(f"p{n}", real_name=f"人员{n}", email=f"p{n}@example.cn") for n in range(people)]
    desk = _desk(slack, register, folder, members)
    slack.pace.on = True
    pace = Pace(slack.clock.now, lambda seconds: time.sleep(seconds / speed))
    client = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    best = (people - slack.pace.burst_per_workspace) / slack.pace.posts_per_workspace
    sys.stderr.write(f"{people} nudges at Slack's pace: {best / speed:.0f} s at least\n")
    before, began = _peak(), slack.clock.now()
    _work(register, client, desk, pace)
    took = slack.clock.now() - began
    arrived = Counter(member.id for member in members for _ in member.inbox)
    yield Measurement("nudges lost", sum(not arrived[m.id] for m in members), "", 0.0, f"{people} people")
    yield Measurement("nudges doubled", sum(count > 1 for count in arrived.values()), "", 0.0)
    detail = f"{took:.0f} s of Slack's time for {people}, {POSTS_PER_SECOND:g} a second allowed"
    yield Measurement("time for the nudges / at Slack's pace limit", took / best, "×", 1.2, detail)
    yield Measurement("calls that Slack refused as too fast", slack.pace.limited, "", people * 0.02)
    yield Measurement("memory growth while nudging", _peak() - before, "MB", 60.0)


def _work(register: SqlRegister, client: WebClient, desk: Desk, pace: Pace) -> None:
    """Rounds until nothing is left."""
    notifier = SlackNotifier(client, lambda: desk, pace, "zh", lambda: MOMENT, show)
    courier = Courier(register, notifier, desk.policy, lambda: MOMENT, "bench", desk.service.window.calendar, announce)
    while courier.run(MOMENT, desk.workspace):
        continue


def _desk(slack: Any, register: SqlRegister, folder: Path, members: list[Any]) -> Desk:
    """An enterprise in which every person owes something: the slots of the whole guide, handed out in turn."""
    from connectors.cli.opened import load_guide

    guide = load_guide(Settings(home=folder / "none"))
    everything = Scope(**dict.fromkeys(Scope.model_fields, True))
    profile = Profile(enterprise="bench", certification="renewal", certified_on=date(2010, 3, 15), scope=everything)
    policy = Policy()
    service = RegisterService("bench", register, open_files(None, folder), policy, "lead", ZoneInfo("Asia/Shanghai"))
    return _filled(Desk(slack.workspace.id, service, guide, profile, policy), guide, members)


def _filled(desk: Desk, guide: Guide, members: list[Any]) -> Desk:
    owners, who = Owners(desk.service), Who("lead", MOMENT)
    assert desk.profile is not None
    desk.service.sync(guide, desk.profile, who)
    known = [Person(m.user.email, m.user.real_name, "Asia/Shanghai", address={"slack": m.id}) for m in members]
    owners.assign([Assignment("all", "*", owner=known[0].id, reviewer="lead")], who, known)
    slots = [e.slot.key for e in desk.service.entries(MOMENT) if e.next_ask is not None and e.next_ask <= MOMENT]
    assert len(slots) >= len(members), f"{len(slots)} slots for {len(members)} people"
    for number, member in enumerate(members):
        if number:
            desk.service.reassign(slots[number], member.user.email, who)
    return desk


def _peak() -> float:
    """Peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
