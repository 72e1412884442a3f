"""The organisers' first pages: own rounds, one round at a glance, check and publication, trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qatysu.core.regulation import Action, Role, Stage, roles_for
from qatysu.desk.standing import cities_of
from qatysu.motions.queries import waiting_by_round, waiting_for
from qatysu.proposals.models import State
from qatysu.results.queries import outcome_of
from qatysu.rounds import commands, queries
from qatysu.rounds.access import staff
from qatysu.rounds.checks import check_round
from qatysu.rounds.models import Membership, Round
from qatysu.web.document_findings import document_findings
from qatysu.web.views import studio_reads as reads
from qatysu.web.views.studio_deeds import deed_object, deed_reason, deed_text
from qatysu.web.views.studio_gate import address, attempt, may, open_round, page, person, to
from qatysu.web.views.studio_next import motion_step, next_step
from qatysu.web.views.studio_sessions import Finding, course_findings
from qatysu.web.views.studio_words import problem_text, stage_name

#: Where a finding of the check is mended.
_PAGES = {
    "money": "studio_money",
    "rules": "studio_rules",
    "calendar": "studio_calendar",
    "slate": "studio_slate",
    "people": "people",
    "categories": "studio_categories",
}


@staff
def studio(request: HttpRequest) -> HttpResponse:
    """Own rounds with what waits in them, and own cities."""
    now = timezone.now()
    cards = reads.cards(queries.studio_rounds(person(request), now.date()), now)
    held = list(queries.active_memberships(person(request), now.date()).select_related("city"))
    led = sorted({m.city for m in held if m.role == Role.COORDINATOR and m.round_id is None}, key=lambda city: city.slug)
    may_found = any(m.role in (Role.COORDINATOR, Role.OPERATOR) for m in held)
    acts = waiting_by_round([card.round for card in cards], person(request), now)
    waiting = sum(_waiting(card, held) for card in cards) + sum(acts.values())
    named = [(card, stage_name(card.stage.stage) if card.stage else "", acts.get(card.round.pk, 0)) for card in cards]
    context: dict[str, Any] = {"cards": named, "led": led, "may_found": may_found, "waiting": waiting}
    context["desks"] = cities_of(request.user, now)
    return render(request, "web/studio/home.html", context)


def _waiting(card: reads.RoundCard, held: list[Membership]) -> int:
    """What waits in a round for somebody with these roles: ideas for the Centre, reported comments for moderators."""
    roles = {m.role for m in held if m.city_id == card.round.city_id and m.round_id in (None, card.round.pk)}
    checks = {Role.COORDINATOR, *roles_for(Action.CHECK_PROPOSAL, Stage.IDEAS)} & roles
    moderates = roles_for(Action.MODERATE, None) & roles
    return (card.waiting if checks else 0) + (card.reports if moderates else 0)


@staff
def dashboard(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Stage, findings of the check with the page that mends each, counts, and the next step."""
    round_ = open_round(request, city_slug, round_slug)
    now = timezone.now()
    counts = reads.counts_by_state([round_])[round_.pk]
    problems = _findings(round_, now)
    step = motion_step(round_, waiting_for(round_, person(request), now))
    current = queries.current_stage(round_, now)
    context: dict[str, Any] = {
        "current": current, "current_name": stage_name(current.stage) if current else "",
        "stages": [(v, stage_name(v.stage)) for v in queries.calendar(round_, now)],
        "problems": problems, "stopping": sum(1 for _text, stops, _url in problems if stops),
        "counts": counts, "total": sum(counts.values()), "waiting": counts.get(State.SUBMITTED, 0),
        "reports": reads.reports_by_round([round_]).get(round_.pk, 0), "budget": queries.budget_of(round_),
        "motion_waits": step is not None,
        "step": step or next_step(
            round_, current.stage if current else None, counts, [p for p in problems if p[1]], outcome_of(round_)
        ),
        "may": may(request, round_, Action.EDIT_ROUND, Action.INVITE_STAFF),
        "acts": queries.calendar_acts(round_)[:5],
    }
    return page(request, "dashboard.html", round_, **context)


def _findings(round_: Round, now: datetime) -> list[Finding]:
    """What the machine found, each with the page that mends it; what stops publication comes first."""
    found = [(problem_text(p), p.stops, _where(p.where, round_)) for p in check_round(round_, now)]
    return [*found, *course_findings(round_, now), *document_findings(round_)]


def _where(where: str, round_: Round) -> str:
    """Address of the page that mends a finding."""
    if where == "city":
        return reverse("studio_city", kwargs={"city_slug": round_.city.slug})
    return address(_PAGES[where], round_)


@staff
def check(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The last step of making a round: what is missing, the rules in plain words, the button to publish."""
    round_ = open_round(request, city_slug, round_slug)
    problems = _findings(round_, timezone.now())
    context: dict[str, Any] = {
        "problems": problems, "stopping": sum(1 for item in problems if item[1]), "rules": queries.plain_rules(round_),
        "may": may(request, round_, Action.EDIT_ROUND), "step_now": 5,
    }
    return page(request, "check.html", round_, **context)


@staff
@require_POST
def publish(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Show the round to everybody."""
    round_ = open_round(request, city_slug, round_slug)
    done = attempt(
        request, _("The round is public now."), lambda: commands.publish_round(actor=request.user, round_=round_, now=timezone.now())
    )
    return to("studio_round" if done else "studio_check", round_)


@staff
def trail(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Deeds of the round, newest first."""
    round_ = open_round(request, city_slug, round_slug)
    before = request.GET.get("before", "")
    deeds = reads.trail(round_, int(before) if before.isdecimal() and len(before) < 18 else None)
    numbers = reads.numbers_of(round_)
    rows = [(deed, deed_text(deed.action), deed_object(deed, numbers), deed_reason(deed)) for deed in deeds]
    return page(request, "trail.html", round_, rows=rows, older=deeds[-1].pk if len(deeds) == reads.PAGE else None)
