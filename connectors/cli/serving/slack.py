"""``aeo slack``: run the app, and print the manifest from which it is made in Slack."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING

import typer
import yaml

from assistant.conversation.jobs import worker_name
from assistant.errors import SettingsError
from assistant.settings import Settings, load_settings
from assistant.texts import say
from connectors.cli.output import JSON_OPTION, emit, write
from connectors.serving.worker import worker

if TYPE_CHECKING:
    from connectors.slack.run import Service

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def run(
    http: bool = typer.Option(False, "--http"),
    port: int = typer.Option(None, "--port", min=0, max=65535),
    host: str = typer.Option("127.0.0.1", "--host"),
) -> None:
    """Run the Slack app until SIGTERM or Ctrl-C."""
    settings = load_settings()
    check_settings(settings, http)
    from connectors.slack.run import Service

    ended = threading.Event()

    def end(*_: int | FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with worker(settings, worker_name()) as watch:
        service = Service(settings, watch.assistant(), watch.endpoint)
        threading.Thread(target=service.warm, name="slack-warm", daemon=True).start()
        try:
            service.start(http, host, port)
            _say_ready(settings, service, http, host)
            ended.wait()
            _say(say("slack.stopping", settings.lang))
        finally:
            service.stop()


@app.command()
def manifest(
    address: str = typer.Option("", "--url"),
    yaml_: bool = typer.Option(False, "--yaml"),
    json_: bool = JSON_OPTION,  # noqa: ARG001 - JSON is what is printed anyway
) -> None:
    """Print the manifest to paste there."""
    from connectors.slack.manifest import manifest as made

    settings = load_settings()
    if address and not address.startswith("https://"):
        raise SettingsError("slack.manifest_address", address=address)
    document = made(settings.lang, address)
    if yaml_:
        write(yaml.safe_dump(document, allow_unicode=True, sort_keys=False).rstrip())
    else:
        emit(document)


def _say_ready(settings: Settings, service: Service, http: bool, host: str) -> None:
    if service.port is not None:
        name = "slack.http_ready" if http else "slack.health_ready"
        _say(say(name, settings.lang, host=host, port=service.port))
    if not http:
        _say(say("slack.socket_ready", settings.lang, team=tuple(service.clients.teams())))


def _say(text: str) -> None:
    """On stdout, for stderr has the log, one JSON object a line."""
    write(text)
    sys.stdout.flush()


def check_settings(settings: Settings, http: bool) -> None:
    """Say what is missing before anything is loaded.

    Raises:
        SettingsError: names it.
    """
    if settings.slack_bot_token is None and not settings.several_workspaces:
        raise SettingsError("slack.no_tokens_http" if http else "slack.no_tokens")
    if http and settings.slack_signing_secret is None:
        raise SettingsError("slack.no_signing_secret")
    if not http and settings.slack_app_token is None:
        raise SettingsError("slack.no_app_token")
