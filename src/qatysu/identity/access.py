"""Each URL declares who may open it; a test fails for one that does not.

``@public``: anybody. ``@signed_in``: a person with an account. ``@staff`` (in ``rounds.access``): a person with a
staff role and a second factor in this session. ``@voter``: somebody with the right to vote, by account or by code.
What a role may do to which object is decided by ``rounds.authorize`` inside the command, never here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Literal, TypeVar
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from qatysu.core.errors import NotAllowed
from qatysu.identity.models import Account

Access = Literal["public", "signed_in", "staff", "voter"]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def declare(view: Callable[..., HttpResponseBase], access: Access) -> Callable[..., HttpResponseBase]:
    """Write on ``view`` who may open it."""
    view.access = access  # type: ignore[attr-defined]  # reason: read by the permission test
    return view


def public(view: View) -> View:
    """Anybody may open it."""
    return declare(view, "public")  # type: ignore[return-value]  # reason: same callable


def voter(view: View) -> View:
    """Whoever may vote; the view itself asks ``ballots`` and sends others to the sign-in of the round."""
    return declare(view, "voter")  # type: ignore[return-value]  # reason: same callable


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect to the sign-in page, coming back here afterwards when this was a GET."""
    back = request.get_full_path() if request.method == "GET" else request.META.get("HTTP_REFERER", "")
    return HttpResponseRedirect(f"{reverse('sign_in')}?next={quote(back)}")


def account_of(request: HttpRequest) -> Account:
    """The account of a request behind ``@signed_in`` or ``@staff``. Raises NotAllowed when there is none."""
    if not isinstance(request.user, Account):
        raise NotAllowed("sign_in")
    return request.user


def signed_in(view: View) -> View:
    """A person with an account; others go to the sign-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return declare(guarded, "signed_in")  # type: ignore[return-value]  # reason: same signature


#: Seconds after which a second factor is asked for again: a working day at a shared desk.
SECOND_FACTOR_S = 12 * 3600
SECOND_FACTOR_KEY = "second-factor-at"


def note_second_factor(request: HttpRequest, now: datetime) -> None:
    """Remember when the second factor of this session was shown."""
    request.session[SECOND_FACTOR_KEY] = int(now.timestamp())


def has_second_factor(request: HttpRequest, now: datetime) -> bool:
    """True when a second factor was shown in this session within the last twelve hours."""
    shown = request.session.get(SECOND_FACTOR_KEY)
    if not isinstance(shown, int) or not 0 <= now.timestamp() - shown < SECOND_FACTOR_S:
        return False
    return bool(request.user.is_verified())  # type: ignore[union-attr]  # reason: set by OTPMiddleware
