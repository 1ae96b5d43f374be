"""The port ``Chat`` on a terminal: what is said is printed, what can be done is numbered, files are given by their paths.

One person talks; what is said to somebody else is left in the store until they talk themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from assistant.answers.answer import Answer
from assistant.answers.question.words import fold
from assistant.conversation.chat import Button, ChatItem, Choice, Field, Filled, Form, GivenFile, Press, Saying, part_text, plain
from assistant.conversation.meaning.naming import lines_named
from assistant.conversation.meaning.picking import meant, narrow
from assistant.conversation.ports import Exchange, Store
from assistant.conversation.post import Place, Post
from assistant.errors import RegisterError
from assistant.register.facts.people import Person
from assistant.register.facts.slots import Entry
from assistant.texts import say
from connectors.cli.output import console
from connectors.cli.talking.drawn import Drawing

LEAD = "ask_lead"
"""The button that hands a refused question to the compliance lead."""
HERE = "terminal"
_MANY = 40  # options that are listed; of more one is asked for the place. Chosen, not measured


class NumberedOffer(NamedTuple):
    """Something that can be done by its number: a button, or an option that goes with the buttons of the same message."""

    ref: str
    button: Button | None
    option: str = ""


class TerminalChat:
    """The terminal of ``me``, a person of the register. ``read`` asks for a line, ``people`` are those who can be named.

    ``store`` and ``now``: where what is said to others waits for them, and since when.
    ``shown`` is the message that was printed last; ``hint`` are words that came with a file and say what it is for.
    """

    def __init__(
        self, me: str, lang: str, read: Callable[[str], str], people: Callable[[], dict[str, Person]],
        store: Store, now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self.me, self.lang, self._read, self._people, self._store, self._now = me, lang, read, people, store, now
        self.screen = console()
        self.offers: dict[int, NumberedOffer] = {}
        self.labels: dict[int, str] = {}
        self.filled: Callable[[Filled], str] = lambda filled: ""
        self.shown = ""
        self.hint = ""
        self._open: tuple[str, Saying, Choice] | None = None
        self._said: set[str] = set()
        self._count = 0

    # -- the port -------------------------------------------------------------------------------------------------

    def say(self, place: Place, key: str, what: Saying) -> str:
        """Print it, or leave it for somebody else; once per key."""
        if key in self._said:
            return key
        self._said.add(key)
        if place.user == self.me:
            self._print(key, what)
        else:
            self._store.leave(place.team, place.user, key, what.document, self._now())
        return key

    def change(self, place: Place, ref: str, what: Saying) -> None:
        """Print how it stands now; what it offered is gone."""
        self.offers = {number: offer for number, offer in self.offers.items() if offer.ref != ref}
        self._open = None if self._open and self._open[0] == ref else self._open
        if place.user == self.me:
            self._print(ref, what)

    def whisper(self, place: Place, what: Saying) -> None:
        """Print it."""
        self._print("", what)

    def direct(self, place: Place) -> Place:
        """Everybody's own terminal."""
        return Place(place.team, place.user, HERE, "", direct=True)

    def open(self, press: Press, form: Form) -> None:
        """Ask for one field after the other; an empty answer to a required one leaves the form."""
        self._print("", form.about)
        values: dict[str, Any] = {}
        for field in form.fields:
            values[field.name] = self._asked(field)
            if not values[field.name] and not field.optional:
                self._print("", Saying(parts=((say("talk.dropped", self.lang),),)))
                return
        why = self.filled(Filled(press.place, form.act, values, form.memory, f"form:{press.key}"))
        if why:
            self._print("", Saying(parts=((why,),)))

    def who(self, team: str, user: str, keep: bool = False) -> str:
        """People go by their names in the register."""
        return user

    def user(self, team: str, person: str) -> str:
        """The same the other way round."""
        return person

    def fetch(self, team: str, file: dict[str, Any], limit: int) -> GivenFile:
        """A file by its path."""
        path = Path(str(file["path"]))
        try:
            if path.stat().st_size > limit:
                raise RegisterError("register.file_large", limit=limit // (1024 * 1024))
            return GivenFile(path.name, path.open("rb"))
        except OSError as error:
            raise RegisterError("register.file_gone", where=str(path)) from error

    def working(self, place: Place, lang: str, title: str = "") -> None:
        """Nothing: the answer comes at once."""

    def idle(self, place: Place) -> None:
        """Nothing."""

    def answer(self, post: Post, key: str) -> DrawnAnswer:
        """Begin an answer."""
        return DrawnAnswer(self, post, key)

    def slots(self, place: Place, key: str, found: Sequence[Entry], more: int, lang: str = "") -> None:
        """List them; files are handed in by their paths."""
        lang = lang or self.lang
        head = say("evidence_slack.head.missing", lang, count=len(found) + more)
        lines = [ChatItem((t,)) for t in lines_named(found, lang, 20)]
        rest = [ChatItem((say("talk.more_lines", lang, count=more),))] if more else []
        self.say(place, key, Saying(head=(head,), parts=(*lines, *rest), note=say("cli.chat.by_path", lang)))

    def settle(self, team: str) -> None:
        """Nothing: what the register tells others is delivered by whoever runs its rounds."""

    def link(self, place: Place, ref: str) -> str:
        """Nothing on a terminal has an address."""
        return ""

    # -- the terminal -----------------------------------------------------------------------------------------------

    def begin(self, team: str) -> None:
        """Print what others said meanwhile."""
        for key, left in self._store.collect(team, self.me):
            self._print(key, Saying.of(left))

    def chosen(self, numbers: Sequence[int], team: str, key: str) -> Press | None:
        """What was picked by number: the last button of them, or the first of their message, with the options; None for no such number."""
        picked = [self.offers[n] for n in numbers if n in self.offers]
        if len(picked) != len(numbers) or not picked:
            return None
        ref = picked[-1].ref
        button = next((o.button for o in reversed(picked) if o.button), None) or next(
            (o.button for o in self.offers.values() if o.ref == ref and o.button), None
        )
        if button is None:
            return None
        options = tuple(o.option for o in picked if o.option and o.ref == ref)
        return Press(Place(team, self.me, HERE, HERE, direct=True), button.act, button.value, key, ref, options)

    def labelled(self, text: str, team: str, key: str) -> Press | None:
        """The button of the message that was shown last that is called as these words."""
        called = [o.button for o in self.offers.values() if o.button and o.ref == self.shown and fold(o.button.label) == fold(text)]
        return Press(Place(team, self.me, HERE, HERE, direct=True), called[-1].act, called[-1].value, key, self.shown) if called else None

    def named(self, text: str, team: str, key: str, loose: bool = False) -> Press | bool:
        """What an answer in words picks of the choice that is open; True where several fit and are asked about, False for no answer.

        ``loose``: whatever else the words say is no matter.
        """
        if self._open is None:
            return False
        ref, what, whole = self._open
        last = ref == self.shown
        if what.choice is None or not (last or loose or narrow(text)):
            return False
        counted = what.choice.options if last and len(what.choice.options) <= _MANY else ()
        every = (*whole.options, *whole.rest)
        found = meant(text, (*what.choice.options, *what.choice.rest), counted, loose) or meant(text, every, (), loose)
        if len(found) == 1:
            button = what.buttons[0]
            return Press(Place(team, self.me, HERE, HERE, direct=True), button.act, button.value, key, ref, (found[0].value,))
        if found:
            self._print(ref, replace(what, choice=replace(whole, options=tuple(found), rest=())), whole)
        return bool(found)

    def narrowed(self, text: str) -> int:
        """How many options of the choice that was shown last these words leave."""
        if self._open is None or self._open[0] != self.shown:
            return 0
        whole = self._open[2]
        return len(meant(text, (*whole.options, *whole.rest), (), loose=True))

    def labels_of(self, press: Press) -> str:
        """What a press does, in the words that were shown."""
        whole = self._open[2] if self._open and self._open[0] == press.ref else None
        listed_ = {o.option: self.labels[n] for n, o in self.offers.items() if o.option}
        listed_ |= {o.value: o.label for o in (*whole.options, *whole.rest)} if whole else {}
        button = next((o.button.label for o in self.offers.values() if o.button and o.button.act == press.act and o.ref == press.ref), "")
        return "　".join([button, *(listed_.get(c, c) for c in press.chosen)])

    def offer(self, ref: str, buttons: Sequence[Button]) -> None:
        """Number what can be done and print it in one line."""
        shown = []
        for button in buttons:
            self._count += 1
            self.offers[self._count], self.labels[self._count] = NumberedOffer(ref, button), button.label
            shown.append(f"[{self._count}] {button.label}")
        if shown:
            self.screen.print("  ".join(shown), markup=False, soft_wrap=True)

    def _print(self, ref: str, what: Saying, whole: Choice | None = None) -> None:
        self.shown = ref or self.shown
        if what.choice and what.buttons:
            whole = whole or what.choice
            self._open = (ref, what, whole)
            found = meant(self.hint, (*whole.options, *whole.rest), (), loose=True) if self.hint else []
            if len(found) == 1:  # what it is for was said with it
                return
            if found:
                what = replace(what, choice=replace(whole, options=tuple(found), rest=()))
                self._open = (ref, what, whole)
        for text, style in ((what.title, "bold"), (self._named(plain(what.head)), "bold")):
            if text:
                self.screen.print(text, style=style, markup=False, soft_wrap=True)
        for part in what.parts:
            self.screen.print(self._named(part_text(part)), markup=False, soft_wrap=True)
        if what.table:
            self._table(what.table)
        group, choice = "", what.choice
        many = choice is not None and len(choice.options) > _MANY
        if choice is not None and many:
            first = choice.options[0]
            count = len(choice.options) + len(choice.rest)
            told = say("cli.chat.many", self.lang, count=count, example=first.label.partition(" ")[0])
            self.screen.print(told, markup=False, soft_wrap=True)
        for option in choice.options if choice and not many else ():
            if option.group != group:
                group = option.group
                self.screen.print(group, markup=False, soft_wrap=True)
            self._count += 1
            self.offers[self._count], self.labels[self._count] = NumberedOffer(ref, None, option.value), option.label
            self.screen.print(f"[{self._count}] {option.label}", markup=False, soft_wrap=True)
        self.offer(ref, what.buttons)
        for text in (what.note, say("cli.chat.by_number", self.lang) if choice and not many else ""):
            if text:
                self.screen.print(text, style="dim", markup=False, soft_wrap=True)

    def _table(self, rows: Sequence[Sequence[str]]) -> None:
        from rich.table import Table
        from rich.text import Text

        head, *body = rows
        grid = Table(box=None, pad_edge=False)
        for number, name in enumerate(head):
            grid.add_column(Text(name), justify="right" if number else "left")
        for row in body:
            grid.add_row(*(Text(cell) for cell in row))
        self.screen.print(grid)

    def _named(self, text: str) -> str:
        """People by name instead of by id."""
        for person in self._people().values():
            if person.name:
                text = text.replace(f"@{person.id}", person.name)
        return text

    def _asked(self, field: Field) -> str:
        said = self._read(f"{field.label}: ").strip()
        if field.kind != "person" or not said:
            return said
        return next((p.id for p in self._people().values() if said in (p.id, p.name)), said)


class DrawnAnswer:
    """An answer on the terminal: it grows while it is made; then what can be done."""

    def __init__(self, chat: TerminalChat, post: Post, key: str) -> None:
        self.chat, self.post, self.key = chat, post, key
        self._drawing = Drawing(chat.screen)

    def show(self, answer: Answer) -> None:
        """Draw what is new of an answer that still grows."""
        self._drawing.grow(answer)

    def finish(self, kept: Exchange, lang: str) -> None:
        """Draw the rest."""
        self._drawing.finish(kept.answer)
        self.chat.shown = self.key
        if not kept.answer.answered and kept.answer.reason == "not_in_guide":
            self.chat.offer(self.key, [Button(LEAD, say("slack.answer.lead_button", lang), kept.id)])

    def say(self, what: Saying) -> None:
        """These words instead."""
        self.chat.say(self.post.place, self.key, what)

    def stop(self) -> None:
        """What was drawn stays."""
