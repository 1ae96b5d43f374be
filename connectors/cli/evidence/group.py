"""``aeo evidence``: its commands, put together."""

from __future__ import annotations

import typer

from connectors.cli.evidence import drill
from connectors.cli.evidence.acting import acts
from connectors.cli.evidence.acting.offered import offered
from connectors.cli.evidence.bring import import_
from connectors.cli.evidence.dues import calendar, due
from connectors.cli.evidence.export import binder, export
from connectors.cli.evidence.looking import look
from connectors.cli.evidence.looking.coverage import coverage
from connectors.cli.evidence.looking.listed import list_
from connectors.cli.evidence.looking.log import history, verify
from connectors.cli.evidence.plan import plan

app = typer.Typer(no_args_is_help=True, add_completion=False)
for _name, _act in (
    ("assign", acts.assign),
    ("submit", acts.submit),
    ("import", import_),
    ("offered", offered),
    ("confirm", acts.confirm),
    ("accept", acts.accept),
    ("return", acts.return_),
    ("withdraw", acts.withdraw),
    ("reopen", acts.reopen),
    ("comment", acts.comment),
    ("na", acts.na),
    ("nil", acts.nil),
    ("snooze", acts.snooze),
    ("reassign", acts.reassign),
    ("due", due),
    ("calendar", calendar),
):
    app.command(name=_name)(_act)
look.add(app)
app.command()(export)
app.command()(binder)
app.add_typer(drill.app, name="drill")
app.command()(plan)
app.command(name="list")(list_)
app.command()(coverage)
app.command()(history)
app.command()(verify)
