"""What a browser makes of it: Markdown as a parser renders it, unsanitised, and our own pages."""

from __future__ import annotations

import os
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.report.report_hostile import HOSTILE

from .rendered import MARKDOWNS, PAGES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")

HARMLESS = {
    *("html", "head", "body", "meta", "title", "style", "main", "header", "section", "footer", "div", "span", "p"),
    *("h1", "h2", "h3", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "caption"),
    *(
        "code",
        "pre",
        "strong",
        "em",
        "b",
        "small",
        "details",
        "summary",
        "br",
        "hr",
        "svg",
        "rect",
        "text",
        "g",
        "line",
    ),
    *("path", "circle", "desc", "polyline", "figure", "figcaption", "abbr", "colgroup", "col"),
}


class Seen(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}


@needs_chromium
@pytest.mark.parametrize("kind", ["markdown", "html"])
def test_chromium_finds_nothing_that_acts(kind: str, tmp_path: Path) -> None:
    """The page after its scripts have had their turn: no script, image, link or handler that a name brought in."""
    gfm = MarkdownIt("gfm-like")
    pages = {
        "markdown": [gfm.render(render(name)) for render in MARKDOWNS.values() for name in HOSTILE],
        "html": [render(name) for render in PAGES.values() for name in HOSTILE],
    }
    page = tmp_path / "page.html"
    page.write_text("\n".join(["<!doctype html><meta charset=utf-8>", *pages[kind]]), "utf-8")
    seen = Seen()
    seen.feed(shown(page))
    assert len(seen.elements) > 10
    assert seen.elements <= HARMLESS
    assert {name for name in seen.attributes if name.startswith("on") or name in {"href", "src", "srcdoc"}} == set()


def shown(page: Path) -> str:
    """The document as Chromium has it once it is loaded."""
    assert CHROMIUM is not None
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"]
    profile = f"--user-data-dir={page.parent / 'profile'}"
    environment = {**os.environ, "HOME": str(page.parent)}
    done = subprocess.run(  # noqa: S603
        [CHROMIUM, *flags, profile, page.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env=environment,
    )
    return done.stdout
