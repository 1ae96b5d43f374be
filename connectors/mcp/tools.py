"""The four tools: ask, clause, listing, editions. Each returns JSON in the shapes of the command line."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, ParamSpec

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from assistant.answers.passages import passages
from assistant.app import Assistant
from assistant.errors import AeoError
from assistant.guide import Guide, Kind, folded
from assistant.guide_told import guide_document
from assistant.texts import say

_P = ParamSpec("_P")
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def server(assistant: Assistant, version: str) -> MCPServer[Any]:
    """The server over one assistant; it answers from the edition in force, or from a named one."""
    lang = assistant.settings.lang
    made: MCPServer[Any] = MCPServer("aeo", instructions=say("mcp.instructions", lang), version=version, log_level="WARNING")

    def tool(function: Callable[_P, dict[str, Any]]) -> None:
        """Add a tool under its name, described in the reader's language; what it refuses is one sentence."""

        @wraps(function)
        def told(*args: _P.args, **values: _P.kwargs) -> dict[str, Any]:
            try:
                return function(*args, **values)
            except AeoError as error:
                raise ToolError(error.sentence(lang)) from error

        made.add_tool(told, description=say(f"mcp.{function.__name__}", lang), annotations=_READS)

    def ask(question: str, edition: str | None = None, lang: Literal["zh", "en"] | None = None) -> dict[str, Any]:
        return assistant.ask(question, edition=edition, lang=lang).model_dump(mode="json")

    def clause(id: str, edition: str | None = None) -> dict[str, Any]:
        guide = assistant.edition(edition).guide
        if id not in guide.clauses:
            raise ToolError(say("mcp.no_clause", lang, id=id, clauses=tuple(guide.clauses)))
        return guide_document(guide, id)

    def listing(
        phrase: str | None = None, kind: Kind | None = None, within: str | None = None, edition: str | None = None
    ) -> dict[str, Any]:
        return listed(assistant.edition(edition).guide, phrase, kind, within)

    def editions() -> dict[str, Any]:
        active = assistant.store.active()
        kept = [m.model_dump(include={"edition", "title", "clauses", "created"}) for m in assistant.store.all()]
        return {"in_force": active.edition if active else None, "editions": kept}

    for function in (ask, clause, listing, editions):
        tool(function)
    return made


def listed(guide: Guide, phrase: str | None, kind: Kind | None, within: str | None) -> dict[str, Any]:
    """Clauses that hold ``phrase`` (in a line of ``kind``, or have such lines at all) inside a part, category or item."""
    found: list[dict[str, Any]] = []
    for clause, group in passages(guide).items():
        place = guide.places[clause]
        names = {place.part.number, place.category.number.strip("（）()"), place.item.number, place.item.title, clause}
        if within is not None and within.strip("（）()") not in names and within not in names:
            continue
        lines = [p for p in group if (kind is None or p.kind == kind) and (phrase is None or folded(phrase) in folded(p.wording))]
        if lines:
            shown = lines if phrase or kind else lines[:1]
            told = [{"id": p.id, "kind": p.kind, "text": p.wording} for p in shown]
            found.append({"clause": clause, "title": place.item.title, "lines": told})
    return {"edition": guide.edition, "count": len(found), "clauses": found}
