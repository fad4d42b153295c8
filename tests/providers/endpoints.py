"""Write `.github/DOMO_ENDPOINTS.md` from the client: `python -m tests.providers.endpoints`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from reconciler.providers.domo.client import Endpoint, endpoints_of
from reconciler.providers.domo.client.everything import Everything

ROOT = Path(__file__).parents[2]
TABLE = ROOT / ".github" / "DOMO_ENDPOINTS.md"
ROOM = ROOT / "reconciler" / "providers" / "domo"
HEAD = """\
# Domo's endpoints

Made from `reconciler/providers/domo/client/` by `python -m tests.providers.endpoints`; a test keeps it so.

*Where*: **both** readings have the endpoint, only the **documented** one has it (documents 000-003 are the vendor's
published pages), or only the **observed** one (notes on live instances; neither is in this repository). What a server
has is learned from its answers to reads. *Used by*: the modules of `reconciler/providers/domo/` that call the function;
nothing stands for an endpoint that governance has no use for. There is deliberately no function that deletes a dataset.

| Endpoint | Function | Document: section | Where | Used by |
|---|---|---|---|---|
"""


def used_by() -> dict[str, list[str]]:
    """Modules beside the client that name each of its functions."""
    users: dict[str, set[str]] = {}
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute | ast.Name):
                holder = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
                if holder in {"api", "_api"}:
                    users.setdefault(node.attr, set()).add(path.stem)
    return {name: sorted(modules) for name, modules in users.items()}


def section(docstring: str) -> str:
    """What a docstring says first: the documents and the section."""
    first = " ".join(docstring.split("\n\n", maxsplit=1)[0].split())
    found = re.match(r"(?:\d{3}|Notes \d)[^;]*?(?=; [A-Z0-9a-z`]|\. |\.$)", first)
    assert found, docstring
    return found[0]


def text() -> str:
    """The page."""
    users = used_by()
    found = endpoints_of(Everything).items()
    return HEAD + "".join(_row(name, each, words, users) for name, (each, words) in sorted(found, key=_place))


def _place(item: tuple[str, tuple[Endpoint, str]]) -> tuple[str, str, str]:
    name, (each, _) = item
    return each.path, each.method, name


def _row(name: str, each: Endpoint, words: str, users: dict[str, list[str]]) -> str:
    ids = each.path.replace("{}", "{id}")
    modules = ", ".join(users.get(name, ())) or "-"
    return f"| `{each.method} {ids}` | `{name}` | {section(words)} | {each.reading} | {modules} |\n"


if __name__ == "__main__":
    TABLE.write_text(text(), "utf-8")
