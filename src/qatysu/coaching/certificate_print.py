"""A certificate of participation in words and on paper."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from qatysu.coaching.models import Certificate
from qatysu.papers.certificate import CertificateSheet, render_certificate
from qatysu.rounds.queries import zone_of
from qatysu.ui import dates
from qatysu.ui.templatetags.ui import in_language

KEPT_S = 3600


def facts_in_words(row: Certificate) -> tuple[str, ...]:
    """What the person did, in the active language; nothing is said about what was not done."""
    facts = row.facts
    said = []
    if facts.get("is_ready"):
        said.append(_("the project is ready to be built"))
    if facts.get("modules"):
        values = {"n": facts["modules"], "all": facts.get("of_modules", 0)}
        said.append(
            ngettext("%(n)s module of %(all)s accepted", "%(n)s modules of %(all)s accepted", facts["modules"]) % values
        )
    if facts.get("quizzes"):
        said.append(ngettext("%(n)s quiz passed", "%(n)s quizzes passed", facts["quizzes"]) % {"n": facts["quizzes"]})
    if facts.get("events"):
        said.append(ngettext("%(n)s meeting attended", "%(n)s meetings attended", facts["events"]) % {"n": facts["events"]})
    return tuple(said)


def number_of(row: Certificate) -> str:
    """The number as it is printed: round and number, so that it is unique among all rounds."""
    return f"{row.round.city.slug}-{row.round.slug}-{row.number}"


def pdf_of(row: Certificate, language: str, url: str) -> bytes:
    """The certificate as PDF in ``language``; ``url`` of the page that checks it stands in it as a QR code.

    What is printed never changes, except that a name may be erased: the name is part of the key.
    """
    name = hashlib.sha256(row.name.encode()).hexdigest()[:16]
    key = f"certificate:{row.pk}:{language}:{name}"
    body: bytes | None = cache.get(key)
    if body is None:
        with override(language):
            body = render_certificate(sheet_of(row, language, url), language)
        cache.set(key, body, KEPT_S)
    return body


def sheet_of(row: Certificate, language: str, url: str) -> CertificateSheet:
    """The certificate as ``papers`` prints it; the language must be active."""
    round_ = row.round
    deed = _("took part in the project sessions with the team of project No. %(code)s “%(title)s”.") % {
        "code": row.facts.get("code", ""),
        "title": row.facts.get("titles", {}).get(language) or row.facts.get("title", ""),
    }
    return CertificateSheet(
        heading=_("Certificate of participation"),
        name=row.name,
        number=number_of(row),
        made_at=row.issued_at,
        programme=in_language(round_.city, "programme", language),
        city=in_language(round_.city, "name", language),
        round=in_language(round_, "title", language),
        lead=_("is given to"),
        deed=deed,
        done=facts_in_words(row),
        date=dates.long(dates.local(row.issued_at, zone_of(round_)), language),
        signer_role=_("Project Centre"),
        url=url,
        scan_label=_("Check this certificate"),
        illustrative=_("Demonstration") if settings.DEMO else "",
    )
