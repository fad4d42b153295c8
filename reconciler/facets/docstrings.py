"""What stands below the fields of a model in its source: read when a schema is made, not on every import."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import BaseModel


def describe(model: type[BaseModel], properties: dict[str, dict[str, Any]]) -> None:
    """Describe the properties of a model's schema by the docstrings of its fields, inherited ones included."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base.__module__.partition(".")[0] == __package__.partition(".")[0]:
            found.update(_in(base))
    for name, field in model.model_fields.items():
        if name in found:
            properties[field.alias or name]["description"] = found[name]


def _in(model: type) -> Iterator[tuple[str, str]]:
    try:
        tree = ast.parse(dedent(inspect.getsource(model)))
    except (OSError, TypeError):
        # A model that was made by a call has no source of its own; its base has.
        return
    for field, below in pairwise(getattr(tree.body[0], "body", [])):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, inspect.cleandoc(text)
            case _:
                pass
