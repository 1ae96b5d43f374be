"""Logs as one JSON object a line, with the ids that tie lines together; never with a token, with questions only when allowed.

``configure(settings, worker)`` once per process; then ``logging`` as ever. Ids come along by ``with about(team=…, key=…):`` or by
``extra={"key": …}``. What ``conceal`` was told (the question under way, see ``metrics.watched``) is blanked wherever it turns up, in
messages and in tracebacks, unless ``AEO_LOG_QUESTIONS`` is set.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import IO, Any

from assistant.settings import Settings
from connectors.serving.metrics import error

_TOKENS = re.compile(
    r"x(?:ox[a-z]|app)-[\w.-]{6,}"  # Slack
    r"|\bsk-[\w-]{12,}"  # chat and embedding endpoints
    r"|(?P<keep>Bearer |[?&](?:token|secret|sig)=|hooks\.slack\.com/|/commands/)[^\s&\"']{8,}"
    r"|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"  # an address with a password
)
_STARS, _QUESTION = "***", "[question]"
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_ABOUT: ContextVar[dict[str, Any]] = ContextVar("about", default={})  # noqa: B039  never changed, only replaced
_CONCEALED: deque[tuple[str, ...]] = deque(maxlen=500)
_SHORT = 6  # characters; so short a question is hidden as a whole word only
_OWN = ("at", "level", "logger", "worker")


@contextmanager
def about(**ids: Any) -> Iterator[None]:
    """Every line that is logged inside carries these ids."""
    token = _ABOUT.set(_ABOUT.get() | ids)
    try:
        yield
    finally:
        _ABOUT.reset(token)


def conceal(text: str) -> None:
    """Keep a person's words out of the log from here on, each line of them as typed and as ``%r`` or JSON would write it.

    The last five hundred questions are remembered.
    """
    lines = [line.strip() for line in (text, *text.splitlines())]
    written = {
        form for line in lines for form in (line, repr(line)[1:-1], json.dumps(line)[1:-1], json.dumps(line, ensure_ascii=False)[1:-1])
    }
    forms = tuple(sorted((f for f in written if len(f) > 1), key=len, reverse=True))
    if forms and forms not in _CONCEALED:
        _CONCEALED.append(forms)


class Redactor:
    """Takes out tokens, the secrets of these settings, and concealed words."""

    def __init__(self, settings: Settings) -> None:
        self._secrets = settings.secrets
        self._questions = settings.log_questions

    def __call__(self, text: str) -> str:
        """The text as it may be written down."""
        for secret in self._secrets:
            text = text.replace(secret, _STARS)
        text = _TOKENS.sub(lambda found: (found["keep"] or "") + _STARS, text)
        if not self._questions:
            for words in sorted({form for forms in _CONCEALED for form in forms if form in text}, key=len, reverse=True):
                text = _whole(words).sub(_QUESTION, text) if len(words) < _SHORT else text.replace(words, _QUESTION)
        return text


def _whole(words: str) -> re.Pattern[str]:
    """Short words where they stand alone: a question "in" is none of the middle of "line"."""
    before, after = (r"(?<![a-zA-Z0-9_])" if words[0].isascii() else ""), (r"(?![a-zA-Z0-9_])" if words[-1].isascii() else "")
    return re.compile(before + re.escape(words) + after)


class JsonLines(logging.Formatter):
    """A record as one JSON object."""

    def __init__(self, settings: Settings, worker: str) -> None:
        super().__init__()
        self._clean = Redactor(settings)
        self._questions = settings.log_questions
        self._worker = worker

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "worker": self._worker,
            **_ABOUT.get(),
            **{k: v for k, v in vars(record).items() if k not in _PLAIN},
            "message": record.getMessage(),
        }
        if not self._questions:
            line.pop("question", None)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps({k: v if k in _OWN else self._cleaned(v) for k, v in line.items()}, ensure_ascii=False)

    def _cleaned(self, value: Any) -> Any:
        if value is None or isinstance(value, (bool, int, float)):
            return value
        return self._clean(value if isinstance(value, str) else str(value))


class CountingHandler(logging.Handler):
    """Counts what is logged as an error, by logger."""

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        error(record.name)


def configure(settings: Settings, worker: str, stream: IO[str] | None = None, level: int = logging.INFO) -> None:
    """Send everything that is logged in this process to stderr as JSON lines, and count errors."""
    lines = logging.StreamHandler(stream or sys.stderr)
    lines.setFormatter(JsonLines(settings, worker))
    counting = CountingHandler(logging.ERROR)
    logging.basicConfig(level=level, handlers=[lines, counting], force=True)
    logging.captureWarnings(capture=True)
    for noisy in ("httpx", "httpcore", "chromadb", "openai", "alembic", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
