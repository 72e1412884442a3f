"""Who is told what about the sessions, in the language of each reader; sent later by the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qatysu.coaching.models import Clash, Opinion, Work, Workspace
from qatysu.identity.models import Account
from qatysu.outbox.commands import enqueue
from qatysu.proposals.notices import contact_of


def team_of(room: Workspace) -> list[Account]:
    """Active members of the team that want messages."""
    ids = room.proposal.team.values_list("account_id", flat=True)
    return list(Account.objects.filter(pk__in=ids, is_active=True, wants_messages=True).order_by("pk"))


def address_of(room: Workspace, *, tail: str = "", centre: bool = False) -> str:
    """Absolute address of the room (or of the team's page in the Centre) in the active language."""
    round_ = room.proposal.round
    place = f"{round_.city.slug}/{round_.slug}"
    path = f"centre/{place}/teams/{room.proposal.code}/" if centre else f"workspace/{place}/{room.proposal.code}/"
    return f"{settings.ORIGIN}/{translation.get_language()}/{path}{tail}"


def tell(
    people: Iterable[Account], room: Workspace, words: Callable[[], str], key: str, now: datetime, **where: object
) -> None:
    """One message to each of ``people`` with a link to the room; ``words`` are said in the language of each."""
    for person in people:
        contact = contact_of(person)
        if contact is None:
            continue
        with translation.override(person.language):
            subject = _("Project No. %(number)s: %(title)s") % {"number": room.proposal.code, "title": room.proposal.title}
            link = address_of(room, tail=str(where.get("tail", "")), centre=bool(where.get("centre")))
            enqueue(
                channel=contact[0],
                address=contact[1],
                subject=subject[:200],
                body=f"{words()}\n{link}",
                dedupe_key=f"{key}:{person.pk}",
                now=now,
                account=person,
            )


def _title(work: Work) -> str:
    language = translation.get_language() or "kk"
    return str(getattr(work.module, f"title_{language}", "") or work.module.title_ru)


def _coach(room: Workspace) -> list[Account]:
    return [room.coach] if room.coach is not None and room.coach.is_active else []


def tell_coach(room: Workspace, now: datetime) -> None:
    """The team learns who its coach is, and the coach who the team is."""
    name = room.coach.name if room.coach else ""
    when = f"{room.pk}:{now:%Y%m%d%H%M%S}"
    tell(team_of(room), room, lambda: _("Your coach is %(name)s.") % {"name": name}, f"coach:{when}", now)
    tell(_coach(room), room, lambda: _("You are now the coach of this team."), f"coached:{when}", now, centre=True)


def tell_submitted(work: Work, now: datetime) -> None:
    """The coach learns that a work waits."""
    tell(
        _coach(work.workspace),
        work.workspace,
        lambda: _("The team handed in the module “%(module)s”.") % {"module": _title(work)},
        f"submitted:{work.pk}:{work.version}:{now:%Y%m%d%H%M%S}",
        now,
        tail=f"{work.module.slug}/",
        centre=True,
    )


def tell_returned(work: Work, remarks: int, now: datetime) -> None:
    """The team learns that its work came back, and with how many remarks."""

    def words() -> str:
        return ngettext(
            "The module “%(module)s” came back with %(n)s remark.",
            "The module “%(module)s” came back with %(n)s remarks.",
            remarks,
        ) % {"module": _title(work), "n": remarks}

    tell(team_of(work.workspace), work.workspace, words, f"returned:{work.pk}:{now:%Y%m%d%H%M%S}", now, tail=f"{work.module.slug}/")


def tell_accepted(work: Work, now: datetime) -> None:
    """The team learns that a module is done."""
    tell(
        team_of(work.workspace),
        work.workspace,
        lambda: _("The module “%(module)s” is accepted.") % {"module": _title(work)},
        f"accepted:{work.pk}:{now:%Y%m%d%H%M%S}",
        now,
    )


def tell_clash(clash: Clash, now: datetime) -> None:
    """The other author learns that two texts stand in one place; both are kept."""
    work = clash.work
    other = [clash.kept_author] if clash.kept_author and clash.kept_author_id != clash.other_author_id else []
    tell(
        [person for person in other if person.wants_messages and person.is_active],
        work.workspace,
        lambda: _("Two of you wrote in the same place of the module “%(module)s”. Both texts are kept: choose one.")
        % {"module": _title(work)},
        f"clash:{clash.pk}",
        now,
        tail=f"{work.module.slug}/",
    )


def tell_opinion(opinion: Opinion, now: datetime) -> None:
    """Team and coach learn what an expert or a specialist thinks."""
    room = opinion.workspace

    def words() -> str:
        return _("There is a new opinion on this project.")

    tell(team_of(room), room, words, f"opinion:{opinion.pk}", now)
    tell(_coach(room), room, words, f"opinion:{opinion.pk}", now, centre=True)
