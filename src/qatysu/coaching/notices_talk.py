"""Who is told what about notes, tasks and events, in the language of each reader."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from qatysu.coaching.models import Certificate, Event, Note, Task, Workspace
from qatysu.coaching.notices import team_of, tell
from qatysu.identity.models import Account
from qatysu.outbox.commands import enqueue
from qatysu.outbox.models import Message
from qatysu.proposals.models import State, TeamMember
from qatysu.proposals.notices import contact_of
from qatysu.rounds.queries import zone_of
from qatysu.ui import dates
from qatysu.ui.templatetags.ui import in_language

#: States of projects whose teams are invited to events.
INVITED = (State.IN_SESSIONS, State.READY)
_CHUNK = 500


def _wanting(ids: Collection[int]) -> list[Account]:
    return list(Account.objects.filter(pk__in=ids, is_active=True, wants_messages=True).order_by("pk"))


def tell_note(note: Note, named: Collection[int], answered: Collection[int], now: datetime) -> None:
    """Those whom a note names or answers; a note to nobody goes to the coach, one of the Centre to the whole team."""
    room, author = note.workspace, note.author.name
    tail = f"talk/#note-{note.pk}"
    called = {"name": author or "—"}
    tell(_wanting(named), room, lambda: _("%(name)s names you in the talk of the team.") % called, f"note:{note.pk}", now, tail=tail)
    others = _wanting(set(answered) - set(named))
    tell(others, room, lambda: _("%(name)s answered you in the talk of the team.") % called, f"note:{note.pk}", now, tail=tail)
    told = {*named, *answered, note.author_id}
    if note.is_staff:
        rest = [person for person in team_of(room) if person.pk not in told]
        tell(rest, room, lambda: _("%(name)s of the Project Centre wrote to the team.") % called, f"note:{note.pk}", now, tail=tail)
    elif room.coach_id is not None and room.coach_id not in told:
        # Once a day is enough: the coach reads all of it on one page.
        key = f"note-coach:{room.pk}:{now:%Y%m%d}"
        tell(_wanting([room.coach_id]), room, lambda: _("The team wrote in its talk."), key, now, tail=tail)


def tell_task(task: Task, now: datetime) -> None:
    """The person who got a task, unless it is the one who gave it."""
    if task.assignee_id is not None and task.assignee_id != task.author_id:
        said, key = {"task": task.text[:120]}, f"task:{task.pk}:{now:%Y%m%d%H%M%S}"
        people = _wanting([task.assignee_id])
        tell(people, task.workspace, lambda: _("A task for you: %(task)s") % said, key, now, tail="tasks/")


def people_of_event(event: Event) -> list[tuple[Account, Workspace]]:
    """Everybody of the teams in the sessions with the first room of each, for messages; two queries."""
    rooms = Workspace.objects.select_related("proposal__round__city").filter(
        proposal__round_id=event.round_id, proposal__state__in=INVITED
    )
    by_proposal = {room.proposal_id: room for room in rooms}
    wanted = Q(account__is_active=True, account__wants_messages=True)
    reach = Q(account__email_sealed__isnull=False) | Q(account__phone_sealed__isnull=False)
    rows = TeamMember.objects.filter(wanted & reach, proposal__in=by_proposal).select_related("account")
    found: dict[int, tuple[Account, Workspace]] = {}
    for row in rows.order_by("account_id", "proposal_id"):
        found.setdefault(row.account_id, (row.account, by_proposal[row.proposal_id]))
    return list(found.values())


def remind_of(event: Event, now: datetime) -> int:
    """Remind everybody of the teams of ``event``; whoever was reminded of this time already is not again."""
    stamp = f"event-reminder:{event.pk}:{event.starts_at:%Y%m%d%H%M}"
    people = people_of_event(event)
    keys = [f"{stamp}:{person.pk}" for person, _room in people]
    known: set[str] = set()
    for at in range(0, len(keys), _CHUNK):
        known |= set(Message.objects.filter(dedupe_key__in=keys[at : at + _CHUNK]).values_list("dedupe_key", flat=True))
    waiting = [pair for pair in people if f"{stamp}:{pair[0].pk}" not in known]
    return _tell_each(waiting, event, "reminder", stamp, now)


def tell_event(event: Event, what: str, now: datetime) -> int:
    """``what`` is moved or cancelled: everybody of the teams hears of it once for each revision."""
    return _tell_each(people_of_event(event), event, what, f"event-{what}:{event.pk}:{event.revision}", now)


def _tell_each(people: Iterable[tuple[Account, Workspace]], event: Event, what: str, key: str, now: datetime) -> int:
    count = 0
    for person, room in people:
        contact = contact_of(person)
        if contact is None:
            continue
        with translation.override(person.language):
            told = enqueue(
                channel=contact[0],
                address=contact[1],
                subject=_subject(event, what)[:200],
                body=_body(event, what, room),
                dedupe_key=f"{key}:{person.pk}",
                now=now,
                account=person,
            )
        count += told
    return count


def _subject(event: Event, what: str) -> str:
    title = in_language(event, "title")
    if what == "cancelled":
        return _("Cancelled: %(title)s") % {"title": title}
    if what == "moved":
        return _("Another time: %(title)s") % {"title": title}
    return _("Soon: %(title)s") % {"title": title}


def _body(event: Event, what: str, room: Workspace) -> str:
    """When and where, the link of the call, and where the recording will be for those who cannot come."""
    city = event.round.city
    language = translation.get_language() or "kk"
    lines = [_subject(event, what), when(event, language)]
    if what != "cancelled":
        lines += [part for part in (event.place, event.call_url) if part]
        lines.append(_("If you cannot come: the recording and the notes will be on this page."))
    path = f"workspace/{city.slug}/{event.round.slug}/{room.proposal.code}/events/"
    return "\n".join([*lines, f"{settings.ORIGIN}/{language}/{path}"])


def when(event: Event, language: str) -> str:
    """Day and hours in the zone of the city, for a message."""
    zone = zone_of(event.round)
    start, end = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    return f"{dates.long(start.date(), language[:2])}, {start:%H:%M}–{end:%H:%M}"


def tell_certificate(row: Certificate, now: datetime) -> None:
    """The person learns that the certificate is ready."""
    person = row.account
    contact = contact_of(person) if person.wants_messages else None
    if contact is None:
        return
    with translation.override(person.language):
        body = _("Your certificate of participation No. %(number)s is ready. Print it from your page:") % {"number": row.number}
        enqueue(
            channel=contact[0],
            address=contact[1],
            subject=_("Your certificate of participation"),
            body=f"{body}\n{settings.ORIGIN}/{translation.get_language()}/cabinet/",
            dedupe_key=f"certificate:{row.pk}",
            now=now,
            account=person,
        )
