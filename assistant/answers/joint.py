"""Answers of several families in force, made one: whose are shown, under whose name, with ids that carry their family.

Each family answers by itself, with its own ranker and refusal and its own numbers; here nothing is searched.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from assistant.answers.answer import Answer, Turn
from assistant.answers.blocks import Block, Note
from assistant.answers.reply.unanswered import refused_near
from assistant.families import short
from assistant.guide import Guide, folded
from assistant.texts import say

BESIDE = 0.25
"""How likely, against the likeliest family's, the first clause of another family must be for it to be answered from too."""
NEARNESS = 8.0
"""How much the cosine of a question with the lines of a family's first clause counts. A family tells its own clauses apart, and is as sure
of the best of them whoever is asked; which family is meant, its words tell. With guides of three fields (64, 26 and 74 clauses) and 194
questions: an answer of a family of another field beside the right one in 24 of 194, without it in 78, and no right one less."""
SURE = 0.8
"""Most doubt at which a family beside the first one answers what no other does: each further family is one more that may be wrong.
With three guides and what the general one refuses: 26 of 112 answered, with this and its lines as near as the general one's 19 (the
general one alone 11, and six stand in the third guide); of 104 questions about the second guide 95 were answered, now 94."""


@dataclass(frozen=True)
class Voice:
    """What one family says: its guide, its answer in its own ids, and how likely its first clause answers the question.

    ``near`` is the cosine of the question with that clause's lines, None for what was looked up. ``doubt`` is the probability of a refusal
    against the most at which this family answers: above 1 the message as a whole would be refused. ``without`` gives what a family that
    refuses by itself would answer: another family that answers says that the message asks something.
    """

    family: str
    guide: Guide
    answer: Answer
    likely: float = 1.0
    without: Callable[[], Answer] | None = None
    first: bool = False
    near: float | None = None
    doubt: float = 0.0

    @property
    def named(self) -> Answer:
        """The answer with ids that carry the family; the first family's have none."""
        return self.answer if self.first else under(self.answer, self.family)


def shown(voices: Sequence[Voice]) -> list[Voice]:
    """The families that answer, in their order: those whose clause is about as likely as the likeliest; none when none surely answers."""
    answering = [v for v in voices if v.answer.answered]
    if not any(sure(v, nearness(voices)) for v in answering):
        return []
    meant = _meant(voices)
    best = max(m for v, m in zip(voices, meant, strict=True) if v.answer.answered)
    near = [v for v, m in zip(voices, meant, strict=True) if m >= BESIDE * best and (v.answer.answered or v.without)]
    return [replace(v, answer=v.without()) if v.without else v for v in near]


def _meant(voices: Sequence[Voice]) -> list[float]:
    """How likely each family is meant, against the others: how sure it is of its clause, by how near the clause's words are."""
    most = max((v.near for v in voices if v.near is not None), default=0.0)
    return [v.likely if v.near is None else meant_alone(v) / math.exp(NEARNESS * most) for v in voices]


def meant_alone(voice: Voice) -> float:
    """How likely a family that was searched is meant, on a scale that all families share."""
    return voice.likely * math.exp(NEARNESS * (voice.near or 0.0))


def nearness(voices: Sequence[Voice]) -> float:
    """How near the first family's lines are to the question; 0 where it was not searched."""
    return next((v.near for v in voices if v.first and v.near is not None), 0.0)


def sure(voice: Voice, first: float) -> bool:
    """Whether a family's answer overrules the refusals of all others: what is as near to ``first`` is the first family's to refuse."""
    return voice.first or (voice.doubt <= SURE and (voice.near is None or voice.near >= first))


def joined(voices: Sequence[Voice], edition: str, lang: str) -> Answer:
    """One answer of the families that answer, each under its name; where none does, the first family's refusal, others' nearest beside.

    Args:
        voices: one of each family, in the order in which they are shown.
        edition: the joint label of all that is in force.
        lang: language of the words around the quotes.
    """
    told = shown(voices) or [min(voices, key=lambda v: (v.answer.answered, not v.first))]
    first, *others = [v.named for v in told]
    answering = {v.family for v in told if v.answer.answered}
    nearest = _nearest(voices, answering)
    titles = {_id(v, c): place.item.title for v in voices for c, place in v.guide.places.items()}
    near = refused_near([(c, titles[c]) for c in dict.fromkeys(nearest)], lang)
    blocks: list[Block] = []
    for voice in told:
        if voice.answer.answered or not (voice.first or voice.answer.reason in ("not_a_question", "register")):
            blocks.append(Note(text=say("answers.family", lang, family=voice.family, edition=voice.guide.edition)))
        blocks += [near if b.block == "note" and b.role == "nearest" else b for b in _told_here(voice, told)]
    return first.model_copy(
        update={
            "edition": edition,
            "blocks": tuple(blocks),
            "citations": tuple(c for a in (first, *others) for c in a.citations),
            "growing": False,
            "nearest": tuple(dict.fromkeys(nearest))[: max(5, len(first.nearest))],
            "notices": tuple(dict.fromkeys(n for a in (first, *others) for n in a.notices)),
        }
    )


