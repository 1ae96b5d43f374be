"""Settings from the environment and an ``.env`` file, prefix ``AEO_``; Slack keeps its own names for its tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError


class Settings(BaseSettings):
    """Everything that can be configured. Secrets are ``SecretStr`` and print as stars."""

    model_config = SettingsConfigDict(env_prefix="AEO_", env_file=".env", extra="ignore", frozen=True, populate_by_name=True)

    home: Path = Path(".aeo")
    lang: Literal["zh", "en"] = "zh"
    profile: Path | None = None
    lead: str = "lead"

    embedding_model: str = "bundled"
    embedding_base_url: str | None = None
    embedding_api_key: SecretStr | None = None
    embedding_batch: int = Field(default=10, ge=1, le=2048)
    reranker_model: str | None = None
    chroma_url: str | None = None

    chat_model: str | None = None
    chat_base_url: str | None = None
    chat_api_key: SecretStr | None = None
    chat_timeout: float = Field(default=30.0, gt=0)
    chat_method: Literal["auto", "json_schema", "function_calling", "json_mode", "text"] = "auto"
    chat_extra_body: dict[str, object] | None = None

    database_url: SecretStr | None = None
    files_url: str | None = None
    policy: Path | None = None
    timezone: str = "Asia/Shanghai"
    log_questions: bool = False
    reports_url: str | None = None
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    metrics_host: str = "127.0.0.1"

    slack_bot_token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("slack_bot_token", "SLACK_BOT_TOKEN"))
    slack_app_token: SecretStr | None = Field(default=None, validation_alias=AliasChoices("slack_app_token", "SLACK_APP_TOKEN"))
    slack_signing_secret: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("slack_signing_secret", "SLACK_SIGNING_SECRET")
    )
    slack_client_id: str | None = Field(default=None, validation_alias=AliasChoices("slack_client_id", "SLACK_CLIENT_ID"))
    slack_client_secret: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("slack_client_secret", "SLACK_CLIENT_SECRET")
    )
    slack_evidence_channels: str = ""
    slack_api_url: str = Field(default="https://slack.com/api/", validation_alias=AliasChoices("slack_api_url", "SLACK_API_URL"))

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
    def evidence_channels(self) -> frozenset[str]:
        """Ids of Slack channels where states and file names may be said (``AEO_SLACK_EVIDENCE_CHANNELS``, commas between)."""
        return frozenset(self.slack_evidence_channels.replace(",", " ").split())

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the register: ``AEO_DATABASE_URL``, else a SQLite file under ``AEO_HOME``."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.home / 'register.sqlite3').absolute()}"


def load_settings() -> Settings:
    """Settings of this process.

    Raises:
        SettingsError: names every setting whose value is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = "；".join(f"AEO_{'_'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError("errors.settings", wrong=wrong) from None
