"""Turns the raw schemas of generate.mjs into the four committed files: smaller, stricter, and quick to say what is wrong.

Run by generate.sh: ``enrich.py RAW.json OUT_DIR``. Three things happen to what the generator wrote: limits that stand only in
doc comments ("Maximum length for this field is 75 characters") become maxLength and maxItems (mine.py), unions become a look-up
by ``type`` (unions.py), and the argument variants of a method become one object with the rules of each variant (unions.py).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mine import mine_limits
from unions import by_type, one_object

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
BLOCKKIT = ("Blocks", "SlackView", "Chunks", "Attachments", "AppMetadata")
INCOMING = ("AnyEvent", "Envelope", "Interaction", "Command")
CHECKED_APART = {"blocks": {"type": "array"}, "view": {"type": "object"}, "chunks": {"type": "array"}, "message": {"type": "object"}}
NOT_FOR_US = ("Workflow", "GridMigration", "SharedChannel", "Star", "Subteam", "FunctionExecuted", "EntityDetails", "AppRequested")


def main(raw_file: str, out_dir: str) -> None:
    """Write blockkit.json, requests.json, incoming.json and manifest.json."""
    raw = json.loads(Path(raw_file).read_text())
    blockkit = _definitions([raw["types"][name] for name in BLOCKKIT])
    incoming = _definitions([raw["types"][name] for name in INCOMING])
    _drop_members(incoming, "SlackEvent", NOT_FOR_US)
    manifest = _definitions([raw["types"]["AppManifest"]])
    manifest["Manifest"]["additionalProperties"] = False  # an open record in TypeScript only: a mistyped section must not pass
    manifest["BotScope"]["enum"].append("assistant:write")  # documented by Slack, not yet in its types
    manifest["ManifestEvent"]["enum"].append("agent_session_stopped")  # the same: its reference names it, its manifest types do not
    requests = {method: _request(schema) for method, schema in raw["requests"].items()}

    for known in (blockkit, incoming, manifest):
        for name in list(known):
            known[name] = by_type(known[name], known)
    for name in set(incoming) & set(blockkit):
        if incoming[name] == blockkit[name]:
            incoming[name] = {"$ref": f"blockkit.json#/definitions/{name}"}
    for file, known, roots in (
        ("blockkit", blockkit, BLOCKKIT),
        ("incoming", incoming, INCOMING),
        ("manifest", manifest, ("AppManifest",)),
        ("requests", requests, tuple(requests)),
    ):
        _write(Path(out_dir) / f"{file}.json", known, roots)


def _definitions(schemas: list[Schema]) -> dict[str, Schema]:
    merged: dict[str, Schema] = {}
    for schema in schemas:
        for name, definition in schema["definitions"].items():
            merged.setdefault(name, _bare(definition, name))
    if "AnyBlock" in merged:
        merged["AnyBlock"] = {"$ref": "#/definitions/KnownBlock"}
    return merged


def _request(schema: Schema) -> Schema:
    definitions = {name: _bare(d, name) for name, d in schema["definitions"].items()}
    root = {"$ref": schema["$ref"]}
    while "$ref" in root:
        root = definitions[_target(root["$ref"])]
    root = _inlined(one_object(root, CHECKED_APART), definitions)
    metadata = root["properties"].get("metadata", {}).get("properties", {})
    if "entities" in metadata:
        metadata["entities"] = {"type": "array"}
    return root


def _bare(node: Any, owner: str) -> Any:
    """``node`` without prose, with the limits that the prose names."""
    if isinstance(node, list):
        return [_bare(entry, owner) for entry in node]
    if not isinstance(node, dict):
        return node
    out: Schema = {}
    for key, value in node.items():
        if key == "properties":
            out[key] = {p: mine_limits(_bare(s, owner), s.get("description", ""), p) for p, s in value.items()}
        elif key == "$ref":
            out[key] = "#/definitions/" + _target(value)
        elif key not in ("description", "examples", "deprecated", "default", "$schema"):
            out[key] = value if key in ("enum", "const", "required") else _bare(value, owner)
    known = {"$ref": "#/definitions/KnownBlock"}
    if known in out.get("anyOf", []) and {"$ref": "#/definitions/Block"} in out["anyOf"]:
        return known
    return out


def _target(ref: str) -> str:
    return unquote(ref.rsplit("/", 1)[1])


def _inlined(node: Any, definitions: dict[str, Schema]) -> Any:
    """Method arguments are small: what they refer to stands in them, except what blockkit.json defines."""
    if isinstance(node, list):
        return [_inlined(entry, definitions) for entry in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = _target(node["$ref"])
        if name in ("MessageAttachment", "MessageMetadata", "MessageMetadataEventPayloadObject"):
            return {"$ref": f"blockkit.json#/definitions/{name}"}
        if name in ("KnownBlock", "View", "AnyChunk"):
            return {"type": "object"}
        return _inlined(definitions[name], definitions)
    return {key: _inlined(value, definitions) for key, value in node.items()}


def _drop_members(definitions: dict[str, Schema], union: str, prefixes: tuple[str, ...]) -> None:
    kept = [m for m in definitions[union]["anyOf"] if not _target(m["$ref"]).startswith(prefixes)]
    definitions[union] = {"anyOf": kept}


def _write(file: Path, definitions: dict[str, Schema], roots: tuple[str, ...]) -> None:
    reachable = _reachable(definitions, roots)
    lines = [f"{json.dumps(name)}: {_compact(definitions[name])}" for name in sorted(reachable)]
    head = f'{{"$schema": "{DIALECT}", "$id": "{file.name}", "definitions": {{\n'
    file.write_text(head + ",\n".join(lines) + "\n}}\n")
    print(f"{file.name}: {len(lines)} definitions, {file.stat().st_size:,} bytes")  # noqa: T201


def _reachable(definitions: dict[str, Schema], roots: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [_target(ref) for ref in _refs(definitions[name]) if ref.startswith("#")]
    return found


def _refs(node: Any) -> list[str]:
    if isinstance(node, list):
        return [ref for entry in node for ref in _refs(entry)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [ref for value in node.values() for ref in _refs(value)]


def _compact(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main(*sys.argv[1:])
