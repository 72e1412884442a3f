"""Forms of the steps: they read what a person typed; what is allowed is decided by commands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qatysu.proposals.models import Proposal
from qatysu.proposals.queries import from_plan
from qatysu.proposals.wording import SENTENCES
from qatysu.ui.templatetags.ui import in_language

#: The drawn plan has this size in CSS pixels wherever there is no script: ``<input type=image>`` sends pixels.
PLAN_WIDTH, PLAN_HEIGHT = 320, 212
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
_LARGEST_SUM = 10**12


class TengeField(forms.CharField):
    """Whole tenge as people write it: spaces of any kind, the sign ₸ and digits of any script; None when left empty."""

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(value or "")).lower()
        kept = re.sub(r"[\s₸.,']|тг|тенге|теңге|kzt", "", text)
        if not kept:
            return None
        digits = "".join(
            str(unicodedata.digit(ch)) if unicodedata.digit(ch, None) is not None else ch for ch in kept[:30]
        )
        if not digits.isascii() or not digits.isdigit() or int(digits) > _LARGEST_SUM:
            raise forms.ValidationError(str(SENTENCES["number"]))
        return int(digits)

    def validate(self, value: Any) -> None:
        """Whether it is enough or too much is said by the constitution, not here."""

    def run_validators(self, value: Any) -> None:
        """Nothing more: ``value`` is a number already."""


class StepForm(forms.Form):
    """A step of the idea's form, with the revision it was opened on."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, proposal: Proposal, data: Any = None, **kwargs: Any) -> None:
        self.proposal, self.round = proposal, proposal.round
        super().__init__(
            data, initial=self.initial_of(proposal) | {"revision": proposal.revision}, auto_id="%s", **kwargs
        )

    def initial_of(self, proposal: Proposal) -> dict[str, Any]:
        """Stored values as the form shows them."""
        return {name: getattr(proposal, name) for name in self.base_fields if name != "revision"}

    def values(self) -> dict[str, Any]:
        """Cleaned values by the names of the model's fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}

    def reopen_on(self, revision: int) -> None:
        """Keep what was typed, to be saved on top of ``revision`` when the person says so again."""
        data = self.data.copy()  # type: ignore[attr-defined]  # reason: a QueryDict of the request
        data["revision"] = str(revision)
        self.data = data

    def as_stored(self, stored: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Pairs (label, stored text) of the visible fields that somebody else changed."""
        rows = []
        for name, value in stored.items():
            field = self.fields.get(name.removesuffix("_id").replace("cost_tenge", "cost"))
            if field is not None and not field.widget.is_hidden and value != self.values().get(name):
                rows.append((str(field.label), "" if value is None else str(value)))
        return rows


class WhatForm(StepForm):
    """What and where."""

    title = forms.CharField(label=_("Name of the idea"), max_length=160, required=False)
    language = forms.ChoiceField(label=_("Language of your text"), choices=LANGUAGES)
    address = forms.CharField(label=_("Address or place"), max_length=200, required=False)
    latitude = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)

    def clean(self) -> dict[str, Any]:
        """A click on the drawn plan, sent in pixels, becomes degrees; a click by keyboard (0, 0) marks nothing."""
        cleaned = super().clean() or self.cleaned_data
        x, y = _pixel(self.data.get("point.x")), _pixel(self.data.get("point.y"))
        if x or y:
            cleaned["latitude"], cleaned["longitude"] = from_plan(self.round, x / PLAN_WIDTH, y / PLAN_HEIGHT)
        if "unmark" in self.data or cleaned.get("latitude") is None or cleaned.get("longitude") is None:
            cleaned["latitude"] = cleaned["longitude"] = None
        return cleaned


def _pixel(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 4 else 0


class WhyForm(StepForm):
    """Problem and solution."""

    problem = forms.CharField(
        label=_("What is wrong now, and for whom?"), max_length=4000, required=False, widget=forms.Textarea
    )
    solution = forms.CharField(
        label=_("What should be built or changed?"), max_length=4000, required=False, widget=forms.Textarea
    )
    present_state = forms.CharField(
        label=_("What is on this place today?"), max_length=2000, required=False, widget=forms.Textarea
    )


class MoneyForm(StepForm):
    """Money and category."""

    category = forms.ChoiceField(label=_("Category"), required=False)
    cost = TengeField(label=_("Rough cost, tenge"), required=False)

    def __init__(self, proposal: Proposal, data: Any = None, **kwargs: Any) -> None:
        super().__init__(proposal, data, **kwargs)
        rows = list(proposal.round.categories.all())
        self.keys = {row.slug: row.pk for row in rows}
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # reason: tells the type checker what is declared above
        field.choices = [("", _("Choose"))] + [(row.slug, in_language(row, "name")) for row in rows]

    def initial_of(self, proposal: Proposal) -> dict[str, Any]:
        """The category by its slug, the sum without groups."""
        return {"category": proposal.category.slug if proposal.category else "", "cost": proposal.cost_tenge}

    def values(self) -> dict[str, Any]:
        """Key of the category and whole tenge."""
        return {"category_id": self.keys.get(self.cleaned_data["category"]), "cost_tenge": self.cleaned_data["cost"]}


class WithdrawForm(forms.Form):
    """Why a team stops."""

    reason_code = forms.CharField(
        label=_("Reason"), max_length=30, error_messages={"required": _("Choose a reason from the list.")}
    )
    reason_text = forms.CharField(
        label=_("In your own words"),
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": _("Explain the reason in words.")},
    )


class BehalfForm(forms.Form):
    """For whom the Centre files an idea."""

    use_required_attribute = False
    identifier = forms.CharField(label=_("Phone or e-mail of the resident"), max_length=254)
    name = forms.CharField(label=_("Name of the resident"), max_length=80)
    language = forms.ChoiceField(label=_("Language of the text"), choices=LANGUAGES)


FORMS: Mapping[str, type[StepForm]] = {"what": WhatForm, "why": WhyForm, "money": MoneyForm}


def step_form(step: str, proposal: Proposal, data: Any = None) -> StepForm | None:
    """The form of a text step; None for steps without one."""
    found = FORMS.get(step)
    return found(proposal, data) if found else None
