"""States of editions and refusals of documents in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.core.collegial_states import DocumentState
from qatysu.core.errors import IllegalMove, NotAllowed, QatysuError, TooMany
from qatysu.documents.kinds import Kind

KINDS: Mapping[str, Promise] = {
    Kind.MEMORANDUM: _("Memorandum of cooperation"), Kind.SELECTION: _("Regulation on the selection of projects"),
    Kind.COUNCIL: _("Regulation on the Expert Council"), Kind.CENTRE: _("Regulation on the Project Centre"),
    Kind.OTHER: _("Another document"),
}
#: What each document is for, in one sentence.
ABOUT: Mapping[str, Promise] = {
    Kind.MEMORANDUM: _("Who takes part, who gives money, what each promises."),
    Kind.SELECTION: _("How projects are proposed, admitted, voted on and chosen. The portal writes its rules itself."),
    Kind.COUNCIL: _("Who sits in the Council, how it decides, how one appeals."),
    Kind.CENTRE: _("What the Project Centre does for residents."),
    Kind.OTHER: _("A document of your own."),
}
STATES: Mapping[str, tuple[Promise, str]] = {
    DocumentState.DRAFT: (_("being written"), ""), DocumentState.DISCUSSION: (_("open to comments"), "info"),
    DocumentState.SUBMITTED: (_("waits for approval"), "wait"), DocumentState.ADOPTED: (_("in force"), "ok"),
    DocumentState.SUPERSEDED: (_("replaced by a later edition"), ""), DocumentState.WITHDRAWN: (_("repealed"), "stop"),
    DocumentState.DROPPED: (_("given up"), ""),
}
_SENTENCES: Mapping[str, Promise] = {
    "text_needed": _("Write a few words where it is empty; a document needs both Kazakh and Russian."),
    "too_long": _("The text is too long."),
    "unknown_insert": _("There is no such insert, or it shares its line with other words: %(names)s."),
    "inserts_missing": _("These inserts must stand in the text, so that it says what the portal does: %(names)s."),
    "document_kind": _("Choose what the document is about."),
    "edition_open": _("An edition of this document is in the making already."),
    "not_a_draft": _("This edition is no draft any more. Nothing was saved."),
    "edited_meanwhile": _(
        "Somebody has saved this text meanwhile. Yours is still here: compare it with the saved one below, then save again."
    ),
    "discussion_day": _("Choose a day from tomorrow on, at most four months ahead."),
    "not_discussed": _("This draft is not open to comments now."),
    "comments_unanswered": _("Answer every comment first; insults and personal data may be hidden."),
    "not_submitted": _("This edition is not handed in."),
    "rules_changed": _("The rules of the round have changed since this text was handed in. Send it back, so that it is made anew."),
    "act_day": _("Give the day of the act; it cannot be in the future."),
    "edition_over": _("This edition is final."),
    "hidden_already": _("This comment is hidden already."),
    "second_person": _("Whoever handed it in cannot approve it. Another person must."),
}
_OTHER = _("This cannot be done now.")


def say(error: QatysuError) -> str:
    """A refusal as a sentence: what is wrong and the nearest way on."""
    if error.reason in _SENTENCES:
        return str(_SENTENCES[error.reason]) % {"names": error.params.get("names", "")}
    if isinstance(error, TooMany):
        return str(_("You have written enough comments on this draft."))
    if isinstance(error, IllegalMove):
        return str(_("Somebody was faster: this edition is in another state by now."))
    if isinstance(error, NotAllowed):
        return str(_("Your role does not allow this."))
    return str(_OTHER)
