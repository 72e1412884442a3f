"""Forms of the organisers' pages: shape of input only; what may be is decided by the commands."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from qatysu.core.regulation import STAFF_ROLES, STAGE_ORDER, Role, Stage
from qatysu.places.models import City, Organiser, Population
from qatysu.rounds.models import Category, Funder, Round
from qatysu.rounds.presets import PRESETS as PRESET_DATA
from qatysu.rounds.role_names import ROLE_NAMES
from qatysu.web.views.studio_words import PRESETS, stage_name

#: Zones of Kazakhstan first; the rest of the world is allowed.
KZ_ZONES = (
    "Asia/Almaty", "Asia/Aqtobe", "Asia/Aqtau", "Asia/Atyrau", "Asia/Oral", "Asia/Qostanay", "Asia/Qyzylorda",
)


class DayInput(forms.DateInput):
    """A date picker of the browser itself."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"class": "input input--auto"})


class StudioForm(forms.Form):
    """Gives every control the house's class and every label the words of the house."""

    #: Named here rather than on the fields: labels of model forms are the organisers' words, not column names.
    WORDS: ClassVar[dict[str, Any]] = {}
    HINTS: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class RowForm(forms.ModelForm):  # type: ignore[type-arg]  # reason: not generic at run time
    """Takes shapes of fields from a table; the row itself is written and judged by a command, never by the form."""

    def _post_clean(self) -> None:
        """Leaves the instance alone."""


def dress(form: forms.BaseForm) -> None:
    """Put the class of the house on plain controls and the form's own words on labels."""
    for name, field in form.fields.items():
        plain = not isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect)
        if plain and "class" not in field.widget.attrs:
            field.widget.attrs["class"] = "input"
        if isinstance(field, forms.IntegerField) and type(field) is forms.IntegerField and field.max_value is None:
            field.max_value = _largest(form, name)
            field.validators.append(MaxValueValidator(field.max_value))
            field.widget.attrs.update({"max": field.max_value, "inputmode": "numeric"})
        field.label = getattr(form, "WORDS", {}).get(name, field.label)
        field.help_text = getattr(form, "HINTS", {}).get(name, field.help_text)


def _largest(form: forms.BaseForm, name: str) -> int:
    """What the column behind a field can hold; a larger number would be a fault of the database, not an answer."""
    if not isinstance(form, forms.BaseModelForm):
        return 10**13
    kind = form._meta.model._meta.get_field(name).get_internal_type()
    return {"PositiveSmallIntegerField": 32_767, "PositiveIntegerField": 2_147_483_647}.get(kind, 10**13)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), input_formats=["%Y-%m-%d"], **more)


def _zones() -> list[tuple[str, Any]]:
    known = available_timezones()
    others = sorted(zone for zone in known if "/" in zone and zone not in KZ_ZONES and not zone.startswith("Etc/"))
    return [("", "—")] + [(z, z) for z in KZ_ZONES if z in known] + [(z, z) for z in others]


