"""Messages that only bring up to date what is shown."""

from __future__ import annotations

from assistant.register.facts.notices.common import Notice


class CardEdit(Notice):
    """A message (``target``, its id) that was shown before is brought up to date."""

    named = "edit"
    target: str = ""


class HomeEdit(Notice):
    """A person's home is brought up to date."""

    named = "home"
