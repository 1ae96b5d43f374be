"""A guide file -> a finished build: read, parse, embed, index, fit; built beside, swapped at the end.

Killed at any moment, the served edition is untouched: a build counts only once its manifest is written, and becomes
active only by the pointer. Vectors are kept by text, so what did not change is not embedded again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from assistant.adapters.builds import Manifest, build_name, fingerprint_of
from assistant.adapters.chroma.index import ChromaIndex
from assistant.adapters.editions import Editions
from assistant.adapters.models.embeddings import embedder
from assistant.adapters.models.known_vectors import VectorCache
from assistant.answers.passages import distinct, passages, pieces, titles
from assistant.answers.ports import Embedder, Floats
from assistant.answers.question.places.earlier import EARLIER, Earlier
from assistant.answers.reply.deciding.verdicts import shipped_verdicts
from assistant.answers.search.ranker import Ranker
from assistant.errors import EditionError, Reason, Unavailable, reason
from assistant.families import GENERAL
from assistant.guide import Finding, Guide
from assistant.settings import Settings
from ingest.brought_in import all_of, label_before, origin, same_words, slug, version
from ingest.compare.diff import diff
from ingest.compare.earlier import earlier
from ingest.compare.lineage import parse_after
from ingest.family import before, family_in
from ingest.learn.banks import bank, own_bank
from ingest.learn.banks.carried import carried
from ingest.learn.banks.expand import expanded
from ingest.learn.banks.plain import banks
from ingest.learn.methods.kernel import unit
from ingest.learn.ranking.fit import fit
from ingest.learn.ranking.line_order import ToldQuestions, ordered
from ingest.learn.ranking.outlived import new_lines, outlived
from ingest.learn.ranking.unlearned import GuideWords, apart, is_new, ranker_of
from ingest.parse.check import check
from ingest.read.file import read
from ingest.shipped import DEFAULTS, ORDER, SHIPPED_CLAUSES, SHIPPED_EDITION, UNLEARNED, VECTORS, shipped_guide

Step = Callable[[str, int, int], None]
_SAME = 0.8
"""Share of the bank's questions about clauses that live on, from which an edition keeps the weights of the one in force."""


class Ingested(NamedTuple):
    """What an ingestion did."""

    manifest: Manifest
    active: bool
    fresh: bool
    embedded: int
    reused: int
    findings: tuple[Finding, ...]
    notices: tuple[str, ...]
    without_questions: tuple[str, ...]


def ingest(
    path: Path,
    settings: Settings,
    at: datetime,
    edition: str | None = None,
    step: Step = lambda stage, done, total: None,
    family: str | None = None,
) -> Ingested:
    """Bring a guide file in as a staged edition of its family; the first one into an empty home becomes active.

    Args:
        path: the file, in any format that ``ingest.read.file`` knows.
        settings: home, embedding model, Chroma address.
        at: the moment, for the manifest.
        edition: label; without one the shipped guide's text is known as ``2018-177``, others by their file name.
        step: told (stage, done, total).
        family: the family that it is an edition of, whatever its title says.

    Raises:
        SourceError: the file cannot be read or holds no guide. EditionError: the label is taken by another text, or family.
        Busy: another process is ingesting.
    """
    store = Editions(settings.home)
    step("read", 0, 1)
    source = read(path)
    step("read", 1, 1)
    label = edition or label_before(path, source.fingerprint, store)
    family = family or family_in(source, store)
    guide = parse_after(source, label or "", before(store, family))
    if not label:
        label = SHIPPED_EDITION if same_words(guide) else slug(path)
        guide = guide.model_copy(update={"edition": label})
    step("parse", 1, 1)
    with store.lock():
        model = embedder(settings)
        entries, own = banks(), own_bank.own_bank(settings.home)
        maps = next((store.maps(m) for m in reversed(store.all()) if m.edition == label), {})
        mapped = maps.get(SHIPPED_EDITION, {})
        added = [*(o.model_dump() for o in own), *(sorted(mapped.items()))]
        home_bank = fingerprint_of([e.model_dump() for e in entries], *added)
        made_of = all_of(source.fingerprint, label, model.fingerprint, home_bank, settings, family)
        if any(m.edition == label and m.family != family for m in store.all()):
            raise EditionError("editions.label_of_family", edition=label, family=family)
        current, empty = store.active(family), store.active() is None
        standing = next((m for m in store.all() if current is not None and m.build == current.build), None)
        usual = {standing.edition: standing.clauses} if standing else {}
        findings = check(guide, usual | ({SHIPPED_EDITION: SHIPPED_CLAUSES} if empty or family == GENERAL else {}))
        known = next((m for m in store.all() if m.build == build_name(label, made_of)), None)
        index = ChromaIndex(build_name(label, made_of), store.folder(build_name(label, made_of)) / "chroma", settings.chroma_url)
        if known is not None and _whole(store, known, index, settings):
            active = current is not None and current.build == known.build
            if empty:
                store.activate(known, at)
                active = True
            return Ingested(known, active, False, 0, known.passages, findings, (), ())
        if standing is not None and standing.edition == label and standing.source_sha256 != source.fingerprint:
            raise EditionError("editions.label_taken", edition=label)
        name, kept = origin(path, store), path.read_bytes()  # it may lie in what is removed now
        shutil.rmtree(store.folder(index.name), ignore_errors=True)  # what is left of it is damaged
        lives_on = carried(entries, guide, mapped)
        moved, bare = expanded(own_bank.taught(lives_on, own_bank.entries(own, guide, partial(own_bank.guide_at, store))), guide, settings)
        taught, moved = apart(entries, moved) if is_new(moved, guide) else (None, moved)
        other = standing is not None and standing.edition != label
        stands = _stands(store, standing, model.fingerprint) if other and _mostly(entries, lives_on) else None
        try:
            manifest, embedded, reused, notices = _build(
                guide, source.fingerprint, name, kept, moved, store, settings, index, home_bank, at, step, family, stands, taught
            )
        except Exception as error:
            index.close()
            shutil.rmtree(store.folder(index.name), ignore_errors=True)
            if (what := _unwritten(error, settings)) is None:
                raise
            raise Unavailable("index.write", where=str(settings.home), what=what) from error
        for old, clauses in maps.items():
            store.keep_map(manifest, old, clauses)
        serving = empty or (current is not None and current.edition == label)
        if serving:
            store.activate(manifest, at)
        return Ingested(manifest, serving, True, embedded, reused, findings, notices, bare)


