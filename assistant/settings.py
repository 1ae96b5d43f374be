"""Settings from the environment and an ``.env`` file, prefix ``AEO_``; Slack keeps its own names for its tokens."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as SettingsSourceError

from assistant.dot_env import DOT_ENV, file_encoding, file_values
from assistant.errors import SettingsError
from assistant.mistakes import mistakes

LEAST_SECRET = 4
"""Characters of a secret that is blanked; shorter ones would blank ordinary words."""
_ADDRESSES = ("chroma_url", "files_url", "reports_url", "embedding_base_url", "chat_base_url", "slack_api_url")
"""Settings that hold an address, which may hold a password."""


class Settings(BaseSettings):
    """Everything that can be configured. Secrets are ``SecretStr`` and print as stars."""

    model_config = SettingsConfigDict(
        env_prefix="AEO_", env_file=".env", extra="ignore", frozen=True, populate_by_name=True, env_ignore_empty=True
    )

    home: Path = Path(".aeo")
    lang: Literal["zh", "en"] = "zh"
    profile: Path | None = None
    lead: str = "lead"
    actor: str = ""

    embedding_model: str = "bundled"
    embedding_base_url: str | None = Field(default=None, repr=False)
    embedding_api_key: SecretStr | None = None
    embedding_batch: int = Field(default=10, ge=1, le=2048)
    reranker_model: str | None = None
    chroma_url: str | None = Field(default=None, repr=False)

    chat_model: str | None = None
    chat_base_url: str | None = Field(default=None, repr=False)
    chat_api_key: SecretStr | None = None
    chat_timeout: float = Field(default=30.0, gt=0)
    chat_method: Literal["auto", "json_schema", "function_calling", "json_mode", "text"] = "auto"
    chat_context: int = Field(default=32_000, ge=2_000)
    check_model: str = "same"
    chat_extra_body: dict[str, object] | None = None

    database_url: SecretStr | None = None
    files_url: str | None = Field(default=None, repr=False)
    smtp_url: SecretStr | None = None
    smtp_sender: str = ""
    policy: Path | None = None
    timezone: str = "Asia/Shanghai"
    log_questions: bool = False
    reports_url: str | None = Field(default=None, repr=False)
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    metrics_host: str = "127.0.0.1"

    slack_bot_token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("slack_bot_token", "SLACK_BOT_TOKEN"))
    slack_app_token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("slack_app_token", "SLACK_APP_TOKEN"))
    slack_signing_secret: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("slack_signing_secret", "SLACK_SIGNING_SECRET")
    )
    slack_client_id: str | None = Field(default=None, validation_alias=AliasChoices("slack_client_id", "SLACK_CLIENT_ID"))
    slack_client_secret: SecretStr | None = Field(default=None, validation_alias=AliasChoices("slack_client_secret", "SLACK_CLIENT_SECRET"))
    slack_evidence_channels: str = ""
    slack_api_url: str = Field(default="https://slack.com/api/", validation_alias=AliasChoices("slack_api_url", "SLACK_API_URL"))

    @field_validator("home", "profile", "policy")
    @classmethod
    def _of_the_user(cls, path: Path | None) -> Path | None:
        """``~`` is the user's folder here too, as it is in a shell."""
        return None if path is None else Path(os.path.expanduser(path))  # noqa: PTH111 - leaves a user that is none as it is

    @property
    def secrets(self) -> list[str]:
        """Every secret of these settings, in every form in which it might turn up in a text; the longest first."""
        plain = [v.get_secret_value() for v in vars(self).values() if isinstance(v, SecretStr)]
        addresses = [v for v in (*plain, *(getattr(self, name, None) for name in _ADDRESSES)) if v and "://" in v]
        found = {v for v in plain if len(v) >= LEAST_SECRET}.union(*(secrets_of(a) for a in addresses))
        return sorted(found, key=len, reverse=True)

    @property
    def profile_path(self) -> Path:
        """The enterprise profile: ``AEO_PROFILE``, else ``profile.yaml`` under ``AEO_HOME``."""
        return self.profile or self.home / "profile.yaml"

    @property
    def policy_path(self) -> Path:
        """The rules of asking: ``AEO_POLICY``, else ``policy.yaml`` under ``AEO_HOME``."""
        return self.policy or self.home / "policy.yaml"

    @property
    def several_workspaces(self) -> bool:
        """Whether workspaces install the Slack app by OAuth, instead of one by its token."""
        return bool(self.slack_client_id and self.slack_client_secret)

    @property
    def has_slack(self) -> bool:
        """Whether people can be told in Slack."""
        return self.slack_bot_token is not None or self.several_workspaces

    @property
    def evidence_channels(self) -> frozenset[str]:
        """Ids of Slack channels where states and file names may be said (``AEO_SLACK_EVIDENCE_CHANNELS``, commas between)."""
        return frozenset(self.slack_evidence_channels.replace(",", " ").split())

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the register: ``AEO_DATABASE_URL``, else a SQLite file under ``AEO_HOME``."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{quote(self.register_file.as_posix(), safe='/ ')}"

    @property
    def register_file(self) -> Path:
        """Where the register's SQLite file stands when no ``AEO_DATABASE_URL`` is set."""
        return (self.home / "register.sqlite3").absolute()


