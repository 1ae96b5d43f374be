"""A message and the dialogue before it, read once into one frozen object that everything after it uses.

Rules read numbers only (items, clauses, ordinals, Chinese numerals). Everything else is learned, carries a probability
and may abstain: what only the search can know is decided there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from assistant.answers.answer import Turn
from assistant.answers.passages import distinct
from assistant.answers.ports import Floats
from assistant.answers.question.dialogue import Dialogue
from assistant.answers.question.kinds import kinds_demanded, whole_topic
from assistant.answers.question.learned.asides import Aside, aside
from assistant.answers.question.learned.classifier import LIKELY, SURE, Heads
from assistant.answers.question.learned.extent import called_whole
from assistant.answers.question.learned.listing import Listing, read_listing, wording_of
from assistant.answers.question.learned.listing_model import shipped_listings
from assistant.answers.question.learned.tagging import Wording
from assistant.answers.question.orders import without_orders
from assistant.answers.question.pieces import Pieces, pieces
from assistant.answers.question.places import number_grammar
from assistant.answers.question.places.references import FoundReference, by_title, everyday, references, titled, whole
from assistant.answers.question.places.renumber import renumbered
from assistant.answers.question.places.section_lines import called_line, line_of
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.question.titles import translated
from assistant.answers.question.words import LONGEST, fold, mostly_latin, plain, words
from assistant.guide import Guide, Kind

Act = Literal["question", "thanks", "correction", "help", "status", "instruction", "small_talk"]
"""What a message does. All but a question ask nothing of the guide."""
Shape = Literal["question", "listing", "comparison", "yes_no"]
_HALF, _FEWEST = 0.5, 3  # even odds; words from which a piece is a question of its own (chosen, not measured)
_BESIDE = 0.05  # several questions, from which a place may be named beside one (chosen on the sets that may be looked at)
HANGS = 0.7
"""Probability from which a message says nothing without the one before it (``ingest.learn.reading.standing``); chosen on a handful of dialogues."""
MAYBE_LISTING = 0.3
"""Probability below which a message is no listing, whatever else it may be."""
_NODS = frozenset("👍👌🙏👏✅✔💯")
"""Signs that, alone, take what was said."""

Probabilities = Mapping[str, float]


@dataclass(frozen=True)
class Reading:
    """One message, understood as far as its words alone allow. Probabilities sum to one over their labels.

    Attributes:
        message: as it was typed.
        text: what is searched: without markup and without orders to the assistant.
        lang: language of the words around the quotes, ``zh`` or ``en``.
        dialogue: what was shown and refused before.
        references: places named by number, in order; one without clauses does not exist.
        place: the clauses that an ordinal means (第二条, 前面那个), resolved in the dialogue.
        line: the one requirement of that clause that it means.
        among: the clauses that were listed, where it asks which of them something is (离职的是第几条).
        items: whole items or categories called by their titles.
        acts, shapes, makeup, how, stands: what it does; what kind of question; one question, several or one with background; how
            it hangs on what was said before; whether it is a whole question or says nothing without that.
        asked: what kind of line it asks for.
        kinds: sections that are asked for beyond doubt.
        everything: whether all there is about a topic is asked for.
        apart: whether it asks something else beside a place that it names by number.
        alone: the questions of a message that names a place in some of its pieces, where there are several (封条谁管，29要什么).
        aside: what it asks about the answer before it, or about the guide itself.
        vector: the message's embedding, where it was needed to read it.
        maker: the embedding model that made it.
        listings: its sentences, where there are several, each as such a query.
        listing: the message as a query on the guide's structure, with the probability that it is one; None for no words.
    """

    message: str
    text: str
    lang: str
    dialogue: Dialogue
    references: tuple[FoundReference, ...]
    place: tuple[str, ...]
    line: str | None
    items: tuple[FoundReference, ...]
    acts: Probabilities
    shapes: Probabilities
    makeup: Probabilities
    how: Probabilities
    stands: Probabilities
    asked: Probabilities
    kinds: tuple[Kind, ...]
    everything: bool
    apart: bool = False
    alone: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    aside: Aside | None = None
    vector: Floats | None = None
    maker: str = ""
    listing: Listing | None = None
    listings: tuple[tuple[str, Listing], ...] = ()

    @property
    def act(self) -> Act:
        """The most probable act."""
        return max(get_args(Act), key=lambda act: self.acts.get(act, 0.0))

    @property
    def shape(self) -> Shape:
        """The most probable kind of question."""
        return max(get_args(Shape), key=lambda shape: self.shapes.get(shape, 0.0))

    @property
    def hangs(self) -> bool:
        """Whether it says nothing without what was said before."""
        return bool(self.dialogue.last) and self.stands["hangs"] >= HANGS

    @property
    def talk(self) -> Act | None:
        """The act of a message that asks nothing of the guide, if that is sure without a search; few words in a dialogue may be a follow-up.

        Of two acts that both go to the register (提醒小李交报告: an instruction, or the state of it) it need not be sure which.
        """
        if self.act == "small_talk" and words(self.text) and (self.dialogue.about or any(r.clauses for r in self.references)):
            return None
        act = self.act
        alike = TO_REGISTER if act in TO_REGISTER else (act,)
        return act if act != "question" and sum(self.acts.get(other, 0.0) for other in alike) >= SURE else None

    @property
    def surely_asks(self) -> bool:
        """Whether it asks something, surely."""
        return self.acts.get("question", 0.0) >= SURE

    @property
    def perhaps(self) -> Act | None:
        """The act that a message may be if the guide says nothing to it; what is likeliest a question is one."""
        if self.act == "question":
            return None
        likeliest: Act = max(OTHER, key=lambda act: self.acts.get(act, 0.0))
        return likeliest if self.acts.get("question", 0.0) <= 1 - LIKELY else None

    @property
    def too_long(self) -> bool:
        """Whether it is more than one message should be."""
        return len(self.text) > LONGEST

    @cached_property
    def pieces(self) -> Pieces:
        """Where the message may be cut."""
        return pieces(self.text)


_LISTS = 0.95
"""Probability from which a message that names what to list is no aside (which clauses set a number)."""
_ASIDES: dict[Aside, Act] = {"source": "question", "unclear": "correction", "again": "correction", "edition": "question"}
"""The act of a message about an answer or the guide itself."""
TO_REGISTER: tuple[Act, ...] = ("status", "instruction")
"""Acts that may name a clause and ask nothing of the guide, but something of the register: 24(3)的截止日往后挪三天."""
OTHER: tuple[Act, ...] = tuple(act for act in get_args(Act) if act != "question")


def language(message: str, default: str) -> str:
    """English for a message in Latin letters, else the default."""
    return "en" if mostly_latin(message) else default


class Reader:
    """Reads messages about one edition. ``vector`` embeds a text, or gives None where no model is at hand; it loads the model."""

    def __init__(self, guide: Guide, heads: Heads, vector: Callable[[str], Floats | None]) -> None:
        self.guide = guide
        self.heads = heads
        self.vector = vector

    @cached_property
    def wording(self) -> Wording:
        """What the guide holds, as the tagger of listings is told of it."""
        return wording_of(self.guide, [p.wording for p in distinct(self.guide)], shipped_listings().terms)

    def _listing(self, text: str, vector: Floats | None, surely_none: float) -> Listing:
        model = shipped_listings()
        return read_listing(text, model.asked(unnumbered(text), vector, self.heads.maker), self.guide, model, self.wording, surely_none)

    def _in_pieces(self, text: str, cut: Pieces) -> list[FoundReference]:
        """Places that a piece of several names, read as it would be alone: 10要求什么 on a line of its own, 急，29要什么."""
        found = [r for s in cut.all if s != text for r in references(s, self.guide) if r.clauses]
        return list({r.text: r for r in found}.values())

    def _alone(self, cut: Pieces, places: Sequence[FoundReference]) -> tuple[str, ...]:
        """The questions of a message that names places in some of them.

        None where it is one, or a place is named by what only leads up to it (除了第21项，…), or by several pieces (24(1)，(2)要什么).
        """
        asked: list[str] = []
        named: set[str] = set()
        for piece in (p for inner in cut.within for p in inner):
            own = {r.text for r in references(piece, self.guide) if r.clauses}
            is_a = self.heads.read("stands", unnumbered(piece))
            if is_a["whole"] >= LIKELY or (own and is_a["leads"] < _HALF):
                asked.append(piece)
                named |= own
            elif own:
                return ()
        return tuple(asked) if named >= {r.text for r in places} and named and len(asked) > 1 else ()

    def _asked_again(self, text: str, history: Sequence[Turn]) -> tuple[str, tuple[Kind, ...]]:
        """The question before, asked of the place that a text names and says no more (换成25呢, 31也一样吗), and the sections it asks for.

        Of a question that named no place by number only the sections hold for another one; any other text stays as it is.
        """
        named = references(text, self.guide)
        if not history or len(named) != 1 or kinds_demanded(text) or self.heads.read("stands", unnumbered(text))["hangs"] < HANGS:
            return text, ()
        before = self.read(history[-1].question, history[:-1])
        if len(before.references) == 1:
            text = renumbered(before.text, {before.references[0].text: named[0].text})
        return text, before.kinds

    def _line_called(self, text: str, dialogue: Dialogue) -> tuple[tuple[FoundReference, ...], str | None]:
        """The clause that a text names together with one of its lines, and that line; without a clause, a line of the one shown last."""
        folded = fold(text)
        called = called_line(folded, tuple(n.end for n in number_grammar.named(folded) if n.number is not None))
        if called is None:
            return (), None
        rest = folded[: called.start] + " " + folded[called.end :]
        found = tuple(references(rest, self.guide))
        clauses = {c for r in found for c in r.clauses} if found else set(dialogue.last)
        line = line_of(called, next(iter(clauses)), self.guide) if len(clauses) == 1 else None
        return found, line

    def _items(self, text: str) -> tuple[FoundReference, ...]:
        """The items or the category that a text calls by title and asks about as a whole."""
        found = tuple(titled(text, self.guide))
        if found or kinds_demanded(text):
            return found
        item = called_whole(text, self.guide, self.heads, translated)
        return () if item is None or everyday(item, self.guide) else (whole(item),)

    def _apart(self, text: str, cut: Pieces) -> bool:
        """Whether a piece of a text that names places by number names none and asks something, by its letters alone."""
        several = self.heads.read("makeup", unnumbered(text))["several"] >= _HALF
        others = [p for p in (cut.all if several else cut.sentences) if p != text and not references(p, self.guide)]
        return any(self.heads.read("role", unnumbered(p))["question"] >= _HALF and len(words(p)) >= _FEWEST for p in others)

    def read(self, message: str, history: Sequence[Turn] = (), lang: str = "zh") -> Reading:
        """Read one message after the turns before it, oldest first; a message that names a number is read without any model."""
        text = without_orders(plain(message))
        dialogue = Dialogue.of(history, self.guide)
        kinds: tuple[Kind, ...] = ()
        if len(text) <= LONGEST and not dialogue.place(text, self.guide):
            text, kinds = self._asked_again(text, history)
        short = text if len(text) <= LONGEST else ""
        cut = pieces(short)
        named, called = self._line_called(short, dialogue)
        named = named or tuple(references(short, self.guide) or by_title(short, self.guide))
        alone = self._alone(cut, named)
        named = named or tuple(self._in_pieces(short, cut))
        line = called or (dialogue.line(short, self.guide) if short else None)
        place = () if called and named else dialogue.last if line else dialogue.place(short, self.guide) if short else ()
        items = self._items(short) if not named and not dialogue.last else ()
        read = bool(words(short))
        apart = bool(named) and not place and self._apart(short, cut)
        vector = self.vector(short) if read and not items and (apart or not named) else None

        def head(name: str) -> Probabilities:
            return self.heads.read(name, unnumbered(short), vector)

        makeup = head("makeup")
        apart = apart and makeup["several"] >= _BESIDE
        listing = self._listing(short, vector, 0.0 if named or items else MAYBE_LISTING) if read else None
        unsure = 0.0 if listing is not None and listing.probability >= MAYBE_LISTING else 1.0
        lists = listing is not None and bool(listing.wanted) and listing.probability >= _LISTS
        about = aside(short, vector, self.heads.maker) if read and not (named or items or lists) else None
        if about == "again" and (place or line):  # one of what was shown: 第二个再报一遍
            about = None
        acts = head("act") if read else {"thanks" if dialogue.turns and _NODS & set(text) else "small_talk": 1.0}
        if about:
            place, line, acts = (), None, {_ASIDES[about]: 1.0}
        return Reading(
            message=message,
            text=text,
            lang=lang,
            dialogue=dialogue,
            references=named if not place else (),
            place=place,
            line=line,
            items=items,
            acts=acts,
            shapes=head("shape"),
            makeup=makeup,
            how=head("how"),
            stands=head("stands"),
            asked=head("kind"),
            kinds=kinds or kinds_demanded(short),
            everything=whole_topic(short),
            among=dialogue.among(short, self.guide) if short and not (named or place or about) else (),
            aside=about,
            alone=alone,
            apart=apart and acts.get("question", 0.0) >= _HALF,
            vector=vector,
            maker=self.heads.maker,
            listing=listing,
            listings=tuple((s, self._listing(s, None, unsure)) for s in cut.sentences) if len(cut.sentences) > 1 else (),
        )
