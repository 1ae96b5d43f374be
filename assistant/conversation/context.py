"""What every conversation is handed (``Context``): what answers, the registers, the chat, memory, work and the time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from assistant.answers.answer import Answer, Turn
from assistant.answers.question.learned.classifier import shipped
from assistant.answers.question.reading import Reader, Reading, language
from assistant.conversation.chat import Chat
from assistant.conversation.inbox import Inbox
from assistant.conversation.jobs import WorkQueue
from assistant.conversation.ports import Store
from assistant.conversation.post import Post
from assistant.errors import AeoError, RegisterError
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.facts.people import Person, charged

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk

log = logging.getLogger("aeo.talk")


class Asking(Protocol):
    """What reads and answers: ``assistant.app.Assistant``, or a stand-in with the same methods."""

    def read(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Reading:
        """How a message is understood."""
        ...

    def clauses(self, text: str) -> list[tuple[str, float]]:
        """The clauses that words mean, likeliest first, each with how probable it is that they mean it."""
        ...

    def ask(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Answer:
        """One answer."""
        ...

    def stream(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Iterator[Answer]:
        """Answers in growing completeness."""
        ...


@dataclass(frozen=True)
class Context:
    """Everything that a conversation needs.

    ``guide(edition)`` is the guide in force without an argument, ``desk(team)`` opens the register of that team's enterprise,
    ``open(channel)`` says whether states and file names may be said there, ``origin`` is what the register writes down as where acts
    come from, ``sends`` when what others are told reaches them: at once, when the register's rounds run, or never (no way is set up).
    """

    assistant: Asking
    guide: Callable[[str | None], Guide]
    desk: Callable[[str], Desk]
    chat: Chat
    store: Store
    inbox: Inbox
    work: WorkQueue
    now: Callable[[], datetime]
    lang: str
    open: Callable[[str], bool] = lambda channel: False
    origin: str = "slack"
    sends: Literal["now", "later", "never"] = "now"

    def read(self, post: Post) -> Reading:
        """How what somebody wrote is understood, with what was said in its thread: once, for the register and for the guide."""
        history = [e.turn for e in self.store.exchanges(post.team, post.channel, post.thread)] if not post.response_url else []
        try:
            return self.assistant.read(post.text, history)
        except (AeoError, OSError):  # no index, no model: the register still answers, by the words alone
            log.warning("a message is read without the index")
            reader = Reader(self.guide(None), shipped().from_grams, lambda text: None)
            return reader.read(post.text, history, language(post.text, self.lang))

    def register(self, team: str) -> Desk:
        """The register of a workspace.

        Raises:
            RegisterError: nobody has set it up.
        """
        desk = self.desk(team)
        if desk.profile is None:
            raise RegisterError("evidence_slack.not_set_up")
        return desk

    def who(self, team: str, user: str, event_id: str = "") -> Who:
        """A user as somebody who acts now.

        Raises:
            Later, Unsaid: the chat does not say who they are.
        """
        return Who(self.chat.who(team, user), self.now(), self.origin, event_id)

    def involved(self, team: str) -> dict[str, Person]:
        """Everybody who can be meant in a register, by id: its people, and who is only named as in charge of something."""
        desk = self.desk(team)
        leading = {desk.lead: Person(desk.lead)} if desk.lead else {}
        with desk.service.register.reading(desk.workspace) as tx:
            return leading | charged(tx.assignments()) | tx.people()

    def people(self, team: str) -> dict[str, Person]:
        """The people of a register, by id."""
        desk = self.desk(team)
        with desk.service.register.reading(desk.workspace) as tx:
            return tx.people()

    def names(self, team: str) -> dict[str, str]:
        """How the people of a register are called."""
        return {p.id: p.name for p in self.people(team).values() if p.name}
