"""The desk of proposals: board, one proposal with every decision about it, discussion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qatysu.core.errors import IllegalMove, NotFound
from qatysu.core.regulation import Action
from qatysu.council.queries.pages import matter_for
from qatysu.proposals import commands, reasons
from qatysu.proposals.models import PROPOSAL, Proposal, State
from qatysu.proposals.readiness import lacks
from qatysu.rounds.access import staff
from qatysu.web.views import studio_reads as reads
from qatysu.web.views import studio_sessions as sessions
from qatysu.web.views.studio_forms import ReasonForm, TranslationForm
from qatysu.web.views.studio_gate import attempt, fill, may, open_round, page, to

#: Decision -> (command, action that grants it, new state, codes of reasons or None).
DECISIONS: dict[str, tuple[Callable[..., Any], Action, State, Any]] = {
    "accept": (commands.accept_proposal, Action.CHECK_PROPOSAL, State.ACCEPTED, None),
    "return": (commands.return_proposal, Action.CHECK_PROPOSAL, State.RETURNED, reasons.RETURN),
    "reject": (commands.reject_proposal, Action.CHECK_PROPOSAL, State.REJECTED, reasons.REJECT),
    "session": (sessions.begin_session, Action.PREPARE_PROJECT, State.IN_SESSIONS, None),
    "ready": (sessions.mark_ready, Action.PREPARE_PROJECT, State.READY, None),
    "admit": (commands.admit_proposal, Action.ADMIT, State.ADMITTED, None),
    "appeal": (commands.reopen, Action.ADMIT, State.READY, None),
    "refuse": (commands.refuse_admission, Action.ADMIT, State.NOT_ADMITTED, reasons.NOT_ADMIT),
}
#: A decision that the table of states allows from more states than it is meant for.
_ONLY_FROM = {"ready": (State.IN_SESSIONS,), "appeal": (State.NOT_ADMITTED,)}
LANGUAGES = ("kk", "ru", "en")


@staff
def board(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Proposals by state, with filters; a list on phones."""
    round_ = open_round(request, city_slug, round_slug)
    chosen = {name: request.GET.get(name, "").replace("\0", "").strip()[:100] for name in ("state", "category", "q")}
    columns = reads.board(round_, **chosen)
    waiting = reads.counts_by_state([round_])[round_.pk].get(State.SUBMITTED, 0)
    context: dict[str, Any] = {
        "columns": columns, "waiting": waiting, "chosen": chosen, "is_filtered": any(chosen.values()),
        "found": sum(len(column.proposals) for column in columns),
        "states": [(state.value, reasons.state_label(state)) for state in reads.BOARD],
        "may": may(request, round_, Action.CHECK_PROPOSAL, Action.FILE_ON_BEHALF),
    }
    return page(request, "proposals.html", round_, **context)


