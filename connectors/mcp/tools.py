"""The four tools: ask, clause, listing, editions. Each returns JSON in the shapes of the command line."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, ParamSpec

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from assistant.answers.by_number import by_number
from assistant.answers.passages import passages
from assistant.app import Assistant
from assistant.errors import AeoError
from assistant.families import bare, short
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
        guide = assistant.guide(edition)
        wanted = by_number(id, guide)
        if not wanted:
            raise ToolError(say("mcp.no_clause", lang, id=id, clauses=tuple(guide.clauses)))
        return guide_document(guide, wanted)

    def listing(
        phrase: str | None = None, kind: Kind | None = None, within: str | None = None, edition: str | None = None
    ) -> dict[str, Any]:
        return listed(assistant.guide(edition), phrase, kind, within)

    def editions() -> dict[str, Any]:
        standing = {m.build for m in assistant.store.in_force()}
        kept = [
            m.model_dump(include={"edition", "family", "title", "clauses", "created"}) | {"active": m.build in standing}
            for m in assistant.store.all()
        ]
        return {"in_force": assistant.store.label_in_force(), "editions": kept}

    for function in (ask, clause, listing, editions):
        tool(function)
    return made


def listed(guide: Guide, phrase: str | None, kind: Kind | None, within: str | None) -> dict[str, Any]:
    """Clauses that hold ``phrase`` (in a line of ``kind``, or have such lines at all) inside a family, part, category or item."""
    found: list[dict[str, Any]] = []
    groups = passages(guide)
    for clause in groups if within is None else _inside(guide, within):
        lines = [p for p in groups[clause] if (kind is None or p.kind == kind) and (phrase is None or folded(phrase) in folded(p.wording))]
        if lines:
            shown = lines if phrase or kind else lines[:1]
            told = [{"id": p.id, "kind": p.kind, "text": p.wording} for p in shown]
            found.append({"clause": clause, "title": guide.places[clause].item.title, "lines": told})
    return {"edition": guide.edition, "count": len(found), "clauses": found}


def _inside(guide: Guide, within: str) -> list[str]:
    """The clauses of a family called by name, or inside a place by its title or number; a number that the first family lacks is others'."""
    wanted = _plain(within)
    names: dict[str, set[str]] = {}
    for clause, place in guide.places.items():
        numbers = (place.part.number, place.category.number, place.item.number, clause)
        called = (place.part.title, place.category.title, place.item.title, place.part.family, short(place.part.family))
        names[clause] = {n for n in (*map(_plain, numbers), *map(folded, called)) if n}
    found = [c for c, own in names.items() if {wanted, folded(within)} & own]
    return found or [c for c, own in names.items() if wanted in map(bare, own)]


def _plain(number: str) -> str:
    """A number without the brackets around it: ``三`` for （三）, ``报关:三`` for ``报关:（三）``; ``24(3)`` keeps its own."""
    family, mark, own = number.strip().rpartition(":")
    return f"{family}{mark}{own.strip('（）()') if own[:1] in '（(' else own}"
