"""Messages that ask an owner for something."""

from __future__ import annotations

from assistant.register.facts.notices.common import Instant, Mention, Notice


class Wanting(Notice):
    """Slots that are asked for; ``more`` wait besides those told; ``by`` whom, and ``through`` whom where another acted in their name."""

    edition: str = ""
    enterprise: str = ""
    more: int = 0
    by: str = ""
    through: str = ""


class Nudge(Wanting):
    """A reminder by schedule; ``estimated``: working days of that year are not published yet."""

    named = "nudge"
    reason: str = ""
    estimated: bool = False

    @property
    def topic(self) -> str:
        """Why it is sent, for example the first time, or as an escalation."""
        return self.reason or self.named


class Reminded(Wanting):
    """A reminder that a lead sends by hand, beside the schedule."""

    named = "reminded"


class Handed(Wanting):
    """Slots that somebody put into another's hands."""

    named = "handed"


class Missing(Wanting):
    """What is missing, because its owner asked; ``lang`` is the language of the question, empty: the workspace's."""

    named = "missing"
    lang: str = ""


class Drilled(Wanting):
    """Records that a drill asks for within ``hours``."""

    named = "drill"
    drill: str = ""
    seed: str = ""
    hours: str = ""
    deadline: Instant = None


class Changed(Mention):
    """A line that another edition changed, its periods told together; ``to_confirm``: what was accepted for it waits for a word."""

    change: str = ""
    before: str = ""
    after: str = ""
    periods: tuple[str, ...] = ()
    to_confirm: bool = False
    applicable: bool = True


class Renewed(Wanting):
    """What another edition changed for one owner; ``reason`` says whether it came or was gone back to."""

    named = "edition"
    before: str = ""
    reason: str = ""
    slots: tuple[Changed, ...] = ()

    @property
    def topic(self) -> str:
        """``edition`` or ``edition_back``."""
        return self.reason or self.named
