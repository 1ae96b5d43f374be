"""What can be seen of a worker: health by part, counters, queue ages, and a log that keeps secrets."""

from __future__ import annotations

import io
import json
import logging
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from assistant.adapters.editions import Editions
from assistant.adapters.sql.conversation import SqlStore
from assistant.adapters.sql.register import open_register
from assistant.app import Assistant
from assistant.conversation.ports import Job
from assistant.errors import Busy
from assistant.register.facts.notices.asking import Nudge
from assistant.register.facts.outbox import Message, Receipt
from assistant.settings import Settings
from connectors.serving import logs, metrics
from connectors.serving.counted import counted, watched
from connectors.serving.endpoint import Endpoint
from connectors.serving.health import health
from connectors.serving.worker import worker
from tests.ops.servers import free_port, second_edition

pytestmark = pytest.mark.thorough

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Deaf:
    """A notifier that cannot reach anybody."""

    def deliver(self, message: Message) -> Receipt:
        """Never arrives."""
        return Receipt("failed")

    def find(self, message: Message) -> Receipt | None:
        """Never there."""
        return None


def values(text: str) -> dict[tuple[str, ...], float]:
    """Every sample by its name and label values."""
    return {
        (s.name, *(v for k, v in sorted(s.labels.items()) if k != "le")): s.value
        for f in text_string_to_metric_families(text)
        for s in f.samples
    }


def get(port: int | None, path: str) -> tuple[int, str]:
    """Status and text."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_the_endpoint_tells_what_happened_and_what_waits(home: Path, assistant: Assistant) -> None:
    """Questions, refusals, latencies, deliveries, errors, lengths and ages of the queues, over HTTP."""
    settings = Settings(home=home)
    register = open_register(settings.database)
    message = Message("w", Nudge(), "a", "d1", created_at=NOW - timedelta(minutes=5))
    with register.writing("w") as tx:
        tx.enqueue(message)
    SqlStore(register.engine).add(Job("T1", "k1", "question", at=NOW - timedelta(seconds=30)), "me", NOW)
    endpoint = Endpoint(settings, now=lambda: NOW)
    endpoint.listen("127.0.0.1", 0)
    before = values(endpoint.metrics().decode())
    asking = watched(assistant)
    assert asking.ask("24(3)").answered
    assert not asking.ask("24(9)").answered
    assert asking.store is assistant.store
    counted(Deaf()).deliver(message)
    metrics.error("slack.socket")
    status, text = get(endpoint.port, "/metrics")
    after = values(text)

    def grew(*key: str) -> float:
        return after.get(key, 0) - before.get(key, 0)

    assert status == 200
    assert grew("aeo_questions_total", "yes", "lookup") == 1
    assert grew("aeo_refusals_total", "no_such_clause") == 1
    assert grew("aeo_answer_seconds_count", "lookup") == 2
    assert grew("aeo_deliveries_total", "nudge", "failed") == 1
    assert grew("aeo_errors_total", "slack.socket") == 1
    assert after["aeo_queue_waiting", "outbox"] == 1
    assert after["aeo_queue_age_seconds", "outbox"] == 300
    assert after["aeo_queue_age_seconds", "slack"] == 30
    assert after["aeo_up", "database"] == 1
    assert get(endpoint.port, "/healthz")[0] == 200
    assert get(endpoint.port, "/")[0] == 404
    endpoint.close()
    register.close()


def test_health_names_the_part_that_is_away(home: Path) -> None:
    """A database and an endpoint that are not there make it degraded, by name; the edition alone decides whether it is down."""
    port = free_port()
    well = health(Settings(home=home))
    assert well["status"] == "ok"
    assert {n for n, p in well["parts"].items() if p["status"] == "off"} == {"database", "chat"}
    ill = Settings(
        home=home,
        database_url=SecretStr(f"postgresql://u:hush@127.0.0.1:{port}/x"),
        chroma_url=f"http://127.0.0.1:{port}",
        chat_model="m",
        chat_base_url=f"http://127.0.0.1:{port}/v1",
    )
    found = health(ill)
    assert found["status"] == "degraded"
    assert {n for n, p in found["parts"].items() if p["status"] == "degraded"} == {"database", "index", "chat"}
    assert "hush" not in json.dumps(found)
    assert Assistant(ill).ask("24(3)").answered
    Editions(home).pointer.unlink()
    endpoint = Endpoint(Settings(home=home))
    endpoint.listen("127.0.0.1", 0)
    status, text = get(endpoint.port, "/healthz")
    assert status == 503
    assert json.loads(text)["status"] == "down"
    endpoint.close()


def test_a_worker_holds_its_place_and_shows_itself(home: Path) -> None:
    """While one serves, a second one is refused; its assistant is counted and its pages are there; afterwards the place is free."""
    kept = logging.getLogger().handlers[:]
    settings = Settings(home=home, metrics_port=0)
    try:
        with worker(settings, "w1") as watch:
            assert watch.assistant().ask("24(3)").answered
            assert get(watch.endpoint.port, "/healthz")[0] == 200
            assert watch.health()["parts"]["edition"]["detail"] == "2018-177"
            with pytest.raises(Busy), worker(settings, "w2"):
                pass
        with worker(settings, "w3"):
            pass
    finally:
        logging.getLogger().handlers[:] = kept


def test_few_editions_stay_loaded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker's memory does not grow with the number of editions that were ever asked for."""
    monkeypatch.setattr("assistant.app.KEPT", 1)
    second_edition(home, "2027-1")
    assistant = Assistant(Settings(home=home))
    first = assistant.edition("2018-177")
    assert assistant.edition("2018-177") is first
    assert assistant.ask("24(3)", edition="2027-1").edition == "2027-1"
    assert assistant.edition("2018-177") is not first
    assert assistant.ask("24(3)").edition == "2018-177"


