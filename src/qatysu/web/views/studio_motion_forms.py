"""Forms of acts by two people."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qatysu.motions.commands import LONGEST_PROTOCOL
from qatysu.web.motion_words import reason_text
from qatysu.web.views.studio_forms import DayInput, StudioForm

MOST_BYTES = 20_000_000


def fingerprint(file: UploadedFile[Any]) -> str:
    """SHA-256 (hex) of an uploaded file, read piece by piece; the file itself is not kept."""
    made = hashlib.sha256()
    for piece in file.chunks():
        made.update(piece)
    return made.hexdigest()


class MotionForm(StudioForm):
    """What every motion needs: words, the number of the protocol, the document."""

    #: Set by forms whose entry in the log names the document.
    needs_document = True

    text = forms.CharField(
        label=_("What happened and why"), min_length=5, max_length=500, widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
        help_text=_("For the second person and the trail. No names, numbers or addresses of voters."),
    )
    protocol = forms.CharField(
        label=_("Number of the protocol"), max_length=LONGEST_PROTOCOL, help_text=_("It stands in the public log for ever.")
    )
    document = forms.FileField(
        label=_("Protocol as a file"),
        help_text=_("Only its fingerprint is kept: it goes into the log, the file itself is not stored. Keep the file."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].required = self.needs_document

    def clean_document(self) -> str:
        """The fingerprint in place of the file."""
        file = self.cleaned_data.get("document")
        if not file:
            return ""
        if file.size is None or file.size > MOST_BYTES:
            raise forms.ValidationError(gettext("The file is larger than 20 MB."))
        return fingerprint(file)


class BallotMotionForm(MotionForm):
    """Annul a ballot, or take an annulment back."""

    needs_document = False

    reason = forms.ChoiceField(label=_("Reason"), help_text=_("It stands in the public log."))
    field_order = ("reason", "text", "protocol", "document")

    def __init__(self, *args: Any, codes: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].help_text = gettext("Only its fingerprint is kept here; the file itself is not stored. Keep the file.")
        choices = [("", "—"), *((code, reason_text(code)) for code in codes)]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]  # reason: ChoiceField


class VotingMotionForm(MotionForm):
    """An act on voting after the freeze; an extension names its day."""

    last_day = forms.DateField(label=_("New last day, included"), widget=DayInput(), input_formats=["%Y-%m-%d"])
    field_order = ("last_day", "text", "protocol", "document")

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = gettext("It is published beside the calendar once the act is confirmed.")
        if kind != "extend":
            del self.fields["last_day"]


class ProjectOutForm(MotionForm):
    """Take a project out of the count."""

    code = forms.ChoiceField(label=_("Project"), help_text=_("Only projects that the Council has disqualified by a closed protocol."))
    field_order = ("code", "text", "protocol", "document")

    def __init__(self, *args: Any, projects: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = gettext("Everybody reads it beside the result.")
        self.fields["code"].choices = [("", "—"), *projects]  # type: ignore[attr-defined]  # reason: ChoiceField


class FindBallotForm(StudioForm):
    """Which ballot."""

    q = forms.CharField(
        label=_("Which ballot"), max_length=120,
        help_text=_("Six words or the fingerprint from the receipt, the place in the log, or the handle of 32 signs."),
    )


class AnswerForm(StudioForm):
    """Why a motion is declined."""

    answer = forms.CharField(
        label=_("Why not"), min_length=5, max_length=500, widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
        help_text=_("The proposer reads it, and it stays in the history."),
    )
