"""Families of guides: what a title says about which standard a guide is of, and several guides seen as one.

A family is the standard that a guide belongs to, whatever its edition: ``通用`` for the general standard, ``报关企业`` for that of
brokers. Where several are in force the general one keeps its ids, and the ids of the others carry the family: ``报关:4(2)``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from assistant.guide import Category, Clause, Guide, Item, Part, Reference, Requirement, Section, lineage_key

GENERAL = "通用"
"""The family of the general standard, and of titles that name no other."""
_JOINT = " + "
_OTHER_WORDS = re.compile(r"\d{4}年?第?\d+号(公告)?|\d{4}年版?|[第(]?\d+版|附件\d*|公告|试行|修订|征求意见稿|[《》“”\"'〔〕\[\]]")
_LEVEL = re.compile(r"海关(高级|一般)?认证企业(认证)?(标准)?|(高级|一般)认证(企业)?|AEO", re.IGNORECASE)
_STANDARD = re.compile(r"(单项)?(标准|规范|要求)?(的)?(认证)?(操作|实施)?(指南|指引)?$")
_BETWEEN = re.compile(r"[()（）—\-–_:：、，,\s/]+")


def family_of(title: str) -> str:
    """The family that a guide's title names.

    >>> family_of("海关认证企业标准指南（高级认证—通用标准）"), family_of("海关认证企业标准指南（高级认证—报关企业单项标准）")
    ('通用', '报关企业')
    """
    plain = _LEVEL.sub("", _OTHER_WORDS.sub("", unicodedata.normalize("NFKC", title)))
    names = [_STANDARD.sub("", piece) for piece in _BETWEEN.split(plain)]
    return "".join(dict.fromkeys(n for n in names if n)) or GENERAL


def short(family: str) -> str:
    """A family as it stands before an id: ``报关`` for ``报关企业``."""
    return family.removesuffix("企业") or family


def label_of(labels: Iterable[str]) -> str:
    """The label of editions that are in force together; ``labels_of`` takes it apart."""
    return _JOINT.join(labels)


def labels_of(label: str) -> list[str]:
    """The editions that a label names: itself, or those that are in force together."""
    return label.split(_JOINT)


def bare(of: str) -> str:
    """An id or number as its own guide has it: ``4(2)`` for ``报关:4(2)``."""
    return of.rpartition(":")[2]


def named(said: str, guide: Guide) -> list[str]:
    """The numbers of the parts of a family that is in force beside others and called by its name (报关企业, 《报关》); else none."""
    name = said.strip("《》 ")
    return [p.number for p in guide.parts if p.family and name in (p.family, short(p.family))]


def ordered(families: Sequence[str]) -> list[str]:
    """The general family first, the others as they came."""
    return sorted(dict.fromkeys(families), key=lambda f: f != GENERAL)


def combined(guides: Mapping[str, Guide]) -> Guide:
    """Guides of several families as one: the first keeps its ids, those of the others carry their family.

    Args:
        guides: family -> guide, in order; at least one.

    Returns:
        With one guide that very guide. With more, a guide whose edition joins the labels and whose keys differ by family.
    """
    (first, guide), *others = guides.items()
    if not others:
        return guide
    parts = [p.model_copy(update={"family": first}) for p in guide.parts]
    parts += [part for family, other in others for part in under(other, family).parts]
    exchanged = {e.new: e for g in guides.values() for e in g.exchanged}
    return Guide(
        edition=label_of(g.edition for g in guides.values()),
        title="；".join(g.title for g in guides.values()),
        parts=tuple(parts),
        front=guide.front,
        exchanged=tuple(exchanged.values()),
        retitled=tuple({title: before for g in reversed([*guides.values()]) for title, before in g.retitled}.items()),
    )


def apart(guide: Guide) -> dict[str, Guide]:
    """A combined guide's families, each with the ids that it has there; one that is no combination is its own, under no name."""
    families = list(dict.fromkeys(p.family for p in guide.parts))
    values = {name: getattr(guide, name) for name in Guide.model_fields}
    return {f: Guide(**values | {"parts": tuple(p for p in guide.parts if p.family == f)}) for f in families}


def under(guide: Guide, family: str) -> Guide:
    """A guide whose ids and keys carry its family; what was judged of its lines still holds, by the keys they had before."""
    name = short(family)

    def id_(of: str) -> str:
        return f"{name}:{of}" if of else of

    def requirement(r: Requirement) -> Requirement:
        return r.model_copy(update={"id": id_(r.id), "key": lineage_key(name, r.key), "since": r.lineage})

    def section(s: Section) -> Section:
        return s.model_copy(update={"requirements": tuple(map(requirement, s.requirements))})

    def reference(r: Reference) -> Reference:
        return r.model_copy(update={"targets": tuple(map(id_, r.targets))})

    def clause(c: Clause) -> Clause:
        changed = {
            "id": id_(c.id),
            "sections": tuple(map(section, c.sections)),
            "references": tuple(map(reference, c.references)),
            "shares_with": id_(c.shares_with) if c.shares_with else None,
            "key": lineage_key(name, c.key),
            "since": c.lineage,
            "proofs": tuple(p.model_copy(update={"key": lineage_key(name, p.key)}) for p in c.proofs),
        }
        return c.model_copy(update=changed)

    def item(i: Item) -> Item:
        return i.model_copy(update={"number": id_(i.number), "clauses": tuple(map(clause, i.clauses))})

    def category(c: Category) -> Category:
        return c.model_copy(update={"number": id_(c.number), "items": tuple(map(item, c.items))})

    def part(p: Part) -> Part:
        return p.model_copy(update={"number": id_(p.number), "family": family, "categories": tuple(map(category, p.categories))})

    values = {name_: getattr(guide, name_) for name_ in Guide.model_fields}  # made anew: a copy would keep what it worked out
    return Guide(**values | {"parts": tuple(map(part, guide.parts))})
