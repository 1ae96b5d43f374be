"""``aeo mcp``: the guide for other assistants, over stdio or on a loopback port."""

from __future__ import annotations

import typer

from assistant.app import Assistant
from assistant.settings import load_settings


def mcp(
    port: int = typer.Option(
        None, "--port", min=1, max=65535, help="在本机此端口提供 HTTP（/mcp），缺省用标准输入输出 / serve HTTP on this loopback port."
    ),
) -> None:
    """以 MCP 协议提供问答、条款、清单和版本查询，只读 / ask, clause, listing and editions by the Model Context Protocol, read only."""
    from importlib.metadata import version

    from connectors.mcp.tools import server

    assistant = Assistant(load_settings())
    assistant.edition()
    made = server(assistant, version("aeo-assistant"))
    if port is None:
        made.run("stdio")
    else:
        made.run("streamable-http", host="127.0.0.1", port=port)
