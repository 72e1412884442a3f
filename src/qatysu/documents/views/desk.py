"""The organisers' desk of documents: the list, the editor with its preview, the way to the approval."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound, QatysuError
from qatysu.documents import commands, queries
from qatysu.documents.content import document_of
from qatysu.documents.inserts import NAMES
from qatysu.documents.kinds import REQUIRED, Kind
from qatysu.documents.models import OPEN, Edition, EditionComment
from qatysu.documents.words import ABOUT, KINDS, say
from qatysu.rounds.access import staff
from qatysu.rounds.models import Round
from qatysu.rounds.queries import studio_round

_TYPED = ("title_kk", "title_ru", "body_kk", "body_ru")


def _open(request: HttpRequest, city_slug: str, round_slug: str) -> tuple[Round, dict[str, bool]]:
    """The round for a member of its staff and what they may do. Raises NotFound, NotAllowed as the studio does."""
    now = timezone.now()
    round_ = studio_round(city_slug, round_slug, request.user, now.date())
    allowed = queries.may(request.user, round_, now)
    if not allowed["see_studio"]:
        raise NotAllowed("role", action="see_studio")
    return round_, allowed


@staff
@never_cache
@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The four documents and others, each with its state; a new one begins here."""
    round_, allowed = _open(request, city_slug, round_slug)
    status = 200
    if request.method == "POST":
        post = request.POST
        try:
            made = commands.start_edition(
                actor=request.user, round_=round_, kind=post.get("kind", ""), slug=post.get("slug", ""),
                title_kk=post.get("title_kk", ""), title_ru=post.get("title_ru", ""), now=timezone.now(),
            )  # fmt: skip
            return HttpResponseRedirect(_address(round_, made.document.slug))
        except (Invalid, Conflict, NotAllowed) as error:
            messages.error(request, say(error))
            status = error.status
    rows = [(shelf, KINDS[shelf.kind], ABOUT[shelf.kind]) for shelf in queries.shelves(round_, is_public=False)]
    context = {"round": round_, "city": round_.city, "rows": rows, "may": allowed, "posted": request.POST}
    return render(request, "documents/desk.html", context, status=status)


def _address(round_: Round, slug: str) -> str:
    return reverse("document_desk", kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, "slug": slug})


@staff
@never_cache
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, city_slug: str, round_slug: str, slug: str) -> HttpResponse:
    """One document: the edition in the making with all that can be done to it, and the history."""
    round_, allowed = _open(request, city_slug, round_slug)
    found = queries.get_document(round_, slug)
    rows = list(queries.editions(found, is_public=False))
    edition = next((row for row in rows if row.state in OPEN), rows[0] if rows else None)
    if edition is None:
        raise NotFound("edition")
    context: dict[str, Any] = {"status": 200}
    if request.method == "POST":
        verb = request.POST.get("do", "")
        error = None if verb == "preview" else _attempt(request, edition, verb)
        if verb != "preview" and error is None:
            return HttpResponseRedirect(_address(round_, slug))
        context = _typed(request, edition, error)
    shown = context.get("shown", edition)
    papers = [(code, _paper(shown, round_, code)) for code in ("kk", "ru")]
    context |= {
        "round": round_, "city": round_.city, "document": found, "edition": edition, "editions": rows, "may": allowed,
        "kind": KINDS[found.kind], "papers": papers,
        "inserts": [(name, text, name in REQUIRED[found.kind]) for name, text in NAMES.items()],
        "comments": queries.comments(edition), "has_before": queries.before(edition) is not None, "posted": request.POST,
        "in_force": next((row for row in rows if row.state == "adopted"), None), "is_own": found.kind == Kind.OTHER,
    }  # fmt: skip
    return render(request, "documents/work.html", context, status=context["status"])


def _paper(edition: Edition, round_: Round, language: str) -> Any:
    try:
        return document_of(edition, round_, language)
    except Invalid:
        return None


