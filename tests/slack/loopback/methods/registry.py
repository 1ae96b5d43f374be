"""The Web API methods that the loopback speaks, each a function from arguments to answer, with the scopes it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.slack.loopback.model import Json
from tests.slack.loopback.setup import Token
from tests.slack.loopback.workspace import Workspace

if TYPE_CHECKING:
    from tests.slack.loopback.core import Core


@dataclass
class Caller:
    """Who calls, and in which workspace."""

    core: Core
    workspace: Workspace
    token: Token


Act = Callable[[Caller, Json], Json]


@dataclass(frozen=True)
class Method:
    """One method; ``scopes`` are all needed, alternatives joined with ``|``."""

    act: Act
    scopes: tuple[str, ...]
    takes: str


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, takes: str = "bot") -> Callable[[Act], Act]:
    """Register a function as the method ``name``; ``takes`` is the kind of token, or ``none``."""

    def registered(act: Act) -> Act:
        METHODS[name] = Method(act, scopes, takes)
        return act

    return registered


def page(found: list[Any], args: Json, most: int = 100) -> tuple[list[Any], str]:
    """One page of ``found``, and the cursor of the next one."""
    start = int(args.get("cursor") or 0)
    size = min(int(args.get("limit") or most), 1000)
    following = str(start + size) if len(found) > start + size else ""
    return found[start : start + size], following
