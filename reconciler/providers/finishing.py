"""Finishing what was done of a write that cannot go on."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.core.ports import ProviderError


def finish(failure: ProviderError, act: Callable[[], object]) -> None:
    """Finish by `act` what was done before `failure`.

    Raises:
        ProviderError: it is not finished; what `failure` left unknown stays so, and is told.
    """
    try:
        act()
    except ProviderError as further:
        if failure.uncertain:
            further.uncertain, further.summary = True, f"{failure.summary}; then {further.summary}"
        raise
