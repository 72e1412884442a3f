"""Asking two people to change frozen rules, and what an amendment changes in words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from qatysu.core.regulation import Action
from qatysu.motions import commands
from qatysu.motions.models import Motion
from qatysu.rounds.access import staff
from qatysu.rounds.amending import AMENDABLE
from qatysu.rounds.models import Constitution
from qatysu.web.rule_changes import Change, in_words
from qatysu.web.views.studio_gate import fill, may, open_round, page, person, to
from qatysu.web.views.studio_motion_forms import MotionForm
from qatysu.web.views.studio_rules_form import RulesForm


class AmendmentForm(MotionForm):
    """The rules that may still change, with what every motion needs."""

    def __init__(self, *args: Any, constitution: Constitution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = list(self.fields)
        rules = RulesForm(instance=constitution)
        for name in AMENDABLE:
            field = self.fields[name] = rules.fields[name]
            field.initial = getattr(constitution, name)
        self.order_fields([*AMENDABLE, *own])
        self.old = {name: getattr(constitution, name) for name in AMENDABLE}

    def clean(self) -> dict[str, Any]:
        """Values of rules apart from the rest; what was not sent stays as it is."""
        data = super().clean() or self.cleaned_data
        sent = {name: data.pop(name) for name in AMENDABLE if name in data}
        values = {name: self.old[name] if value in (None, "") and not name.startswith("exclusions") else value
                  for name, value in sent.items()}  # fmt: skip
        return data | {"values": {name: value for name, value in values.items() if value != self.old[name]}}


@staff
@never_cache
def amend(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Ask that frozen rules be changed."""
    round_ = open_round(request, city_slug, round_slug)
    form = AmendmentForm(
        request.POST if request.method == "POST" else None, request.FILES or None, constitution=round_.constitution
    )
    if request.method == "POST" and form.is_valid():
        made = fill(form, lambda: commands.propose_amendment(
            actor=person(request), round_=round_, now=timezone.now(), **form.cleaned_data))
        if made is not None:
            messages.success(request, _("The motion is stored. Another person must confirm it."))
            return to("studio_motion", round_, number=made.pk)
    rules = [form[name] for name in AMENDABLE]
    rest = [field for field in form if field.name not in AMENDABLE]
    context: dict[str, Any] = {"form": form, "rules": rules, "rest": rest, "may": may(request, round_, Action.PROPOSE_AMENDMENT)}
    return page(request, "motion_rules.html", round_, status=422 if request.method == "POST" else 200, **context)


def wanted(motion: Motion) -> list[Change]:
    """What a motion about rules asks for, against the rules of today; [] for any other motion, or once it is decided."""
    values = motion.payload.get("values", {})
    if motion.state != Motion.State.PROPOSED:
        return []
    constitution = motion.round.constitution if values else None
    return in_words(constitution, {name: [getattr(constitution, name), new] for name, new in values.items()}) if constitution else []