@pytest.fixture
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What a configured process logs; the process's own logging is put back."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    stream = io.StringIO()
    settings = Settings(slack_signing_secret=SecretStr("f00dcafe1234"), **getattr(request, "param", {}))
    logs.configure(settings, "w1", stream)
    yield stream
    root.handlers[:] = kept
    root.setLevel(level)


def test_a_log_line_is_json_with_ids_and_without_secrets(log: io.StringIO) -> None:
    """Ids from around and from the line; tokens, passwords and the configured secrets are starred, in messages and in tracebacks."""
    secrets = ["xoxb-123-abcdef", "xapp-1-A0-99", "sk-abcdefghijklmnop", "f00dcafe1234", "hunter22"]
    with logs.about(team="T1", job="j9"):
        try:
            raise RuntimeError(f"call with {secrets[0]} failed")
        except RuntimeError:
            logging.getLogger("aeo.test").exception(
                "Bearer %s at postgres://me:%s@host/db, %s, %s", *secrets[1:2], secrets[4], *secrets[2:4], extra={"key": "k1"}
            )
    line = json.loads(log.getvalue())
    assert (line["team"], line["job"], line["key"], line["worker"], line["level"]) == ("T1", "j9", "k1", "w1", "error")
    assert line["error"] == "RuntimeError"
    assert not [s for s in secrets if s in log.getvalue()]
    assert "host/db" in line["message"]


@pytest.mark.parametrize(("log", "shown"), [({}, False), ({"log_questions": True}, True)], indirect=["log"])
def test_questions_stand_in_the_log_only_when_allowed(log: io.StringIO, shown: bool, assistant: Assistant) -> None:
    """A question's words are blanked wherever they turn up, unless ``AEO_LOG_QUESTIONS`` says otherwise."""
    words = "24(3) 我司张三那次怎么办"
    watched(assistant).ask(words)
    logging.getLogger("aeo.test").warning("could not parse %r", words, extra={"question": words})
    assert ("张三" in log.getvalue()) is shown


@pytest.mark.parametrize(
    "question",
    [
        "围墙多高？",
        "内审",
        "第一行要什么\n第二行要什么",
        "how high",
        "24(3)",
        "why",
        "门卫\u200b看\t什么",
        "\n".join(f"第{n}行要什么" for n in range(900)),
    ],
)
def test_short_and_broken_questions_stay_out_of_the_log_too(question: str, tmp_path: Path) -> None:
    """Two characters, many lines, and characters that ``%r`` and JSON write in another way."""
    redacted = logs.Redactor(Settings(home=tmp_path))
    logs.conceal(question)
    said = redacted(f"asked {question!r} and {question} as {json.dumps(question)}")
    shown = [form for line in question.splitlines() for form in (line, repr(line)[1:-1], json.dumps(line)[1:-1])]
    assert not [form for form in shown if form in said]


def test_a_short_question_blanks_no_other_word(log: io.StringIO) -> None:
    """Two letters are taken out where they stand alone, and a line keeps its level."""
    logs.conceal("in")
    logs.conceal("warning")
    logging.getLogger("aeo.test").warning("asked 'in' on line 7")
    line = json.loads(log.getvalue())
    assert (line["level"], line["message"]) == ("warning", "asked '[question]' on line 7")
