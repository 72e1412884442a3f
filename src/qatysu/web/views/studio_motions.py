"""Acts by two people: what waits, asking for one, deciding on one. No page here knows what a ballot says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from qatysu.ballots.logs import has_log
from qatysu.ballots.models import SlateEntry
from qatysu.ballots.words import six_words
from qatysu.core.errors import Invalid, NotFound, QatysuError
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Action, Stage
from qatysu.motions import commands, queries
from qatysu.motions.executing import last_day_of
from qatysu.motions.kinds import BALLOT, RULES, VOTING, Kind
from qatysu.motions.models import Motion
from qatysu.motions.people import roles_of_action
from qatysu.motions.targets import Ballotted, find_ballot, get_ballot
from qatysu.rounds.access import staff
from qatysu.rounds.models import Round
from qatysu.rounds.queries import calendar
from qatysu.web.motion_words import BALLOTS, KINDS, STATES, reason_text, role_text
from qatysu.web.views.studio_amend import wanted
from qatysu.web.views.studio_gate import attempt, fill, may, open_round, page, person, put_error, to
from qatysu.web.views.studio_motion_forms import (
    AnswerForm,
    BallotMotionForm,
    FindBallotForm,
    MotionForm,
    ProjectOutForm,
    VotingMotionForm,
)
from qatysu.web.words import Mark

#: Acts of the calendar that a state of voting allows, as motions.
_OFFERED = {
    WindowState.BEFORE: ("extend", "open"), WindowState.OPEN: ("extend", "pause", "close"),
    WindowState.PAUSED: ("resume", "extend", "close"), WindowState.AFTER: (),
}
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A motion in words."""

    motion: Motion
    title: Promise | str
    mark: Mark
    reason: str
    proposed_as: str
    decided_as: str
    age: str
    people: tuple[tuple[str, str], ...] = ()
    idx: int | None = None


