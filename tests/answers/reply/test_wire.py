"""What servers and gateways put around a reply: the answer is read where it is there, else the guide's words are served."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from assistant.app import Assistant
from tests.answers.scripted import body, is_check
from tests.answers.test_generate import GOOD, QUESTION, ask, served, with_model
from tests.answers.wire import chunked, events, http, message, wire

pytestmark = pytest.mark.thorough

SSE = "text/event-stream"
Sends = Callable[[str], bytes]


def pieces(text: str) -> list[dict[str, Any]]:
    """A text as deltas."""
    return [{"content": text[n : n + 20]} for n in range(0, len(text), 20)]


def stream(*deltas: Any, **how: str) -> bytes:
    return http(events(*deltas, **how), SSE)


READ: dict[str, Sends] = {
    "comments, names, ids and CRLF around events": lambda t: stream(
        ": ping\n\n", *pieces(t), line=": keep\r\nevent: message\r\nid: 1\r\ndata:{}\r\n\r\n"
    ),
    "no [DONE]": lambda t: stream(*pieces(t), end=""),
    "chunks that cut characters": lambda t: http(chunked(events(*pieces(t)).encode(), 5), SSE, Transfer_Encoding="chunked"),
    "a packed stream": lambda t: http(gzip.compress(events(*pieces(t)).encode()), SSE, Content_Encoding="gzip"),
    "a packed whole": lambda t: http(gzip.compress(json.dumps(message(t)).encode()), Content_Encoding="gzip"),
    "HTTP/1.0": lambda t: http(events(*pieces(t)), SSE, version="1.0"),
    "HTTP/1.0, whole": lambda t: http(json.dumps(message(t)), version="1.0"),
    "a stream said to be JSON": lambda t: http(events(*pieces(t))),
    "a stream said to be plain text": lambda t: http(events(*pieces(t)), "text/plain; charset=utf-8"),
    "content in parts, streamed": lambda t: stream(*({"content": [{"type": "text", "text": p["content"]}]} for p in pieces(t))),
    "content in parts, whole": lambda t: http(json.dumps(message([{"type": "text", "text": t[:30]}, {"type": "text", "text": t[30:]}]))),
    "no content, a tool call": lambda t: http(
        json.dumps(
            message(None, "tool_calls", tool_calls=[{"id": "1", "type": "function", "function": {"name": "answer", "arguments": t}}])
        )
    ),
    "a tool call beside the answer": lambda t: stream(
        *pieces(t), {"tool_calls": [{"index": 0, "id": "1", "type": "function", "function": {"name": "search", "arguments": "{}"}}]}
    ),
    "a tool call without id and type": lambda t: stream({"tool_calls": [{"index": 0, "function": {"name": "answer", "arguments": t}}]}),
    "the tool call of old": lambda t: http(json.dumps(message(None, "function_call", function_call={"name": "answer", "arguments": t}))),
    "thoughts in a field of their own": lambda t: stream({"reasoning_content": "hm {"}, {"content": None, "reasoning": "…"}, *pieces(t)),
    "empty choices first and last": lambda t: stream({"choices": []}, *pieces(t), {"choices": [], "usage": None}),
    "deltas of nothing": lambda t: stream({"role": "assistant"}, {"content": None}, {}, *pieces(t)),
    "no ids": lambda t: http("".join("data: " + json.dumps({"choices": [{"delta": d}]}) + "\n\n" for d in pieces(t)), SSE),
    "an answer that reached its length": lambda t: stream(
        {"choices": [{"index": 0, "delta": {"content": t[:-4]}, "finish_reason": "length"}]},
    ),
    "the whole message in one event": lambda t: http("data: " + json.dumps(message(t)) + "\n\ndata: [DONE]\n\n", SSE),
    "the whole answer taken for a thought": lambda t: stream(*({"reasoning_content": p["content"]} for p in pieces(t))),
    "the whole answer between the marks of a thought": lambda t: stream(*pieces(f"<think>{t}</think>")),
    "the same, whole, in the other field": lambda t: http(json.dumps(message("", reasoning=t))),
    "arguments as an object": lambda t: http(
        json.dumps(message(None, tool_calls=[{"id": "1", "type": "function", "function": {"name": "answer", "arguments": json.loads(t)}}]))
    ),
    "content as an object": lambda t: http(json.dumps(message(json.loads(t)))),
    "a message without a role": lambda t: http(json.dumps({"choices": [{"message": {"content": t}}]})),
    "a second choice before the first": lambda t: stream(
        *({"choices": [{"index": 1, "delta": {"content": "no"}}, {"index": 0, "delta": p}]} for p in pieces(t))
    ),
    "an error after the answer": lambda t: stream(*pieces(t), {"error": {"message": "overloaded"}}),
    "an end in small letters": lambda t: stream(*pieces(t), end="data: [done]\n\n"),
    "a body shorter than told, the answer whole": lambda t: http(events(*pieces(t), end=""), SSE, Content_Length="99999"),
    "half a surrogate": lambda t: stream(*pieces(t), """data: {"choices": [{"index": 0, "delta": {"content": " \\ud83d"}}]}\n\n"""),
}


@pytest.mark.parametrize("sends", READ.values(), ids=READ)
def test_the_answer_is_read_whatever_is_around_it(assistant: Assistant, sends: Sends) -> None:
    """Shown once, whatever stands around it on the wire."""
    with wire(lambda request: sends(body(request, GOOD))) as at:
        answer = ask(assistant, at.address)
    assert answer.mode == "generated", answer.model
    assert answer.answer.count(GOOD["text"]) == 1


UNREADABLE: dict[str, Sends] = {
    "an event without data": lambda t: stream("retry: 3000\r\nid: 7\r\n\r\n", *pieces(t)),
    "events that are no JSON": lambda t: stream("data: hello\n\n", *pieces(t)),
    "nothing": lambda t: stream(),
}


@pytest.mark.parametrize("sends", UNREADABLE.values(), ids=UNREADABLE)
def test_a_stream_that_cannot_be_read_is_asked_for_whole(assistant: Assistant, sends: Sends) -> None:
    """Once; from then on nothing is streamed."""

    def script(request: dict[str, Any]) -> bytes:
        text = body(request, GOOD)
        return sends(text) if request.get("stream") else http(json.dumps(message(text)))

    with wire(script) as at:
        answer = ask(assistant, at.address)
    assert answer.mode == "generated", answer.model
    assert [bool(r.get("stream")) for r in at.requests] == [True, False, False]


def test_an_answer_that_broke_off_shows_what_is_whole_and_says_so(assistant: Assistant) -> None:
    """Two parts, of which the second was cut by the longest allowed reply: the first stands, and staff read that there is no more."""

    def script(request: dict[str, Any]) -> bytes:
        text = body(request, GOOD)
        return stream(*pieces(text if is_check(request) else text[:-2] + ', {"question": "几次", "verdict": "answ'))

    with wire(script) as at:
        answer = ask(assistant, at.address)
    assert answer.mode == "generated", answer.model
    assert GOOD["text"] in answer.answer
    assert "没有写完" in answer.answer


NOTHING: dict[str, tuple[bytes, int]] = {
    "a refusal": (http(json.dumps(message(None, refusal="I cannot help with that."))), 2),
    "a refusal, streamed": (stream({"refusal": "I cannot"}, {"refusal": " help."}), 2),
    "filtered": (http(json.dumps(message("", "content_filter"))), 2),
    "no choices": (http(json.dumps(message() | {"choices": []})), 2),
    "choices that are null": (http(json.dumps(message() | {"choices": None})), 2),
    "JSON of something else": (http('{"status": "ok"}'), 2),
    "a list": (http("[]"), 2),
    "null": (http("null"), 2),
    "an empty body": (http(""), 2),
    "no content": (http("", status="204 No Content"), 2),
    "a page to log in": (http("<html><body>Please log in</body></html>", "text/html"), 2),
    "a gateway's page": (http("<html>Bad gateway</html>", "text/html", "502 Bad Gateway"), 1),
    "busy until a date": (http('{"error": "later"}', status="429 Too Many Requests", Retry_After="Wed, 21 Oct 2099 07:28:00 GMT"), 1),
    "busy for an hour": (http('{"error": "later"}', status="429 Too Many Requests", Retry_After="3600"), 1),
    "an error in the stream": (stream({"content": "{"}, {"error": {"message": "overloaded", "code": 529}}), 2),
    "an error as text": (http('{"error": "model is loading"}'), 2),
    "a body shorter than told": (http('{"choices": [', Content_Length="4000"), 2),
    "a redirect to itself": (http("", status="307 Temporary Redirect", Location="/v1/chat/completions"), 2),
    "a redirect elsewhere": (http("", status="302 Found", Location="http://127.0.0.1:9/"), 2),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.7\r\n", 2),
    "bytes that are not packed": (http("{}", Content_Encoding="gzip"), 2),
    "another charset": (http(json.dumps(message("登记"), ensure_ascii=False).encode("gbk"), "application/json; charset=gbk"), 2),
    "tool calls of another name without arguments": (
        http(json.dumps(message(None, "tool_calls", tool_calls=[{"id": "1", "type": "function", "function": {"name": "x", "arguments": ""}}]))), 2,
    ),
    "an answer cut before anything is whole": (stream({"choices": [{"delta": {"content": '{"parts": [{"qu'}, "finish_reason": "length"}]}), 2),
    "a thought that broke off": (stream({"reasoning_content": '{"parts": [{"question": "q", "verdict": "answered", "direct": null'}), 2),
    "a proxy that wants a name": (http("<html>", "text/html", "407 Proxy Authentication Required", Proxy_Authenticate="Basic"), 1),
    "a page of a hotel": (http("<html>", "text/html", "302 Found", Location="/login"), 2),
    "a packed flood": (http(gzip.compress(b"data: " + b"a" * 40_000_000), SSE, Content_Encoding="gzip"), 1),
    "an address that is gone": (http("", status="410 Gone"), 1),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "most"), NOTHING.values(), ids=NOTHING)
def test_without_an_answer_the_guide_is_served(assistant: Assistant, sent: bytes, most: int) -> None:
    """One plain sentence for staff, the cause in one word for the log; at most two calls are wasted."""
    with wire(lambda request: sent) as at:
        answer = ask(assistant, at.address)
    served(answer)
    assert answer.model["failed"]
    assert int(answer.model["calls"]) <= most
    assert not {"Error", "Exception", "http", "{"} & set(answer.answer.split())


@pytest.mark.parametrize("status", ["400 Bad Request", "422 Unprocessable Entity"])
def test_a_server_that_refuses_options_without_a_word_is_asked_plainly(assistant: Assistant, status: str) -> None:
    """Nobody knows which option it was, so none is sent in the second call, and from then on."""

    def script(request: dict[str, Any]) -> bytes:
        plain = not {"response_format", "tools"} & request.keys()
        return stream(*pieces(body(request, GOOD))) if plain else http('{"detail": "bad request"}', status=status)

    with wire(script) as at:
        modelled = with_model(assistant, at.address)
        first, asked = modelled.ask(QUESTION), len(at.requests)
        modelled.ask(QUESTION)
    assert (first.mode, first.model["rung"]) == ("generated", "text"), first.model
    assert len(at.requests) == asked + 2, "one to answer, one to check"


def test_a_redirect_that_keeps_the_request_is_followed(assistant: Assistant) -> None:
    """A gateway that moved sends 307 or 308; the answer is there."""
    with wire(lambda request: http(events(*pieces(body(request, GOOD))), SSE)) as there:
        moved = http("", status="308 Permanent Redirect", Location=f"{there.address}/chat/completions")
        with wire(lambda request: moved) as here:
            assert ask(assistant, here.address).mode == "generated"
