"""Case files in JSONL and YAML: read with the line of every part, checked strictly, written back.

JSONL holds one case a line. YAML holds a list of cases, or a mapping whose ``cases`` share its ``edition``, ``type``,
``lang`` and ``origin``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from assistant import typed_file
from assistant.adapters.durable import write_durably
from assistant.errors import CaseError
from evals.cases.case import Case
from evals.cases.problems import CaseMistakes, FilePlace, Location, Problem, Raw
from evals.cases.sheet import read_sheet, write_sheet

Read = tuple[list[Raw], list[Problem]]
SUFFIXES = (".jsonl", ".yaml", ".yml", ".xlsx")
MAX_BYTES = 50_000_000  # of a file of cases
_SHARED = ("edition", "type", "lang", "origin")


def read(path: Path) -> Read:
    """The cases of a file as they stand there, and the lines that hold none.

    Raises:
        CaseError: the file cannot be read.
    """
    if path.suffix.lower() == ".xlsx":
        return read_sheet(path)
    readers: dict[str, Callable[[str, str], Read]] = {".jsonl": _jsonl, ".yaml": _yaml, ".yml": _yaml}
    if path.suffix.lower() not in readers:
        raise CaseError("evals.suffix", name=str(path))
    return readers[path.suffix.lower()](path.name, text_of(path))


def text_of(path: Path) -> str:
    """The text of a file in UTF-8.

    Raises:
        CaseError: it is missing, too big, or not UTF-8.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CaseError("evals.too_big", name=str(path), limit=MAX_BYTES // 1_000_000)
        return typed_file.read(path, MAX_BYTES + 1).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError("evals.unreadable", name=str(path), what=type(error).__name__) from error


def validated(raws: Iterable[Raw]) -> tuple[list[tuple[Raw, Case]], list[Problem]]:
    """Cases whose fields are right (unknown keys apart), and every mistake."""
    good: list[tuple[Raw, Case]] = []
    problems: list[Problem] = []
    for raw in raws:
        try:
            good.append((raw, Case.model_validate(raw.data)))
        except ValidationError as error:
            wrong = error.errors(include_url=False)
            problems += [problem_of(raw, dict(e)) for e in wrong]
            if all(e["type"] == "extra_forbidden" for e in wrong):
                known, more = validated([Raw(_without([tuple(e["loc"]) for e in wrong], raw.data), raw.place, raw.places)])
                good += [(raw, case) for _, case in known]
                problems += more
    return good, problems


def write(path: Path, cases: Sequence[Case]) -> None:
    """Write cases in the format that the file's name ends in, all or nothing.

    Raises:
        CaseError: an unknown ending.
    """
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        write_durably(path, "".join(c.line() + "\n" for c in cases))
    elif suffix in (".yaml", ".yml"):
        document = [c.document() for c in cases]
        write_durably(path, yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120))
    elif suffix == ".xlsx":
        write_sheet(path, cases)
    else:
        raise CaseError("evals.suffix", name=str(path))


def merge(path: Path, cases: Sequence[Case]) -> None:
    """Put cases into a set file, new or not; a case with the same id is replaced.

    Raises:
        CaseError: the file cannot be read or written. Mistakes: what it holds is wrong.
    """
    known: list[Case] = []
    if path.exists():
        raws, unread = read(path)
        good, invalid = validated(raws)
        if unread or invalid:
            raise CaseMistakes([*unread, *invalid])
        known = [c for _, c in good]
    ids = {c.id for c in cases}
    write(path, [*(c for c in known if c.id not in ids), *cases])


def _jsonl(name: str, text: str) -> Read:
    raws: list[Raw] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = FilePlace(name, number)
        repeated: list[str] = []
        try:
            data = json.loads(line, object_pairs_hook=partial(_once, repeated))
        except (ValueError, RecursionError) as error:
            problems.append(Problem(place, "json", {"what": str(error)[:120]}))
            continue
        problems += [Problem(place, "repeated_key", {"name": key}) for key in repeated]
        if isinstance(data, dict):
            raws.append(Raw(data, place))
        else:
            problems.append(Problem(place, "no_mapping"))
    return raws, problems


