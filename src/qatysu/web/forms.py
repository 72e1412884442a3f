"""What readers type into public pages."""

from __future__ import annotations

from django.http import QueryDict

from qatysu.web.queries_projects import COSTS, GROUPS, ORDERS, Filters


def filters_of(query: QueryDict) -> Filters:
    """The filters of the project list; what is not known is left out, so no address of the list is an error."""
    number = query.get("page", "")
    return Filters(
        q=query.get("q", "").replace("\0", "").strip()[:100],
        categories=tuple(slug[:40] for slug in query.getlist("category")[:20] if slug and "\0" not in slug),
        cost=_known(query.get("cost", ""), COSTS),
        group=_known(query.get("state", ""), GROUPS),
        order=_known(query.get("order", ""), ORDERS),
        page=int(number) if number.isdecimal() and len(number) < 6 else 1,
    )


def _known(value: str, allowed: object) -> str:
    return value if value in allowed else ""  # type: ignore[operator]  # reason: mapping or tuple