def load_settings() -> Settings:
    """Settings of this process: its environment, then the ``.env`` file of the working folder.

    Raises:
        SettingsError: names every setting whose value is wrong, the ``.env`` file that cannot be read, or a home that is no folder.
    """
    try:
        settings = Settings(_env_file_encoding=file_encoding())
    except ValidationError as error:
        raise SettingsError("errors.settings", wrong=mistakes(error, name=_setting_name)) from None
    except (UnicodeError, SettingsSourceError, OSError):
        raise SettingsError("errors.dot_env", where=str(DOT_ENV.absolute())) from None
    home = str(settings.home.absolute())
    if os.path.exists(home) and not os.path.isdir(home):  # noqa: PTH110, PTH112 - a name that is too long raises nothing here
        raise SettingsError("errors.home_file", where=home)
    return settings


def unknown_settings() -> dict[str, str]:
    """Names that begin like ours and are none of ours -> the setting that looks most like it, or nothing."""
    known = [_setting_name(n) for n in Settings.model_fields]
    said = {n.upper() for n in (*os.environ, *file_values()) if n.upper().startswith("AEO_")} - set(known) - _ELSEWHERE
    return {name: next(iter(get_close_matches(name, known, 1)), "") for name in sorted(said)}


_ADDRESS = re.compile(r"^\s*([A-Za-z][A-Za-z0-9+.-]*://)?(?:.*@)?([^?#]*)", re.DOTALL)


def without_secrets(address: str) -> str:
    """An address as it may be shown: without user name, password, query and fragment.

    A password whose ``/ ? # @`` nobody encoded is cut off too: whatever stands before the last ``@``.
    """
    found = _ADDRESS.match(address)
    if found is None or not found.group(1):
        return "…"
    return found.group(1) + ("…@" if "@" in address else "") + found.group(2)


def secrets_of(address: str) -> set[str]:
    """What in an address may be secret, as written and decoded: user name and password together, the password, values of its query."""
    _, _, rest = address.partition("://")
    user, at, host = rest.rpartition("@")
    query = parse_qsl((host if at else rest).partition("?")[2])
    said = {user, user.partition(":")[2], *(value for _, value in query)}
    return {form for text in said for form in (text, unquote(text), quote(text, safe="")) if len(form) >= LEAST_SECRET}


_ELSEWHERE = {"AEO_OFFLINE", "AEO_PYTHON", "AEO_TORCH_INDEX"}
"""Read by other parts (the embedding model, the set-up)."""


def _setting_name(field: str) -> str:
    name = field.partition(".")[0].upper()
    return name if name.startswith("SLACK_") and name != "SLACK_EVIDENCE_CHANNELS" else f"AEO_{name.removeprefix('AEO_')}"
