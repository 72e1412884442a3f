"""Word forms for search: Russian endings by Snowball, Kazakh ones by a light stripper of our own.

A word of Cyrillic letters may be of either language, so it gets the stems of both; two words are the same when they
share a stem. Kazakh endings stand in the order plural, possessive, case; several readings of one word are all kept
(``кешені`` is the accusative of ``кеше`` or the possessive of ``кешен``).
"""

from __future__ import annotations

import re
import threading
import unicodedata
from fractions import Fraction
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[a-z]")
#: Longer "words" are noise: nobody searches for them.
LONGEST = 40
_SHORTEST_STEM = 3

_PLURAL = ("лар", "лер", "дар", "дер", "тар", "тер")
_POSSESSIVE = ("ымыз", "іміз", "мыз", "міз", "ыңыз", "іңіз", "ңыз", "ңіз", "сы", "сі", "ы", "і")
_CASE = (
    "дағы", "дегі", "тағы", "тегі", "ның", "нің", "дың", "дің", "тың", "тің", "дан", "ден", "тан", "тен", "нан", "нен",
    "мен", "бен", "пен", "ға", "ге", "қа", "ке", "ны", "ні", "ды", "ді", "ты", "ті", "да", "де", "та", "те",
)
#: Case endings that follow the possessive of the third person only.
_AFTER_POSSESSIVE = ("ндағы", "ндегі", "нда", "нде", "на", "не", "н")
_ENDINGS = _PLURAL + _POSSESSIVE + _CASE
_HARD = {"б": "п", "г": "к", "ғ": "қ"}
# A Snowball stemmer keeps state while it works, so each thread has its own.
_local = threading.local()


def normalise(text: str) -> str:
    """Casefolded NFKC text in which ``ё`` is ``е``; normalising twice changes nothing."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", folded.casefold()).replace("ё", "е")


def tokenise(text: str) -> tuple[str, ...]:
    """Normalised words and numbers of ``text`` in order, each at most ``LONGEST`` letters."""
    return tuple(word[:LONGEST] for word in _WORD.findall(normalise(text)))


@lru_cache(maxsize=20_000)
def word_stems(word: str) -> tuple[str, ...]:
    """Sorted stems of one normalised word, Kazakh and Russian; the word itself when it has no endings."""
    if _CYRILLIC.search(word):
        return tuple(sorted({*_russian(word), *_kazakh(word)}))
    if _LATIN.search(word):
        return (_snowball("english", word),)
    return (word,)


def stems(text: str) -> tuple[str, ...]:
    """Stems of all words of ``text``, each once, in order of appearance."""
    return tuple(dict.fromkeys(stem for word in tokenise(text) for stem in word_stems(word)))


def stored_stems(*texts: str) -> str:
    """All stems with a space at both ends, so that ``' stem '`` finds a whole one; ``''`` when there are none."""
    found = stems("\n".join(texts))
    return f" {' '.join(found)} " if found else ""


def similarity(a: str, b: str) -> Fraction:
    """Share of words in common, 0 to 1: twice the matching words over the words of both texts (Dice)."""
    left = {word_stems(word) for word in tokenise(a)}
    right = {word_stems(word) for word in tokenise(b)}
    if not left or not right:
        return Fraction(0)
    in_left, in_right = {s for w in left for s in w}, {s for w in right for s in w}
    common = sum(1 for w in left if in_right & set(w)) + sum(1 for w in right if in_left & set(w))
    return Fraction(common, len(left) + len(right))


def _snowball(language: str, word: str) -> str:
    stemmer = getattr(_local, language, None)
    if stemmer is None:
        stemmer = snowballstemmer.stemmer(language)
        setattr(_local, language, stemmer)
    return str(stemmer.stemWord(word)) or word


def _russian(word: str) -> set[str]:
    """Snowball's stem, and for the genitive plural (``площадок``, ``скамеек``) the stem without its fleeting vowel."""
    stem = _snowball("russian", word)
    if len(stem) < 5 or stem[-2:] not in ("ок", "ек"):
        return {stem}
    return {stem, stem[:-2] + ("йк" if stem[-3] in "аеиоуыэюя" else "к")}


def _kazakh(word: str) -> set[str]:
    """Every reading of ``word`` from which no ending can be taken any more, with the final consonant hardened."""
    shorter = [word[: -len(e)] for e in _ENDINGS if word.endswith(e) and _may_lose(word, e)]
    shorter += [word[: -len(e)] for e in _AFTER_POSSESSIVE if word.endswith(e) and word[: -len(e)][-1:] in ("ы", "і")
                and len(word) - len(e) > _SHORTEST_STEM]
    if not shorter:
        return {word[:-1] + _HARD.get(word[-1], word[-1])}
    return {leaf for rest in shorter for leaf in _kazakh(rest)}


def _may_lose(word: str, ending: str) -> bool:
    """A stem keeps three letters; before a plural two are enough (``үй-лер``)."""
    left = len(word) - len(ending)
    return left >= (2 if ending in _PLURAL else _SHORTEST_STEM)
