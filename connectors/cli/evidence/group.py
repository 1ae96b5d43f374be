"""``aeo evidence``: its commands, put together."""

from __future__ import annotations

import typer

from connectors.cli.evidence import acts, drill, look
from connectors.cli.evidence.coverage import coverage
from connectors.cli.evidence.export import binder, export
from connectors.cli.evidence.listed import list_
from connectors.cli.evidence.log import history, verify
from connectors.cli.evidence.plan import plan

app = typer.Typer(no_args_is_help=True, add_completion=False)
acts.add(app)
look.add(app)
app.command()(export)
app.command()(binder)
app.add_typer(drill.app, name="drill")
app.command()(plan)
app.command(name="list")(list_)
app.command()(coverage)
app.command()(history)
app.command()(verify)
