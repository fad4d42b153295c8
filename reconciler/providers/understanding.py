"""From a vendor's JSON to one of the shapes in its `wire`, or a sentence that says where it differs."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from reconciler.core.ports import ProviderError

T = TypeVar("T")


def understand(shape: type[T], value: object, what: str) -> T:
    """`value` as a `shape`; `what` names it in the complaint.

    Raises:
        ProviderError: it is something else, so nothing may be concluded from it.
    """
    try:
        return cast("T", _adapter(cast("Hashable", shape)).validate_python(value))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        summary = f"{what} came in a form this version does not know ({place}: {first['msg']})"
        raise ProviderError(summary, hint="Nothing was concluded from it. Please report it.") from None


@cache
def _adapter(shape: Hashable) -> TypeAdapter[object]:
    # Building one takes longer than a request on loopback.
    return TypeAdapter(cast("type[object]", shape))
