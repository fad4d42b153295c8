"""What a browser makes of it: Markdown as a parser renders it, unsanitised, and our own pages."""

from __future__ import annotations

import os
import shutil
import subprocess
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from reconciler.core.changes import Add, Drop, Modify
from reconciler.core.plan import Plan, Step
from reconciler.facets.tags import Tag
from reconciler.report.html import plan_html
from reconciler.report.html.picture import WIDTH
from tests.report.report_examples import ORDERS, orders, orders_steps
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


@needs_chromium
def test_a_phone_shows_code_in_readable_pieces(tmp_path: Path) -> None:
    """A table that is wider scrolls; squeezed, a name would be broken every few letters."""
    page = PAGES["drift"]("a_rather_long_name_of_a_column")
    cells = "[...page.querySelectorAll('.scroll td.mono, .scroll td.words, .scroll td > code')]"
    narrowest = on_a_phone(page, f"Math.min(...{cells}.map(cell => cell.getBoundingClientRect().width))", tmp_path)
    assert narrowest > 100
    assert on_a_phone(page, "page.documentElement.scrollWidth", tmp_path) <= PHONE


@needs_chromium
def test_numbers_beside_a_picture_are_not_cut_off(tmp_path: Path) -> None:
    """The longest bar has numbers behind it, too."""
    told = (Add(Tag("a")), Drop(Tag("b")), Modify(Tag("c"), Tag("d"), ("name",)))
    changes = [change for _ in range(40) for change in told]
    step = Step(ORDERS.of("tags"), "set", tuple(changes), ())
    source = plan_html(Plan((replace(orders(), steps=(step, *orders_steps())),)))
    ends = "[...page.querySelectorAll('svg text')].map(text => text.getBBox().x + text.getBBox().width)"
    assert on_a_phone(source, f"Math.max(...{ends})", tmp_path) <= WIDTH


PHONE = 390
"""Pixels."""


def on_a_phone(source: str, question: str, folder: Path) -> float:
    """What `question`, in JavaScript, is of the document `page`; its own policy forbids it scripts."""
    script = f"const page = document.querySelector('iframe').contentDocument; document.title = {question}"
    frame = f'<iframe srcdoc="{escape(source)}" style="width: {PHONE}px; height: 800px; border: 0"></iframe>'
    around = folder / "around.html"
    around.write_text(f'<!doctype html><title></title><body onload="{escape(script)}">{frame}', "utf-8")
    return float(shown(around).partition("<title>")[2].partition("</title>")[0])


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
