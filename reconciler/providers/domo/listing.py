"""Finding datasets by name at Domo, where the server lists them (notes 3)."""

from pydantic import Field

from reconciler.core.ports import ProviderError
from reconciler.providers.understanding import understand

from .client import PAGE, DomoClient
from .wire import Id, Wire


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
        ProviderError: the list moved while it was read, so that it is not known to be complete.
    """
    found: dict[str, str] = {}
    totals: set[int] = set()
    offset = 0
    while True:
        page = understand(Page, api.page_of_datasets(part, offset), "the list of datasets")
        found.update((listed.id, listed.name) for listed in page.data_sources)
        total, offset = page.totals.total_count, offset + PAGE
        totals.add(total)
        if offset >= total or not page.data_sources:
            break
    # A dataset that goes while pages are read makes room for one of the next page, which then is on none.
    if {len(found)} != totals:
        summary = f"the list of datasets has {len(found)} of {max(totals)} entries"
        raise ProviderError(summary, hint="Nothing was concluded from a part of it. Try again.", retryable=True)
    return found
