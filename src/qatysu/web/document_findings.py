"""What the check of a round says of its normative documents."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from qatysu.documents.content import is_behind
from qatysu.documents.kinds import Kind
from qatysu.documents.queries import in_force
from qatysu.rounds.models import Round

Finding = tuple[str, bool, str]


def document_findings(round_: Round) -> list[Finding]:
    """(sentence, False, address of the desk): nothing of it stops a round, the akimat decides what it needs."""
    found = in_force(round_, Kind.SELECTION)
    if found is None:
        text = _("No regulation on the selection of projects is approved yet.")
    elif is_behind(found, round_):
        text = _("The rules say something else by now than the approved regulation. A new edition is due.")
    else:
        return []
    return [(text, False, reverse("documents_desk", kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug}))]
