"""Where a model by name comes from: a folder or this machine's cache, else the hub, and only if that can be reached."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.errors import Reason

_PATIENCE = 5.0  # seconds for the hub to answer at all; chosen: the libraries' own retries take most of a minute each file


class HubAway(Exception):
    """The model is not on this machine, and where it could be fetched from cannot be reached."""

    reason = Reason("HUB_AWAY")


def loaded(name: str, load: Callable[[bool], Any]) -> Any:
    """The model that ``load`` (told whether to look at local files only) makes of a name or folder.

    Raises:
        HubAway: see there; other errors are those of ``load``.
    """
    try:
        return load(True)
    except Exception as error:
        if Path(name).is_dir() or os.environ.get("HF_HUB_OFFLINE") or os.environ.get("AEO_OFFLINE"):
            raise
        if not _answers(os.environ.get("HF_ENDPOINT") or "https://huggingface.co"):
            raise HubAway(name) from error
    return load(False)


def _answers(address: str) -> bool:
    """Whether anything answers there, through the proxies that are set; a refusal is an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=_PATIENCE):  # noqa: S310 - a setting
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False


def why(error: BaseException) -> Reason | str:
    """Why a model could not be loaded, in few words."""
    if isinstance(error, HubAway):
        return error.reason
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
