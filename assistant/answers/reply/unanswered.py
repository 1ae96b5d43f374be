"""Answers that show nothing of the guide: it does not say, there is no such number, the message asks nothing of it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.answer import Answer
from assistant.answers.blocks import Block, Note, Reason
from assistant.answers.question.titles import titled_in
from assistant.answers.reply.deciding.stated import unsaid
from assistant.guide import Guide
from assistant.texts import say

_NEAREST = 3  # clauses that a refusal names; chosen, not measured


class Unanswered:
    """Says in words why one edition answers nothing, and what it has that is near."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide

    def refusal(self, question: str, nearest: Sequence[str], lang: str, key: str = "refused") -> Answer:
        """The guide does not say (``key`` is the text that says so), or sets no such number: names the nearest clauses."""
        blocks: list[Block] = [Note(text=unsaid(question, lang) if key == "refused" else say(f"answers.{key}", lang))]
        if nearest:
            blocks.append(refused_near([(c, self.guide.places[c].item.title) for c in nearest], lang))
        return self._refused(question, [*blocks, source(self.guide, lang)], "not_in_guide", nearest)

    def no_such_clause(self, question: str, missing: Sequence[str], lang: str) -> Answer:
        """The number does not exist: says what does."""
        blocks: list[Block] = [self.absent(missing, lang)]
        nearest: list[str] = []
        for reference in missing:
            number = reference.split("(")[0]
            if number in self.guide.items:
                siblings = [c.id for c in self.guide.items[number].clauses]
                nearest += siblings
                blocks.append(Note(text=say("answers.no_clause_item", lang, item=number, clauses=tuple(siblings))))
            else:
                numbers = list(self.guide.items)
                blocks.append(Note(text=say("answers.no_clause_range", lang, items=len(numbers), first=numbers[0], last=numbers[-1])))
        return self._refused(question, [*blocks, source(self.guide, lang)], "no_such_clause", nearest)

    def absent(self, missing: Sequence[str], lang: str) -> Note:
        """That the guide has none of these numbers."""
        names = [say("answers.missing_clause" if "(" in m else "answers.missing_item", lang, number=m) for m in missing]
        return Note(text=say("answers.no_clause", lang, edition=self.guide.edition, missing=tuple(names)))

    def said(self, question: str, key: str, reason: Reason, lang: str, offered: Sequence[str] = (), **values: str) -> Answer:
        """Words to a message that asks nothing of the guide; ``offered`` are clauses that may have been meant, ``values`` of the text."""
        blocks: list[Block] = [Note(text=say(f"answers.{key}", lang, **values))]
        if offered:
            named = tuple(say("answers.clause", lang, clause=c, title=self.guide.places[c].item.title) for c in offered)
            blocks.append(Note(text=say("answers.talk_offered", lang, clauses=named)))
        return self._refused(question, blocks, reason, offered)

    def too_long(self, question: str, limit: int, lang: str) -> Answer:
        """A question over the limit."""
        text = say("answers.too_long", lang, length=len(question), limit=limit)
        return self._refused(question[:200], [Note(text=text)], "not_a_question", ())

    def _refused(self, question: str, blocks: Sequence[Block], reason: Reason, nearest: Sequence[str]) -> Answer:
        return Answer(
            question=question,
            answered=False,
            blocks=tuple(blocks),
            mode="lookup" if reason != "not_in_guide" else "extractive",
            edition=self.guide.edition,
            reason=reason,
            nearest=tuple(dict.fromkeys(nearest))[:5],
        )


def source(guide: Guide, lang: str) -> Note:
    """Where the words are from: the guide's title and edition."""
    return Note(text=say("answers.edition", lang, title=guide.title, edition=guide.edition), role="source")


def refused_near(nearest: Sequence[tuple[str, str]], lang: str) -> Note:
    """The clauses nearest to what the guide does not say: (id, title of its item), the likeliest first."""
    named = [say("answers.clause", lang, clause=c, title=titled_in(lang, title)) for c, title in nearest[:_NEAREST]]
    return Note(text=say("answers.refused_near", lang, clauses=say("answers.between", lang).join(named)), role="nearest")
