"""Markdown of lessons and templates as safe HTML: no HTML of the writer, no pictures, only links that lead to pages or mail."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from functools import cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

MOST_CHARACTERS = 200_000
_LINK = re.compile(r"(?:https?|mailto):", re.IGNORECASE)


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables; without HTML, pictures and clever replacement."""
    made = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False, "maxNesting": 20})
    made.enable("table").disable(["image", "html_block", "html_inline"])
    made.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]
    made.add_render_rule("heading_open", _heading)
    made.add_render_rule("heading_close", _heading)
    made.add_render_rule("link_open", _link)
    made.add_render_rule("table_open", _as_is('<div class="scroll-x" tabindex="0"><table class="table">\n'))
    made.add_render_rule("table_close", _as_is("</table></div>\n"))
    return made


def to_html(text: str, *, top: int = 2) -> SafeString:
    """``text`` as HTML whose highest heading is ``h<top>`` (1 to 6) and whose next ones skip no level, however they were written.

    Text past 200 000 characters is left out. Tables stand in ``div.scroll-x`` so that a phone scrolls them alone.
    """
    source = text[:MOST_CHARACTERS].replace("\x00", "")
    tokens = parser().parse(source)
    written = sorted({token.tag for token in tokens if token.type == "heading_open"})
    html: str = parser().renderer.render(tokens, parser().options, {"levels": {tag: top + n for n, tag in enumerate(written)}})
    return mark_safe(html)  # noqa: S308 — the parser escapes all that people wrote


def _heading(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]) -> str:
    token = tokens[at]
    token.tag = f"h{min(env['levels'][token.tag], 6)}"
    return self.renderToken(tokens, at, options, env)


def _link(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: MutableMapping[str, Any]) -> str:
    tokens[at].attrSet("rel", "noopener nofollow")
    return self.renderToken(tokens, at, options, env)


def _as_is(html: str) -> Callable[..., str]:
    """A rule that prints ``html``."""
    return lambda *_: html
