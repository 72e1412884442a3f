"""The regulation as one table: in which stage which role may do what.

A lawyer can read it. Whose proposal, which city, conflict of interest are guards at the top of commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """Stages of a round in the order of the year (SPEC 2)."""

    PREPARATION = "preparation"
    IDEAS = "ideas"
    SESSIONS = "sessions"
    COUNCIL = "council"
    CAMPAIGN = "campaign"
    VOTING = "voting"
    AUDIT = "audit"
    RESULTS = "results"
    AWARD = "award"
    WORKS = "works"
    CLOSING = "closing"


STAGE_ORDER: tuple[Stage, ...] = tuple(Stage)


class Role(StrEnum):
    """Who a person is, per city and round (SPEC 1)."""

    VISITOR = "visitor"
    RESIDENT = "resident"
    CAPTAIN = "captain"
    TEAM_MEMBER = "team_member"
    COACH = "coach"
    CENTRE_LEAD = "centre_lead"
    CONSULTANT = "consultant"
    SPECIALIST = "specialist"
    EXPERT = "expert"
    CHAIR = "chair"
    SECRETARY = "secretary"
    AKIMAT_OFFICER = "akimat_officer"
    AKIMAT_APPROVER = "akimat_approver"
    FUNDER = "funder"
    COORDINATOR = "coordinator"
    EDITOR = "editor"
    IMPLEMENTER = "implementer"
    COMMISSION = "commission"
    MENTOR = "mentor"
    OPERATOR = "operator"


#: Roles granted by a membership row; the others follow from what a person did.
STAFF_ROLES: frozenset[Role] = frozenset(Role) - {Role.VISITOR, Role.RESIDENT, Role.CAPTAIN, Role.TEAM_MEMBER}
#: Roles that carry no power over other people's work and therefore need no second factor.
WITHOUT_SECOND_FACTOR: frozenset[Role] = frozenset({Role.MENTOR, Role.SPECIALIST})


class Action(StrEnum):
    """Everything a command may be asked to do."""

    DRAFT_PROPOSAL = "draft_proposal"
    SUBMIT_PROPOSAL = "submit_proposal"
    EDIT_PROPOSAL = "edit_proposal"
    WITHDRAW_PROPOSAL = "withdraw_proposal"
    MERGE_PROPOSALS = "merge_proposals"
    COMMENT = "comment"
    FOLLOW = "follow"
    CHECK_PROPOSAL = "check_proposal"
    FILE_ON_BEHALF = "file_on_behalf"
    MODERATE = "moderate"
    PREPARE_PROJECT = "prepare_project"
    ADMIT = "admit"
    FREEZE_SLATE = "freeze_slate"
    ISSUE_CODES = "issue_codes"
    CAST_BALLOT = "cast_ballot"
    COUNT = "count"
    DECIDE_TIE = "decide_tie"
    APPROVE_RESULTS = "approve_results"
    PUBLISH_RESULTS = "publish_results"
    EDIT_ROUND = "edit_round"
    CHANGE_CALENDAR = "change_calendar"
    INVITE_STAFF = "invite_staff"
    SEE_STUDIO = "see_studio"
    PROPOSE_ANNULMENT = "propose_annulment"
    CONFIRM_ANNULMENT = "confirm_annulment"
    PROPOSE_VOTING_ACT = "propose_voting_act"
    CONFIRM_VOTING_ACT = "confirm_voting_act"
    PROPOSE_KEY_END = "propose_key_end"
    CONFIRM_KEY_END = "confirm_key_end"
    EDIT_COURSE = "edit_course"
    SEE_CENTRE = "see_centre"
    KEEP_DESK = "keep_desk"
    WORK_ON_PROJECT = "work_on_project"
    TALK_IN_TEAM = "talk_in_team"
    COACH_PROJECT = "coach_project"
    ASSIGN_COACH = "assign_coach"
    PRECHECK_PROJECT = "precheck_project"
    INVITE_SPECIALIST = "invite_specialist"
    TRANSLATE_PROJECT = "translate_project"
    HOLD_EVENT = "hold_event"
    RECORD_DROPOUT = "record_dropout"
    ISSUE_CERTIFICATE = "issue_certificate"
    SEAT_COUNCIL = "seat_council"
    SEE_COUNCIL = "see_council"
    KEEP_COUNCIL = "keep_council"
    SIT_IN_COUNCIL = "sit_in_council"
    GIVE_UNIT_OPINION = "give_unit_opinion"
    APPEAL = "appeal"
    SIGN_PROTOCOL = "sign_protocol"
    EDIT_DOCUMENT = "edit_document"
    APPROVE_DOCUMENT = "approve_document"
    PROPOSE_AMENDMENT = "propose_amendment"
    CONFIRM_AMENDMENT = "confirm_amendment"


Grants = Mapping[tuple[Stage, Action], frozenset[Role]]

_ORGANISERS = frozenset({Role.COORDINATOR})
_CENTRE = frozenset({Role.COACH, Role.CENTRE_LEAD})
_COUNCIL = frozenset({Role.EXPERT, Role.CHAIR, Role.SECRETARY})
_AKIMAT = frozenset({Role.AKIMAT_OFFICER, Role.AKIMAT_APPROVER})
_TEAM = frozenset({Role.CAPTAIN, Role.TEAM_MEMBER})
_PEOPLE = frozenset({Role.RESIDENT, Role.CAPTAIN, Role.TEAM_MEMBER}) | STAFF_ROLES

#: Who may ask that a ballot be annulled or reinstated, and who may agree as the second person (LEDGER 1.9).
_MAY_ACCUSE = _ORGANISERS | {Role.SECRETARY, Role.CHAIR, Role.COMMISSION}
_MAY_JUDGE = frozenset({Role.COMMISSION, Role.CHAIR})

#: A result that is late is still counted, approved and published: no later stage shuts it out.
_AFTER_VOTING: Grants = {
    (stage, action): roles
    for stage in (Stage.AUDIT, Stage.RESULTS, Stage.AWARD, Stage.WORKS, Stage.CLOSING)
    for action, roles in (
        (Action.COUNT, _ORGANISERS | {Role.SECRETARY}),
        (Action.DECIDE_TIE, frozenset({Role.CHAIR, Role.SECRETARY})),
        (Action.APPROVE_RESULTS, frozenset({Role.CHAIR, Role.SECRETARY})),
        (Action.PUBLISH_RESULTS, _ORGANISERS),
        (Action.PROPOSE_KEY_END, _MAY_ACCUSE),
        (Action.CONFIRM_KEY_END, _MAY_JUDGE),
    )
}

GRANTS: Grants = {
    (Stage.IDEAS, Action.DRAFT_PROPOSAL): frozenset({Role.RESIDENT}),
    (Stage.IDEAS, Action.SUBMIT_PROPOSAL): frozenset({Role.CAPTAIN}),
    (Stage.IDEAS, Action.EDIT_PROPOSAL): _TEAM,
    (Stage.IDEAS, Action.FILE_ON_BEHALF): _CENTRE,
    (Stage.IDEAS, Action.CHECK_PROPOSAL): _CENTRE,
    (Stage.IDEAS, Action.MERGE_PROPOSALS): _CENTRE | {Role.CAPTAIN},
    (Stage.SESSIONS, Action.CHECK_PROPOSAL): _CENTRE,
    (Stage.SESSIONS, Action.EDIT_PROPOSAL): _TEAM,
    (Stage.SESSIONS, Action.MERGE_PROPOSALS): _CENTRE | {Role.CAPTAIN},
    (Stage.SESSIONS, Action.PREPARE_PROJECT): _CENTRE,
    (Stage.COUNCIL, Action.PREPARE_PROJECT): _CENTRE,
    # The Council may ask two teams to join.
    (Stage.COUNCIL, Action.MERGE_PROPOSALS): _CENTRE | {Role.CAPTAIN},
    # The Council may send a project back for rework: the team and its coach go on while it sits.
    **{
        (stage, action): roles
        for stage in (Stage.SESSIONS, Stage.COUNCIL)
        for action, roles in (
            # A coach may write for a team that asked for it; the version names the coach.
            (Action.WORK_ON_PROJECT, _TEAM | _CENTRE),
            (Action.COACH_PROJECT, _CENTRE),
            (Action.PRECHECK_PROJECT, _COUNCIL),
            (Action.INVITE_SPECIALIST, _CENTRE),
            (Action.RECORD_DROPOUT, _CENTRE),
        )
    },
    (Stage.COUNCIL, Action.ADMIT): _COUNCIL,
    # Appeals and late decisions, until the ballot is frozen; a vote that began without a ballot still gets one.
    (Stage.CAMPAIGN, Action.ADMIT): _COUNCIL,
    (Stage.VOTING, Action.ADMIT): _COUNCIL,
    (Stage.COUNCIL, Action.FREEZE_SLATE): _ORGANISERS | {Role.SECRETARY},
    (Stage.CAMPAIGN, Action.FREEZE_SLATE): _ORGANISERS | {Role.SECRETARY},
    (Stage.VOTING, Action.FREEZE_SLATE): _ORGANISERS | {Role.SECRETARY},
    (Stage.COUNCIL, Action.ISSUE_CODES): _ORGANISERS | {Role.CENTRE_LEAD},
    (Stage.CAMPAIGN, Action.ISSUE_CODES): _ORGANISERS | {Role.CENTRE_LEAD},
    (Stage.VOTING, Action.ISSUE_CODES): _ORGANISERS | {Role.CENTRE_LEAD},
    (Stage.VOTING, Action.CAST_BALLOT): frozenset({Role.RESIDENT}),
    # Ballots are judged blind: while people vote and in the audit period, before any ballot is opened.
    **{
        (stage, action): roles
        for stage in (Stage.VOTING, Stage.AUDIT)
        for action, roles in ((Action.PROPOSE_ANNULMENT, _MAY_ACCUSE), (Action.CONFIRM_ANNULMENT, _MAY_JUDGE))
    },
    **_AFTER_VOTING,
}

#: Acts that no stage closes.
ANY_STAGE: Mapping[Action, frozenset[Role]] = {
    Action.COMMENT: _PEOPLE,
    Action.FOLLOW: _PEOPLE,
    Action.WITHDRAW_PROPOSAL: frozenset({Role.CAPTAIN}),
    Action.MODERATE: _CENTRE | {Role.EDITOR, Role.COORDINATOR},
    Action.EDIT_ROUND: _ORGANISERS,
    Action.CHANGE_CALENDAR: _ORGANISERS,
    # Once the ballot is frozen the dates of voting stand in the log: a second person must agree to move them.
    Action.PROPOSE_VOTING_ACT: _ORGANISERS,
    Action.CONFIRM_VOTING_ACT: _ORGANISERS | {Role.COMMISSION, Role.CHAIR, Role.AKIMAT_APPROVER},
    Action.INVITE_STAFF: _ORGANISERS,
    # The Project Centre: its course, its desk and its talks with teams go on all year.
    Action.EDIT_COURSE: frozenset({Role.CONSULTANT, Role.CENTRE_LEAD}),
    Action.SEE_CENTRE: _CENTRE | _COUNCIL | {Role.CONSULTANT, Role.COORDINATOR},
    Action.KEEP_DESK: _CENTRE | {Role.CONSULTANT},
    Action.TALK_IN_TEAM: _TEAM | _CENTRE | {Role.CONSULTANT, Role.MENTOR},
    Action.ASSIGN_COACH: _ORGANISERS | {Role.CENTRE_LEAD},
    Action.TRANSLATE_PROJECT: _CENTRE,
    Action.HOLD_EVENT: _CENTRE | {Role.CONSULTANT, Role.MENTOR},
    Action.ISSUE_CERTIFICATE: _ORGANISERS | {Role.CENTRE_LEAD},
    # The Expert Council: questions, ties and results come at any time of the year; what it may decide on projects says ADMIT.
    Action.SEAT_COUNCIL: _ORGANISERS | {Role.AKIMAT_APPROVER},
    Action.SEE_COUNCIL: _COUNCIL | _AKIMAT | {Role.COORDINATOR, Role.CENTRE_LEAD, Role.COMMISSION},
    Action.KEEP_COUNCIL: frozenset({Role.SECRETARY, Role.CHAIR}),
    # Whether there is a seat, and whether it votes, the Council's own rows say.
    Action.SIT_IN_COUNCIL: _COUNCIL,
    Action.GIVE_UNIT_OPINION: _AKIMAT,
    Action.APPEAL: frozenset({Role.CAPTAIN}),
    Action.SIGN_PROTOCOL: _COUNCIL,
    # Normative documents: written by the organisers, approved by the akimat.
    Action.EDIT_DOCUMENT: _ORGANISERS | {Role.SECRETARY, Role.AKIMAT_OFFICER, Role.CONSULTANT},
    Action.APPROVE_DOCUMENT: frozenset({Role.AKIMAT_APPROVER}),
    # Frozen rules change only by an amendment of two people with a protocol.
    Action.PROPOSE_AMENDMENT: _ORGANISERS | {Role.SECRETARY},
    Action.CONFIRM_AMENDMENT: frozenset({Role.AKIMAT_APPROVER, Role.CHAIR, Role.COMMISSION}),
    Action.SEE_STUDIO: STAFF_ROLES - {Role.MENTOR, Role.SPECIALIST},
}


def roles_for(action: Action, stage: Stage | None) -> frozenset[Role]:
    """Roles that may do ``action`` while ``stage`` is open (``None``: no stage is open)."""
    anywhere = ANY_STAGE.get(action, frozenset())
    return anywhere if stage is None else anywhere | GRANTS.get((stage, action), frozenset())


def stages_for(action: Action) -> tuple[Stage, ...]:
    """Stages, in order, in which somebody may do ``action``; all of them for an act of any stage."""
    if action in ANY_STAGE:
        return STAGE_ORDER
    return tuple(stage for stage in STAGE_ORDER if (stage, action) in GRANTS)
