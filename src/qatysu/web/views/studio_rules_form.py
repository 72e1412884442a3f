"""The form of the constitution: every rule of the round, with the outcome rule and only its own parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qatysu.core.money import grouped
from qatysu.rounds.models import Constitution
from qatysu.rounds.rule_params import OWN, choices_of
from qatysu.rules.describe import ParamText, RuleText, param_text, rule_text
from qatysu.rules.params import PARAMS
from qatysu.web.views.studio_forms import RowForm, dress

#: With 1 tenge, the rule's own default, a town would count tens of thousands of times.
STEP = "100"
#: Budgets of categories and what becomes of their rest, asked as one question.
PARTS: Mapping[str, dict[str, str]] = {
    "none": {}, "category": {"parts": "category"}, "category-pool": {"parts": "category", "leftover": "pool"},
}
#: Fields before the outcome rule, in the order of the page; the rest comes after it.
_BEFORE = (
    "cap_tenge", "cap_mrp", "mrp_tenge", "min_cost_tenge", "proposer_min_age", "proposals_per_author", "voter_min_age", "methods",
    "ballot_type", "min_choices", "max_choices", "ballot_order", "max_attempts", "counts_mode", "cadence",
)
_AFTER = (
    "council_quorum_percent", "council_quorum_least", "council_majority", "council_majority_percent", "council_chair_breaks_ties",
    "council_recusal", "council_remote_counts", "council_correspondence", "appeal_days", "exclusions_kk", "exclusions_ru",
    "exclusions_en",
)
#: Asked as a choice; what is not sent stays as it was.
_KEPT = ("council_majority", "council_recusal", "council_quorum_least")


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """One outcome rule on the page: its words, its radio button and the fields of its parameters."""

    text: RuleText
    is_chosen: bool
    fields: tuple[BoundField, ...]


def language() -> str:
    """Language of the descriptions of rules."""
    return (get_language() or "kk")[:2]


def words_of(name: str) -> ParamText:
    """A parameter in the reader's language."""
    return param_text(name, language())


def _opening(text: str) -> str:
    return text[:1].upper() + text[1:]


