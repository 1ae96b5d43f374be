"""One question asked of all families in force: each is read and searched, and those that may be meant are answered from.

A family whose best clause is far less likely meant than that of one which answers is not composed: it would not be shown. With a chat
model all families share one deadline and one count of wasted calls; the likeliest is asked and shown first, one that its guide is silent
for asks on. What a model writes is shown as it grows: one answer, below what the family before it has said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from functools import cache, cached_property
from typing import Any, Protocol

from assistant.answers.answer import Answer, Turn
from assistant.answers.called import called, spoken_of
from assistant.answers.joint import BESIDE, Voice, joined, meant_alone, nearness, of_family, offering, shown, sure
from assistant.answers.question.reading import Reader, Reading
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.listed import answered_alone
from assistant.answers.reply.plan import composed, planned, told
from assistant.answers.search.after import STAYS
from assistant.answers.search.found import Found, MessageFound, MessagePart
from assistant.answers.search.searcher import Searcher
from assistant.families import label_of, short
from assistant.guide import Guide, folded

ASKED = 0.1
"""The same as ``BESIDE`` for a family that a chat model answers for: it says itself where its guide is silent, and so is asked more often.
Of 157 questions about one of three guides none is lost, and seven in ten of the calls for the other two are saved."""
Read = Callable[[str, Sequence[Turn], Any, str], Reading]
Alone = Callable[[str, Sequence[Turn], Any, str, Reading], Iterator[Answer]]


class InForce(Protocol):
    """One edition that is in force, ready to answer."""

    @property
    def family(self) -> str:
        """Whose guide it is."""

    @property
    def guide(self) -> Guide:
        """Its guide."""

    @property
    def modelled(self) -> bool:
        """Whether a chat model writes its answers."""

    @property
    def reader(self) -> Reader:
        """Reads messages."""

    @property
    def searcher(self) -> Searcher:
        """Searches its lines."""

    @property
    def composer(self) -> Composer:
        """Builds its answers."""


class Speaker:
    """One family that is asked: how it reads the message, what it finds, and what it says; each worked out when it is needed."""

    def __init__(self, edition: InForce, first: bool, question: str, history: Sequence[Turn], lang: str, read: Read, alone: Alone) -> None:
        self.edition, self.first, self.lang, self.family = edition, first, lang, edition.family
        self._asked = (question, history, edition, lang)
        self._read, self._alone = read, alone

    @cached_property
    def reading(self) -> Reading:
        """The message as this family's guide has it read."""
        return self._read(*self._asked)

    @cached_property
    def found(self) -> Found:
        """What the whole message finds."""
        return self.edition.searcher.find(self.reading.text)

    @cached_property
    def searched(self) -> bool:
        """Whether its answer hangs on what the message means: not where something is looked up."""
        if answered_alone(self.reading, self.edition.searcher, self.edition.reader.heads):
            return False
        return told(self.reading, self.edition.searcher, self.edition.composer) is None

    def voices(self) -> Iterator[Voice]:
        """What it says as it grows, and how sure it is of the first clause found for the message; the last is whole."""
        for answer in self._alone(*self._asked, self.reading):
            if answer.mode != "extractive" or answer.reason not in (None, "not_in_guide"):
                yield Voice(self.family, self.edition.guide, answer, float(answer.answered), first=self.first)
            else:
                yield replace(self.silent, answer=answer, without=None if answer.answered else cache(self._overruled))

    @property
    def numbered(self) -> list[tuple[str, str]]:
        """What the number of the message is here, if it is anything: (id, title); to offer it, no answer is made and no model asked."""
        places = self.edition.guide.places
        found = [c for r in self.reading.references[:1] for c in r.clauses[:1]]
        return [(c if self.first else f"{short(self.family)}:{c}", places[c].item.title) for c in found]

    @property
    def voice(self) -> Voice:
        """What it says when it is whole."""
        return deque(self.voices(), 1)[0]

    @cached_property
    def silent(self) -> Voice:
        """What it says where another family is far more likely meant: nothing, and which clauses of it are nearest."""
        found, searcher = self.found, self.edition.searcher
        refusal = self.edition.composer.unanswered.refusal(self.reading.text, found.nearest, self.lang)
        near = None if found.vector is None else searcher.nearness(found, found.clauses[0][0])[0]
        doubt = found.refuse / max(searcher.ranker.refuse_above, 1e-9)
        return Voice(self.family, self.edition.guide, refusal, found.evidence, None, self.first, near, doubt)

    def _overruled(self) -> Answer:
        """What it would answer if it did not refuse."""
        finding = MessageFound(self.found, (MessagePart(self.reading.text, self.found),), False, self.found)
        return composed(planned(self.reading, finding, self.edition.searcher), self.edition.composer, self.lang)


Joint = Callable[[Sequence[Voice]], Answer]


