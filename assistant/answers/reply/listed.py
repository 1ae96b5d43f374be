"""What is said above a listing: the filter in words, the exact count, and what was looked for where a phrase does not stand as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from assistant.answers.blocks import Note
from assistant.answers.question.learned.classifier import Heads
from assistant.answers.question.learned.listing import Listing, SoughtPlace
from assistant.answers.question.learned.tagging import bare
from assistant.answers.question.places.number_grammar import how_many, of_clauses, of_size
from assistant.answers.question.places.unnumbered import unnumbered
from assistant.answers.question.reading import MAYBE_LISTING, Reading
from assistant.answers.question.words import fold
from assistant.answers.reply.compose import Composer
from assistant.answers.search.found import ASKS, SILENT
from assistant.answers.search.listing import Listed, Sought
from assistant.answers.search.standing import among, standing, vanished
from assistant.guide import KINDS
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.answers.search.searcher import Searcher

LISTS, LIKELY, SURE = 0.5, 0.8, 0.95
"""Probability from which a message is taken for a listing, for one of a single clause, and from which a search that finds nothing does not gainsay it."""
NAMES, LONG = 0.4, 4
"""Probability from which it is taken for one, whatever the search finds, when it names words of the guide of at least so many
characters that stand in several clauses."""
NEAR_ITEM = 0.2
"""Share of what a search finds from which an item is named as near to words that the guide does not have."""
STAYS = 0.3
"""In a dialogue, probability of a message to ask on about what was shown from which it is no listing of the whole guide."""


def is_listing(reading: Reading) -> bool:
    """Whether a message that names something is more surely a listing than an order (帮我圈出来); what is asked of our own records is none."""
    listing = reading.listing
    return listing is not None and reading.act != "status" and likely(reading) >= LIKELY and bool(listing.wanted or listing.places)


def likely(reading: Reading) -> float:
    """How likely a message is a listing; where its own model is in doubt, the head of shapes has an equal say."""
    own = reading.listing.probability if reading.listing else 0.0
    return own if own >= SURE or own < MAYBE_LISTING else (own + reading.shapes.get("listing", 0.0)) / 2


def listed(reading: Reading, searcher: Searcher, composer: Composer) -> Answer | None:
    """The answer to a listing; None when the message is none, names nothing that the guide has words for, or is refused."""
    listing = reading.listing
    if listing is None or likely(reading) < NAMES or (reading.dialogue.last and _asks_on(reading, listing)):
        return None
    if likely(reading) >= LIKELY and not reading.references and (size := of_size(fold(reading.text))):
        return _of_size(size, reading, searcher, composer)
    if not (listing.wanted or listing.places):
        return _counts(reading, composer) if listing.counts and how_many(fold(reading.text)) else None
    if _overview(reading, listing):
        return None
    if listing.counts and not listing.wanted and len(each := _each(reading, listing)) > 1:
        told = [(text, _counted(text, one, reading.lang, searcher, composer)) for text, one in each]
        return composer.together(reading.text, told, reading.lang)
    found = None if _departments(listing) else searcher.structure.listed(listing)
    if found is None:
        return _nearest(reading, listing, searcher, composer)
    if (not found.entries and not all(p.whole for p in found.phrases)) or not _plain(found, likely(reading), reading, searcher):
        return None
    if _only_an_item(found, composer):  # its overview is the answer
        named = bool(reading.items or reading.references)
        return None if named else composer.item(reading.text, tuple(c for c, _ in found.entries), reading.lang)
    blocks = [Note(text=heading(found, reading.lang, composer))]
    if (
        found.places
        and not (found.phrases or found.others)
        and len({composer.guide.places[c].category.number for c, _ in found.entries}) > 1
    ):
        blocks.append(composer.shown.classes([c for c, _ in found.entries], reading.lang))
    blocks += [_looked_for(p, reading.lang) for p in found.phrases if not p.verbatim]
    if found.unknown:
        unknown = say("answers.between", reading.lang).join(say("answers.listed_quote", reading.lang, phrase=u) for u in found.unknown)
        blocks.append(Note(text=say("answers.listed_unknown", reading.lang, phrases=unknown)))
    return composer.listing(reading.text, blocks, found.entries, reading.lang)


def _asks_on(reading: Reading, listing: Listing) -> bool:
    """Whether a message is about what was shown: it seems to be, or names sections alone and no clauses that have them (那制度要写哪些)."""
    sections = bool(listing.wanted) and all(w.role in KINDS for w in listing.wanted) and not (listing.places or listing.counts)
    return reading.how.get("stays", 0.0) >= STAYS or (sections and not of_clauses(fold(reading.text)))


def _counts(reading: Reading, composer: Composer) -> Answer:
    """How much there is of everything in the guide."""
    guide = composer.guide
    text = say(
        "answers.class_count",
        reading.lang,
        edition=guide.edition,
        parts=len(guide.parts),
        categories=sum(len(p.categories) for p in guide.parts),
        items=len(guide.items),
        clauses=len(guide.clauses),
    )
    blocks = (Note(text=text), composer.shown.classes(tuple(guide.clauses), reading.lang))
    return Answer(question=reading.text, answered=True, blocks=blocks, mode="lookup", edition=guide.edition)


def _departments(listing: Listing) -> list[str]:
    """Who is asked for, where nothing else is."""
    named = [w.text for w in listing.wanted if w.role == "department" and not w.without]
    return named if len(named) == len(listing.wanted) else []


def _nearest(reading: Reading, listing: Listing, searcher: Searcher, composer: Composer) -> Answer | None:
    """The clauses of the nearest item, where only words are named that the guide does not have, or a department: no clause is given to any."""
    departments = _departments(listing)
    named = departments or [w.text for w in listing.wanted if w.role == "phrase" and not w.without]
    if likely(reading) < (LIKELY if departments else SURE) or listing.places or len(named) != len(listing.wanted):
        return None
    found, alone = searcher.find(reading.text), searcher.find("、".join(named))
    if (alone if departments else found).refuse > searcher.ranker.refuse_above:
        return None
    shares: dict[str, float] = {}
    for clause, share in (*found.clauses, *alone.clauses):
        item = composer.guide.places[clause].item.number
        shares[item] = shares.get(item, 0.0) + share / 2
    near = {item for item, share in shares.items() if share >= NEAR_ITEM}
    entries = [(c, group[:1]) for c, group in searcher.groups.items() if composer.guide.places[c].item.number in near]
    if not entries:
        return None
    typed = [reading.text[at : at + len(p)] if (at := reading.text.lower().find(p)) >= 0 else p for p in named]
    phrases = say("answers.between", reading.lang).join(say("answers.listed_quote", reading.lang, phrase=p) for p in typed)
    head = Note(text=say("answers.listed_department" if departments else "answers.listed_nearest", reading.lang, phrases=phrases))
    return composer.listing(reading.text, [head], entries, reading.lang)


def _of_size(size: int, reading: Reading, searcher: Searcher, composer: Composer) -> Answer:
    """The items that have so many clauses, with these."""
    items = [i for i in composer.guide.items.values() if len(i.clauses) == size]
    head = Note(text=say("answers.listed_size", reading.lang, size=size, count=len(items)))
    return composer.listing(reading.text, [head], [(c.id, searcher.groups[c.id][:1]) for i in items for c in i.clauses], reading.lang)


def _each(reading: Reading, listing: Listing) -> list[tuple[str, Listing]]:
    """A count that several sentences ask for, each of a place of its own: 31项几条？30项呢; none where one names no place."""
    alone = [(text, replace(listing, places=own.places)) for text, own in reading.listings]
    return alone if all(one.places for _, one in alone) else []


def _counted(text: str, listing: Listing, lang: str, searcher: Searcher, composer: Composer) -> Answer:
    found = searcher.structure.listed(listing)
    assert found is not None
    return composer.listing(text, [Note(text=heading(found, lang, composer))], found.entries, lang)


def answered_alone(reading: Reading, searcher: Searcher, heads: Heads) -> list[str]:
    """The sentences of a message of which some are listings and others ask something else: each is answered by itself; else none.

    So are the pieces of one that names places by number in some of them.
    """
    if reading.alone and likely(reading) < LISTS:
        return list(reading.alone)
    if reading.makeup.get("several", 0.0) < LISTS or reading.talk:
        return []
    others = [text for text, listing in reading.listings if listing.probability < LISTS]
    lists = [text for text, listing in reading.listings if listing.probability >= SURE]
    if not others or len(lists) + len(others) < len(reading.listings) or not lists:
        return []
    sure = [not searcher.ranker.refuse_above < searcher.find(text).refuse < SILENT for text in others]
    asks = [t for t, known in zip(others, sure, strict=True) if known and heads.read("role", unnumbered(t))["question"] >= ASKS]
    return [text for text, _ in reading.listings if text in lists or text in asks] if asks else []


def with_all(reading: Reading, answer: Answer, searcher: Searcher, heads: Heads, apart: Callable[[Sequence[str]], Answer]) -> Answer:
    """The answer to a message, or where it leaves out a question that stands for itself, ``apart``: the answers to each of these.

    Not where these would leave out anything that the one to the whole message says.
    """
    named = reading.references or reading.items or reading.place
    questions = (
        [] if named or reading.talk or reading.aside or reading.too_long else standing(reading.text, reading.pieces, searcher, heads)
    )
    silent = _silent(answer)
    if not questions or not vanished(questions, answer.clauses, silent, searcher, heads):
        return answer
    each = apart(questions)
    told = _silent(each)
    kept = all(among(s, told) for s in silent) and set(answer.clauses) <= set(each.clauses)
    return each if kept and len({p.citations for p in each.parts}) > 1 else answer


def _silent(answer: Answer) -> list[str]:
    """The questions of several that an answer says the guide is silent on."""
    return [p.question for p in answer.parts if not p.citations and len(answer.parts) > 1]


def _overview(reading: Reading, listing: Listing) -> bool:
    """Whether whole items are named and little more: 单证保管这项一共要求了哪些方面, 24项所有分项的抽查记录."""
    if not (reading.items or reading.references) or listing.counts or any(w.without for w in listing.wanted):
        return False
    named = [w for w in listing.wanted if w.role == "phrase" and len(bare(w.text)) >= LONG]
    short = [w for w in listing.wanted if w.role == "phrase" and w not in named]
    return not named and (bool(reading.items and short) or listing.probability < SURE)


def _only_an_item(found: Listed, composer: Composer) -> bool:
    """Whether nothing but one item is named."""
    items = {composer.guide.places[c].item.number for c, _ in found.entries}
    return not (found.phrases or found.others) and len(items) == 1 and not found.counts


def _plain(found: Listed, probability: float, reading: Reading, searcher: Searcher) -> bool:
    """Whether it is sure to be a listing; where it is not, the guide must not be silent on it."""
    if len(found.entries) == 1 and found.phrases and all(p.shortened for p in found.phrases):
        return searcher.find(reading.text).refuse <= searcher.ranker.refuse_above
    if probability >= SURE:
        return True
    if len(found.entries) == 1:  # a question about that clause more likely, unless it is asked for word by word
        return probability >= LIKELY and bool(found.phrases) and all(p.verbatim for p in found.phrases)
    whole = [p for p in found.phrases if p.whole and not p.without]
    if found.entries and whole and (probability >= LIKELY or any(len(bare(p.parts[0])) >= LONG for p in whole)):
        return True
    if probability < LISTS:
        return False
    if found.others:  # a kind of lines is asked for of one thing more often (…那条抽查什么)
        return probability >= LIKELY
    if found.unknown:
        return False
    return not found.phrases or searcher.find(reading.text).refuse <= searcher.ranker.refuse_above


def heading(found: Listed, lang: str, composer: Composer) -> str:
    """The filter and the count in one sentence."""
    between = say("answers.between", lang)
    named = [p for p in found.places if not p.without]
    left_out = [p for p in found.places if p.without]
    where = say("answers.listed_in", lang, places=_names(named, between)) if named else ""
    if left_out:
        where += say("answers.listed_except", lang, places=_names(left_out, between))
    conditions = _conditions(found, lang, between)
    count = len(found.entries)
    key = "listed" if conditions else "listed_all"
    head = say(f"answers.{key}" if count else "answers.listed_none", lang, where=where, filter=conditions, count=count)
    if not conditions and named and not left_out and count:
        places = [composer.guide.places[c] for c, _ in found.entries]
        categories, items = len({p.category.number for p in places}), len({p.item.number for p in places})
        head = say("answers.listed_scope", lang, where=where, categories=categories, items=items, count=count)
    return head


def _names(places: Sequence[SoughtPlace], between: str) -> str:
    return between.join(dict.fromkeys(p.name for p in places))


def _conditions(found: Listed, lang: str, between: str) -> str:
    said: list[str] = []
    for without in (False, True):
        phrases = [p for p in found.phrases if p.without == without]
        if phrases:
            joined = say("answers.listed_and" if found.together or without else "answers.listed_or", lang)
            quoted = joined.join(_quoted(p, lang) for p in phrases)
            lines = [w for w in found.others if w.role in KINDS and not w.without] if found.inside and not without else []
            inside = between.join(say(f"answers.{w.role}", lang) for w in lines)
            inside = inside or (say("answers.listed_sentence", lang) if found.sentences else "")
            key = "listed_without_phrase" if without else "listed_phrase_inside" if inside else "listed_phrase"
            said.append(say(f"answers.{key}", lang, phrases=quoted, inside=inside))
    for wanted in dict.fromkeys((w.role, w.without) for w in found.others):
        role, without = wanted
        if role in KINDS and found.inside and not without:
            continue
        name = say(f"answers.{role}", lang) if role in KINDS else ""
        key = ("kind" if role in KINDS else role) + ("_not" if without else "")
        said.append(say(f"answers.listed_{key}", lang, kind=name))
    return say("answers.listed_and", lang).join(said)


def _quoted(phrase: Sought, lang: str) -> str:
    return say("answers.listed_together", lang).join(say("answers.listed_quote", lang, phrase=p) for p in phrase.parts)


def _looked_for(phrase: Sought, lang: str) -> Note:
    parts = say("answers.between", lang).join(say("answers.listed_quote", lang, phrase=p) for p in phrase.parts)
    return Note(text=say("answers.listed_apart", lang, asked=phrase.asked, parts=parts))
