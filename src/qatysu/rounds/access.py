"""The ``@staff`` declaration of ``identity.access``: needs memberships, hence lives here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from qatysu.core.errors import NotAllowed
from qatysu.identity.access import declare, has_second_factor, to_sign_in
from qatysu.rounds import queries

V = TypeVar("V", bound=Callable[..., HttpResponse])


def staff(view: V) -> V:
    """A person with a staff role today and a second factor in this session; others learn which is missing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if not queries.is_staff(request.user, today=timezone.now().date()):
            raise NotAllowed("not_staff")
        if not has_second_factor(request, timezone.now()):
            return HttpResponseRedirect(f"{reverse('second_factor')}?next={quote(request.get_full_path())}")
        return view(request, *args, **kwargs)

    return declare(guarded, "staff")  # type: ignore[return-value]  # reason: same signature
