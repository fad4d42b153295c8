"""Finding datasets by name at Domo, where the server lists them (notes 3)."""

from pydantic import Field

from reconciler.core.ports import ProviderError
from reconciler.providers.understanding import understand

from .client import PAGE, DomoClient
from .wire import Id, Wire

MOST_PAGES = 4_000
"""Two hundred thousand datasets."""


class Listed(Wire):
    """One dataset of a list."""

    id: Id
    name: str = ""


class Totals(Wire):
    """How many there are."""

    total_count: int


class Page(Wire):
    """Notes 3, Listing: `{"_metaData": {"totalCount", …}, "dataSources": […]}`."""

    data_sources: tuple[Listed, ...]
    totals: Totals = Field(alias="_metaData")


def named(api: DomoClient, name: str) -> tuple[str, ...]:
    """The ids of the datasets called exactly `name`.

    Raises:
        ProviderError: the list is not known to be complete.
    """
    return tuple(identifier for identifier, title in everything(api, name).items() if title == name)


def everything(api: DomoClient, part: str = "") -> dict[str, str]:
    """The names, by id, of the datasets whose name holds `part`.

    Raises:
        ProviderError: the list moved while it was read, so that it is not known to be complete, or never ended.
    """
    found: dict[str, str] = {}
    totals: set[int] = set()
    for number in range(MOST_PAGES):
        page = understand(Page, api.page_of_datasets(part, number * PAGE), "the list of datasets")
        known = len(found)
        found.update((listed.id, listed.name) for listed in page.data_sources)
        totals.add(page.totals.total_count)
        # A total is only told: what brings nothing new would bring nothing new forever.
        if (number + 1) * PAGE >= page.totals.total_count or len(found) == known:
            break
    else:
        raise ProviderError(
            "the list of datasets does not end", hint="Look at it at Domo; nothing was concluded from it."
        )
    # A dataset that goes while pages are read makes room for one of the next page, which then is on none.
    if {len(found)} != totals:
        summary = f"the list of datasets has {len(found)} of {max(totals)} entries"
        raise ProviderError(summary, hint="Nothing was concluded from a part of it. Try again.", retryable=True)
    return found
