"""The README's picture of a pull-request comment: `python -m tests.review.picture` makes it anew."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt

from reconciler.cli.entry import run
from tests.support.txtar import parse

from .repository import WORKSPACE, repository

ROOT = Path(__file__).parents[2]
SCENARIO = Path(__file__).parent / "a-comment-for-the-readme.txtar"
TEXT = ROOT / ".github/review-comment.md"
PICTURE = ROOT / ".github/review-comment.png"

STYLE = """
body { margin: 0; background: #fff; font: 15px/1.5 -apple-system, "DejaVu Sans", sans-serif; color: #1f2328; }
main { margin: 16px; padding: 14px 18px; border: 1px solid #d1d9e0; border-radius: 8px; }
h2 { margin: 0 0 8px; font-size: 20px; } h3 { margin: 14px 0 6px; font-size: 16px; }
table { border-collapse: collapse; } th, td { border: 1px solid #d1d9e0; padding: 4px 10px; text-align: left; }
code { background: #eff1f3; border-radius: 5px; padding: 1px 5px; font: 13px "DejaVu Sans Mono", monospace; }
pre { background: #f6f8fa; border-radius: 6px; padding: 10px; } pre code { background: none; padding: 0; }
"""


def comment(folder: Path) -> str:
    """The comment on the pull request of the scenario."""
    sections = parse(SCENARIO.read_text("utf-8")).sections
    base, head = (
        {"manifests/workspace.yaml": WORKSPACE}
        | {f"manifests/{name.partition('/')[2]}": text for name, text in sections.items() if name.startswith(tree)}
        for tree in ("base/", "head/")
    )
    commits = repository(folder, base, head)
    here = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            run(["review", "--base", "main", "--head", "change", "--format", "markdown"])
    finally:
        os.chdir(here)
    text = printed.getvalue()
    for commit, name in zip(commits, ("main", "change"), strict=True):
        text = text.replace(commit[:12], name)
    return text


def main() -> None:
    """Write the text, and the picture of it."""
    with tempfile.TemporaryDirectory() as folder:
        text = comment(Path(folder))
        TEXT.write_text(text, "utf-8")
        page = Path(folder) / "page.html"
        body = MarkdownIt("gfm-like").render(text)
        page.write_text(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><main>{body}</main>", "utf-8")
        chromium = shutil.which("chromium") or "chromium"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=900,840"]
        picture = [f"--user-data-dir={folder}/profile", f"--screenshot={PICTURE}", page.as_uri()]
        subprocess.run([chromium, *flags, *picture], check=True, capture_output=True)  # noqa: S603


if __name__ == "__main__":
    main()
