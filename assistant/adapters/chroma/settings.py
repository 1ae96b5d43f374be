"""Chroma's own settings: given by us, never taken from the ``.env`` of the working folder, which is ours and in any encoding."""

from __future__ import annotations

from functools import cache
from typing import Any
from unittest.mock import patch

from pydantic_settings import DotEnvSettingsSource

_READ = DotEnvSettingsSource._read_env_files


def _ours_only(source: DotEnvSettingsSource) -> Any:
    return {} if source.settings_cls.__module__.startswith("chromadb") else _READ(source)


@cache
def chroma_settings() -> Any:
    """Chroma's class of settings, told to leave ``.env`` alone: it reads the file while it is imported already."""
    with patch.object(DotEnvSettingsSource, "_read_env_files", _ours_only):
        from chromadb.config import Settings
    Settings.model_config["env_file"] = None
    return Settings
