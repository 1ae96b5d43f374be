"""The four tools: ask, clause, listing, editions. Each returns JSON in the shapes of the command line, and takes what it names alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, ParamSpec

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.types import ToolAnnotations
from pydantic import ValidationError

from assistant.answers.answer import Answer
from assistant.answers.by_number import by_number
from assistant.answers.passages import passages
from assistant.errors import AeoError
from assistant.families import bare, short
from assistant.guide import Guide, Kind, folded
from assistant.guide_told import guide_document
from assistant.texts import say

_P = ParamSpec("_P")
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


class StrictTool(Tool):
    """A tool that refuses arguments that it does not have, or of a wrong kind, in one sentence, where others drop them in silence."""

    lang: str = "zh"

    @classmethod
    def made(cls, function: Callable[..., Any], description: str, lang: str) -> StrictTool:
        """The tool of a function."""
        one = cls.from_function(function, description=description, annotations=_READS)
        return cls.model_validate(dict(one) | {"parameters": one.parameters | {"additionalProperties": False}, "lang": lang})

    async def run(self, arguments: dict[str, Any], context: Any, convert_result: bool = False) -> Any:
        """As a tool runs.

        Raises:
            ToolError: an argument is none of these, or of a wrong kind; or the tool refuses.
        """
        known = tuple(self.parameters["properties"])
        unknown = tuple(name for name in arguments if name not in known)
        if unknown:
            raise ToolError(say("mcp.unknown", self.lang, names=unknown, known=known) if known else say("mcp.takes_none", self.lang))
        try:
            return await super().run(arguments, context, convert_result)
        except ToolError as error:
            if isinstance(error.__cause__, ToolError):
                raise error.__cause__ from None  # the sentence without the library's words before it
            if not isinstance(error.__cause__, ValidationError):
                raise
            wrong = tuple(dict.fromkeys(str(e["loc"][0]) for e in error.__cause__.errors() if e["loc"]))
            raise ToolError(say("mcp.wrong", self.lang, names=wrong)) from error


def server(assistant: Any, version: str) -> MCPServer[Any]:
    """The server over one assistant; it answers from the edition in force, or from a named one."""
    lang = assistant.settings.lang

    def tool(function: Callable[_P, dict[str, Any]]) -> StrictTool:
        """A tool under its name, described in the reader's language; what it refuses is one sentence."""

        @wraps(function)
        def told(*args: _P.args, **values: _P.kwargs) -> dict[str, Any]:
            try:
                return function(*args, **values)
            except AeoError as error:
                raise ToolError(error.sentence(lang)) from error

        return StrictTool.made(told, say(f"mcp.{function.__name__}", lang), lang)

    def ask(question: str, edition: str | None = None, lang: Literal["zh", "en"] | None = None) -> dict[str, Any]:
        answer: Answer = assistant.ask(question, edition=edition, lang=lang)
        return answer.model_dump(mode="json")

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

    told = [tool(function) for function in (ask, clause, listing, editions)]
    return MCPServer("aeo", instructions=say("mcp.instructions", lang), version=version, log_level="WARNING", tools=[*told])


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
