"""A page on the tiny site that serves the modules and some logs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.receipts.site import FILES, OTHER, Site, serving


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving() as started:
        started.logs.update({"honest": FILES, "other": OTHER})
        yield started


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=site.address)
    opened = context.new_page()
    opened.goto("/")
    yield opened
    context.close()
