"""What a person's own page shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.ballots.queries import account_voter_id, standing
from qatysu.coaching.models import Workspace
from qatysu.coaching.queries import rooms_of
from qatysu.core.errors import NotFound
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Action, Stage, roles_for
from qatysu.council.models import Seat
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.models import Follow, MergeOffer, Proposal, State, TeamMember
from qatysu.proposals.queries import ideas_of
from qatysu.proposals.reasons import STATE_LABELS, STATE_MARKS
from qatysu.proposals.words import Words, words_of
from qatysu.rounds.models import Round
from qatysu.rounds.queries import calendar, open_stages, visible_rounds
from qatysu.rounds.staffing import Post, posts_of


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens now, and who does it: ``is_mine`` when the team is waited for."""

    title: str | Promise
    text: str | Promise
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea of the person with its state, next step and address."""

    proposal: Proposal
    words: Words
    state: str | Promise
    shape: str
    next_step: NextStep
    url: str
    #: Where the captain invites others; empty for members and once nobody can join.
    team_url: str = ""


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round in which the person can do something now."""

    round: Round
    is_collecting: bool
    is_voting: bool
    has_voted: bool = False


@dataclass(frozen=True, slots=True)
class Cabinet:
    """The whole page."""

    ideas: tuple[Idea, ...]
    mine_now: Idea | None
    followed: tuple[Idea, ...]
    offers: tuple[MergeOffer, ...]
    posts: tuple[Post, ...]
    rounds: tuple[OpenRound, ...]

    @property
    def in_work(self) -> int:
        """How many of the ideas still go on."""
        return sum(idea.proposal.state not in _OVER for idea in self.ideas)

    @property
    def sees_centre(self) -> bool:
        """True when one of the roles opens the Project Centre."""
        return any(post.membership.role in roles_for(Action.SEE_CENTRE, None) for post in self.posts)

    @property
    def sees_council(self) -> bool:
        """True when one of the roles opens the pages of the Expert Council."""
        return any(post.membership.role in roles_for(Action.SEE_COUNCIL, None) for post in self.posts)


#: States in which the captain may still invite, and the idea itself leads elsewhere than to its draft.
_JOINABLE = frozenset({State.SUBMITTED, State.ACCEPTED, State.IN_SESSIONS})
_OVER = frozenset({State.MERGED, State.WITHDRAWN, State.REJECTED, State.NOT_ADMITTED})
_CLOSED = NextStep(
    _("Ideas are not collected now"), _("Your draft is kept as it is. You can read it and copy its text.")
)
_COUNTED = NextStep(_("See the results"), _("Voting is over: the results say how your project did."))
_DONE = NextStep(_("Nothing is left to do"), _("The reason is on the page of the idea."))
NEXT: dict[str, NextStep] = {
    State.DRAFT: NextStep(
        _("Finish the draft and submit it"),
        _("Only you and your team see it until then. It is saved step by step."),
        True,
    ),
    State.RETURNED: NextStep(
        _("Read the remarks and submit it again"), _("The Project Centre says what is missing."), True
    ),
    State.SUBMITTED: NextStep(_("The Project Centre checks it"), _("You get a message with the answer.")),
    State.ACCEPTED: NextStep(_("The project sessions begin soon"), _("The Project Centre tells you the first date.")),
    State.IN_SESSIONS: NextStep(
        _("Work on the plan and the estimate with your coach"), _("Your coach says what is still missing."), True
    ),
    State.READY: NextStep(_("The Expert Council decides"), _("You get its decision with the reasons.")),
    State.ADMITTED: NextStep(_("Tell people about your project"), _("It is on the ballot.")),
    State.NOT_ADMITTED: NextStep(_("Read the reasons of the Council"), _("They say what to mend, or where to appeal.")),
}


#: What a member of the team does where the captain has the last word.
HELP: dict[str, NextStep] = {
    State.DRAFT: NextStep(_("Help to finish the draft"), _("The captain of the team submits the proposal."), True),
    State.RETURNED: NextStep(_("Help to answer the remarks"), _("The captain of the team submits the proposal."), True),
}


