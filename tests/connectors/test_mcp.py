"""The guide for other assistants: four tools that read, tried with the protocol's own client, in process, over stdio and over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from assistant.adapters.editions import Editions
from assistant.app import Assistant
from assistant.families import combined
from assistant.guide import Guide
from assistant.settings import Settings
from connectors.mcp.tools import listed, server
from ingest.pipeline import ingest
from tests.answers.endpoint import Reply, endpoint
from tests.conftest import NOW
from tests.ingest.small import small_guide
from tests.ingest.test_families import BROKER
from tests.thin import thin_bank

pytestmark = pytest.mark.thorough
QUESTION = "门卫登记外来人员要留哪些记录？"


def told(result: Any) -> dict[str, Any]:
    """What a tool gave."""
    assert not result.is_error, result.content
    return dict(result.structured_content) if result.structured_content else dict(json.loads(result.content[0].text))


async def every_tool(target: Any) -> None:
    """The four tools are there, read only, and answer; a clause that does not exist is named in a sentence."""
    async with Client(target) as client:
        tools = (await client.list_tools()).tools
        assert {t.name for t in tools} == {"ask", "clause", "listing", "editions"}
        assert all(t.annotations and t.annotations.read_only_hint for t in tools)
        assert all(t.description for t in tools)
        answer = told(await client.call_tool("ask", {"question": QUESTION}))
        assert "24(3)" in [c["clause"] for c in answer["citations"]]
        assert answer["answer"]
        assert told(await client.call_tool("clause", {"id": "24(3)"}))["parts"]
        assert told(await client.call_tool("listing", {"phrase": "访客", "within": "24"}))["count"] >= 1
        assert told(await client.call_tool("editions", {}))["in_force"]
        missing = await client.call_tool("clause", {"id": "99(9)"})
        assert missing.is_error
        assert missing.content[0].text.startswith("没有条款 99(9)")
        for given, said in (
            ({"question": "24(3)", "langu": "en"}, "没有参数 langu"),
            ({}, "参数 question"),
            ({"question": "x", "lang": "fr"}, "参数 lang"),
        ):
            refused = await client.call_tool("ask", given)
            assert (refused.is_error, said in refused.content[0].text, "validation" in refused.content[0].text) == (True, True, False)


def test_in_process(assistant: Assistant) -> None:
    """The server over a loaded assistant."""
    asyncio.run(every_tool(server(assistant, "0")))


def test_over_stdio(ingested: Path) -> None:
    """``aeo mcp`` speaks the protocol on its standard output, and nothing else."""
    environment = os.environ | {"AEO_HOME": str(ingested)}
    asyncio.run(every_tool(StdioServerParameters(command=sys.executable, args=["-m", "connectors.cli.main", "mcp"], env=environment)))


def over_http(command: list[str], environment: dict[str, str], folder: Path | None = None, stderr: Any = None) -> None:
    """Start a server on a free port with ``command`` and use every tool."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([*command, "mcp", "--port", str(port)], env=environment, cwd=folder, stderr=stderr)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        asyncio.run(every_tool(f"http://127.0.0.1:{port}/mcp"))
    finally:
        process.terminate()
        process.wait(20)


def test_over_http(ingested: Path) -> None:
    """``aeo mcp --port`` serves streamable HTTP on loopback only."""
    over_http([sys.executable, "-m", "connectors.cli.main"], os.environ | {"AEO_HOME": str(ingested)})


def test_what_is_logged_has_no_key_and_no_question(ingested: Path, tmp_path: Path) -> None:
    """A library that is told to log everything says on stderr that the model refused, never with what or at which question."""
    key, log = "sk-not-to-be-seen-4711", tmp_path / "stderr"
    with endpoint(lambda r, n: Reply(f"bad key {key}", status=401)) as at, log.open("w") as stderr:
        model = {"AEO_CHAT_MODEL": "m", "AEO_CHAT_BASE_URL": at.address, "AEO_CHAT_API_KEY": key, "OPENAI_LOG": "debug"}
        over_http([sys.executable, "-m", "connectors.cli.main"], os.environ | {"AEO_HOME": str(ingested)} | model, stderr=stderr)
    logged = log.read_text(encoding="utf-8")
    assert at.requests
    assert "401" in logged
    assert not [secret for secret in (key, QUESTION) if secret in logged]


def test_every_family_in_force_is_there(home: Path, tmp_path: Path) -> None:
    """Clauses, listings and editions of all families, under ids that carry the family; a number that one family alone has is its own."""
    settings = Settings(home=home)
    broker = tmp_path / "broker.txt"
    broker.write_text(small_guide(tmp_path).read_text(encoding="utf-8").replace("测试指南", BROKER), encoding="utf-8")
    with thin_bank(refusals=20):
        ingest(broker, settings, NOW, "broker")
    store = Editions(home)
    store.activate(store.manifest("broker"), NOW)
    assistant = Assistant(settings)

    async def told_of_both() -> None:
        async with Client(server(assistant, "0")) as client:

            async def call(tool: str, **values: str) -> dict[str, Any]:
                return told(await client.call_tool(tool, values))

            editions = await call("editions")
            assert editions["in_force"] == store.label_in_force()
            assert {(e["family"], e["active"]) for e in editions["editions"]} == {("通用", True), ("报关企业", True)}
            for said in ("报关:2(2)", "报关企业：第2项第2分项"):
                (part,) = (await call("clause", id=said))["parts"]
                assert (part["family"], part["categories"][0]["items"][0]["clauses"][0]["id"]) == ("报关企业", "报关:2(2)")
            assert (await call("clause", id="2(2)"))["parts"][0]["family"] == "通用"
            assert (await call("clause", id="2(2)", edition="broker"))["title"] == assistant.guide("broker").title
            both = await call("listing", phrase="访客")
            assert {"24(3)", "报关:2(2)"} <= {c["clause"] for c in both["clauses"]}
            for within in ("报关企业", "报关"):
                assert all(c["clause"].startswith("报关:") for c in (await call("listing", within=within))["clauses"])
            assert (await call("listing", within="报关:2"))["count"] == 2
            assert "报关:2(2)" in (await call("ask", question="报关:2(2)"))["answer"]
            assert (await client.call_tool("clause", {"id": "报关:24(3)"})).is_error

    asyncio.run(told_of_both())


def test_a_listing_is_exact(guide: Guide) -> None:
    """Phrase, kind and scope: the count is that of the clauses, every line holds the phrase."""
    found = listed(guide, "集装箱", None, None)
    assert found["count"] == len(found["clauses"]) >= 1
    assert all("集装箱" in line["text"] for c in found["clauses"] for line in c["lines"])
    assert {c["clause"] for c in listed(guide, None, None, "24")["clauses"]} == {"24(1)", "24(2)", "24(3)", "24(4)"}
    assert listed(guide, None, "records", "24")["count"] <= 4


def test_a_number_within_families_is_the_first_ones(guide: Guide) -> None:
    """A place by number is that of the family that has it first; brackets and the family before it are read."""
    both = combined({"通用": guide, "报关企业": guide.model_copy(update={"edition": "b"})})

    def clauses(within: str) -> set[str]:
        return {c["clause"] for c in listed(both, None, None, within)["clauses"]}

    own = {"24(1)", "24(2)", "24(3)", "24(4)"}
    assert clauses("24") == own
    assert clauses("报关:24") == {f"报关:{c}" for c in own}
    assert clauses("报关:（三）") == {f"报关:{c}" for c in clauses("（三）")} != set()
    assert len(clauses("进入安全")) == 8
    assert clauses("99") == set()
