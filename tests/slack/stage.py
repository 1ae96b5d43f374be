"""The whole app on a loopback Slack, with small stand-ins for what answers and for the register; time is passed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import App
from slack_sdk import WebClient

from assistant.answers.answer import Answer, Citation, Turn
from assistant.answers.blocks import CheckedClaim, Verdict
from assistant.answers.kept import blocks_of
from assistant.answers.question.learned.classifier import shipped
from assistant.answers.question.reading import Reader, Reading
from assistant.app import Assistant
from assistant.conversation.enterprise import Desk
from assistant.conversation.jobs import LEASE, WorkQueue
from assistant.conversation.ports import Store
from assistant.edition import Edition
from assistant.errors import EditionError
from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.register.facts.policy import Policy
from assistant.settings import Settings
from connectors.slack.app import Part, build
from connectors.slack.calls.courier import courier_of
from connectors.slack.context import Deps
from connectors.slack.run import QUESTIONS, talk_of
from connectors.slack.wire.clients import Known
from tests.slack.loopback import LoopbackSlack
from tests.slack.serve import serve
from tests.twins.conversation import MemoryStore
from tests.twins.inbox import MemoryInbox
from tests.twins.register import MemoryRegister

MOMENT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Clock:
    """A moment that tests move on."""

    def __init__(self) -> None:
        self.at = MOMENT

    def __call__(self) -> datetime:
        """Now, a little later every time."""
        self.at += timedelta(microseconds=1)
        return self.at


class Told:
    """Answers by what a question contains; notes every question with the questions before it."""

    def __init__(self, guide: Guide, product: Assistant | None = None) -> None:
        self._guide, self.product = guide, product
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.before: Callable[[str], None] = lambda question: None

    def edition(self, name: str | None = None) -> Edition:
        """The product's."""
        assert self.product
        return self.product.edition(name)

    def guide(self, label: str | None = None) -> Guide:
        """The guide."""
        return self._guide

    def read(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Reading:
        """Read by the shipped heads, without an embedding."""
        return Reader(self._guide, shipped().from_grams, lambda text: None).read(question, history, lang or "zh")

    def clauses(self, text: str) -> list[tuple[str, float]]:
        """What the words 门卫 mean, for one."""
        return [("24(3)", 0.9)] if "门卫" in text else [("24(3)", 0.1)]

    def ask(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Answer:
        """The answer."""
        *_, last = self.stream(question, history, edition, lang)
        return last

    def stream(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Iterator[Answer]:
        """The answer, growing where it is generated."""
        self.asked.append((question, tuple(turn.question for turn in history)))
        self.before(question)
        if "坏" in question:
            raise RuntimeError("the index is gone")
        if "归纳" in question:
            yield from self._growing(question)
        elif "围墙" in question:
            text = "本指南没有规定这一点。\n\n最接近的条款：23(2) 场所安全、24(3) 进入安全。需要确认可以问合规负责人。"
            yield self._answer(question, text, answered=False, reason="not_in_guide", nearest=("23(2)", "24(3)"))
        elif "谢谢" in question or "午饭" in question:
            yield self._answer(question, "这不是关于指南的问题。", answered=False, reason="not_a_question")
        elif "全部" in question:
            clauses = list(self._guide.clauses)[:30]
            text = "\n\n".join(f"**{c}**\n> {self._guide.clauses[c].text * 9}" for c in clauses)
            yield self._answer(question, text, citations=tuple(self.cited(c) for c in clauses))
        else:
            yield self._answer(question, self._clause("24(3)"), citations=(self.cited("24(3)"), *self._lines("24(3)")))

    def cited(self, clause: str) -> Citation:
        """A clause as a citation."""
        return Citation(clause=clause, line=None, kind=None, quote=self._guide.clauses[clause].text)

    def _growing(self, question: str) -> Iterator[Answer]:
        said = ["访客登记要留记录。", "标识要发放与回收。", "车辆也要登记。"]
        claims = [CheckedClaim(text=text, passages=(f"24(3)/records/{n}",)) for n, text in enumerate(said[1:], 2)]
        told = [Verdict(text=said[0], outcome="fact"), *claims]
        for count in range(1, 4):
            yield self._answer(question, "", blocks=told[:count], mode="generated", citations=self._lines("24(3)")[:count], growing=True)
        blocks = (*told, *blocks_of(self._clause("24(3)")))
        yield self._answer(question, "", blocks=blocks, mode="generated", citations=self._lines("24(3)"))

    def _clause(self, clause: str) -> str:
        found = self._guide.clauses[clause]
        lines = [f"- {r.wording}" for s in found.sections if s.kind == "records" for r in s.requirements]
        return f"**{clause} 进入安全**\n> {found.text}\n**3．按照海关认证人员要求提供抽查记录：**\n" + "\n".join(lines)

    def _lines(self, clause: str) -> tuple[Citation, ...]:
        records = [r for s in self._guide.clauses[clause].sections if s.kind == "records" for r in s.requirements]
        return tuple(Citation(clause=clause, line=r.id, kind="records", quote=r.text) for r in records)

    def _answer(self, question: str, text: str, **fields: Any) -> Answer:
        given: dict[str, Any] = {"answered": True, "mode": "extractive", "edition": self._guide.edition} | fields
        return Answer(question=question, answer=text, **given)


class Tokens:
    """The loopback's workspaces and their tokens."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def __call__(self, team: str) -> WebClient:
        """The client of a workspace."""
        return self.stage.client(team)

    def me(self, team: str) -> str:
        """The app's user there."""
        return self.stage.slack.core.workspaces[team].bot.id

    def teams(self) -> list[str]:
        """All of them."""
        return list(self.stage.slack.core.workspaces)


class Stage:
    """An app that serves a loopback Slack over signed HTTP; ``worker`` is one of those that share ``store``."""

    def __init__(
        self, slack: LoopbackSlack, guide: Guide, store: Store | None = None, worker: str = "w1", clock: Clock | None = None,
        parts: Sequence[Part] = QUESTIONS, **settings: Any,
    ) -> None:  # fmt: skip
        env = slack.environment
        self.slack, self.clock, self.store = slack, clock or Clock(), store or MemoryStore()
        self.settings = Settings(**{"lead": "lead@example.cn"} | {n.lower(): v for n, v in env.items()} | settings)
        self.told, self.inbox = Told(guide), MemoryInbox()
        self.clients: dict[str, WebClient] = {}
        self.register = MemoryRegister()
        self.guide = guide
        self.deps = Deps(
            settings=self.settings, assistant=self.told, guide=self._guide, desk=self._desk, client=self.client, store=self.store,
            inbox=self.inbox, work=WorkQueue(self.store, self.clock, worker, LEASE), now=self.clock,
            talks=talk_of, couriers=courier_of,
        )  # fmt: skip
        self.waited = 0.0
        self.deps.paces.clock, self.deps.paces.sleep = lambda: self.clock.at.timestamp() + self.waited, self._wait
        self.app: App = build(self.deps, Known(Tokens(self)), parts)
        self.server = serve(self.app)
        self.url = f"http://127.0.0.1:{self.server.port}/slack/events"

    def start(self) -> Stage:
        """Take what Slack sends."""
        self.deps.work.start()
        self.slack.deliver_to(self.url)
        return self

    def close(self) -> None:
        """Stop serving, wait for what runs."""
        self.server.close()
        self.deps.work.close()

    def _wait(self, seconds: float) -> None:
        """Waiting for one's turn takes no time here; how long it would have taken is kept."""
        self.waited += seconds

    def client(self, team: str) -> WebClient:
        """The client with a workspace's token."""
        if team not in self.clients:
            token = self.slack.token_of(self.slack.core.workspaces[team])
            self.clients[team] = WebClient(token=token, base_url=self.slack.api_url, retry_handlers=[])
        return self.clients[team]

    def idle(self) -> None:
        """Wait until everything that Slack sent is dealt with."""
        self.slack.settle()
        self.slack.wait(lambda: self.deps.work.idle() and self.store.open_jobs()[0] == 0, "every job done")

    def _guide(self, edition: str | None) -> Guide:
        if edition not in (None, self.guide.edition):
            raise EditionError("errors.settings", wrong=edition)
        return self.guide

    def _desk(self, team: str) -> Desk:
        zone, policy = ZoneInfo("Asia/Shanghai"), Policy()
        files: Any = None
        service = RegisterService(f"slack:{team}", self.register, files, policy, self.settings.lead, zone)
        return Desk(team, service, self.guide, None, policy)
