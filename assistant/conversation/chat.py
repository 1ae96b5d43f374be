"""The port ``Chat``: what any chat can do for the app. Real: ``connectors.slack.calls.chat``, ``connectors.cli.talking.chat``.

A chat says things once (by key), changes what it said, whispers to one person, writes to somebody directly, opens a form, knows who
a user is, and shows an answer while it grows. What is said is typed (``Saying``, ``Form``); each chat draws it in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from pydantic import TypeAdapter

from assistant.conversation.post import Place, Post
from assistant.errors import Unavailable
from assistant.register.facts.slots import Entry

if TYPE_CHECKING:
    from assistant.answers.answer import Answer
    from assistant.conversation.ports import Exchange

REMIND_OWNER, REPLY_TO_ENQUIRY = "ask_remind", "enquiry_reply"
"""Acts (``Talk.pressed``) whose buttons stand on cards of a chat too, and not in what is said alone."""


class Unsaid(Unavailable):
    """The chat will not say or do it, now or later; ``code`` is the chat's word for why.

    ``unheard``: this person or place cannot be reached. ``final``: neither can any other way to them.
    """

    code: str = ""

    @property
    def unheard(self) -> bool:
        """Whether this person or place cannot be reached."""
        return False

    @property
    def final(self) -> bool:
        """Whether nothing more can be said to them."""
        return self.unheard


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody named in a sentence: the chat's own id of them, shown as the chat shows people."""

    user: str


Line = tuple[str | Member, ...]
"""Words with the people named in them."""


@dataclass(frozen=True, slots=True)
class ChatQuote:
    """Somebody's own words, or the guide's."""

    text: str


@dataclass(frozen=True, slots=True)
class ChatItem:
    """One entry of a list."""

    line: Line


@dataclass(frozen=True, slots=True)
class Button:
    """A button: what it does (``act``, answered by ``Talk.pressed``), its words, and what it carries."""

    act: str
    label: str
    value: str = ""
    style: Literal["", "primary", "danger"] = ""
    sure: str = ""
    """A question that is asked before it counts; empty for none."""


