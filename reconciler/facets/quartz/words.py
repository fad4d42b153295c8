"""What a Quartz expression means, in words. The only door to cron-descriptor."""

from __future__ import annotations

from .grammar import check


def in_words(expression: str) -> str:
    """What `expression` means.

    Raises:
        QuartzError: it is none.
    """
    parts = check(expression)
    # Imported here: only a plan that shows a schedule pays for it.
    from cron_descriptor import Options, get_description  # type: ignore[import-untyped] # noqa: PLC0415

    options = Options()
    # Quartz counts days from 1, Sunday; by default the library counts from 0.
    options.day_of_week_start_index_zero = False
    options.use_24hour_time_format = True
    return str(get_description(" ".join(parts), options))
