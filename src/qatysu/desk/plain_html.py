"""The words of an HTML letter. Nothing of its markup is kept or ever shown."""

from __future__ import annotations

from html.parser import HTMLParser

_SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg", "math"})
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "hr", "section"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "wbr"})
_QUOTES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "mail-quote-collapse")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.quoted: list[str] = []
        self._skipped: list[str] = []
        self._quote: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipped.append(tag)
        elif tag in _BREAKS:
            self._add("\n")
        kind = next((value or "" for name, value in attrs if name == "class"), "")
        opens = tag == "blockquote" or any(mark in kind for mark in _QUOTES)
        if tag not in _VOID and (self._quote or opens):
            self._quote.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._skipped:
            del self._skipped[self._skipped.index(tag) :]
        elif tag in _BREAKS:
            self._add("\n")
        if tag in self._quote:
            del self._quote[len(self._quote) - 1 - self._quote[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._add(" ".join(data.split()) if data.strip() else " ")

    def _add(self, text: str) -> None:
        (self.quoted if self._quote else self.parts).append(text)


def words_of(html: str) -> tuple[str, str]:
    """(own words, words quoted from earlier letters) of a page; never fails."""
    parser = _Words()
    try:
        parser.feed(html)
        parser.close()
    except (AssertionError, ValueError):
        # Marked sections that the parser refuses: what it has read so far is kept.
        parser.parts.append(" ")
    return _tidy(parser.parts), _tidy(parser.quoted)


def _tidy(parts: list[str]) -> str:
    text = ""
    for part in parts:
        glue = " " if text and text[-1] not in " \n" and part[:1] not in " \n.,;:!?)" and part else ""
        text += glue + part
    lines = [" ".join(line.split()) for line in text.split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
