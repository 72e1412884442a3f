"""What people did in the sessions: the facts that certificates tell, and who has earned one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from qatysu.coaching.models import Attendance, Certificate, Module, QuizAttempt, Workspace, WorkState
from qatysu.identity.models import Account
from qatysu.proposals.models import State, TeamMember
from qatysu.rounds.models import Round

#: States of a project that has gone through the sessions to their end.
FINISHED = (State.READY, State.ADMITTED, State.NOT_ADMITTED)


@dataclass(frozen=True, slots=True)
class Participant:
    """A member of a team with what certificates tell; ``certificate`` once it is issued."""

    account: Account
    room: Workspace
    modules: int
    of_modules: int
    is_ready: bool
    quizzes: int
    of_quizzes: int
    events: int
    certificate: Certificate | None

    @property
    def has_earned(self) -> bool:
        """The rule: the team has a module accepted, or its project is ready. Coming to meetings is never asked for."""
        return self.is_ready or self.modules > 0

    @property
    def may_get(self) -> bool:
        """Earned, not yet issued, and there is a name to print."""
        return self.has_earned and self.certificate is None and bool(self.account.name)

    @property
    def facts(self) -> dict[str, Any]:
        """What the certificate keeps, as it is at this moment."""
        proposal = self.room.proposal
        return {
            "code": proposal.code,
            "title": proposal.title,
            "titles": {proposal.language: proposal.title}
            | {row.language: row.title for row in proposal.translations.all() if row.title},
            "modules": self.modules,
            "of_modules": self.of_modules,
            "is_ready": self.is_ready,
            "quizzes": self.quizzes,
            "of_quizzes": self.of_quizzes,
            "events": self.events,
        }


def participants(round_: Round) -> tuple[Participant, ...]:
    """Everybody of every team of the round, by project and name; a person of two teams with the one that got farther.

    Seven queries, however many people there are.
    """
    modules = list(Module.objects.filter(round=round_).values_list("pk", "quiz"))
    accepted = Count("works", filter=Q(works__state=WorkState.ACCEPTED))
    rooms = {
        room.proposal_id: room
        for room in Workspace.objects.filter(proposal__round=round_)
        .select_related("proposal")
        .prefetch_related("proposal__translations")
        .annotate(accepted=accepted)
    }
    passed = QuizAttempt.objects.filter(module__round=round_, is_passed=True).values_list("account_id", "module_id")
    # Without order_by() the default order by time would make every try distinct.
    passed = passed.order_by().distinct()
    quizzes = Counter(account for account, _module in passed)
    was_at = Attendance.objects.filter(event__round=round_, event__cancelled_at=None).order_by()
    events = dict(was_at.values_list("account_id").annotate(n=Count("pk")))
    issued = {row.account_id: row for row in Certificate.objects.filter(round=round_)}
    members = TeamMember.objects.filter(proposal__in=rooms, account__is_active=True).select_related("account")
    found: dict[int, Participant] = {}
    for member in members.order_by("proposal__number", "role", "pk"):
        room = rooms[member.proposal_id]
        one = Participant(
            account=member.account,
            room=room,
            modules=getattr(room, "accepted", 0),
            of_modules=len(modules),
            is_ready=room.proposal.state in FINISHED,
            quizzes=quizzes[member.account_id],
            of_quizzes=sum(bool(quiz) for _pk, quiz in modules),
            events=events.get(member.account_id, 0),
            certificate=issued.get(member.account_id),
        )
        known = found.get(member.account_id)
        if known is None or (known.is_ready, known.modules) < (one.is_ready, one.modules):
            found[member.account_id] = one
    return tuple(
        sorted(found.values(), key=lambda one: (one.room.proposal.number or 0, one.account.name, one.account.pk))
    )