def _once(repeated: list[str], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for key, value in pairs:
        if key in table:
            repeated.append(key)
        table[key] = value
    return table


def _yaml(name: str, text: str) -> Read:
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        problems: list[Problem] = []
        shared: dict[str, Any] = {}
        if isinstance(root, yaml.MappingNode):
            head = {k.value: v for k, v in root.value}
            unknown = [k for k, _ in root.value if k.value not in (*_SHARED, "cases")]
            problems += [Problem(FilePlace(name, k.start_mark.line + 1), "yaml_head", {"name": k.value}) for k in unknown]
            shared = {k: loader.construct_object(v, deep=True) for k, v in head.items() if k in _SHARED}
            root = head.get("cases")
        if not isinstance(root, yaml.SequenceNode):
            return [], [*problems, Problem(FilePlace(name, 1), "yaml_list")]
        raws = [_yaml_case(loader, node, name, shared, problems) for node in root.value]
        return [r for r in raws if r is not None], problems
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date that is none, 2026-13-01
        mark = getattr(error, "problem_mark", None)
        what = " ".join(str(getattr(error, "problem", "") or error).split())[:120]
        return [], [Problem(FilePlace(name, mark.line + 1 if mark else 1), "yaml", {"what": what})]


def _yaml_case(loader: Any, node: Any, name: str, shared: dict[str, Any], problems: list[Problem]) -> Raw | None:
    place = FilePlace(name, node.start_mark.line + 1)
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(place, "no_mapping"))
        return None
    names = [str(k.value) for k, _ in node.value]
    problems += [Problem(place, "repeated_key", {"name": n}) for n in sorted({n for n in names if names.count(n) > 1})]
    places = {location: FilePlace(name, mark.line + 1) for location, mark in _marks(node, ())}
    return Raw(shared | loader.construct_object(node, deep=True), place, places)


def _marks(node: Any, location: Location) -> Iterator[tuple[Location, Any]]:
    """Every part of a YAML node with the mark where it starts; an alias is not followed twice."""
    if isinstance(node, yaml.MappingNode) and len(location) < 5:
        for key, value in node.value:
            yield (*location, str(key.value)), key.start_mark
            yield from _marks(value, (*location, str(key.value)))
    elif isinstance(node, yaml.SequenceNode) and len(location) < 5:
        for index, value in enumerate(node.value):
            yield (*location, index), value.start_mark
            yield from _marks(value, (*location, index))


_PYDANTIC = {"extra_forbidden": "unknown_key", "missing": "missing_key", "bool_type": "no_bool", "string_pattern_mismatch": "pattern"}
_TYPES = {
    "string_type": "no_text",
    "string_too_short": "empty",
    "tuple_type": "no_list",
    "literal_error": "no_choice",
    "dict_type": "no_mapping",
}


def problem_of(raw: Raw, error: dict[str, Any]) -> Problem:
    """A mistake that the model of a case found, at its place."""
    location: Location = tuple(error["loc"])
    named = [str(p) for p in location if isinstance(p, str)]
    choices = str((error.get("ctx") or {}).get("expected", "")).replace(" or ", ", ")
    key = _PYDANTIC.get(error["type"]) or _TYPES.get(error["type"]) or error["type"]
    values = {"name": named[-1] if named else "", "value": _short(error.get("input")), "choices": choices, "what": error["msg"]}
    return raw.problem(location, key, **values)


def _without(unknown: list[Location], data: Any, at: Location = ()) -> Any:
    """The data without its unknown keys."""
    if isinstance(data, dict):
        return {k: _without(unknown, v, (*at, k)) for k, v in data.items() if (*at, k) not in unknown}
    if isinstance(data, list):
        return [_without(unknown, v, (*at, i)) for i, v in enumerate(data)]
    return data


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