def together(question: str, history: Sequence[Turn], editions: Sequence[InForce], lang: str, read: Read, alone: Alone) -> Iterator[Answer]:
    """Growing answers of all families in force, or of the one that the question or the conversation is about; the last is whole.

    Args:
        question: as typed.
        history: the conversation so far, oldest first.
        editions: one of each family, the first family first.
        lang: language of the words around the quotes.
        read: how a question is read by one edition after the turns before it.
        alone: what one edition answers to a question that was read.
    """
    names = [e.family for e in editions]
    asked = called(question, names)
    about = next(iter(asked)) if len(asked) == 1 else spoken_of(history, names)
    histories = [of_family(history, name, name == names[0], names[1:]) for name in names]
    speakers = [
        Speaker(e, e is editions[0], asked.get(e.family, question), own, lang, read, alone)
        for e, own in zip(editions, histories, strict=True)
    ]
    asked_of = [s for s in speakers if not asked or s.family in asked]
    reading = next((s for s in asked_of if s.family == about), speakers[0]).reading
    label = label_of(e.guide.edition for e in editions)
    if reading.aside == "edition":
        said = [s.voice.answer for s in asked_of]
        yield said[0].model_copy(update={"edition": label, "blocks": tuple(b for a in said for b in a.blocks)})
        return

    def joint(voices: Sequence[Voice]) -> Answer:
        return joined(voices, label, lang)

    numbered = any(s.reading.references for s in asked_of)
    others: list[tuple[str, str]] = []
    if numbered and len(asked) < 2:
        heard, rest = yield from _first_that_answers(sorted(asked_of, key=lambda s: s.family != about), joint)
        others = [] if about else [o for s in rest for o in s.numbered]
    else:
        own = [s for s in asked_of if s.family == about] if _hangs(reading) else []
        heard = yield from _heard(own or asked_of, joint)
    led = min(heard, key=lambda v: not v.first)
    if led.answer.reason in ("not_a_question", "register") and not any(v.answer.answered for v in heard):
        heard = [led]
    yield offering(joint([*heard, *_led_on(heard, editions, lang)]), others, lang)


def _hangs(reading: Reading) -> bool:
    """Whether a message surely says nothing without what was shown: 第二条呢, 还要哪些记录. Then that family answers or refuses.

    Of 16 messages after an answer the six that hang on it have .95 and more, the others at most .79.
    """
    pointed = bool(reading.place or reading.line or reading.among)
    return bool(reading.dialogue.about) and (pointed or reading.how.get("stays", 0.0) >= STAYS)


def _first_that_answers(speakers: Sequence[Speaker], joint: Joint) -> Generator[Answer, None, tuple[list[Voice], Sequence[Speaker]]]:
    """The first that answers, as it grows, with those that were not asked any more; where none does, the first that was asked."""
    heard: list[Voice] = []
    for number, speaker in enumerate(speakers, 1):
        heard.append((yield from _spoken(speaker, (), joint)))
        if heard[-1].answer.answered:
            return heard[-1:], speakers[number:]
    return heard[:1], ()


def _heard(speakers: Sequence[Speaker], joint: Joint) -> Generator[Answer, None, list[Voice]]:
    """What each says, the likeliest meant asked first; those far behind one that answers are not asked, nor is a chat model for them.

    They stand in the order in which they were asked where a model writes, so that an answer only grows; else in their own.
    """
    best, first = 0.0, nearness([s.silent for s in speakers])
    voices: dict[str, Voice] = {}
    for speaker in sorted(speakers, key=lambda s: -meant_alone(s.silent)):
        far = meant_alone(speaker.silent) < (ASKED if speaker.edition.modelled else BESIDE) * best and speaker.searched
        voice = speaker.silent if far else (yield from _spoken(speaker, tuple(voices.values()), joint))
        voices[speaker.family] = voice
        if voice.answer.answered and sure(voice, first) and (voice.near is not None or voice.answer.mode == "generated"):
            best = max(best, meant_alone(speaker.silent))
    return list(voices.values()) if speakers[0].edition.modelled else [voices[s.family] for s in speakers]


def _spoken(speaker: Speaker, before: Sequence[Voice], joint: Joint) -> Generator[Answer, None, Voice]:
    """What one says, below what was said ``before`` while it grows."""
    for voice in speaker.voices():
        if voice.answer.growing:
            yield joint([*before, voice]).model_copy(update={"growing": True})
    return voice


def _led_on(heard: Sequence[Voice], editions: Sequence[InForce], lang: str) -> list[Voice]:
    """Where a clause that is answered from says 见单项标准: the items of that title in the other families."""
    found: list[Voice] = []
    answering = shown(heard)
    families = {v.family for v in answering}
    for v in answering:
        sent = [c for c in v.answer.clauses if any("单项标准" in (r.external or "") for r in v.guide.clauses[c].references)]
        titles = {folded(v.guide.places[c].item.title) for c in sent}
        for edition in (e for e in editions if titles and e.family not in families):
            clauses = [c.id for i in edition.guide.items.values() if folded(i.title) in titles for c in i.clauses]
            composer, asked = edition.composer, v.answer.question
            if clauses:
                whole = [(c, composer.groups[c]) for c in clauses]
                answer = composer.item(asked, clauses, lang) if len(clauses) > 1 else composer.answer(asked, whole, "lookup", lang)
                found.append(Voice(edition.family, edition.guide, answer))
    return found
