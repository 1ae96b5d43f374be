"""Every command by its name; the module of one is imported when it is called or asked for help, so that ``aeo --help`` stays fast."""

from __future__ import annotations

from typing import Any

import typer

COMMANDS = (
    "ask",
    "chat",
    "guide",
    "profile",
    "evidence",
    "owners",
    "people",
    "nudge",
    "eval",
    "slack",
    "mcp",
    "migrate",
    "backup",
    "restore",
    "person",
    "doctor",
    "bench",
)
"""In the order in which a new user needs them."""


def command(name: str) -> Any:
    """The command (or group) of a name, ready to be called; None when there is none."""
    found = _found(name)
    if found is None:
        return None
    if isinstance(found, typer.Typer):
        made = typer.main.get_command(found)
    else:
        single = typer.Typer(add_completion=False)
        single.command(name)(found)
        made = typer.main.get_command(single)
    made.name = name
    return made


def _found(name: str) -> Any:
    match name:
        case "ask":
            from connectors.cli.ask import ask

            return ask
        case "chat":
            from connectors.cli.chat import chat

            return chat
        case "guide":
            from connectors.cli.guide.editions import app

            return app
        case "profile":
            from connectors.cli.profile import app

            return app
        case "evidence":
            from connectors.cli.evidence.group import app

            return app
        case "owners":
            from connectors.cli.owners import app

            return app
        case "people":
            from connectors.cli.people import app

            return app
        case "nudge":
            from connectors.cli.nudge import app

            return app
        case "eval":
            from connectors.cli.eval.runs import app

            return app
        case "slack":
            from connectors.cli.slack import app

            return app
        case "mcp":
            from connectors.cli.mcp import mcp

            return mcp
        case "migrate":
            from connectors.cli.migrate import migrate

            return migrate
        case "backup":
            from connectors.cli.backup import backup

            return backup
        case "restore":
            from connectors.cli.backup import restore

            return restore
        case "person":
            from connectors.cli.person import app

            return app
        case "doctor":
            from connectors.cli.doctor.looks import doctor

            return doctor
        case "bench":
            from connectors.cli.bench import bench

            return bench
    return None
