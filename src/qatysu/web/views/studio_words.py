"""Words of the organisers' pages: findings of the check, refusals of commands, names of roles, presets and deeds."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qatysu.core.errors import QatysuError, StageClosed, TooMany
from qatysu.core.money import grouped
from qatysu.rounds.checks import Problem
from qatysu.web.words import STAGE_NAMES

Words = Mapping[str, Promise]

PROBLEMS: Words = {
    "zone_unknown": _("The time zone of the city is unknown to this machine."),
    "no_population": _("The number of residents is not stated. Without it no turnout can be shown."),
    "budget_zero": _("No money yet: name at least one funder with a sum."),
    "reserve_over_budget": _("The reserve is larger than the whole budget."),
    "reserve_is_all": _("The reserve takes the whole budget. Nothing is left for projects."),
    "cap_over_budget": _("One project may cost more than all the money there is."),
    "cap_missing": _("The highest cost of one project is missing."),
    "no_method": _("No way to recognise a voter is chosen. Without one voting cannot open."),
    "no_category": _("There are no categories of projects."),
    "codes_beside_accounts": _(
        "Printed codes and codes by phone or e-mail are both allowed. One person could then vote twice, "
        "unless the Centre keeps the register of handed-out codes and compares it."
    ),
    "phone_beside_email": _("Phone and e-mail are both allowed. One person with both could vote twice."),
    "live_counts": _("Votes of each project are public while voting is open, as in the pilot. Sealed counts sway voters less."),
    "stage_missing": _("A stage is missing from the calendar: %(stage)s."),
    "out_of_order": _("A stage begins before the one that should come earlier: %(stage)s."),
    "overlap": _("A stage begins while an earlier one is still open: %(stage)s."),
    "gap": _("There are more than two months of silence before the stage: %(stage)s."),
    "voting_short": _("Voting is shorter than three days."),
    "no_slate": _("The list of projects for the ballot is not frozen yet. Voting cannot open without it."),
    "no_council": _("The Expert Council has no members yet."),
    "no_chair": _("The Expert Council has neither a chair nor a secretary."),
    "rule_wrong": _("The outcome rule and its parameters do not go together."),
    "shares_need_choices": _(
        "Each voter chooses one project. Then nobody can share the cost of several, and each project is paid by its own voters alone. "
        "This rule is made for ballots with several choices."
    ),
    "step_small": _(
        "The count may be repeated about this many times (in brackets the expected voters): %(detail)s. A larger step is quicker."
    ),
    "step_large": _(
        "The count will be repeated only about this many times (in brackets the expected voters): %(detail)s. "
        "A smaller step leaves less money unspent."
    ),
    "budgets_without_parts": _("Categories have budgets, but the rules say that there is one budget for all. They would not count."),
    "parts_without_budgets": _("The rules give categories budgets of their own, but no category has one."),
    "budgets_over_money": _(
        "The budgets of categories are larger together than the money for projects. Not all of them can be used up."
    ),
    "budgets_below_money": _(
        "The budgets of categories are smaller together than the money. This would stay unspent, in tenge: %(detail)s."
    ),
    "payer_unknown_category": _("A funder pays for a category that the round does not have: %(detail)s."),
    "category_unpaid": _("No funder pays for this category, so none of its projects can win: %(detail)s."),
    "category_over_payers": _("The budget of this category is larger than the money of those who pay for it: %(detail)s."),
    "payers_many": _("Funders divide the categories into too many groups. At most so many can be counted: %(detail)s."),
    "no_centre": _("The Project Centre has no people yet. Nobody could check the ideas."),
}

REFUSALS: Words = {
    "slug": _("Use 2 to 40 small Latin letters, digits and dashes, beginning with a letter. Some words are taken by the portal."),
    "slug_taken": _("This address is taken. Choose another one."),
    "zone": _("Choose a time zone from the list."),
    "zone_in_use": _("The time zone cannot change: rounds of this city already have dates in it."),
    "year": _("The year must lie between 2000 and 2100."),
    "count": _("Give the number of residents, at least 1."),
    "counted_on": _("People cannot have been counted on this day."),
    "corners": _("The north must lie above the south, and the east to the right of the west, in degrees."),
    "population_exists": _("Another number is already stored for this day and territory."),
    "preset": _("Choose a set of rules from the list."),
    "cap_missing": _("Say how much one project may cost: a sum, or a number of monthly calculation indices."),
    "least_over_cap": _("The lowest cost is above the highest."),
    "choices": _("The smallest number of choices must be at least 1 and not above the largest, which is at most 100."),
    "attempts": _("A voter may vote from 1 to 5 times."),
    "method": _("Choose ways of recognition from the list."),
    "age": _("This age cannot be right."),
    "percent": _("Give a share from 0 to 100 per cent."),
    "amount": _("Give a sum above zero."),
    "reserve_over_budget": _("The reserve cannot be larger than the budget."),
    "category_gone": _("This category was removed meanwhile. Nothing was changed."),
    "category_count": _("There are 30 categories already. Use broader ones."),
    "category_used": _("Proposals are in this category. It can be renamed, not removed."),
    "funder_gone": _("This funder was removed meanwhile. Nothing was changed."),
    "constitution_frozen": _("The rules are frozen together with the ballot. Nothing was changed."),
    "not_ready": _("The round cannot be published yet. See what is missing."),
    "reason": _("Give a reason of 5 to 500 characters. Everybody will read it."),
    "ends_before_start": _("The last day is before the first: %(stage)s."),
    "stage_too_long": _("A stage cannot last longer than three years: %(stage)s."),
    "stage_opened": _("The stage has opened already. It can be extended, paused or closed, with a reason: %(stage)s."),
    "opens_in_past": _("A public stage cannot begin in the past: %(stage)s."),
    "out_of_order": _("The stage would begin before the one that comes earlier: %(stage)s."),
    "overlap": _("The stage would begin while another is still open: %(stage)s."),
    "stage_over": _("The stage is over. It cannot be opened again: %(stage)s."),
    "not_later": _("The new last day must be later than the present one."),
    "swallows_next": _("Nothing would be left of the next stage. Move it first: %(stage)s."),
    "already_paused": _("The stage is paused already: %(stage)s."),
    "not_paused": _("The stage is not paused: %(stage)s."),
    "stage_not_open": _("The stage is not open now: %(stage)s."),
    "earlier_first": _("An earlier stage has not opened yet: %(stage)s."),
    "must_end_first": _("Another stage must end first: %(stage)s."),
    "no_slate": _("Voting cannot open: the list of projects is not frozen."),
    "slate_frozen": _("The ballot is frozen already."),
    "nothing_admitted": _("No project is admitted. A ballot needs at least one."),
    "admitted_without_cost": _("An admitted project has no cost. Give it one first."),
    "no_eligibility_method": _("No way to recognise a voter is chosen in the rules."),
    "fewer_projects_than_choices": _("There are fewer projects than a voter must choose."),
    "codes_made": _("This form was sent already. The codes were in the answer to it. No new ones were made."),
    "codes_form": _("The form has expired"),
    "code_count": _("Give a number of codes above zero and not too large."),
    "reason_code": _("Choose a reason from the list."),
    "reason_text_needed": _("Explain the reason in words. The author will read them."),
    "too_long": _("The text is too long."),
    "passport_incomplete": _("The project is not complete yet. What is missing stands on the team's page in the Project Centre."),
    "own_proposal": _("You are the author of this proposal. Another person must decide on it."),
    "not_mergeable": _("These two proposals cannot be merged in their present state."),
    "merge_offered": _("A merge of this proposal is offered already."),
    "merge_into_itself": _("A proposal cannot be merged into itself."),
    "voting_open": _("Voting is not over yet. Votes are counted after its end."),
    "no_log": _(
        "This ballot was frozen before there were public logs. The operator runs “qatysu log adopt” first. Nothing was changed."
    ),
    "log_unreadable": _("The files of the public log cannot be read now. Nothing was changed; the operator looks after them."),
    "log_faults": _("The checking program finds faults in the public log: %(codes)s. Nothing was changed."),
    "log_waiting": _("The public log is taking in other entries. Try again in a minute."),
    "not_closed": _("The box is not closed yet. This happens by itself within a minute after the end of voting."),
    "audit_open": _("The time of audit is not over. No ballot is opened before its end."),
    "choices_differ": _(
        "Some ballots cannot be opened: of %(missing)s the choice is missing, of %(different)s it is not what was cast. "
        "Nothing was opened. Keep the database as it is and call the operator."
    ),
    "not_opened": _("Not every ballot is open in the public log, %(missing)s are missing. Open them first."),
    "outcome_differs": _("The public checking program computes another result. Nothing was stored; call the operator."),
    "result_in_log": _("Another result stands in the public log already. It cannot be replaced, and nothing was changed."),
    "outcome_approved": _("The result is approved already. It is not counted again."),
    "council_majority": _("The share of voices that carries a decision lies between 50 and 99 per cent."),
    "council_terms": _("The Council needs at least one member for a quorum, and a term of appeal of at most a year."),
    "council_decides": _("This round has an Expert Council: the decision is taken in its meeting, not here."),
    "council_not_decided": _("The Council has not decided this question yet."),
    "protocol_not_frozen": _("The protocol of the meeting is not signed and frozen yet."),
    "open_tie": _("A tie is still open. The Council decides it first."),
    "no_tie": _("There is no tie to decide."),
    "tie_order": _("Put each of the tied projects into the order exactly once."),
    "tie_order_turned": _("This order contradicts an earlier decision of the Council on a tie. Keep that order."),
    "reason_missing": _("Give the reason of the decision, as it stands in the protocol."),
    "protocol_missing": _("Give the number of the Council's protocol."),
    "not_provisional": _("The result is approved already."),
    "not_approved": _("The Council has not approved the result yet."),
    "rule_unknown": _("Choose an outcome rule from the list."),
    "tie_method": _("Choose from the list who goes first among equals."),
    "param_value": _("This value is not possible. Choose from the list, or give a number as in the example."),
    "param_unknown": _("The chosen rule has no such parameter."),
    "step_whole": _("Give whole tenge, at least 1."),
    "partial_without_stop": _(
        "A share matters only when the list ends at a project that does not fit. Choose that, or leave the share empty."
    ),
    "leftover_without_parts": _("Without budgets of categories nothing of them can be left."),
    "conflict_off_ballot": _(
        "The rules name projects that exclude each other, and not all of them are admitted. Change the rules first."
    ),
    "category_paid": _("A funder pays for this category by name. Change that on the page of money first."),
    "rules_contradict": _("The rules contradict themselves. The page of the check says where. Nothing was frozen."),
    "voting_fixed": _("The ballot is frozen: the dates of voting stand in the log and move only by an act of two people."),
    "voting_not_fixed": _("The ballot is not frozen yet. The calendar is moved without a second person."),
    "project_unknown": _("This project is not on the ballot."),
    "withdrawn_already": _("This project is taken out already."),
    "rules_not_frozen": _("These rules are not frozen. They are changed on their own page, without a second person."),
    "rules_differ": _("The stored rules are not those that were frozen. Nothing was changed; the ballot box must be looked at first."),
    "not_amendable": _("An amendment may not change this: people may have voted by it."),
    "nothing_changes": _("Nothing would change. Write the new value of at least one rule."),
    "motion_waits": _("Such a motion waits already. Decide on it first, or take it back."),
    "motion_decided": _("Somebody was faster: this motion is decided already."),
    "motion_kind": _("There is no such act."),
    "proposer_left": _("The proposer no longer holds the role that this act needs. Ask for it anew."),
    "annulled_already": _("This ballot is annulled already."),
    "not_annulled": _("This ballot is not annulled."),
    "ballots_opened": _("The ballots are opened. From then on none is annulled or reinstated: everybody could see for whom it was."),
    "ballot_unknown": _("There is no such ballot in this round. Check the words, the number or the signs."),
    "ballot_ambiguous": _("Several ballots begin with these signs. Type more of them."),
    "unknown_word": _("One of the words is on no receipt. Compare them letter by letter."),
    "six_words": _("Type six words, at least twelve signs of the fingerprint, the place in the log, or the handle of 32 signs."),
    "document_missing": _("Add the protocol as a file: its fingerprint goes into the log."),
    "act_repeated": _("The log holds this very act already. A new act needs a protocol of its own."),
    "result_not_approved": _("The keys are needed until the Council has approved the result and the log shows it."),
    "log": _("This round has no public log of ballots."),
    "log_frozen": _("The log of ballots is complete. It takes no entries any more."),
    "log_closed": _("The log of ballots is closed."),
    "log_behind": _("The log of ballots is stopped: an old backup was restored. The operator must mend it first."),
    "gates_closed": _("Not every check is passed. Nothing was changed."),
}

PRESETS: Words = {
    "khromtau-2020": _("Khromtau 2020: one project each, running counts, more than 10 votes"),
    "bnu": _("Budget of people's participation (Kazakhstan): up to three projects, sealed counts, at least 50 votes"),
    "equal-shares": _("Equal Shares: up to five projects, sealed counts, every voter decides about an equal part of the money"),
}

GATES: Words = {
    "counted": _("The votes are counted"), "ballots_are_voters": _("As many ballots as people who voted"),
    "channels_sum": _("The channels add up to the turnout"),
    "votes_are_marks": _("Votes of projects add up to the marks on the ballots"),
    "log_is_database": _("The public log and the database have the same votes"),
    "budget_holds": _("The winners fit into the money"), "same_again": _("A second count gives the same result"),
    "no_open_tie": _("No tie is open"), "result_published": _("The result stands in the public log"),
    "public_verifier": _("The public checking program finds the log good and gets the same result"),
    "witnesses": _("Enough witnesses have signed the log"), "readable": _("The public log can be counted"),
}
GATE_FIGURES: Words = {
    "ballots": _("ballots"), "voters": _("voters"), "channels": _("by channel"), "marks": _("marks"), "spent": _("spent, tenge"),
    "budget": _("money, tenge"), "projects": _("projects"), "annulled": _("annulled"), "log": _("in the log"),
    "database": _("in the database"), "faults": _("faults"), "signed": _("signed"), "quorum": _("needed"),
}
CHANNELS: Words = {"web": _("On the portal"), "centre": _("At the Project Centre"), "paper": _("On paper")}
FAILURES: Words = {
    "voting_closed": _("Voting was not open"),
    "no_attempt_left": _("The voter had no attempt left"),
    "no_choice": _("Nothing was chosen"),
    "too_few_choices": _("Too few projects were chosen"),
    "too_many_choices": _("Too many projects were chosen"),
    "choice_repeated": _("A project was sent twice"),
    "unknown_project": _("A project that is not on the ballot"),
}


def gate_figures(detail: Mapping[str, object]) -> str:
    """The figures that a gate compared: ``ballots 1 111, voters 1 111``."""
    parts = []
    for name, value in detail.items():
        if value in ([], {}, ()):
            continue
        text = grouped(value) if isinstance(value, int) else _plain(value)
        parts.append(f"{GATE_FIGURES.get(name, name)}: {text}")
    return "; ".join(parts)


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{CHANNELS.get(str(k), k)} {v}" for k, v in value.items())
    return ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)


def stage_name(stage: str) -> str:
    """A stage in the reader's language."""
    return str(STAGE_NAMES.get(stage, stage))


def problem_text(problem: Problem) -> str:
    """A finding of the check as a sentence."""
    return str(PROBLEMS.get(problem.code, problem.code)) % {"stage": stage_name(problem.detail), "detail": problem.detail}


def refusal_text(error: QatysuError) -> str:
    """A refusal of a command as a sentence; the code itself never reaches the reader alone."""
    if isinstance(error, StageClosed):
        return gettext("This is not possible in the present stage of the round. Nothing was changed.")
    if isinstance(error, TooMany):
        return gettext("That was too often. Wait a little and try again.")
    words = REFUSALS.get(error.reason) or REFUSALS.get(error.code)
    if words is None:
        return gettext("This was not possible: somebody else may have changed it meanwhile. Nothing was stored. (%(code)s)") % {
            "code": error.reason
        }
    params = {name: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value for name, value in error.params.items()}
    return str(words) % {**params, "stage": stage_name(str(error.params.get("stage", "")))}
