"""Every error a person can meet, in one tree.

AeoError
├── UsageError            wrong use or input: one clear sentence, exit status 2
│   ├── SourceError       a guide file that cannot be read or is no guide
│   ├── EditionError      an edition that does not exist or cannot be used as asked
│   ├── SettingsError     a setting with a wrong value
│   ├── RegisterError     a change to the evidence register that its rules refuse
│   └── CaseError         an eval case, table or policy file with mistakes
├── IndexMissing          nothing ingested yet, or the search index is gone
├── IndexMismatch         the search index was made by another embedding model
├── Busy                  another process holds what this one needs
└── Unavailable           something outside (model, database, Slack) does not answer
"""

from __future__ import annotations

import errno
from typing import Any, NamedTuple

from assistant.texts import say, texts


class AeoError(Exception):
    """Base of all errors with one sentence for people: what, where, what to do next.

    ``key`` names the sentence in ``assistant/texts`` (``area.name``), ``values`` fill it.
    """

    exit_status = 2

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:
        return (_again, (type(self), self.key, self.values))

    def sentence(self, lang: str = "zh") -> str:
        """The error as one sentence in ``lang``; a value that has words of its own (``in_words``) says them in that language too."""
        return say(self.key, lang, **{k: v.in_words(lang) if hasattr(v, "in_words") else v for k, v in self.values.items()})

    def __str__(self) -> str:
        return self.sentence()


def _again(kind: type[AeoError], key: str, values: dict[str, Any]) -> AeoError:
    return kind(key, **values)


class Reason(NamedTuple):
    """Why the system refused, by its name (``ENOSPC``); for people in their language, where the system would say it in its own."""

    name: str

    def in_words(self, lang: str) -> str:
        """The reason in ``lang``; its name where it is a rare one."""
        return texts("errors", lang).get(f"system.{self.name}", self.name)


def reason(error: OSError) -> Reason:
    """Why a file or folder could not be used."""
    return Reason(errno.errorcode.get(error.errno or 0, type(error).__name__))


class UsageError(AeoError):
    """Wrong use or wrong input."""


class SourceError(UsageError):
    """A guide file that cannot be read, or that holds no guide."""


class EditionError(UsageError):
    """An edition that does not exist, or cannot be used as asked."""


class SettingsError(UsageError):
    """A setting whose value is wrong."""


class RegisterError(UsageError):
    """A change to the evidence register that its rules refuse."""


class CaseError(UsageError):
    """An eval case, owner table or policy file with mistakes in it."""


class IndexMissing(AeoError):
    """No guide was ingested yet, or its search index is gone."""


class IndexMismatch(AeoError):
    """The search index was made by another embedding model than the configured one."""


class Busy(AeoError):
    """Another process holds what this one needs."""


class Unavailable(AeoError):
    """Something outside the product does not answer."""