@staff
def motions(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """What waits, the oldest first; what may be asked for; annulments so far; history with places in the log."""
    round_ = open_round(request, city_slug, round_slug)
    now = timezone.now()
    past = list(queries.decided(round_)[:SHOWN])
    places = queries.places(round_, past)
    found = queries.annulments(round_)
    voting = next((view for view in calendar(round_, now) if view.stage is Stage.VOTING), None)
    is_frozen = round_.constitution.frozen_at is not None
    context: dict[str, Any] = {
        "waiting": [(_row(each.motion, people=each.people), each) for each in queries.waiting(round_, person(request), now)],
        "past": [_row(motion, idx=places.get(motion.pk)) for motion in past],
        "annulments": found, "by_reason": [(reason_text(code), n) for code, n in found.by_reason], "has_log": has_log(round_),
        "offered": _OFFERED[voting.state] if voting is not None and is_frozen and round_.is_public else (),
        "may": may(
            request, round_, Action.PROPOSE_ANNULMENT, Action.PROPOSE_VOTING_ACT, Action.PROPOSE_KEY_END, Action.PROPOSE_AMENDMENT
        ),
    }
    return page(request, "motions.html", round_, **context)


def _row(motion: Motion, *, people: Iterable[Any] = (), idx: int | None = None) -> Row:
    return Row(
        motion, KINDS[motion.kind], STATES[motion.state], reason_text(motion.reason) if motion.reason else "",
        role_text(motion.proposed_as), role_text(motion.decided_as) if motion.decided_as else "", age(motion),
        tuple((each.account.name or "—", role_text(str(each.role))) for each in people), idx,
    )


def age(motion: Motion) -> str:
    """How long the motion waits, in the largest whole unit."""
    minutes = max(0, int((timezone.now() - motion.proposed_at).total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}


@staff
@never_cache
def annul(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Find a ballot by what is public of it, see where it stands, and ask that it be annulled or reinstated."""
    round_ = open_round(request, city_slug, round_slug)
    allowed = may(request, round_, Action.PROPOSE_ANNULMENT)
    if not has_log(round_):
        raise NotFound("log")
    asked = request.POST if request.method == "POST" else request.GET
    find = FindBallotForm(asked if asked.get("q") else None)
    seen = _find(find, round_)
    form = BallotMotionForm(
        request.POST if request.method == "POST" else None, request.FILES or None, codes=queries.reasons(round_),
    )
    kind = Kind.REINSTATE if seen is not None and seen.reason else Kind.ANNUL
    # The button names what it asks for: a page that has grown old must not ask for the contrary.
    if request.method == "POST" and seen is not None and form.is_valid():
        wanted = Kind(request.POST["kind"]) if request.POST.get("kind") in BALLOT else kind
        made = fill(form, lambda: commands.propose_on_ballot(
            actor=person(request), round_=round_, kind=wanted, handle=seen.handle, attempt=seen.attempt, now=timezone.now(),
            **form.cleaned_data))
        if made is not None:
            messages.success(request, _("The motion is stored. Another person must confirm it."))
            return to("studio_motion", round_, number=made.pk)
    context: dict[str, Any] = {"find": find, "form": form, "kind": kind, "may": allowed, **_shown(seen)}
    return page(request, "motion_annul.html", round_, status=422 if request.method == "POST" else 200, **context)


def _find(find: FindBallotForm, round_: Round) -> Ballotted | None:
    if not find.is_valid():
        return None
    try:
        return find_ballot(round_, find.cleaned_data["q"])
    except Invalid as error:
        put_error(find, error)
        return None


def _shown(seen: Ballotted | None) -> dict[str, Any]:
    """What pages show of a ballot: its place, attempt, fingerprint and state. There is nothing else to show."""
    if seen is None:
        return {"ballot": None}
    return {
        "ballot": seen, "ballot_mark": BALLOTS[seen.state], "ballot_words": " ".join(six_words(seen.leaf)),
        "ballot_reason": reason_text(seen.reason) if seen.reason else "",
    }


@staff
@never_cache
def motion(request: HttpRequest, city_slug: str, round_slug: str, number: int) -> HttpResponse:
    """One motion: for the second person the buttons, for the proposer the way back, for all others what it is."""
    round_ = open_round(request, city_slug, round_slug)
    found = queries.get_motion(round_, number)
    form = AnswerForm(request.POST if request.POST.get("verb") == "decline" else None)
    if request.method == "POST" and _decide(request, found, form):
        return to("studio_motion", round_, number=number)
    seen = queries.view_of(found, person(request), timezone.now())
    ballot = _ballot(round_, found)
    places = queries.places(round_, [found])
    context: dict[str, Any] = {
        "row": _row(found, people=seen.people, idx=places.get(found.pk)), "motion": found, "seen": seen, "form": form,
        "changes": wanted(found), "project": found.payload.get("code", ""),
        "last_day": last_day_of(found) if found.kind == Kind.VOTING_EXTEND else None,
        "who": [role_text(str(role)) for role in roles_of_action(RULES[Kind(found.kind)].confirm)], **_shown(ballot),
    }
    return page(request, "motion.html", round_, status=422 if request.method == "POST" else 200, **context)


def _ballot(round_: Round, found: Motion) -> Ballotted | None:
    if found.kind not in BALLOT:
        return None
    try:
        return get_ballot(round_, found.payload["b"], found.payload["n"])
    except QatysuError:
        return None


def _decide(request: HttpRequest, found: Motion, form: AnswerForm) -> bool:
    """Confirm, decline or take back. True when the page is to be read anew."""
    verb, actor, now = request.POST.get("verb"), person(request), timezone.now()
    if verb == "confirm":
        attempt(request, _("Confirmed. The act is done and will stand in the log for ever."),
                lambda: commands.confirm(actor=actor, motion=found, now=now))
        return True
    if verb == "withdraw":
        attempt(request, _("The motion is taken back."), lambda: commands.withdraw(actor=actor, motion=found, now=now))
        return True
    if verb == "decline" and form.is_valid():
        call = lambda: commands.decline(actor=actor, motion=found, now=now, **form.cleaned_data)  # noqa: E731  # reason: one use
        if fill(form, call) is not None:
            messages.success(request, _("Declined. Nothing else was changed."))
            return True
    return False


@staff
@never_cache
def keys(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Ask that the end of the keys be recorded in the log."""
    round_ = open_round(request, city_slug, round_slug)
    form = MotionForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = fill(form, lambda: commands.propose_key_end(
            actor=person(request), round_=round_, now=timezone.now(), **form.cleaned_data))
        if made is not None:
            messages.success(request, _("The motion is stored. Another person must confirm it."))
            return to("studio_motion", round_, number=made.pk)
    context: dict[str, Any] = {"form": form, "may": may(request, round_, Action.PROPOSE_KEY_END)}
    return page(request, "motion_keys.html", round_, status=422 if request.method == "POST" else 200, **context)


@staff
@never_cache
def project_out(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Ask that a disqualified project be taken out of the count."""
    round_ = open_round(request, city_slug, round_slug)
    rows = SlateEntry.objects.filter(slate__round=round_).order_by("pk")
    titles = [(row.code, f"№ {row.code} {row.title}") for row in rows]
    start = {"code": request.GET.get("code", "")}
    form = ProjectOutForm(request.POST if request.method == "POST" else None, request.FILES or None, projects=titles, initial=start)
    if request.method == "POST" and form.is_valid():
        made = fill(form, lambda: commands.propose_project_out(
            actor=person(request), round_=round_, now=timezone.now(), **form.cleaned_data))
        if made is not None:
            messages.success(request, _("The motion is stored. Another person must confirm it."))
            return to("studio_motion", round_, number=made.pk)
    context: dict[str, Any] = {"form": form, "may": may(request, round_, Action.PROPOSE_AMENDMENT)}
    return page(request, "motion_project.html", round_, status=422 if request.method == "POST" else 200, **context)


def propose_voting(request: HttpRequest, round_: Round, kind: str, form: VotingMotionForm) -> HttpResponse | None:
    """Turn an act on the calendar into a motion; None when the form has to be shown again."""
    made = fill(form, lambda: commands.propose_on_voting(
        actor=person(request), round_=round_, kind=VOTING[kind], now=timezone.now(), **form.cleaned_data))
    if made is None:
        return None
    messages.success(request, _("The motion is stored. Another person must confirm it."))
    return to("studio_motion", round_, number=made.pk)
