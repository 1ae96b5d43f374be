"""What is counted in this process, for Prometheus: cheap, never raising; lengths of queues are read when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from assistant.answers.answer import Answer

_SECONDS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # the buckets of a histogram


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
        self.calls = Counter("aeo_chat_calls_total", "Calls to the chat model", registry=at)
        self.tokens = Counter("aeo_chat_tokens_total", "Tokens of calls to the chat model, as it told them", ["of"], registry=at)
        self.failures = Counter(
            "aeo_chat_failures_total", "Questions for which the chat model gave nothing, by cause", ["why"], registry=at
        )
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
        told = answer.model
        self.calls.inc(int(told.get("calls", 0)))
        for of in ("prompt", "reply"):
            self.tokens.labels(of).inc(int(told.get(f"{of}_tokens", 0)))
        if "failed" in told:
            self.failures.labels(told["failed"]).inc()
        for notice in answer.notices:
            self.notices.labels(notice).inc()
        if answer.mode != "lookup":
            self.recent = answer.notices


@cache
def meters() -> Meters:
    """The counters of this process."""
    return Meters()


def exposition(collectors: Sequence[Any]) -> bytes:
    """The text that Prometheus reads: what was counted, and what ``collectors`` find now."""
    from prometheus_client import CollectorRegistry, generate_latest

    asked = CollectorRegistry(auto_describe=False)
    for collector in collectors:
        asked.register(collector)
    return generate_latest(meters().registry) + generate_latest(asked)


def error(where: str) -> None:
    """Count an error; ``where`` is one of few words, never an id."""
    meters().errors.labels(where).inc()
