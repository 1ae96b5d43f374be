"""What is counted, and the small HTTP endpoint that tells it: ``/metrics`` for Prometheus, ``/healthz`` for whoever restarts workers.

A worker needs four lines (``connectors.cli.slack`` is the one that has them)::

    logs.configure(settings, worker)                               # JSON lines, tokens never, questions only when allowed
    endpoint = metrics.serve(settings, settings.metrics_port)      # None for the port: nothing listens, all else works
    assistant = metrics.watched(assistant)                         # same ``ask`` and ``stream``: questions, refusals, latencies
    notifier = metrics.counted(notifier)                           # same ``deliver`` and ``find``: deliveries by outcome
    endpoint.close()                                               # at the end

and may call, wherever it likes, ``metrics.error("slack.socket")`` for what went wrong without an exception in the log (what is
logged as an error counts by itself), and ``metrics.duration("slack.post")`` around a call. All are cheap and never raise.

Counters are this process's own. Ages and lengths of queues are read from the database when somebody asks, so every worker tells
the same and one that died leaves none behind.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant.answers.answer import Answer, Turn
from assistant.register.facts.outbox import Message, Notifier, Receipt
from assistant.settings import Settings

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Meters:
    """The counters of this process; ``meters()`` is the one set."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, GCCollector, Histogram, PlatformCollector, ProcessCollector

        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        at = self.registry
        self.questions = Counter("aeo_questions_total", "Questions answered or refused", ["mode", "answered"], registry=at)
        self.refusals = Counter("aeo_refusals_total", "Questions refused, by reason", ["reason"], registry=at)
        self.notices = Counter("aeo_degraded_answers_total", "Answers given without a part that was down", ["part"], registry=at)
        self.answering = Histogram("aeo_answer_seconds", "Time to the whole answer", ["mode"], buckets=_SECONDS, registry=at)
        self.deliveries = Counter("aeo_deliveries_total", "Deliveries attempted, by outcome", ["kind", "outcome"], registry=at)
        self.errors = Counter("aeo_errors_total", "Errors, by where they happened", ["where"], registry=at)
        self.durations = Histogram("aeo_call_seconds", "Time of calls to other systems", ["what"], buckets=_SECONDS, registry=at)
        self.recent: tuple[str, ...] = ()
        """What the latest question that needed a search had to do without."""

    def answered(self, answer: Answer, seconds: float) -> None:
        """Count one answer."""
        self.questions.labels(answer.mode, "yes" if answer.answered else "no").inc()
        self.answering.labels(answer.mode).observe(seconds)
        if answer.reason:
            self.refusals.labels(answer.reason).inc()
        for notice in answer.notices:
            self.notices.labels(notice).inc()
        if answer.mode != "lookup":
            self.recent = answer.notices


@cache
def meters() -> Meters:
    """The counters of this process."""
    return Meters()


def error(where: str) -> None:
    """Count an error; ``where`` is one of few words, never an id."""
    meters().errors.labels(where).inc()


def duration(what: str) -> AbstractContextManager[None]:
    """Measure a call to another system."""
    return _duration(what)


@contextmanager
def _duration(what: str) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        meters().durations.labels(what).observe(time.perf_counter() - began)


class watched:  # noqa: N801  reads as what it does: watched(assistant)
    """An assistant whose questions are counted, and whose words are kept out of the log (see ``connectors.serving.logs``)."""

    def __init__(self, assistant: Any) -> None:
        self._assistant = assistant

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def ask(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Answer:
        """As ``Assistant.ask``."""
        *_, last = self.stream(question, history, edition, lang)
        return last

    def stream(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Iterator[Answer]:
        """As ``Assistant.stream``."""
        from connectors.serving.logs import conceal

        conceal(question)
        began = time.perf_counter()
        last: Answer | None = None
        try:
            for last in self._assistant.stream(question, history, edition, lang):
                yield last
        except Exception:
            error("answering")
            raise
        if last is not None:
            meters().answered(last, time.perf_counter() - began)


class counted:  # noqa: N801  reads as what it does: counted(notifier)
    """A notifier whose deliveries are counted by outcome."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def __getattr__(self, name: str) -> Any:
        return getattr(self._notifier, name)

    def deliver(self, message: Message) -> Receipt:
        """As ``Notifier.deliver``."""
        try:
            receipt = self._notifier.deliver(message)
        except Exception:
            meters().deliveries.labels(message.kind, "unknown").inc()
            raise
        meters().deliveries.labels(message.kind, receipt.outcome).inc()
        return receipt

    def find(self, message: Message) -> Receipt | None:
        """As ``Notifier.find``."""
        return self._notifier.find(message)


class Endpoint:
    """The HTTP endpoint of a worker, on a thread of its own."""

    def __init__(self, settings: Settings, port: int | None, now: Callable[[], datetime]) -> None:
        from connectors.serving.health import Health

        self.health = Health(settings)
        self._queues = _queues(self.health, now)
        self._server = ThreadingHTTPServer((settings.metrics_host, port), self._handler()) if port is not None else None
        if self._server is not None:
            self._server.daemon_threads = True
            threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()

    @property
    def port(self) -> int | None:
        """The port that it listens on (a free one was chosen for 0)."""
        return self._server.server_address[1] if self._server else None

    def metrics(self) -> bytes:
        """The text that Prometheus reads."""
        from prometheus_client import generate_latest

        state = self.health()
        up = "".join(f'aeo_up{{part="{name}"}} {int(part["status"] != "degraded")}\n' for name, part in state["parts"].items())
        lines = "# HELP aeo_up Whether a part works\n# TYPE aeo_up gauge\n" + up
        return generate_latest(meters().registry) + lines.encode() + self._queues()

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        self.health.close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            """Two pages."""

            def do_GET(self) -> None:
                """Answer one request."""
                path = self.path.partition("?")[0]
                if path == "/healthz":
                    state = endpoint.health()
                    self._send(
                        503 if state["status"] == "down" else 200, "application/json", json.dumps(state, ensure_ascii=False).encode()
                    )
                elif path == "/metrics":
                    self._send(200, "text/plain; version=0.0.4; charset=utf-8", endpoint.metrics())
                else:
                    self._send(404, "text/plain", b"/healthz /metrics\n")

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: a probe every few seconds is no news."""

            def _send(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler


def serve(settings: Settings, port: int | None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Endpoint:
    """Serve ``/healthz`` and ``/metrics`` on a port (0: any free one; None: nowhere) until ``close``.

    ``/healthz`` answers 200 while questions can be answered at all, with ``"status": "ok"`` or ``"degraded"`` and what is wrong
    with each part, and 503 with ``"down"`` when no edition can be read: a worker is not restarted because a database is away.
    """
    return Endpoint(settings, port, now)


def _queues(health: Any, now: Callable[[], datetime]) -> Callable[[], bytes]:
    def lines() -> bytes:
        found = health.queues()
        if found is None:
            return b""
        text = "# HELP aeo_queue_waiting Entries that wait\n# TYPE aeo_queue_waiting gauge\n"
        text += "".join(f'aeo_queue_waiting{{queue="{name}"}} {count}\n' for name, (count, _) in found.items())
        text += "# HELP aeo_queue_age_seconds Age of the oldest entry that waits\n# TYPE aeo_queue_age_seconds gauge\n"
        for name, (_, oldest) in found.items():
            age = max(0.0, (now() - oldest).total_seconds()) if oldest else 0.0
            text += f'aeo_queue_age_seconds{{queue="{name}"}} {age:.3f}\n'
        return text.encode()

    return lines
