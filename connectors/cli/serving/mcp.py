"""``aeo mcp``: the guide for other assistants, over stdio or on a loopback port."""

from __future__ import annotations

from importlib.metadata import version

import typer

from assistant.app import Assistant
from assistant.settings import load_settings


def mcp(
    port: int = typer.Option(None, "--port", min=1, max=65535),
) -> None:
    """Ask, clause, listing and editions by the Model Context Protocol, read only."""
    from connectors.mcp.tools import server

    assistant = Assistant(load_settings())
    assistant.edition()
    made = server(assistant, version("aeo-assistant"))
    if port is None:
        made.run("stdio")
    else:
        made.run("streamable-http", host="127.0.0.1", port=port)
