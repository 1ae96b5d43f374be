"""Words for the lexical side: CJK unigrams and bigrams, stemmed Latin words and word pairs, 简体 throughout.

Character unigrams and bigrams beat a word segmenter on this guide and need no dictionary.
"""

from __future__ import annotations

import os
import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from assistant.numerals import unenclosed

_WORD = re.compile(r"[a-z0-9][a-z0-9'\-]*|[㐀-䶿一-鿿]")
_SOUND = r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|an|en|in|un|ai|ei|ui|ao|ou|iu|ie|ue|er|ua|uo|ia|[aoeiuv])"
_SYLLABLE = re.compile(_SOUND)
_SPELLED = re.compile(f"(?:{_SOUND})+")
_REMEMBERED = 600  # characters up to which a folded text is kept in memory
_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"https?://[\x21-\x7e]+")
_ENDINGS = ("ing", "ies", "es", "ed", "s")
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
"""What Unicode says to leave unshown (joiners, directions, fillers, variants, tags), and controls that part no lines."""

LONGEST = 2000
"""Longest message in characters that is read."""


def fold(text: str) -> str:
    """Text for matching: NFKC, lower case, 繁體 to 简体, one white space for many, invisible and direction characters dropped.

    Never shown. Patterns may rely on it: a thousand blanks in a row would cost some of them minutes.
    """
    return _folded(text) if len(text) <= _REMEMBERED else _fold(text)


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    return _fold(text)


def _fold(text: str) -> str:
    wide = _INVISIBLE.sub("", unicodedata.normalize("NFKC", unenclosed(text))).lower()
    wide = _SPACE.sub(lambda m: "\n" if "\n" in m[0] else " ", wide)
    return str(_converter().convert(wide)) if any("㐀" <= c <= "鿿" for c in wide) else wide


_MARKUP = re.compile(r"<[^<>]{0,200}>|&[a-z]{2,6};|```+|\[/?[a-z]+\]")


def plain(question: str) -> str:
    """A question without markup (HTML tags, Slack control sequences, code fences) and without characters that nobody sees."""
    return _MARKUP.sub(" ", _INVISIBLE.sub("", question))


def words(text: str) -> list[str]:
    """Single words of folded ``text``: one CJK character or one stemmed Latin word each."""
    return [_stem(w) if w.isascii() else w for w in _WORD.findall(fold(text))]


def tokens(text: str) -> list[str]:
    """Words of ``text`` and the pairs of neighbours, in order, repeats kept.

    >>> tokens("访客登记")
    ['访', '访_客', '客', '客_登', '登', '登_记', '记']
    """
    return [*_tokens(text)] if len(text) <= _REMEMBERED else _split(text)


@lru_cache(maxsize=1024)
def _tokens(text: str) -> list[str]:
    return _split(text)


def _split(text: str) -> list[str]:
    single = words(text)
    found: list[str] = []
    for here, after in zip(single, [*single[1:], ""], strict=False):
        found.append(here)
        if after:
            found.append(f"{here}_{after}")
    return found


def sounds(text: str) -> list[str]:
    """How neighbouring syllables sound, without tones: homophones (记禄 for 记录) and pinyin (neishen) meet their words.

    >>> sounds("内审") == sounds("neishen") == ["~nei_shen"]
    True
    """
    syllables: list[str] = []
    found: list[str] = []
    for word in [*_WORD.findall(fold(text)), ""]:
        if word and not word.isascii():
            syllables.append(_pinyin(word))
            continue
        spelled = _SYLLABLE.findall(word) if _SPELLED.fullmatch(word) else []
        if len(spelled) > 1:
            syllables += spelled
        elif word == "" or not spelled:
            found += [f"~{a}_{b}" for a, b in pairwise(syllables)]
            syllables = []
        else:
            syllables += spelled
    return found


@lru_cache(maxsize=8192)
def _pinyin(character: str) -> str:
    os.environ["PYPINYIN_NO_PHRASES"] = "1"  # its words of several characters: a quarter of a second, and none is asked for
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(character)[0])


def mostly_latin(text: str) -> bool:
    """Whether ``text`` is in Latin letters rather than Chinese characters; an address is in no language."""
    text = _ADDRESS.sub("", text)
    latin = sum(c.isascii() and c.isalpha() for c in text)
    return latin > 2 * sum("㐀" <= c <= "鿿" for c in text)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def sound(text: str) -> str:
    """A text without half a surrogate pair, as JSON may bring it: it is no character."""
    return text.encode("utf-8", "replace").decode("utf-8")
