"""The doctor's look at Slack: tokens, rights, the connection, and, against real Slack, what it thinks of a message of ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from slack_sdk import WebClient

from assistant.adapters.lead_files import read_profile
from assistant.conversation.jobs import Later
from assistant.enterprises import Enterprises
from assistant.errors import SettingsError
from assistant.settings import Settings
from assistant.texts import say, strung
from connectors.slack.cards.asking.answer_message import answer_posts
from connectors.slack.cards.asking.clause_window import clause_view
from connectors.slack.wire.clients import web_client
from connectors.slack.wire.errors import Refused, called
from connectors.slack.wire.rights import SCOPES

Outcome = tuple[bool | None, str]
VALIDATES = "slack.com"
"""The host that says what it thinks of a message without posting it; test servers say yes to anything."""


def slack(settings: Settings) -> Outcome:
    """Whether the app could run; None where Slack is not configured."""
    lang, token = settings.lang, settings.slack_bot_token
    if token is None:
        return _installed(settings) if settings.several_workspaces else (None, say("slack.doctor.none", lang))
    try:
        return _examined(settings, web_client(settings, token.get_secret_value()))
    except Later:
        return False, say("slack.doctor.unreachable", lang, address=settings.slack_api_url)
    except Refused as refused:
        return False, say("slack.bot_token_refused", lang, code=refused.code)


def _examined(settings: Settings, client: WebClient) -> Outcome:
    lang = settings.lang
    who = called(client.auth_test)
    missing = sorted(set(SCOPES) - _scopes(who.headers))
    if missing:
        return False, say("slack.doctor.scopes", lang, missing=", ".join(missing))
    ways = []
    if settings.slack_app_token is not None:
        app_token = settings.slack_app_token.get_secret_value()
        try:
            called(lambda: client.apps_connections_open(app_token=app_token))
        except Refused as refused:
            raise SettingsError("slack.app_token_refused", code=refused.code) from refused
        ways.append("Socket Mode")
    if settings.slack_signing_secret is not None:
        ways.append("HTTP")
    if not ways:
        return False, say("slack.no_app_token", lang)
    if urlsplit(settings.slack_api_url).hostname == VALIDATES:
        refused_for = _validated(settings, client)
        if refused_for:
            return False, say("slack.doctor.blocks", lang, code=refused_for)
    return True, say("slack.doctor.good", lang, team=who["team"], user=who["user"], ways=" + ".join(ways))


def _installed(settings: Settings) -> Outcome:
    """With several workspaces: whether each one's token works and has its rights, and whether each profile names a lead."""
    from connectors.slack.wire.installs import Installations

    lang, register = settings.lang, Enterprises(settings).sql
    wrong = []
    try:
        clients = Installations(settings, register.engine)
        teams = sorted(clients.teams())
        for team in teams:
            try:
                missing = sorted(set(SCOPES) - _scopes(called(clients(team).auth_test).headers))
            except (Refused, Later) as refused:
                wrong.append(f"{team}: {getattr(refused, 'code', type(refused).__name__)}")
                continue
            path = settings.home / "profiles" / f"{team}.yaml"
            if missing:
                wrong.append(f"{team}: {', '.join(missing)}")
            elif path.exists() and not read_profile(path).lead:
                wrong.append(say("slack.doctor.no_lead", lang, where=str(path)))
    finally:
        register.close()
    if wrong:
        return False, strung(wrong, lang)
    return True, say("slack.doctor.several_good", lang, count=len(teams))


def _scopes(headers: object) -> set[str]:
    named = {str(k).lower(): v for k, v in dict(headers or {}).items()}.get("x-oauth-scopes", "")  # type: ignore[call-overload]
    return {scope.strip() for scope in (",".join(named) if isinstance(named, list) else str(named)).split(",")}


def _validated(settings: Settings, client: WebClient) -> str:
    """Why Slack would not take an answer, a refusal or a clause's window of ours; empty when it would. Nothing is posted."""
    from assistant.app import Assistant

    assistant, lang = Assistant(settings), settings.lang
    posts = [post for question in ("24(3)", "围墙要多高？") for post in answer_posts(assistant.ask(question), "doctor", lang)]
    try:
        for post in posts:
            called(lambda blocks=post.blocks: client.blocks_validate(blocks=blocks))  # type: ignore[misc]
        called(lambda: client.blocks_validate(view=clause_view(assistant.edition().guide, "24(3)", lang)))
    except Refused as refused:
        return refused.code
    return ""
