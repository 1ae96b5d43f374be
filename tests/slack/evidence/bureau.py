"""The evidence half of the app on a loopback Slack: a small company with an owner, a reviewer and a lead; time is passed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.adapters.files import FileStore
from assistant.conversation.enterprise import Desk
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.acts.telling.announce import announce
from assistant.register.acts.telling.delivery import Told
from assistant.register.facts.people import Assignment, Person
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import Entry
from assistant.register.ports import Register
from connectors.slack.calls.courier import courier_of
from connectors.slack.run import PARTS
from tests.register.company import RENEWAL, SHANGHAI, memory_files, part_of
from tests.slack.loopback import LoopbackSlack
from tests.slack.loopback import Person as Member
from tests.slack.loopback.model import Message
from tests.slack.stage import Clock, Stage
from tests.twins.register import MemoryRegister

LEAD, WANG, LI = "lead@example.cn", "wang@example.cn", "li@example.cn"
PDF = b"%PDF-1.7 visitors"


class Bureau(Stage):
    """An app with a register, and the people who use it."""

    def __init__(
        self,
        slack: LoopbackSlack,
        guide: Guide,
        items: Sequence[str] = ("24",),
        register: Register | None = None,
        files: FileStore | None = None,
        profile: Profile = RENEWAL,
        policy: Policy | None = None,
        **options: Any,
    ) -> None:
        small = part_of(guide, *items)
        options.setdefault("home", Path("no-home"))
        self.profile: Profile | None = profile
        self.policy, self.files = policy or Policy(), files or memory_files()
        self.went: dict[str, tuple[str, ...]] = {}
        super().__init__(slack, small, parts=PARTS, **options)
        self.register = register or MemoryRegister()  # type: ignore[assignment]
        self.team = slack.workspace.id
        self.deps.paces.clock = lambda: self.waited  # the tests of a file share it, and their clock goes back

    def _desk(self, team: str) -> Desk:
        name = "acme" if team == self.team else f"slack:{team}"
        service = RegisterService(name, self.register, self.files, self.policy, self.settings.lead, SHANGHAI, announce=announce)
        return Desk(team, service, self.guide, self.profile, self.policy, self._keep, lambda: self.went)

    def _keep(self, profile: Profile) -> None:
        self.profile = profile

    @property
    def service(self) -> RegisterService:
        """The register."""
        return self._desk(self.team).service

    def planned(self, *owners: Assignment) -> Bureau:
        """The plan brought in, with its owners."""
        assert self.profile is not None
        self.service.sync(self.guide, self.profile, self.who())
        rows = list(owners) or [Assignment("item", i, owner=WANG, reviewer=LI) for i in self.guide.items]
        Owners(self.service).assign(rows, self.who())
        return self

    def known(self, *members: Member) -> Bureau:
        """People whom the register knows with their Slack ids."""
        for member in members:
            Owners(self.service).know(Person(member.user.email, member.user.real_name, address={"slack": member.id}), self.who())
        return self

    def who(self, actor: str = LEAD, origin: str = "cli") -> Who:
        """Somebody acting now."""
        return Who(actor, self.clock(), origin)

    def round(self, at: datetime | None = None) -> list[Told]:
        """A round of nudges."""
        courier = courier_of(self.deps, self.team)
        assert courier is not None
        return courier.run(at or self.clock(), "acme")

    def deliver(self) -> list[Told]:
        """What acts left to be told."""
        courier = courier_of(self.deps, self.team)
        assert courier is not None
        return courier.deliver_waiting(self.clock(), "acme", nudges=False)

    def entry(self, slot: str) -> Entry:
        """A slot now."""
        return self.service.entry(slot)

    def asked(self, member: Member) -> Message:
        """The digest that a round sends to somebody."""
        self.round()
        return member.inbox[-1]


def clock_at(text: str) -> Clock:
    """A clock that stands at a moment in the company's zone."""
    clock = Clock()
    clock.at = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    return clock


def actions(message: Message, number: int = 1) -> list[str]:
    """What can be done with one line of a card: its button, and what stands in the menu beside it."""
    row = next((b for b in message.blocks if b.get("block_id") in (f"do:{number}", "do" if number == 1 else "")), None)
    found: list[str] = []
    for element in row["elements"] if row else []:
        menu = [str(o["value"]).partition("|")[0] for o in element.get("options", ())]
        found += menu or [element["action_id"].removeprefix("evidence_")]
    return found


def use(member: Member, message: Message, name: str, number: int = 1) -> None:
    """Use what can be done with one line, by its button or from the menu."""
    row = next(b for b in message.blocks if b.get("block_id") == f"do:{number}")
    values = [str(o["value"]) for e in row["elements"] for o in e.get("options", ())]
    chosen = next((v for v in values if v.partition("|")[0] == name), None)
    if chosen is None:
        member.clicks(message, f"evidence_{name}", block_id=f"do:{number}")
    else:
        member.clicks(message, "evidence_more", chosen, block_id=f"do:{number}")


def moments(node: Any) -> list[dict[str, Any]]:
    """The moments that blocks show in each reader's own zone."""
    if isinstance(node, list):
        return [found for part in node for found in moments(part)]
    if not isinstance(node, dict):
        return []
    return [node] if node.get("type") == "date" else moments(list(node.values()))


def words_of(message: Any) -> str:
    """Everything that a message shows."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            found.extend(v for k, v in node.items() if k in ("text", "url") and isinstance(v, str))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(message if isinstance(message, list | dict) else message.blocks)
    return "\n".join(found)
