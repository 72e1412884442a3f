"""Conflict of interest of a member of a collegial body with one project, detected from facts.

What is matched by account or declared by the member is certain. What is matched by *names* is a hint: there are namesakes, and in a
town with one large plant half the people share an employer; a person confirms it or says why it is no conflict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from qatysu.core.wordforms import tokenise


class InterestKind(StrEnum):
    """Why a member is not impartial; in the order in which interests are listed."""

    AUTHOR = "author"
    TEAM = "team"
    RELATIVE = "relative"
    EMPLOYER = "employer"
    DECLARED_OTHER = "declared_other"


#: Kinds that recuse without anybody's confirmation.
CERTAIN: frozenset[InterestKind] = frozenset({InterestKind.AUTHOR, InterestKind.TEAM, InterestKind.DECLARED_OTHER})


@dataclass(frozen=True, slots=True)
class Interest:
    """One interest of a member in ``project``; ``detail`` is the name or the words that it rests on, '' where the kind says all."""

    kind: InterestKind
    project: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What is known of a member: account id, employers, relatives by full name, and declared interests (project id, words)."""

    account: str
    employers: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()
    declared: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TeamPerson:
    """Somebody who works on a project; what is not known is ''."""

    account: str = ""
    name: str = ""
    employer: str = ""


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project: its id, its author, and the rest of the team (the author may stand among them again)."""

    project: str
    author: TeamPerson
    team: tuple[TeamPerson, ...] = ()


def conflicts(member: MemberFacts, project: ProjectFacts) -> tuple[Interest, ...]:
    """Every interest of ``member`` in ``project``, each once, ordered by kind and detail; empty when there is none."""
    found = {Interest(kind, project.project, detail) for kind, detail in _found(member, project)}
    order = list(InterestKind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.detail)))


def name_key(full_name: str) -> tuple[str, ...]:
    """Words of a full name in alphabetical order, without case and punctuation: one key for every order of writing.

    Empty for less than two words: a first name alone is nobody's name.
    """
    words = tuple(sorted(tokenise(full_name)))
    return words if len(words) > 1 else ()


def employer_key(name: str) -> tuple[str, ...]:
    """Words of an employer's name without quotes, number signs and legal forms (kk, ru, and typed in Latin look-alikes).

    Empty when nothing but a legal form is left.
    """
    words = list(tokenise(name.replace("№", " ")))
    for phrase in _PHRASES:
        words = _without(words, phrase)
    return tuple(word for word in words if word.translate(_LOOK_ALIKE) not in _FORMS)


def _found(member: MemberFacts, project: ProjectFacts) -> Iterator[tuple[InterestKind, str]]:
    people = (project.author, *project.team)
    is_author = bool(member.account) and member.account == project.author.account
    if is_author:
        yield InterestKind.AUTHOR, ""
    elif member.account and any(member.account == person.account for person in people):
        yield InterestKind.TEAM, ""
    # A member is not their own relative or colleague.
    others = [person for person in people if not member.account or person.account != member.account]
    names = {name_key(person.name) for person in others} - {()}
    for relative in member.relatives:
        if name_key(relative) in names:
            yield InterestKind.RELATIVE, " ".join(relative.split())
    employers = {employer_key(person.employer) for person in others} - {()}
    for employer in member.employers:
        if employer_key(employer) in employers:
            yield InterestKind.EMPLOYER, " ".join(employer.split())
    for declared, words in member.declared:
        if declared == project.project:
            yield InterestKind.DECLARED_OTHER, " ".join(words.split())


def _without(words: list[str], phrase: tuple[str, ...]) -> list[str]:
    kept: list[str] = []
    for word in words:
        kept.append(word)
        if tuple(kept[-len(phrase) :]) == phrase:
            del kept[-len(phrase) :]
    return kept


#: Short legal forms of Kazakhstan: companies, state institutions and enterprises, funds, unions, sole traders, farms.
_FORMS: frozenset[str] = frozenset(
    tokenise(
        "тоо ао нао оао зао гу кгу ргу гкп гккп кгп ркп ргп ргкп оф оо оюл чу пк кх фх ип "
        "жшс ақ ак кеақ кеак мм кмм рмм мкк мкқк кмк кмқк рмк рмқк ққ қб зтб жм шқ жк"
    )
)
#: The same forms written out, longest first.
_PHRASES: tuple[tuple[str, ...], ...] = tuple(
    sorted(
        (
            tuple(tokenise(phrase))
            for phrase in (
                "товарищество с ограниченной ответственностью",
                "жауапкершілігі шектеулі серіктестігі",
                "жауапкершілігі шектеулі серіктестік",
                "некоммерческое акционерное общество",
                "акционерное общество",
                "коммерциялық емес акционерлік қоғамы",
                "коммерциялық емес акционерлік қоғам",
                "акционерлік қоғамы",
                "акционерлік қоғам",
                "коммунальное государственное учреждение",
                "республиканское государственное учреждение",
                "государственное учреждение",
                "коммуналдық мемлекеттік мекемесі",
                "коммуналдық мемлекеттік мекеме",
                "республикалық мемлекеттік мекемесі",
                "республикалық мемлекеттік мекеме",
                "мемлекеттік мекемесі",
                "мемлекеттік мекеме",
                "государственное коммунальное казенное предприятие",
                "государственное коммунальное предприятие",
                "мемлекеттік коммуналдық қазыналық кәсіпорны",
                "мемлекеттік коммуналдық кәсіпорны",
                "общественный фонд",
                "қоғамдық қоры",
                "қоғамдық қор",
                "общественное объединение",
                "қоғамдық бірлестігі",
                "қоғамдық бірлестік",
                "индивидуальный предприниматель",
                "жеке кәсіпкер",
                "крестьянское хозяйство",
                "шаруа қожалығы",
            )
        ),
        key=lambda words: (-len(words), words),
    )
)
#: Latin letters that look like Cyrillic ones ("TOO", "AO" typed on the wrong keyboard).
_LOOK_ALIKE = str.maketrans("aoktmpxcyiebh", "аоктмрхсуіевн")