def _typed(request: HttpRequest, edition: Edition, error: QatysuError | None) -> dict[str, Any]:
    """The page with what was typed: nothing of it is lost, and the preview shows it unless somebody has saved meanwhile."""
    status = error.status if error else 200
    if request.POST.get("do") not in ("save", "preview"):
        return {"status": status}
    typed = Edition(document=edition.document, number=edition.number, state=edition.state, made_at=edition.made_at)
    for name in _TYPED:
        setattr(typed, name, request.POST.get(name, "").replace("\0", "")[: commands.LONGEST_BODY])
    is_late = error is not None and error.reason == "edited_meanwhile"
    # Saved over the other one only when it was read: the page shows the saved text now.
    typed.version = edition.version if is_late else int(request.POST.get("version", "0") or 0) if _is_number(request) else 0
    return {"status": status, "typed": typed, "shown": edition if is_late else typed, "is_late": is_late}


def _is_number(request: HttpRequest) -> bool:
    text = request.POST.get("version", "")
    return text.isascii() and text.isdigit() and len(text) <= 9


def _attempt(request: HttpRequest, edition: Edition, verb: str) -> QatysuError | None:
    """One deed; a refusal is said at the head of the page and returned."""
    try:
        done = _deeds(request, edition)[verb]()
    except KeyError:
        raise NotFound("deed") from None
    except (Invalid, Conflict, NotAllowed) as error:
        messages.error(request, say(error))
        return error
    messages.success(request, done)
    return None


def _deeds(request: HttpRequest, edition: Edition) -> dict[str, Callable[[], str]]:
    post = request.POST
    who: dict[str, Any] = {"actor": request.user, "edition": edition, "now": timezone.now()}

    def said(words: str, command: Callable[..., Any], **more: Any) -> str:
        command(**who, **more)
        return words

    texts = {name: post.get(name, "") for name in _TYPED}
    version = int(post["version"]) if _is_number(request) else -1
    act = {name: post.get(name, "") for name in ("act_number", "signatory_kk", "signatory_ru")}
    return {
        "save": lambda: said(_("The text is saved."), commands.save_edition, version=version, **texts),
        "discuss": lambda: said(_("Everybody can comment now."), commands.open_discussion, until=_until(post)),
        "mend": lambda: said(_("It is a draft again."), commands.back_to_draft),
        "submit": lambda: said(_("Handed in. The akimat's approver decides."), commands.submit),
        "back": lambda: said(_("Sent back with your words."), commands.send_back, reason=post.get("reason", "")),
        "approve": lambda: said(_("In force and published."), commands.approve, act_on=_day(post, "act_on", "act_day"), **act),
        "repeal": lambda: said(_("Repealed. It stays readable."), commands.repeal, reason=post.get("reason", "")),
        "drop": lambda: said(_("The draft is given up."), commands.drop),
        "answer": lambda: _about_comment(request, edition, commands.answer, _("Answered."), text=post.get("text", "")),
        "hide": lambda: _about_comment(request, edition, commands.hide, _("Hidden."), reason=post.get("reason", "")),
    }


def _about_comment(request: HttpRequest, edition: Edition, command: Callable[..., Any], done: str, **more: Any) -> str:
    number = request.POST.get("comment", "")
    found = EditionComment.objects.filter(edition=edition, pk=int(number) if number.isdigit() and len(number) <= 9 else 0).first()
    if found is None:
        raise NotFound("comment")
    command(actor=request.user, comment=found, now=timezone.now(), **more)
    return done


def _until(post: Any) -> date:
    return _day(post, "until", "discussion_day")


def _day(post: Any, field: str, code: str) -> date:
    try:
        found = date.fromisoformat(post.get(field, "").strip())
    except ValueError:
        raise Invalid(code, field=field) from None
    if not 2000 <= found.year <= 2100:
        raise Invalid(code, field=field)
    return found