class Option(NamedTuple):
    """One thing to choose: what it stands for, its words, the group that it stands in."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Some of these may be chosen; what is chosen goes with the buttons of the same saying. ``rest`` has no room in a menu."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: tuple[str, ...] = ()
    rest: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Saying:
    """A few words: ``head`` in bold, lines, quotes and entries in order, clauses to open, things to choose, buttons, a small last word.

    ``title`` makes a message of its own weight of it (a card); it stands above everything. ``bare``: shown without any form, where the
    chat did not take what had one. ``table``: rows of equal length, the first of them headings, below the words.
    """

    head: Line = ()
    parts: tuple[Line | ChatQuote | ChatItem, ...] = ()
    title: str = ""
    clauses: tuple[str, ...] = ()
    edition: str = ""
    choice: Choice | None = None
    buttons: tuple[Button, ...] = ()
    note: str = ""
    bare: bool = False
    table: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        """All of it as plain words, for notifications and plain terminals; people by their ids."""
        rows = [" · ".join(row) for row in self.table]
        said = [self.title, plain(self.head), *(part_text(p) for p in self.parts), *rows, self.note]
        return "\n".join(t for t in said if t)

    @property
    def document(self) -> dict[str, Any]:
        """All of it as JSON, for what is said later; ``of`` reads it back."""
        kept: dict[str, Any] = _sayings().dump_python(self, mode="json")
        return kept

    @staticmethod
    def of(document: dict[str, Any]) -> Saying:
        """What ``document`` made."""
        return _sayings().validate_python(document)

    def settled(self, *lines: str) -> Saying:
        """The same when it was answered: without choice and buttons, with what came of it."""
        return replace(self, choice=None, buttons=(), note="", parts=(*self.parts, *((line,) for line in lines)))


@cache
def _sayings() -> TypeAdapter[Saying]:
    return TypeAdapter(Saying)


def plain(line: Line) -> str:
    """A line with people by their ids."""
    return "".join(f"@{part.user}" if isinstance(part, Member) else part for part in line)


def part_text(part: Line | ChatQuote | ChatItem) -> str:
    """One part as plain words."""
    if isinstance(part, ChatQuote):
        return "> " + part.text
    return "• " + plain(part.line) if isinstance(part, ChatItem) else plain(part)


def words(*sentences: str, buttons: tuple[Button, ...] = (), note: str = "") -> Saying:
    """Sentences, one a line."""
    return Saying(parts=tuple((s,) for s in sentences if s), buttons=buttons, note=note)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    kind: Literal["text", "person", "date", "one", "some"] = "text"
    hint: str = ""
    optional: bool = False
    options: tuple[Option, ...] = ()
    start: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form: ``act`` is what becomes of it (``Talk.filled``), ``memory`` what it remembers of where it was opened."""

    act: str
    title: str
    send: str
    fields: tuple[Field, ...]
    about: Saying = field(default_factory=Saying)
    memory: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed, with what was chosen beside it; ``ref`` is the message, ``key`` the press itself, once."""

    place: Place
    act: str
    value: str
    key: str
    ref: str = ""
    chosen: tuple[str, ...] = ()
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was sent in."""

    place: Place
    act: str
    values: dict[str, Any]
    memory: str
    key: str


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that a person gave: its name, and its bytes, or the address that it only points to."""

    name: str
    content: IO[bytes] | None = None
    link: str = ""


class Growing(Protocol):
    """An answer that is shown while it is made."""

    def show(self, answer: Answer) -> None:
        """Show what is certain so far."""
        ...

    def finish(self, kept: Exchange, lang: str) -> None:
        """Show the whole answer, once."""
        ...

    def say(self, what: Saying) -> None:
        """These words instead of an answer, in the place of what was begun."""
        ...

    def stop(self) -> None:
        """Leave it as it stands: its reader wants no more."""
        ...


class Chat(Protocol):
    """What any chat can do.

    Calls raise ``Later`` when they were not done or nobody knows, ``Unsaid`` when they never will be.
    """

    def say(self, place: Place, key: str, what: Saying) -> str:
        """Say something, once per key; where it stands, for ``change`` (empty for what only one person sees)."""
        ...

    def change(self, place: Place, ref: str, what: Saying) -> None:
        """Give something that was said new content."""
        ...

    def whisper(self, place: Place, what: Saying) -> None:
        """Say something that only the person of the place sees, there, or, where that cannot be, directly."""
        ...

    def direct(self, place: Place) -> Place:
        """The direct conversation with the person of a place."""
        ...

    def open(self, press: Press, form: Form) -> None:
        """Open a form for a press."""
        ...

    def who(self, team: str, user: str, keep: bool = False) -> str:
        """The register's person behind a user of the chat; one whom it does not know goes by the chat's id.

        ``keep``: the register writes down what the chat calls them.
        """
        ...

    def user(self, team: str, person: str) -> str:
        """The chat's user behind a person of the register; empty when there is none."""
        ...

    def fetch(self, team: str, file: dict[str, Any], limit: int) -> GivenFile:
        """A file that was given, at most ``limit`` bytes.

        Raises:
            RegisterError: too large, gone, or refused; the sentence says what to do.
        """
        ...

    def working(self, place: Place, lang: str, title: str = "") -> None:
        """Show that the app is at work there, where the chat can show it; ``title`` names a conversation that begins."""
        ...

    def idle(self, place: Place) -> None:
        """Take that away again."""
        ...

    def answer(self, post: Post, key: str) -> Growing:
        """Begin the answer to a post."""
        ...

    def slots(self, place: Place, key: str, found: Sequence[Entry], more: int, lang: str = "") -> None:
        """Show slots that somebody asked for, with what they can do about each, where the chat can in the language of whoever asked.

        What is shown follows the register where the chat can.
        """
        ...

    def settle(self, team: str) -> None:
        """Deliver now what an act on the register left to be told."""
        ...

    def link(self, place: Place, ref: str) -> str:
        """The address of something said; empty where it has none."""
        ...
