"""``aeo mcp``: the guide for other assistants, over stdio or on a loopback port."""

from __future__ import annotations

import logging
from importlib.metadata import version

import typer

from assistant.app import Assistant
from assistant.settings import load_settings


def mcp(
    port: int = typer.Option(None, "--port", min=1, max=65535),
) -> None:
    """Ask, clause, listing and editions by the Model Context Protocol, read only."""
    from connectors.mcp.tools import server
    from connectors.serving import logs
    from connectors.serving.counted import watched

    settings = load_settings()
    logs.configure(settings, "mcp", level=logging.WARNING)  # to stderr, whatever a library is told to log: stdout is the protocol's
    assistant = Assistant(settings)
    assistant.edition()
    made = server(watched(assistant), version("aeo-assistant"))
    if port is None:
        made.run("stdio")
    else:
        made.run("streamable-http", host="127.0.0.1", port=port)
