"""What a person's own page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.core.regulation import Stage
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.models import Follow, MergeOffer, Proposal, State, TeamMember
from qatysu.proposals.queries import ideas_of
from qatysu.proposals.reasons import STATE_LABELS, STATE_MARKS
from qatysu.proposals.words import Words, words_of
from qatysu.rounds.models import Round
from qatysu.rounds.queries import open_stages, visible_rounds
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


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round in which the person can do something now."""

    round: Round
    is_collecting: bool
    is_voting: bool


@dataclass(frozen=True, slots=True)
class Cabinet:
    """The whole page."""

    ideas: tuple[Idea, ...]
    mine_now: Idea | None
    followed: tuple[Idea, ...]
    offers: tuple[MergeOffer, ...]
    posts: tuple[Post, ...]
    rounds: tuple[OpenRound, ...]


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
        _("Work on the plan and the estimate with your coach"), _("The page of the project says what is missing."), True
    ),
    State.READY: NextStep(_("The Expert Council decides"), _("You get its decision with the reasons.")),
    State.ADMITTED: NextStep(_("Tell people about your project"), _("It is on the ballot.")),
    State.NOT_ADMITTED: NextStep(_("Read the reasons of the Council"), _("They say what to mend, or where to appeal.")),
}


def cabinet_of(account: Account, now: datetime) -> Cabinet:
    """Everything on the own page of ``account``."""
    ideas = tuple(_idea(row) for row in ideas_of(account))
    follows = Follow.objects.filter(account=account).exclude(proposal__state=State.DRAFT)
    followed = follows.select_related("proposal__round__city").prefetch_related("proposal__translations")
    return Cabinet(
        ideas=ideas,
        mine_now=next((idea for idea in ideas if idea.next_step.is_mine), None),
        followed=tuple(_idea(row.proposal) for row in followed.order_by("-at")),
        offers=_offers(account),
        posts=posts_of(account, today=now.date()),
        rounds=_open_rounds(account, now),
    )


def cities() -> tuple[City, ...]:
    """Cities that a person may declare to live in."""
    return tuple(City.objects.order_by("slug"))


def _offers(account: Account) -> tuple[MergeOffer, ...]:
    """Open offers to merge that wait for this captain's answer."""
    led = Proposal.objects.filter(team__account=account, team__role=TeamMember.Role.CAPTAIN).values("pk")
    waits = Q(source__in=led, source_agreed_at=None) | Q(target__in=led, target_agreed_at=None)
    return tuple(MergeOffer.objects.filter(waits, closed_at=None).select_related("source", "target").order_by("pk"))


def _open_rounds(account: Account, now: datetime) -> tuple[OpenRound, ...]:
    found = []
    for round_ in visible_rounds(account):
        stages = open_stages(round_, now)
        if round_.is_public and stages & {Stage.IDEAS, Stage.VOTING}:
            found.append(OpenRound(round_, Stage.IDEAS in stages, Stage.VOTING in stages))
    # The person's own city first.
    return tuple(sorted(found, key=lambda item: item.round.city_id != account.city_id))


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
