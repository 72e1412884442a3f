"""Everything that the page of one project shows of this stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qatysu.core.regulation import Action, Role
from qatysu.proposals import reasons
from qatysu.proposals.commands.drafting import EDITABLE
from qatysu.proposals.commands.guards import team_roles
from qatysu.proposals.models import PROPOSAL, Comment, MergeOffer, Proposal, ProposalFile, State
from qatysu.proposals.queries.gates import get_public
from qatysu.proposals.queries.history import Event, history
from qatysu.proposals.queries.lists import on_plan
from qatysu.proposals.words import Words, initials, words_of
from qatysu.rounds.authorize import decide
from qatysu.rounds.models import Category, Round


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the discussion with its answers."""

    pk: int
    who: str
    role: str
    at: datetime
    text: str
    language: str
    is_staff: bool
    hidden_reason: str
    replies: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """A submitted proposal for one reader."""

    proposal: Proposal
    round: Round
    code: str
    words: Words
    state: str
    state_label: str
    state_mark: str
    category: Category | None
    cost_tenge: int | None
    plan: str
    photos: tuple[ProposalFile, ...]
    documents: tuple[ProposalFile, ...]
    author: str
    captain: str
    team: tuple[str, ...]
    place: tuple[int, int] | None
    history: tuple[Event, ...]
    discussion: tuple[Message, ...]
    message_count: int
    follower_count: int
    version_count: int
    merged_into_code: str
    is_on_behalf: bool
    is_following: bool
    is_team: bool
    is_captain: bool
    can_comment: bool
    can_moderate: bool
    can_check: bool
    can_edit: bool
    can_withdraw: bool


def project_page(round_: Round, code: str, viewer: Any, now: datetime) -> ProjectPage:
    """The page of a submitted proposal; about a dozen queries however long the discussion is. Raises NotFound."""
    proposal = get_public(round_, code)
    proposal.round = round_
    state, files = State(proposal.state), tuple(proposal.files.all())
    talk, count = discussion(proposal)
    captain = next((m.account for m in proposal.team.all() if m.role == "captain"), None)
    return ProjectPage(
        proposal=proposal,
        round=round_,
        code=proposal.code,
        words=words_of(proposal),
        state=state,
        state_label=reasons.state_label(state),
        state_mark=reasons.STATE_MARKS[state],
        category=proposal.category,
        cost_tenge=proposal.cost_tenge,
        plan=plan_of(proposal),
        photos=tuple(f for f in files if f.file.kind == "image"),
        documents=tuple(f for f in files if f.file.kind != "image"),
        author=initials(proposal.author),
        captain=initials(captain),
        team=tuple(initials(m.account) for m in proposal.team.all()),
        place=on_plan(round_, proposal.latitude, proposal.longitude),
        history=history(proposal),
        discussion=talk,
        message_count=count,
        follower_count=proposal.follows.count(),
        version_count=proposal.versions.count(),
        merged_into_code=proposal.merged_into.code if proposal.merged_into else "",
        is_on_behalf=proposal.filed_by_id is not None,
        is_following=_follows(proposal, viewer),
        **_rights(proposal, viewer, now),
    )


def _rights(proposal: Proposal, viewer: Any, now: datetime) -> dict[str, bool]:
    """What the reader may do here; templates get answers, they do not ask."""
    roles, state = team_roles(viewer, proposal, now), State(proposal.state)

    def may(action: Action) -> bool:
        return decide(viewer, action, proposal.round, now=now, also=roles).allowed

    return {
        "is_team": bool(roles),
        "is_captain": Role.CAPTAIN in roles,
        "can_comment": may(Action.COMMENT),
        "can_moderate": may(Action.MODERATE),
        "can_check": may(Action.CHECK_PROPOSAL),
        "can_edit": may(Action.EDIT_PROPOSAL) and state in EDITABLE,
        "can_withdraw": Role.CAPTAIN in roles and PROPOSAL.allows(state, State.WITHDRAWN),
    }


def plan_of(proposal: Proposal) -> str:
    """Name of the drawing: the proposal's own, else that of its category."""
    return proposal.plan or (proposal.category.plan if proposal.category else "park")


def _follows(proposal: Proposal, viewer: Any) -> bool:
    return bool(getattr(viewer, "pk", None)) and proposal.follows.filter(account_id=viewer.pk).exists()


def discussion(proposal: Proposal) -> tuple[tuple[Message, ...], int]:
    """Messages with their answers in order of time, and how many are visible; one query."""
    rows = list(proposal.comments.select_related("author").order_by("at", "pk"))
    team = {m.account_id: m.role for m in proposal.team.all()}
    answers: dict[int, list[Message]] = {}
    for row in rows:
        if row.parent_id:
            answers.setdefault(row.parent_id, []).append(_message(row, team))
    top = tuple(_message(row, team, tuple(answers.get(row.pk, ()))) for row in rows if not row.parent_id)
    return top, sum(1 for row in rows if row.hidden_at is None)


def _message(row: Comment, team: dict[int, str], replies: tuple[Message, ...] = ()) -> Message:
    hidden = row.hidden_at is not None
    return Message(
        row.pk,
        initials(row.author),
        team.get(row.author_id, ""),
        row.at,
        "" if hidden else row.text,
        row.language,
        row.is_staff,
        row.hidden_reason,
        replies,
    )


def open_offers(proposal: Proposal) -> tuple[MergeOffer, ...]:
    """Open offers to merge that concern the proposal, on either side; two queries."""
    rows = MergeOffer.objects.filter(closed_at=None).select_related("source", "target")
    return (*rows.filter(source=proposal), *rows.filter(target=proposal))