class CityForm(RowForm):
    """Facts of a city."""

    time_zone = forms.ChoiceField(choices=_zones)

    class Meta:
        model = City
        fields = (
            "name_kk", "name_ru", "name_en", "slug", "kato", "time_zone", "south", "west", "north", "east", "hotline_phone",
            "hotline_hours_kk", "hotline_hours_ru", "hotline_hours_en",
        )

    WORDS: ClassVar[dict[str, Any]] = {
        "name_kk": _("Name in Kazakh"), "name_ru": _("Name in Russian"), "name_en": _("Name in English"),
        "slug": _("Address on the portal"), "kato": _("KATO code"), "time_zone": _("Time zone"),
        "south": _("Southern edge of the map"), "west": _("Western edge of the map"), "north": _("Northern edge of the map"),
        "east": _("Eastern edge of the map"), "hotline_phone": _("Hotline phone"),
        "hotline_hours_kk": _("Hotline hours in Kazakh"), "hotline_hours_ru": _("Hotline hours in Russian"),
        "hotline_hours_en": _("Hotline hours in English"),
    }
    HINTS: ClassVar[dict[str, Any]] = {
        "slug": _("Small Latin letters, digits and dashes, for example aqsu. It never changes."),
        "kato": _("Nine digits. May be left out."), "time_zone": _("A deadline is the end of the day in this zone."),
        "south": _("Degrees, for example 50.22."), "west": _("Degrees, for example 58.38."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)
        if self.instance.pk:
            del self.fields["slug"]


class PopulationForm(RowForm):
    """A head count; both of its dates belong to it."""

    counted_on = _day(_("Counted on"))

    class Meta:
        model = Population
        fields = ("count", "counted_on", "territory_kk", "territory_ru", "territory_en", "source")

    WORDS: ClassVar[dict[str, Any]] = {
        "count": _("Number of residents"), "territory_kk": _("Territory in Kazakh"), "territory_ru": _("Territory in Russian"),
        "territory_en": _("Territory in English"), "source": _("Source"),
    }
    HINTS: ClassVar[dict[str, Any]] = {"source": _("Who counted, and whether it is the town alone or the district with its villages.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class OrganiserForm(RowForm):
    """An organisation, its part, where it answers and which roles its people hold."""

    roles = forms.MultipleChoiceField(
        required=False, label=_("Roles of its people"), widget=forms.CheckboxSelectMultiple,
        help_text=_("From them follows what the page “Who decides what” says of it."),
        choices=[(role.value, ROLE_NAMES[role]) for role in Role if role in STAFF_ROLES],
    )
    site = forms.URLField(required=False, assume_scheme="https", max_length=200)

    class Meta:
        model = Organiser
        fields = (
            "name_kk", "name_ru", "name_en", "role_kk", "role_ru", "role_en", "duties_kk", "duties_ru", "duties_en", "phone", "email",
            "site", "roles",
        )

    WORDS: ClassVar[dict[str, Any]] = {
        "name_kk": _("Organisation in Kazakh"), "name_ru": _("Organisation in Russian"), "name_en": _("Organisation in English"),
        "role_kk": _("Its part in Kazakh"), "role_ru": _("Its part in Russian"), "role_en": _("Its part in English"),
        "duties_kk": _("What it answers for, in Kazakh"), "duties_ru": _("What it answers for, in Russian"),
        "duties_en": _("What it answers for, in English"), "phone": _("Phone of the organisation"),
        "email": _("E-mail of the organisation"), "site": _("Site of the organisation"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    @property
    def trios(self) -> list[tuple[forms.BoundField, ...]]:
        """Fields of three languages, side by side."""
        return [tuple(self[f"{name}_{code}"] for code in ("kk", "ru", "en")) for name in ("name", "role", "duties")]

    def clean_roles(self) -> list[str]:
        """Sorted, as the column wants them."""
        return sorted(self.cleaned_data["roles"])


class TitlesForm(StudioForm):
    """Title and kind of a round."""

    title_kk = forms.CharField(label=_("Title in Kazakh"), max_length=160)
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=160)
    title_en = forms.CharField(label=_("Title in English"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind of round"), choices=(
        (Round.Kind.TOWN, _("For the whole town")), (Round.Kind.YOUTH, _("For young people")),
        (Round.Kind.OBJECT, _("Design of one large object")),
    ))


class NewRoundForm(StudioForm):
    """The first step: everything else starts from the preset."""

    title_kk = forms.CharField(label=_("Title in Kazakh"), max_length=160)
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=160)
    title_en = forms.CharField(label=_("Title in English"), max_length=160)
    slug = forms.CharField(label=_("Address on the portal"), max_length=40, help_text=_("For example y2027. It never changes."))
    preset = forms.ChoiceField(label=_("Rules to start from"), widget=forms.RadioSelect,
                               help_text=_("Every rule may be changed in the next steps."))
    starts_on = _day(_("First day of collecting ideas"), help_text=_("The other stages are counted from this day and may be moved."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["preset"].choices = [(slug, PRESETS[slug]) for slug in PRESET_DATA]  # type: ignore[attr-defined]  # reason: ChoiceField


class CopyForm(StudioForm):
    """A copy into another year or city."""

    city = forms.ChoiceField(label=_("City"))
    slug = forms.CharField(label=_("Address on the portal"), max_length=40, help_text=_("For example y2027. It never changes."))
    title_kk = forms.CharField(label=_("Title in Kazakh"), max_length=160)
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=160)
    title_en = forms.CharField(label=_("Title in English"), max_length=160)
    starts_on = _day(_("First day of the new round"))

    def __init__(self, *args: Any, cities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["city"].choices = cities  # type: ignore[attr-defined]  # reason: ChoiceField


class FunderForm(RowForm):
    """Who pays, how much and for what."""

    categories = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Funder
        fields = ("name_kk", "name_ru", "name_en", "amount_tenge", "is_approximate", "categories")

    WORDS: ClassVar[dict[str, Any]] = {
        "name_kk": _("Funder in Kazakh"), "name_ru": _("Funder in Russian"), "name_en": _("Funder in English"),
        "amount_tenge": _("Sum, tenge"), "is_approximate": _("The sum is approximate"),
        "categories": _("Pays only for"),
    }
    HINTS: ClassVar[dict[str, Any]] = {"categories": _("Choose none when this money may pay for every project.")}

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].choices = categories  # type: ignore[attr-defined]  # reason: MultipleChoiceField
        dress(self)


#: What the drawings of places show.
PLAN_NAMES: dict[str, Any] = {
    "stadium": _("Stadium"), "playground": _("Playground"), "playground_workout": _("Playground with exercise bars"),
    "sports": _("Sports ground"), "lighting": _("Street lights"), "alley": _("Alley with trees"), "busstop": _("Bus stop"),
    "parking": _("Parking"), "streetball": _("Streetball"), "tennis": _("Table tennis"), "containers": _("Waste containers"),
    "benches": _("Benches"), "ramp": _("Ramp"), "bikes": _("Bicycle stands"), "park": _("Park"),
}


class CategoryForm(RowForm):
    """A kind of project."""

    plan = forms.ChoiceField(choices=tuple(PLAN_NAMES.items()))

    class Meta:
        model = Category
        fields = ("name_kk", "name_ru", "name_en", "budget_tenge", "plan")

    WORDS: ClassVar[dict[str, Any]] = {
        "name_kk": _("Category in Kazakh"), "name_ru": _("Category in Russian"), "name_en": _("Category in English"),
        "budget_tenge": _("Budget of this category, tenge"), "plan": _("Drawing shown until a team has its own"),
    }
    HINTS: ClassVar[dict[str, Any]] = {
        "budget_tenge": _("Its winners may cost so much together. It counts when the rules give categories budgets of their own."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class ReserveForm(StudioForm):
    """Money kept aside for rising prices."""

    reserve_tenge = forms.IntegerField(label=_("Reserve for rising prices, tenge"), min_value=0, max_value=10**13)


class CalendarForm(StudioForm):
    """First and last day of every stage; an empty pair leaves the stage out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage in STAGE_ORDER:
            self.fields[f"{stage}-first"] = _day(_("First day"), required=False)
            self.fields[f"{stage}-last"] = _day(_("Last day, included"), required=False)

    def clean(self) -> dict[str, Any]:
        """A stage has both days or none."""
        for stage in STAGE_ORDER:
            pair = [self.cleaned_data.get(f"{stage}-{end}") for end in ("first", "last")]
            names = [f"{stage}-first", f"{stage}-last"]
            if any(pair) and not all(pair) and not any(name in self.errors for name in names):
                self.add_error(names[pair.index(None)], _("Give both days, or neither to leave the stage out."))
        return self.cleaned_data

    def days(self) -> dict[Stage, Any]:
        """Stage -> pair of days or None, for stages whose fields were sent."""
        found = {}
        for stage in STAGE_ORDER:
            if f"{stage}-first" in self.data:
                pair = (self.cleaned_data[f"{stage}-first"], self.cleaned_data[f"{stage}-last"])
                found[stage] = pair if all(pair) else None
        return found

    def rows(self) -> list[tuple[Stage, str, Any, Any]]:
        """For the template: stage, its name, the two fields."""
        return [(s, stage_name(s), self[f"{s}-first"], self[f"{s}-last"]) for s in STAGE_ORDER]


class ActForm(StudioForm):
    """A public act: everybody reads the reason."""

    last_day = _day(_("New last day, included"), required=False)
    reason = forms.CharField(
        label=_("Reason"), min_length=5, max_length=500, widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
        help_text=_("It is published at once beside the calendar."),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind == "extend":
            self.fields["last_day"].required = True
        else:
            del self.fields["last_day"]


class ReasonForm(StudioForm):
    """A coded reason with a text."""

    reason_code = forms.ChoiceField(label=_("Reason"))
    reason_text = forms.CharField(label=_("Explanation for the author"), max_length=2000,
                                  widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
                                  help_text=_("Name the rule, the cause and the nearest way to mend it."))

    def __init__(self, *args: Any, codes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [("", "—"), *codes.items()]  # type: ignore[attr-defined]  # reason: ChoiceField


class TranslationForm(StudioForm):
    """The Centre's translation of a proposal."""

    title = forms.CharField(label=_("Title"), max_length=160)
    problem = forms.CharField(label=_("Problem"), max_length=4000, required=False, widget=forms.Textarea(attrs={"class": "input"}))
    solution = forms.CharField(label=_("Solution"), max_length=4000, required=False, widget=forms.Textarea(attrs={"class": "input"}))
    address = forms.CharField(label=_("Place"), max_length=200, required=False)


class CodesForm(StudioForm):
    """How many one-time codes."""

    count = forms.IntegerField(label=_("How many codes"), min_value=1, max_value=5000,
                               help_text=_("At most 5,000 at once. More are made with the command qatysu codes."))


class TieForm(StudioForm):
    """The Council's decision on a tie."""

    order = forms.CharField(label=_("Codes of the tied projects in the decided order"), max_length=500,
                            help_text=_("Separate them with spaces or commas, the first goes ahead."))
    reason = forms.CharField(label=_("Reason, as in the protocol"), min_length=5, max_length=500,
                             widget=forms.Textarea(attrs={"class": "input", "rows": 3}))


class ApproveForm(StudioForm):
    """The protocol under which the results were approved."""

    protocol_number = forms.CharField(label=_("Number of the Council's protocol"), max_length=40)
