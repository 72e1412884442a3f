"""The door of the organisers' pages: the round of one's own city, what one may do there, and refusals as messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound, QatysuError, StageClosed, TooMany
from qatysu.core.regulation import STAFF_ROLES, Action
from qatysu.identity.models import Account
from qatysu.motions.queries import box_findings
from qatysu.places.models import City
from qatysu.places.queries import get_city
from qatysu.rounds import queries
from qatysu.rounds.authorize import decide
from qatysu.rounds.models import Round
from qatysu.web.motion_words import finding_texts
from qatysu.web.views.studio_words import refusal_text

#: Refusals that the person can mend on the page; others become pages of their own with their status.
MENDABLE = (Invalid, Conflict, StageClosed, TooMany)


def person(request: HttpRequest) -> Account:
    """The account behind a ``@staff`` page."""
    return cast(Account, request.user)


def open_round(request: HttpRequest, city_slug: str, round_slug: str) -> Round:
    """The round for a member of its staff. Raises NotFound for a foreign city, NotAllowed for mentors and specialists."""
    now = timezone.now()
    round_ = queries.studio_round(city_slug, round_slug, request.user, now.date())
    if not decide(request.user, Action.SEE_STUDIO, round_, now=now).allowed:
        raise NotAllowed("role", action=str(Action.SEE_STUDIO))
    return round_


def open_city(request: HttpRequest, city_slug: str) -> City:
    """The city for one of its coordinators. Raises NotFound for a foreign one, NotAllowed for another role."""
    city = get_city(city_slug)
    held = queries.city_roles(request.user, city.pk, timezone.now().date())
    if not held & STAFF_ROLES:
        raise NotFound("city")
    if "coordinator" not in held:
        raise NotAllowed("role", action=str(Action.EDIT_ROUND))
    return city


def address(name: str, round_: Round, **more: Any) -> str:
    """Address of a page of the round."""
    return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, **more})


def may(request: HttpRequest, round_: Round, *actions: Action) -> dict[str, bool]:
    """Booleans for templates, by the name of the action."""
    now = timezone.now()
    return {str(action): decide(request.user, action, round_, now=now).allowed for action in actions}


def page(request: HttpRequest, template: str, round_: Round, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page about the round with the studio's own navigation."""
    tabs = [(address(name, round_), label, name == _tab(request)) for name, label in _tabs()]
    if decide(request.user, Action.SEE_CENTRE, round_, now=timezone.now()).allowed:
        tabs.insert(2, (address("centre_board", round_), _("Project Centre"), False))
    if decide(request.user, Action.SEE_COUNCIL, round_, now=timezone.now()).allowed:
        tabs.insert(2, (address("council", round_), _("Council"), False))
    tabs.insert(-4, (address("documents_desk", round_), _("Documents"), False))
    is_frozen = round_.constitution.frozen_at is not None
    box = finding_texts(box_findings(round_)) if is_frozen else []
    data = {"round": round_, "city": round_.city, "tabs": tabs, "is_frozen": is_frozen, "box": box}
    return render(request, f"web/studio/{template}", data | context, status=status)


def _tabs() -> tuple[tuple[str, str], ...]:
    return (
        ("studio_round", _("Overview")), ("studio_proposals", _("Proposals")), ("studio_moderation", _("Discussion")),
        ("studio_calendar", _("Calendar")), ("studio_rules", _("Rules")), ("studio_money", _("Money")),
        ("studio_slate", _("Ballot")), ("studio_codes", _("Codes")), ("studio_voting", _("Voting desk")),
        ("studio_motions", _("Two people")), ("studio_results", _("Results")), ("studio_trail", _("Trail")),
    )


def _tab(request: HttpRequest) -> str:
    name = request.resolver_match.url_name if request.resolver_match else ""
    aliases = {"studio_proposal": "studio_proposals", "studio_calendar_act": "studio_calendar", "studio_categories": "studio_rules",
               "studio_motion_rules": "studio_motions",
               **dict.fromkeys((f"studio_motion{kind}" for kind in ("", "_annul", "_keys", "_project")), "studio_motions")}
    return aliases.get(name or "", name or "")


def attempt(request: HttpRequest, done: str, call: Callable[[], object]) -> bool:
    """Run a command; say ``done`` or the refusal at the head of the next page. True when it was done."""
    try:
        call()
    except MENDABLE as error:
        messages.error(request, refusal_text(error))
        return False
    messages.success(request, done)
    return True


def fill(form: BaseForm, call: Callable[[], Any]) -> Any:
    """Run a command for a valid form; a refusal is written beside its field and ``None`` returned."""
    try:
        return call()
    except MENDABLE as error:
        put_error(form, error)
        return None


def put_error(form: BaseForm, error: QatysuError) -> None:
    """Write a refusal beside the field it is about, or above the form."""
    field = getattr(error, "field", "") or str(error.params.get("field", ""))
    if hasattr(form, "field_for"):
        field = form.field_for(field)
    form.add_error(field if field in form.fields else None, refusal_text(error))


def to(name: str, round_: Round, **more: Any) -> HttpResponseRedirect:
    """Redirect to a page of the round."""
    return HttpResponseRedirect(address(name, round_, **more))
