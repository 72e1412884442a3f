"""A passport on paper."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from qatysu.coaching.models import Opinion, Passport, WorkFile
from qatysu.coaching.passport_page import PassportPage, labels, page_of
from qatysu.coaching.words import VERDICTS
from qatysu.files.commands import location
from qatysu.papers import passport as paper
from qatysu.papers.plans import Plan
from qatysu.papers.poster import PosterSheet, render_poster
from qatysu.rounds.queries import zone_of
from qatysu.ui import dates


def pdf_of(passport: Passport, language: str, url: str) -> bytes:
    """The passport as PDF in ``language``; ``url`` of the page stands in it as a QR code."""
    with override(language):
        return paper.render_passport(sheet_of(passport, language, url), language)


def sheet_of(passport: Passport, language: str, url: str) -> paper.PassportSheet:
    """The passport as ``papers`` prints it; the language must be active."""
    page, proposal = page_of(passport, language), passport.workspace.proposal
    city, zone = proposal.round.city, zone_of(proposal.round)
    images = _images(passport, page)
    made = datetime.fromisoformat(passport.content["made_at"]).astimezone(zone)
    return paper.PassportSheet(
        labels=labels(),
        programme=str(getattr(city, f"programme_{language}")),
        city=str(getattr(city, f"name_{language}")),
        code=f"№ {passport.content['code']}",
        title=page.title.text,
        made_at=passport.made_at,
        category=str(getattr(proposal.category, f"name_{language}", "")) if proposal.category else "",
        place=page.address.text,
        plan=Plan(point=page.point, shape=page.shape) if page.point else None,
        pairs=tuple(paper.Pair(images.get(a, b""), images.get(b, b""), text) for a, b, text in page.pairs),
        sketches=tuple(paper.Sketch(images[name], text) for name, text in page.pictures if name in images),
        figures=_figures(page),
        problem=page.problem.text,
        solution=page.solution.text,
        estimate=tuple(
            paper.EstimateRow(row.item, row.unit, row.quantity, row.price, row.amount, row.source) for row in page.lines
        ),
        totals=_totals(page),
        schedule=tuple(paper.WorkRow(s.work, s.term, s.who, s.start, s.days) for s in page.schedule),
        facts=tuple(
            paper.FactGroup(group.title, tuple(paper.Fact(fact.term, fact.said.text) for fact in group.facts))
            for group in page.groups
        ),
        opinions=tuple(
            paper.Opinion(o["by"], str(VERDICTS[Opinion.Verdict(o["verdict"])]), o["text"], o["verdict"], _day(o["on"], language))
            for o in page.opinions
        ),
        team=tuple(paper.Member(name) for name in page.team),
        url=url,
        number=str(passport.number),
        date=dates.long(made.date(), language),
        digest=passport.digest,
        is_illustrative=page.is_illustrative,
    )


def _day(iso: str, language: str) -> str:
    return dates.long(date.fromisoformat(iso), language)


def poster_of(passport: Passport, language: str, url: str) -> bytes:
    """The first pair of pictures as a poster for a wall, A3; ``url`` stands on it as a QR code."""
    with override(language):
        page, proposal = page_of(passport, language), passport.workspace.proposal
        city, images = proposal.round.city, _images(passport, page)
        before, after, caption = page.pairs[0] if page.pairs else ("", "", "")
        sheet = PosterSheet(
            programme=str(getattr(city, f"programme_{language}")),
            city=str(getattr(city, f"name_{language}")),
            over=f"№ {passport.content['code']}",
            title=page.title.text,
            made_at=passport.made_at,
            before=images.get(before, b""),
            after=images.get(after, b""),
            before_label=_("Now"),
            after_label=_("With the project"),
            caption=caption,
            place=page.address.text,
            figures=tuple((figure.value, figure.label) for figure in _figures(page)),
            url=url,
            scan_label=_("The whole project on the portal"),
            illustrative=_("Made up as an example") if page.is_illustrative else "",
        )
        return render_poster(sheet, language)


def _figures(page: PassportPage) -> tuple[paper.Figure, ...]:
    figures = [
        paper.Figure(page.cost, _("cost")),
        paper.Figure(page.people, _("people will use it")),
        paper.Figure(page.term, _("of works")),
    ]
    return tuple(figure for figure in figures if figure.value)


def _totals(page: PassportPage) -> tuple[paper.Fact, ...]:
    if not page.lines:
        return ()
    totals = [paper.Fact(_("Sum of the lines"), page.total)]
    if page.reserve:
        totals.append(paper.Fact(_("Reserve for rising prices"), page.reserve))
    return (*totals, paper.Fact(_("Cost of the project"), page.cost))


def _images(passport: Passport, page: PassportPage) -> dict[str, bytes]:
    """Bytes of the pictures that the passport names, by id; one that is gone from the disk is left out."""
    names = {name for a, b, _text in page.pairs for name in (a, b)} | {name for name, _text in page.pictures}
    rows = WorkFile.objects.filter(workspace=passport.workspace, file__public_id__in=[n for n in names if n], file__kind="image")
    found = {}
    for row in rows.select_related("file"):
        path = location(row.file.path)
        if path.is_file():
            found[str(row.file.public_id)] = path.read_bytes()
    return found
