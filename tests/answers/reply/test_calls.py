"""Calls to a chat model: what cannot work is not will be retried, little is wasted, and the time is kept whatever dribbles."""

from __future__ import annotations

import socketserver
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.calls import Calls, WantedReply
from assistant.answers.reply.calling.failures import NoReply
from assistant.app import Assistant
from tests.answers.endpoint import Reply, endpoint
from tests.answers.scripted import body
from tests.answers.test_generate import GOOD, QUESTION, ask, served, with_model

pytestmark = pytest.mark.thorough

WANTED = WantedReply("answer", {"type": "object", "required": ["parts"]}, lambda text: text.endswith("}"))


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


class Slow(BaseChatModel):
    """A model each of whose pieces takes a second of the test's clock."""

    clock: Any
    pieces: list[str]

    @property
    def _llm_type(self) -> str:
        return "slow"

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: CallbackManagerForLLMRun | None = None, **_: Any
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessageChunk(content="".join(self.pieces)))])

    def _stream(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: CallbackManagerForLLMRun | None = None, **_: Any
    ) -> Iterator[ChatGenerationChunk]:
        for piece in self.pieces:
            self.clock.now += 1
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))


def test_one_deadline_over_all_calls() -> None:
    """Three seconds are three pieces, whether of one call or of two; then nothing is asked any more."""
    clock = Clock()
    calls, budget = Calls(Slow(clock=clock, pieces=["{", "}"]), "text"), Budget(3, clock)
    assert list(calls.ask([HumanMessage("?")], WANTED, budget))[-1] == "{}"
    with pytest.raises(NoReply, match="timeout"):
        list(calls.ask([HumanMessage("?")], WANTED, budget))
    assert budget.calls == 2
    with pytest.raises(NoReply, match="timeout"):
        list(calls.ask([HumanMessage("?")], WANTED, budget))
    assert budget.calls == 2


@pytest.mark.parametrize(
    ("reply", "why", "most"),
    [
        (Reply("no key", status=401), "key", 1),
        (Reply("Insufficient Balance", status=402), "credit", 1),
        (Reply("no such model", status=404), "unknown_model", 1),
        (Reply("This model's maximum context length is 8192 tokens", status=400), "too_long", 1),
        (Reply("slow down", status=429), "busy", 1),
        (Reply("oops", status=503), "down", 1),
        (Reply('{"error": {"message": "model is loading", "code": 500}}', form="body"), "error", 2),
        (Reply("invalid request", status=400), "error", 2),
        (Reply("</think>"), "unreadable", 2),
        (Reply("Sure, I can help."), "unreadable", 2),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_at_most_two_calls_are_wasted(assistant: Assistant, reply: Reply, why: str, most: int) -> None:
    """The guide's words are served, the cause is one word of the answer's model field, and staff read a plain sentence."""
    with endpoint(lambda r, n: reply) as at:
        answer = ask(assistant, at.address)
    served(answer)
    assert answer.model["failed"] == why
    assert answer.model["calls"] == str(len(at.requests))
    assert len(at.requests) <= most
    assert "Error" not in answer.answer


@pytest.mark.parametrize("form", ["deltas", "cumulative", "repeated", "whole"])
def test_every_way_of_sending_is_read(assistant: Assistant, form: str) -> None:
    """Deltas that repeat, an answer sent again at the end, no stream at all: the answer is generated, and tokens counted."""
    with endpoint(lambda r, n: Reply(body(r, GOOD), form=form)) as at:
        modelled = with_model(assistant, at.address)
        answer, asked = modelled.ask(QUESTION), len(at.requests)
        modelled.ask(QUESTION)
    assert answer.mode == "generated"
    assert answer.answer.count(GOOD["text"]) == 1
    assert int(answer.model["prompt_tokens"]) % 11 == 0
    assert int(answer.model["prompt_tokens"]) > 0, answer.model
    assert len(at.requests) - asked < 3, "what was learned about the server is used"


@pytest.mark.parametrize(
    "reply", [Reply("x", form="comments", slow=12), Reply("x" * 2400, slow=0.12), Reply("", delay=12)], ids=["comments", "drip", "silence"]
)
def test_the_time_is_kept_whatever_dribbles(assistant: Assistant, reply: Reply) -> None:
    """Comments that keep a stream alive, single letters, nothing at all: after a second the guide's words are there."""
    with endpoint(lambda r, n: reply) as at:
        began = time.monotonic()
        answer = ask(assistant, at.address, chat_timeout=1)
    served(answer)
    assert answer.model["failed"] == "timeout"
    assert time.monotonic() - began < 9


@pytest.mark.parametrize(
    "environment",
    [{"ALL_PROXY": "socks5://127.0.0.1:7890"}, {"ALL_PROXY": "gopher://x"}, {"SSL_CERT_FILE": "/nowhere.pem"}, {"HTTP_PROXY": "::"}],
    ids=lambda e: next(iter(e.values())),
)
def test_a_model_that_cannot_be_built_costs_nothing(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    """Whatever the environment holds, the guide's words are served."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(name.lower(), value)
    served(ask(assistant, "http://127.0.0.1:9/v1", chat_timeout=2))


@pytest.mark.parametrize(
    "address", ["http://no-such-host.invalid/v1", "http://", "127.0.0.1:9", "nonsense", "ftp://127.0.0.1:9/v1", "http://[::1"]
)
def test_an_address_that_is_none_costs_nothing(assistant: Assistant, address: str) -> None:
    """A typing error in the address costs nobody the guide."""
    served(ask(assistant, address, chat_timeout=2))


def test_a_certificate_that_nobody_signed_costs_nothing(assistant: Assistant, tmp_path: Path) -> None:
    """The guide is served, after one call; the cause is the certificate."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(key), "-out", str(cert), *subject]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), socketserver.StreamRequestHandler) as server:
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        answer = ask(assistant, f"https://127.0.0.1:{server.server_address[1]}/v1", chat_timeout=5)
        server.shutdown()
    served(answer)
    assert (answer.model["failed"], answer.model["calls"]) == ("certificate", "1")
