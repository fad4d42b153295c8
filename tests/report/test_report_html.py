"""The page loads nothing, runs nothing, holds hostile names as text, and says what the plan says."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from subprocess import run

import pytest
from msgspec.structs import replace

from reconciler.core.plan import Plan
from reconciler.report.html import plan_html
from reconciler.report.safe import safe_text
from tests.report.report_examples import blocked, broken, example, hostile, many, orders, several, unchanged
from tests.report.report_hostile import HOSTILE

VOID = {"meta", "rect", "line", "br"}
KNOWN = """
    html head meta title style body main header h1 h2 p code div dl dt dd figure svg rect line text figcaption table
    thead tbody tr th td small b br strong details summary span footer
    | lang charset http-equiv content name class viewbox role aria-label x y x1 x2 y1 y2 width height text-anchor
    scope open
"""
ELEMENTS, ATTRIBUTES = (set(re.findall(r"[\w-]+", part)) for part in KNOWN.split("|"))


class Page(HTMLParser):
    """Collects elements, attributes and texts, and proves that tags are balanced."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.comments: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style" and data.strip():
            self.texts.append(data.strip())


def test_what_the_page_says() -> None:
    """All its words, in order."""
    assert " | ".join(Page(plan_html(example(), plan_id="9f2c")).texts) == (
        "Plan: 0 to create, 1 to change | Plan: 0 to create, 1 to change | Plan id | 9f2c | "
        "create | 0 | change | 1 | unchanged | 11 | gain access | 2 | lose access | 1 | change level | 1 | "
        "lose data | 0 | reads | 48 of 48 | "
        "1 change, 11 unchanged | schema | +1 | permissions | -1 | +1 | owner | ~1 | "
        "Datasets, and changes by facet: dropped to the left, added and changed to the right. | "
        "Whose access changes | who | acme/orders | "
        "user:dee | loses | CAN_VIEW | → | none | "
        "user:ada | changes | OWNER | → | CAN_EDIT | via group:data-eng | "
        "user:bo | gains | none | → | OWNER | "
        "user:chi | gains | none | → | CAN_EDIT | via group:data-eng | "
        'What is planned | ~ | acme/orders | schema | + | column "region" STRING | '
        "permissions | + | group:data-eng CAN_EDIT | - | user:dee CAN_VIEW | owner | ~ | user:ada -> user:bo | "
        "+ added or created, ~ changed, - dropped. Written by reconciler; this page loads nothing and runs nothing."
    )


def test_what_a_blocked_page_says() -> None:
    """Lost data with its sign, every finding, how to lift it or that nothing does."""
    words = " | ".join(Page(plan_html(blocked())).texts)
    assert 'Data that would be lost | what | change | acme/sales 2026.schema | - | column "amt" DECIMAL | ' in words
    assert (
        "Findings | Blocked | actor-locked-out | at | acme/sales 2026.permissions | "
        "user:bot could no longer administer | Cannot be allowed. | "
        "Blocked | column-dropped | at | acme/sales 2026.schema | "
        'column "amt" would be dropped, with its data | '
        "If it was renamed, say renamedFrom; else allow it for this dataset. | "
        "To allow it, once you have checked it: | --allow 'column-dropped@acme/sales 2026' | What is planned | "
    ) in words


def test_a_page_says_what_reads_a_dataset_whose_columns_go() -> None:
    """Right after the data that would be lost, with whom to ask."""
    assert " | ".join(Page(plan_html(broken())).texts) == (
        "Plan: 0 to create, 1 to change | Plan: 0 to create, 1 to change | "
        "create | 0 | change | 1 | unchanged | 0 | gain access | 0 | lose access | 0 | change level | 0 | "
        "lose data | 1 | reads | 3 of 3 | 1 change | schema | -1 | +1 | "
        "Datasets, and changes by facet: dropped to the left, added and changed to the right. | "
        'Data that would be lost | what | change | acme/sales 2026.schema | - | column "amt" DECIMAL | '
        "What reads datasets whose columns go | Which columns it reads is not known. | dataset | read by | of | "
        "acme/sales 2026 | card Revenue | Bo Ray, group:#7 | acme/sales 2026 | card 32 | "
        'What is planned | ~ | acme/sales 2026 | schema | + | column "region" STRING | - | column "amt" DECIMAL | '
        "+ added or created, ~ changed, - dropped. Written by reconciler; this page loads nothing and runs nothing."
    )


def test_a_page_without_changes() -> None:
    """Calm."""
    assert Page(plan_html(Plan((unchanged(1),)))).texts[1:3] == ["No changes", "Live state matches the manifests."]


@pytest.mark.parametrize("plan", [example(), blocked(), broken(), several(), many(50), Plan()], ids=range(6))
def test_the_page_needs_nothing_but_itself(plan: Plan) -> None:
    """No script, link, image or form; a policy that forbids them; no address anywhere."""
    source = plan_html(plan)
    page = Page(source)
    assert page.open == []
    assert page.elements <= ELEMENTS
    assert page.attributes <= ATTRIBUTES
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'" in source
    assert re.findall(r"https?:|//|url\(|@import|javascript:", source) == []


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_stay_text(name: str) -> None:
    """They add no element, no attribute and no comment, and are shown."""
    source = plan_html(hostile(name))
    page = Page(source)
    assert page.open == []
    assert page.elements <= ELEMENTS
    assert page.attributes <= ATTRIBUTES
    assert page.comments == []
    assert all(character == "\n" or character.isprintable() for character in source)
    if name.strip():
        assert any(safe_text(name).strip() in text for text in page.texts)


def test_the_order_of_the_access_list_does_not_show() -> None:
    """Equal plans give equal pages."""
    shuffled = replace(orders(), access=orders().access[::-1])
    assert plan_html(Plan((shuffled,))) == plan_html(Plan((orders(),)))


def test_a_large_plan_says_what_it_leaves_out() -> None:
    """Ten thousand datasets make a page that a browser still opens; the worst is kept."""
    source = plan_html(many(10_000))
    words = Page(source).texts
    assert len(source) < 2_000_000
    assert "acme/table-09999" in words
    assert "9,988 more datasets in the list below." in words
    assert "9,000 more changes of access in the plan file." in words
    assert "9,000 more datasets in the plan file." in words


def test_only_the_page_imports_jinja() -> None:
    """Whoever prints text does not pay for templates."""
    code = "import sys, reconciler.report, reconciler.report.html; sys.exit('jinja2' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own interpreter