def _build(
    guide: Guide,
    sha256: str,
    name: str,
    kept: bytes,
    entries: list[bank.BankEntry],
    store: Editions,
    settings: Settings,
    index: ChromaIndex,
    bank_fingerprint: str,
    at: datetime,
    step: Step,
    family: str,
    stands: dict[str, Any] | None,
    taught: Sequence[bank.BankEntry] | None,
) -> tuple[Manifest, int, int, tuple[str, ...]]:
    model = embedder(settings)
    folder = store.begin(index.name)
    groups, unique = passages(guide), distinct(guide)
    step("passages", 1, 1)
    cache = VectorCache(settings.home / "vectors.sqlite3", VECTORS)
    notices: tuple[str, ...] = ()
    questions: Floats | None = None
    of_pieces: Floats | None = None
    lines: dict[str, Floats] | None = None
    printed = [*(p.text for p in unique), *(piece for cut in pieces(guide).values() for piece in cut)]
    total = len(printed) + len(entries)
    step("embed", 0, total)
    try:
        vectors = cache.embed(model.fingerprint, "passage", printed, model.passages, lambda d, t: step("embed", d, total))
        questions = cache.embed(
            model.fingerprint, "query", [e.question for e in entries], model.queries, lambda d, t: step("embed", len(printed) + d, total)
        )
        vectors, of_pieces = vectors[: len(unique)], vectors[len(unique) :]
        lines = {p.id: v for p, v in zip(unique, vectors, strict=True)}
        if taught is None and (new := new_lines(diff(shipped_guide(), guide), groups)):
            were = cache.embed(model.fingerprint, "passage", _printed(), model.passages, lambda d, t: None)
            teach = outlived(entries, questions, were, lines, new)
            entries, questions = [e for e in teach if e], questions[[e is not None for e in teach]]
    except Unavailable as error:
        if settings.embedding_model != "bundled":
            raise
        notices = (error.key,)
    if lines is not None:
        index.build(unique, vectors, guide.edition, lambda done, total: step("index", done, total))
        index.close()
    weights = stands or json.loads(DEFAULTS.read_text(encoding="utf-8"))
    step("rank", 0, 6 if taught is None else 1)
    if taught is None:
        ranker = fit(
            entries, groups, titles(guide), questions, lines, weights, lambda done, total: step("rank", done, total), stands is not None
        )
        verdicts = shipped_verdicts()
        told = ToldQuestions.of(verdicts) if verdicts.maker == model.fingerprint else None
        ranker = ordered(ranker, groups, told, json.loads(ORDER.read_text(encoding="utf-8")))
    else:
        ranker = _unlearned(taught, entries, questions, guide, lines, partial(_embedded, cache, model))
        step("rank", 1, 1)
    if of_pieces is not None:
        ranker = replace(ranker, pieces=unit(of_pieces - of_pieces.mean(axis=0)))
    ranker.save(folder)
    (folder / "guide.json").write_text(guide.model_dump_json(), encoding="utf-8")
    _keep_earlier(folder, guide, store, family)
    (folder / f"source{Path(name).suffix.lower()[:8]}").write_bytes(kept)
    manifest = Manifest(
        build=index.name,
        edition=guide.edition,
        title=guide.title,
        source=name,
        source_sha256=sha256,
        embedder=model.fingerprint if lines is not None else "none",
        bank=bank_fingerprint,
        clauses=len(guide.clauses),
        passages=len(unique),
        created=at.isoformat(),
        version=version(),
        family=family,
    )
    store.finish(manifest)
    return manifest, cache.computed, cache.reused, notices