class RulesForm(RowForm):
    """All rules of the constitution. Parameters of a rule are fields ``<rule>-<parameter>``; those of other rules are ignored."""

    methods = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, choices=(
        ("phone", _("Code by SMS to a mobile number")), ("email", _("Code by e-mail")), ("code", _("Printed one-time code")),
    ))
    ballot_type = forms.ChoiceField(choices=(("one", _("One project")), ("up_to_k", _("Several projects"))))
    ballot_order = forms.ChoiceField(choices=(("random", _("Random for each voter")), ("number", _("By number"))))
    counts_mode = forms.ChoiceField(choices=(
        ("sealed", _("Only turnout while voting is open")), ("live", _("Votes of each project, live")),
    ))
    cadence = forms.ChoiceField(choices=(
        ("city", _("Every ten minutes, sooner when 50 wait")), ("town", _("Once a day")), ("event", _("Every few seconds")),
    ))
    threshold_op = forms.ChoiceField(choices=(("gt", _("more than")), ("ge", _("at least"))))
    rule = forms.ChoiceField(widget=forms.RadioSelect)
    fit = forms.ChoiceField(choices=(("skip", _("Pass over it and go on")), ("stop", _("End the list there"))), required=False)
    parts = forms.ChoiceField(label=_("Budgets of categories"), widget=forms.RadioSelect, choices=(
        ("none", _("One budget for all")), ("category", _("Each category has its own; what is left is not spent")),
        ("category-pool", _("Each category has its own; what is left goes to the next projects by votes")),
    ))
    council_quorum_least = forms.IntegerField(min_value=1, max_value=100, required=False)
    council_majority = forms.ChoiceField(required=False, choices=(
        ("share_of_votes", _("More than a share of those for and against")), ("simple_of_votes", _("More for than against")),
        ("absolute_of_present", _("More than half of those present")), ("absolute_of_seats", _("More than half of all members")),
        ("two_thirds_of_present", _("Two thirds of those present")),
    ))
    council_recusal = forms.ChoiceField(required=False, choices=(
        ("leaves_quorum", _("The seat is not counted on this question")), ("stays_in_seats", _("The seat counts as absent")),
    ))
    tie = forms.ChoiceField(widget=forms.RadioSelect, choices=(
        ("refuse", _("The Expert Council decides")), ("cheaper", _("The cheaper project")), ("dearer", _("The dearer project")),
        ("id", _("The smaller number (10 comes before 9)")),
    ))

    class Meta:
        model = Constitution
        fields = (*_BEFORE, "threshold_op", "threshold_votes", "rule", "fit", "tie", *_AFTER)

    WORDS: ClassVar[dict[str, Any]] = {
        "cap_tenge": _("Highest cost of one project, tenge"), "cap_mrp": _("Or: highest cost in monthly calculation indices"),
        "mrp_tenge": _("Monthly calculation index of the year, tenge"), "min_cost_tenge": _("Lowest cost of one project, tenge"),
        "proposer_min_age": _("Age from which one may propose"), "proposals_per_author": _("Proposals of one author"),
        "voter_min_age": _("Age from which one may vote"), "methods": _("How a voter is recognised"),
        "ballot_type": _("What a voter chooses"), "min_choices": _("At least so many projects"),
        "max_choices": _("At most so many projects"), "ballot_order": _("Order of projects on the ballot"),
        "max_attempts": _("How often one may vote"), "counts_mode": _("What is shown during voting"),
        "cadence": _("How often ballots are mixed and published in the log"),
        "threshold_op": _("A project needs"), "threshold_votes": _("so many votes"),
        "fit": _("When a project no longer fits into the money left"), "council_quorum_percent": _("Quorum of the Council, per cent"),
        "council_majority_percent": _("Majority of the Council, more than per cent"), "appeal_days": _("Days to appeal"),
        "council_quorum_least": _("Quorum of the Council, at least so many members"),
        "council_majority": _("What carries a decision of the Council"),
        "council_chair_breaks_ties": _("With equal voices the chair's voice decides"),
        "council_recusal": _("When a member stands aside"),
        "council_remote_counts": _("Members who attend by call count as present"),
        "council_correspondence": _("The Council may decide by correspondence"),
        "exclusions_kk": _("What is excluded, in Kazakh"), "exclusions_ru": _("What is excluded, in Russian"),
        "exclusions_en": _("What is excluded, in English"),
        "rule": _("Outcome rule"), "tie": _("Who goes first among equals, if that decides who wins"),
    }
    HINTS: ClassVar[dict[str, Any]] = {
        "cap_tenge": _("Leave empty when the cap is given in indices."),
        "max_attempts": _("1 means that a vote is final. With more, the last ballot counts."),
        "cadence": _("The longer, the less the growth of the log tells of who came when. Receipts are given at once."),
        "council_majority_percent": _("Holds for a share of those for and against: from 50 to 99."),
        "tie": _("A method chosen here holds without looking at the projects. The Council explains what it decides."),
        "parts": _("The sums stand on the page of categories."),
    }

    def __init__(self, *args: Any, step_hint: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.rule_params if isinstance(self.instance.rule_params, dict) else {}
        names = [(rule, rule_text(rule, language()).name) for rule in OWN]
        self.fields["rule"].choices = names  # type: ignore[attr-defined]  # reason: ChoiceField
        for rule, own in OWN.items():
            for name in own:
                self.fields[f"{rule}-{name}"] = _field(name, stored.get(name) if rule == self.instance.rule else None)
        pool = "category-pool" if stored.get("leftover") == "pool" else "category"
        self.fields["conflicts"] = _field("conflicts", stored.get("conflicts"))
        self.fields["parts"].initial = pool if stored.get("parts") == "category" else "none"
        dress(self)
        self.fields["equal-shares-step"].help_text = step_hint

    @property
    def before(self) -> list[BoundField]:
        """Fields above the outcome rule."""
        return [self[name] for name in _BEFORE]

    @property
    def after(self) -> list[BoundField]:
        """Fields below it."""
        return [self[name] for name in _AFTER]

    @property
    def rules(self) -> list[RuleChoice]:
        """All outcome rules with their parameters."""
        chosen = self["rule"].value()
        return [
            RuleChoice(rule_text(rule, language()), rule == chosen, tuple(self[name] for name in fields_of(rule))) for rule in OWN
        ]

    def clean(self) -> dict[str, Any]:
        """What belongs to the chosen rule becomes ``rule_params``; faults in fields of other rules do not count."""
        data = self.cleaned_data
        rule = data.get("rule", "")
        for other in set(OWN) - {rule}:
            for name in fields_of(other):
                self.errors.pop(name, None)
        given = {name: data.get(f"{rule}-{name}") for name in OWN.get(rule, ())}
        params = {name: str(value) for name, value in given.items() if value not in (None, "")}
        if data.get("conflicts"):
            params["conflicts"] = data["conflicts"]
        data = {name: value for name, value in data.items() if "-" not in name and name not in ("parts", "conflicts")}
        data["fit"] = data.get("fit") or self.instance.fit
        data |= {name: data.get(name) or getattr(self.instance, name) for name in _KEPT}
        return data | {"rule_params": params | PARTS.get(self.cleaned_data.get("parts", "none"), {})}

    def field_for(self, name: str) -> str:
        """The field that a refusal about ``name`` belongs to: a parameter stands in the field of the chosen rule."""
        own = f"{self['rule'].value()}-{name}"
        return own if own in self.fields else name


def fields_of(rule: str) -> list[str]:
    """Names of the fields that belong to ``rule`` alone."""
    return [*(["fit"] if rule == "votes" else []), *(f"{rule}-{name}" for name in OWN[rule])]


class ShareField(forms.CharField):
    """A share as people write it: ``0,8`` or ``0.8``; empty means none."""

    def clean(self, value: Any) -> str:
        """The text with a point. Raises ValidationError for what is not above 0 and at most 1."""
        text = str(super().clean(value)).replace(",", ".")
        return _parsed("partial", text, _("Give a number above 0 and at most 1, for example 0.8."))


class GroupsField(forms.CharField):
    """Groups of projects of which one can win: ``3/7; 4/5:5``; empty means none."""

    def clean(self, value: Any) -> str:
        """The text without blanks. Raises ValidationError for another form."""
        return _parsed("conflicts", str(super().clean(value)), _("Write numbers of projects as in 3/7; 4/5/9."))


def _parsed(name: str, text: str, refusal: Any) -> str:
    text = "".join(text.split())
    try:
        if text:
            PARAMS[name].parse(text)
    except ValueError:
        raise forms.ValidationError(refusal) from None
    return text


def _field(name: str, stored: str | None) -> forms.Field:
    text = words_of(name)
    if name == "step":
        return forms.IntegerField(
            label=_("Added for each voter in each count, tenge"), min_value=1, max_value=10**9, initial=stored or STEP,
            required=False,
        )
    if name == "partial":
        return ShareField(label=text.label, help_text=text.help, max_length=20, initial=stored or "", required=False)
    if name == "conflicts":
        return GroupsField(label=text.label, help_text=text.help, max_length=400, initial=stored or "", required=False)
    choices = [(value, _opening(text.choices[value])) for value in choices_of(name)]
    return forms.ChoiceField(
        label=text.label, help_text=text.help, choices=choices, initial=stored or choices[0][0], required=False,
        widget=forms.RadioSelect,
    )


def said(form: RulesForm, name: str, value: Any) -> str:
    """A value of a rule as the form words it."""
    words = dict(getattr(form.fields[name], "choices", ()))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(str(words.get(item, item)) for item in value) or "—"
    if isinstance(value, int):
        return grouped(value)
    return str(words.get(value, value) or "—")
