"""Words of acts by two people: kinds, reasons of annulment, states, and what is wrong with a ballot box."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qatysu.core.regulation import Role
from qatysu.motions.kinds import Kind, What
from qatysu.motions.queries import Amendment
from qatysu.rounds.role_names import ROLE_NAMES
from qatysu.web.words import Mark

Words = Mapping[str, Promise]

KINDS: Words = {
    Kind.ANNUL: _("Annul a ballot"),
    Kind.REINSTATE: _("Take an annulment back"),
    Kind.VOTING_EXTEND: _("Extend voting"),
    Kind.VOTING_CLOSE: _("End voting now"),
    Kind.VOTING_PAUSE: _("Pause voting"),
    Kind.VOTING_RESUME: _("Let voting go on"),
    Kind.VOTING_OPEN: _("Open voting early"),
    Kind.KEYS_DESTROYED: _("Destroy the keys of the round"),
    Kind.RULES_AMEND: _("Amend the frozen rules"),
    Kind.PROJECT_OUT: _("Take a project out of the count"),
}
#: By the codes of ``ballots.manifest.REASONS``.
REASONS: Words = {
    "not_entitled": _("the person had no right to vote here"),
    "twice": _("the person voted in two ways"),
    "foreign_code": _("the code was somebody else's"),
    "bought": _("the vote was bought"),
    "forced": _("the voter was under pressure"),
    "robot": _("a program voted, not a person"),
    "other": _("another reason, stated in the protocol"),
}
#: By the word ``what`` of an amendment.
AMENDMENTS: Words = {
    What.EXTENDED: _("Voting was extended to"),
    What.CLOSED: _("Voting was ended early at"),
    What.PAUSED: _("Voting was paused at"),
    What.RESUMED: _("Voting went on at"),
    What.OPENED: _("Voting was opened early at"),
    What.KEYS_DESTROYED: _("The destruction of the keys was ordered"),
    What.RULES: _("The rules were amended"),
    What.WITHDRAWN: _("A project was taken out of the count:"),
}
STATES: Mapping[str, Mark] = {
    "proposed": Mark(_("waits for a second person"), "wait"),
    "confirmed": Mark(_("confirmed"), "ok"),
    "declined": Mark(_("declined"), "stop"),
    "withdrawn": Mark(_("taken back"), ""),
}
#: States of a ballot as motions show it: never what was chosen.
BALLOTS: Mapping[str, Mark] = {
    "waiting": Mark(_("taken in, not sealed yet"), "wait"),
    "in_box": Mark(_("in the box, counts so far"), "ok"),
    "replaced": Mark(_("replaced by a later ballot of the same voter"), "info"),
    "annulled": Mark(_("annulled"), "stop"),
}
#: Codes of ``motions.queries.box_findings``.
FINDINGS: Words = {
    "log_behind": _("The database is older than the published log: an old backup was restored. Nothing is signed until it is mended."),
    "log_files_old": _("The published files are older than the database knows them to be. Nothing is signed until it is mended."),
    "log_differs": _(
        "The database and the published log do not agree: somebody has changed entries, files or the key. "
        "Nothing is signed until it is mended."
    ),
    "no_manifest": _("The first entry of the log is missing or spoilt."),
    "window": _("The dates of voting in the database are not those of the log. No act of two people has moved them."),
    "projects": _("The projects or their costs in the database are not those of the log."),
    "limits": _("The limits of the ballot in the database are not those of the log."),
    "rules": _("The rules or the money in the database are not those that were frozen or amended by two people."),
    "annulments": _("The annulled ballots in the database are not those of the log."),
    "key": _("The key of the round in the database is not the one that the log names."),
}
_OTHER = _("The log of ballots was stopped by the program: %(code)s.")


def finding_text(code: str) -> str:
    """A finding of the ballot box as a sentence."""
    return str(FINDINGS[code]) if code in FINDINGS else str(_OTHER) % {"code": code}


def finding_texts(codes: Iterable[str]) -> list[str]:
    """Findings as sentences, for ``_box_banner.html``."""
    return [finding_text(code) for code in codes]


def reason_text(code: str) -> str:
    """A reason of annulment in the reader's language."""
    return str(REASONS.get(code, code))


def role_text(role: str) -> str:
    """The name of a role, of ``<role>-<membership id>`` too."""
    name = role.partition("-")[0]
    return str(ROLE_NAMES[Role(name)]) if name in set(Role) else role


def amended(amendments: Iterable[Amendment]) -> list[tuple[str, Amendment]]:
    """Amendments with their words, for ``_verify_box.html``."""
    return [(str(AMENDMENTS.get(each.what, each.what)), each) for each in amendments]