@staff
def proposal(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Everything about one proposal and the decisions possible now; a refusal needs a coded reason and a text."""
    round_ = open_round(request, city_slug, round_slug)
    found = reads.get_proposal(round_, code)
    verb = request.POST.get("decision", "") if request.method == "POST" else ""
    forms = _reason_forms(request, verb)
    if verb in DECISIONS and _decide(request, found, verb, forms):
        return to("studio_proposal", round_, code=code)
    if request.method == "POST" and verb not in DECISIONS:
        raise NotFound("decision")
    return page(request, "proposal.html", round_, status=422 if verb else 200, **_context(request, found, forms, verb))


def _reason_forms(request: HttpRequest, verb: str) -> dict[str, ReasonForm]:
    return {
        name: ReasonForm(request.POST if verb == name else None, codes=row[3], prefix=name)
        for name, row in DECISIONS.items() if row[3] is not None
    }


def _decide(request: HttpRequest, found: Proposal, verb: str, forms: dict[str, ReasonForm]) -> bool:
    """Run the decision; a sent twice form finds the new state and changes nothing."""
    command, action, new, codes = DECISIONS[verb]
    if found.state == new:
        return True
    if action is Action.ADMIT and found.round.council_seats.exists():
        messages.error(request, _("This round has an Expert Council: the decision is taken in its meeting, not here."))
        return True
    if found.state not in _ONLY_FROM.get(verb, (found.state,)):
        raise IllegalMove(f"{found.state} -> {new}", old=found.state, new=new)
    done = _("Decided: %(state)s. The author is told.") % {"state": reasons.state_label(new)}
    if codes is None:
        attempt(request, done, lambda: command(actor=request.user, proposal=found, now=timezone.now()))
        return True
    form = forms[verb]
    if not form.is_valid():
        return False
    return fill(form, lambda: command(actor=request.user, proposal=found, now=timezone.now(), **form.cleaned_data)) is not None


def _context(request: HttpRequest, found: Proposal, forms: dict[str, ReasonForm], verb: str) -> dict[str, Any]:
    allowed = may(
        request, found.round, Action.CHECK_PROPOSAL, Action.PREPARE_PROJECT, Action.ADMIT, Action.MERGE_PROPOSALS, Action.MODERATE,
        Action.SEE_CENTRE,
    )
    is_frozen = found.round.constitution.frozen_at is not None
    has_council = found.round.council_seats.exists()
    open_now = {
        name for name, (_command, action, new, _codes) in DECISIONS.items()
        if allowed[str(action)] and PROPOSAL.allows(State(found.state), new)
        and found.state in _ONLY_FROM.get(name, (found.state,))
        and not (is_frozen and State.ADMITTED in (found.state, new))
        and not (has_council and action is Action.ADMIT)
    }
    moves = [(m, reasons.state_label(m.new), reasons.label(m.new, m.reason_code)) for m in found.moves.all()]
    mergeable = PROPOSAL.allows(State(found.state), State.MERGED)
    done = {t.language for t in found.translations.all()}
    return {
        "proposal": found, "may": allowed, "offered": open_now, "forms": forms, "sent": verb,
        "state": reasons.state_label(found.state), "mark": reasons.STATE_MARKS[State(found.state)], "moves": moves,
        "lacks": lacks(found, found.round.constitution) if found.state == State.IN_SESSIONS else (),
        "targets": reads.merge_targets(found) if mergeable and allowed[Action.MERGE_PROPOSALS] else [],
        "offer": next((o for o in found.merge_offers.all() if o.closed_at is None), None),
        "languages": [(lang, lang in done) for lang in LANGUAGES if lang != found.language],
        "council_matter": matter_for(found) if has_council else None,
        "photos": list(found.files.all()), "has_room": allowed[str(Action.SEE_CENTRE)] and sessions.has_room(found),
    }


@staff
@require_POST
def merge(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Offer to merge this proposal into another; it happens when both captains agree."""
    round_ = open_round(request, city_slug, round_slug)
    source = reads.get_proposal(round_, code)
    target = reads.get_proposal(round_, request.POST.get("target", ""))
    attempt(request, _("Offered. It happens when both captains agree."), lambda: commands.offer_merge(
        actor=request.user, source=source, target=target, now=timezone.now()))
    return to("studio_proposal", round_, code=code)


@staff
def translate(request: HttpRequest, city_slug: str, round_slug: str, code: str, language: str) -> HttpResponse:
    """Write or change the Centre's translation beside the author's text."""
    round_ = open_round(request, city_slug, round_slug)
    found = reads.get_proposal(round_, code)
    if language not in LANGUAGES or language == found.language:
        raise NotFound("language")
    stored = next((t for t in found.translations.all() if t.language == language), None)
    names = ("title", "problem", "solution", "address")
    form = TranslationForm(request.POST or None, initial={n: getattr(stored, n, "") for n in names})
    if request.method == "POST" and form.is_valid() and fill(form, lambda: commands.add_translation(
            actor=request.user, proposal=found, language=language, now=timezone.now(), **form.cleaned_data)):
        return to("studio_proposal", round_, code=code)
    status = 422 if request.method == "POST" else 200
    context: dict[str, Any] = {"form": form, "proposal": found, "target": language, "may": may(request, round_, Action.MODERATE)}
    return page(request, "translate.html", round_, status=status, **context)


@staff
def moderation(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Reported comments first, then the newest ones."""
    round_ = open_round(request, city_slug, round_slug)
    context: dict[str, Any] = {
        "reported": reads.reported(round_), "recent": reads.recent_comments(round_), "may": may(request, round_, Action.MODERATE),
        "language": get_language(),
    }
    return page(request, "moderation.html", round_, **context)


@staff
@require_POST
def moderate(request: HttpRequest, city_slug: str, round_slug: str, comment_id: int) -> HttpResponse:
    """Hide a comment with a reason, show it again, or leave it as it is."""
    round_ = open_round(request, city_slug, round_slug)
    comment = reads.get_comment(round_, comment_id)
    now = timezone.now()
    if request.POST.get("verb") == "hide":
        reason = request.POST.get("reason", "").replace("\0", "").strip()
        attempt(request, _("Hidden. The reason stands in its place."), lambda: commands.hide_comment(
            actor=request.user, hidden=comment, reason=reason, now=now))
    else:
        attempt(request, _("It stays visible."), lambda: commands.unhide_comment(actor=request.user, hidden=comment, now=now))
    return to("studio_moderation", round_)