def offering(answer: Answer, also: Sequence[tuple[str, str]], lang: str) -> Answer:
    """An answer with the other readings of its number offered: (id, title) in other families."""
    if not also:
        return answer
    named = say("answers.between", lang).join(f"{clause} {title}" for clause, title in also)
    note = Note(text=say("answers.also_number", lang, clauses=named))
    nearest = tuple(dict.fromkeys([*answer.nearest, *(clause for clause, _ in also)]))
    return answer.model_copy(update={"blocks": (*answer.blocks, note), "nearest": nearest})


def _nearest(voices: Sequence[Voice], answering: Collection[str]) -> list[str]:
    """The clauses nearest to a question: the first of each that answers, then by how likely a family is meant and their places in it.

    Taking turns gave three of five places to families that are hardly meant: of 160 questions about a guide of another field (40 clauses,
    beside 64 and 74) the right clause was among the five in .825, so in .912 (.944 when that guide is asked alone).
    """
    meant = zip(voices, _meant(voices), strict=True)
    placed = [(bool(n) or v.family not in answering, -likely / (n + 1), c) for v, likely in meant for n, c in enumerate(v.named.nearest)]
    return [clause for *_, clause in sorted(placed, key=lambda entry: entry[:2])]


def _told_here(voice: Voice, told: Sequence[Voice]) -> list[Block]:
    """What a family says, without that a clause is told elsewhere where another family shows the item of that title."""
    titles = {folded(v.guide.places[c].item.title) for v in told if v is not voice for c in v.answer.clauses}
    own = {_id(voice, c): folded(voice.guide.places[c].item.title) for c in voice.answer.clauses}
    return [b for b in voice.named.blocks if not (b.block == "note" and b.role == "external" and own.get(b.clause or "") in titles)]


def _id(voice: Voice, clause: str) -> str:
    """A clause's id as it is shown beside other families."""
    return clause if voice.first else f"{short(voice.family)}:{clause}"


def under(answer: Answer, family: str) -> Answer:
    """An answer in a family's own ids, with ids that carry the family."""
    name = short(family)

    def id_(of: str | None) -> str | None:
        return f"{name}:{of}" if of else of

    def block(b: Block) -> Block:
        said = b.text
        if b.clause and (b.block == "heading" or (b.block == "note" and (b.role == "rest" or "(" in b.clause))):
            found = list(re.finditer(rf"(?<![\w:(]){re.escape(b.clause)}(?![\d(])", said))
            for match in found[-1:] if b.block == "note" else found[:1]:  # a note counts before it names its clause
                said = f"{said[: match.start()]}{name}:{said[match.start() :]}"
        moved = len(said) - len(b.text)
        bold = b.bold if not moved else ()
        changed = {"clause": id_(b.clause), "text": said, "bold": bold}
        return b.model_copy(update=changed | ({"line": id_(b.line)} if b.block == "item" else {}))

    cited = tuple(c.model_copy(update={"clause": id_(c.clause), "line": id_(c.line)}) for c in answer.citations)
    near = tuple(f"{name}:{c}" for c in answer.nearest)
    return answer.model_copy(update={"blocks": tuple(map(block, answer.blocks)), "citations": cited, "nearest": near})


def of_family(history: Sequence[Turn], family: str, first: bool, families: Sequence[str]) -> tuple[Turn, ...]:
    """The conversation as one family sees it: what was cited of it in its own ids, nothing of the others."""
    name = "" if first else f"{short(family)}:"
    foreign = tuple(f"{short(f)}:" for f in families)

    def mine(of: str | None) -> bool:
        return of is not None and (of.startswith(name) if name else not of.startswith(foreign))

    def own(turn: Turn) -> Turn:
        a = turn.answer
        cut = len(name)
        blocks = [b for b in a.blocks if b.clause is None or mine(b.clause)]
        plain = [
            b.model_copy(
                update={"clause": b.clause[cut:] if b.clause else None, "text": b.text.replace(name, "") if name else b.text}
                | ({"line": b.line[cut:] if b.line else None} if b.block == "item" else {})
            )
            for b in blocks
        ]
        cited = tuple(
            c.model_copy(update={"clause": c.clause[cut:], "line": c.line[cut:] if c.line else None}) for c in a.citations if mine(c.clause)
        )
        near = tuple(c[cut:] for c in a.nearest if mine(c))
        return turn.model_copy(update={"answer": a.model_copy(update={"blocks": tuple(plain), "citations": cited, "nearest": near})})

    return tuple(map(own, history))