def _unlearned(
    taught: Sequence[bank.BankEntry],
    own: Sequence[bank.BankEntry],
    questions: Floats | None,
    guide: Guide,
    lines: dict[str, Floats] | None,
    embedded: Callable[[str, list[str]], Floats],
) -> Ranker:
    """The ranker of a guide that the banks do not know; ``questions`` are embeddings of ``own``, none without a model."""
    weights = json.loads(UNLEARNED.read_text(encoding="utf-8"))
    weights["line"] = json.loads(DEFAULTS.read_text(encoding="utf-8"))["weights"]["line"]
    if lines is None or questions is None:
        return ranker_of(taught, None, own, None, GuideWords(passages(guide), None, None, None), weights)
    named = {clause: place.item.title for clause, place in guide.places.items()}
    titled = dict(zip(named, embedded("passage", list(named.values())), strict=True))
    middle = embedded("passage", _printed()).mean(axis=0)
    words = GuideWords(passages(guide), lines, titled, middle)
    return ranker_of(taught, embedded("query", [e.question for e in taught]), own, questions, words, weights)


def _embedded(cache: VectorCache, model: Embedder, kind: str, texts: list[str]) -> Floats:
    compute = model.queries if kind == "query" else model.passages
    return cache.embed(model.fingerprint, kind, texts, compute, lambda done, total: None)


def _printed() -> list[str]:
    """The lines of the shipped guide."""
    return [p.text for p in distinct(shipped_guide())]


def _mostly(bank_: Sequence[bank.BankEntry], lives_on: Sequence[bank.BankEntry]) -> bool:
    """Whether the questions of the bank are asked of much the same clauses as in its home edition."""
    return sum(bool(e.clause) for e in lives_on) >= _SAME * sum(bool(e.clause) for e in bank_)


def _stands(store: Editions, standing: Manifest | None, embedder_: str) -> dict[str, Any] | None:
    """The weights of the edition in force, if they are weights as they are fitted today.

    An edition that holds most of another is ranked by the same weights, so that no answer changes but by what the guide says. That
    holds whatever program or bank made them: it is by these that the edition in force answers.
    """
    if standing is None or standing.embedder != embedder_:
        return None
    try:
        kept = json.loads((store.folder(standing.build) / "ranker.json").read_text(encoding="utf-8"))
        usual = json.loads(DEFAULTS.read_text(encoding="utf-8"))["weights"]
        sizes = [{name: len(w) for name, w in weights.items()} for weights in (kept["weights"], usual)]
        return {"weights": kept["weights"], "refuse_above": kept["refuse_above"]} if sizes[0] == sizes[1] else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _keep_earlier(folder: Path, guide: Guide, store: Editions, family: str) -> None:
    """Write what the numbers of the edition before are now; an edition made anew keeps what was known of it."""
    current = store.active(family)
    if current is not None and current.edition == guide.edition:
        known = store.folder(current.build) / EARLIER
        text = known.read_text(encoding="utf-8") if known.exists() else Earlier().model_dump_json()
    else:
        text = earlier(before(store, family), guide).model_dump_json()
    (folder / EARLIER).write_text(text, encoding="utf-8")


def _unwritten(error: Exception, settings: Settings) -> str | Reason | None:
    """Why the home could not be written; nothing when that is not what went wrong. Embedded Chroma writes there too."""
    if isinstance(error, OSError):
        return reason(error)
    if settings.chroma_url or not isinstance(error, Unavailable) or error.key != "index.broken":
        return None
    return str(error.__cause__).partition("\n")[0].rpartition("error returned from database: ")[2][:100] or type(error.__cause__).__name__


def _whole(store: Editions, known: Manifest, index: ChromaIndex, settings: Settings) -> bool:
    """Whether everything that a build serves from can be read: one that was damaged is made again."""
    try:
        store.guide(known)
        ranker = Ranker.load(store.folder(known.build))
        if known.embedder == "none" or ranker.vectors is None:
            return known.embedder == "none"
        return index.count() == known.passages and bool(index.search(ranker.vectors[0], 1))
    except Unavailable:
        if settings.chroma_url:  # a server that is away says nothing about the build
            raise
        return False
    except Exception:
        return False
    finally:
        index.close()