def cabinet_of(account: Account, now: datetime) -> Cabinet:
    """Everything on the own page of ``account``."""
    rounds = tuple(visible_rounds(account))
    over = {r.pk: {v.stage for v in calendar(r, now) if v.state is WindowState.AFTER} for r in rounds}
    led = set(_led_by(account).values_list("pk", flat=True))
    rooms = {room.proposal_id: room for room in rooms_of(account)}
    seated = frozenset(Seat.objects.filter(round__in=rounds).values_list("round_id", flat=True))
    ideas = tuple(
        _in_room(_own(_idea(row), over.get(row.round_id, set()), row.pk in led), rooms.get(row.pk), seated)
        for row in ideas_of(account)
    )
    follows = Follow.objects.filter(account=account).exclude(proposal__state=State.DRAFT)
    followed = follows.select_related("proposal__round__city").prefetch_related("proposal__translations")
    return Cabinet(
        ideas=ideas,
        mine_now=next((idea for idea in ideas if idea.next_step.is_mine), None),
        followed=tuple(_idea(row.proposal) for row in followed.order_by("-at")),
        offers=_offers(account),
        posts=posts_of(account, today=now.date()),
        rounds=_open_rounds(account, rounds, now),
    )


def cities() -> tuple[City, ...]:
    """Cities that a person may declare to live in."""
    return tuple(City.objects.order_by("slug"))


def _led_by(account: Account) -> QuerySet[Proposal]:
    """Proposals whose captain the person is, or stands in for while filing on behalf of a resident."""
    return Proposal.objects.filter(
        Q(pk__in=TeamMember.objects.filter(account=account, role=TeamMember.Role.CAPTAIN).values("proposal"))
        | Q(filed_by=account)
    )


def _own(idea: Idea, over: set[Stage], is_captain: bool) -> Idea:
    """The idea with the step that fits the calendar and the person's place in the team."""
    state, step = idea.proposal.state, idea.next_step
    if state == State.DRAFT and Stage.IDEAS in over:
        step = _CLOSED
    elif state == State.ADMITTED and Stage.VOTING in over:
        step = _COUNTED
    elif not is_captain:
        step = HELP.get(state, step)
    invites = is_captain and state in _JOINABLE
    team_url = reverse("draft", kwargs={"token": idea.proposal.token, "step": "team"}) if invites else ""
    return replace(idea, next_step=step, team_url=team_url)


def _in_room(idea: Idea, room: Workspace | None, with_council: frozenset[int]) -> Idea:
    """The idea; in the sessions it leads to the team's room, after a refusal of the Council to the page of the appeal."""
    round_ = idea.proposal.round
    place = {"city_slug": round_.city.slug, "round_slug": round_.slug, "code": idea.proposal.code}
    if idea.proposal.state == State.NOT_ADMITTED and round_.pk in with_council:
        return replace(idea, url=reverse("council_appeal", kwargs=place))
    if room is None or idea.proposal.state != State.IN_SESSIONS:
        return idea
    return replace(idea, url=reverse("workspace", kwargs=place))


def _offers(account: Account) -> tuple[MergeOffer, ...]:
    """Open offers to merge that wait for this captain's answer."""
    led = _led_by(account).values("pk")
    waits = Q(source__in=led, source_agreed_at=None) | Q(target__in=led, target_agreed_at=None)
    return tuple(MergeOffer.objects.filter(waits, closed_at=None).select_related("source", "target").order_by("pk"))


def _open_rounds(account: Account, rounds: tuple[Round, ...], now: datetime) -> tuple[OpenRound, ...]:
    found, voter = [], account_voter_id(account)
    for round_ in rounds:
        stages = open_stages(round_, now)
        is_voting = Stage.VOTING in stages
        if round_.is_public and (is_voting or Stage.IDEAS in stages):
            has_voted = is_voting and _has_voted(round_, voter)
            found.append(OpenRound(round_, Stage.IDEAS in stages, is_voting, has_voted))
    # The person's own city first, then what cannot be done later: a vote.
    return tuple(sorted(found, key=lambda item: (item.round.city_id != account.city_id, not item.is_voting)))


def _has_voted(round_: Round, voter: str) -> bool:
    try:
        return standing(round_, voter) is not None
    except NotFound:
        return False  # the calendar says voting, but no box stands there yet


def _idea(row: Proposal) -> Idea:
    state = State(row.state)
    return Idea(row, words_of(row), STATE_LABELS[state], STATE_MARKS[state], NEXT.get(state, _DONE), _url(row))


def _url(row: Proposal) -> str:
    try:
        if row.state in (State.DRAFT, State.RETURNED):
            return reverse("draft", kwargs={"token": row.token, "step": "what"})
        place = {"city_slug": row.round.city.slug, "round_slug": row.round.slug}
        return reverse("project", kwargs={**place, "code": row.code})
    except NoReverseMatch:
        return ""  # a withdrawn draft has no number and no page
