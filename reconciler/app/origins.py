"""The use case explain ADDRESS: each value of a dataset's facets, and where it comes from."""

from __future__ import annotations

from pathlib import Path

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.facets import BY_NAME, did_you_mean
from reconciler.manifests.files import on_disk
from reconciler.manifests.provenance import Origin, origins
from reconciler.manifests.reading import read_file

from .exits import Exit, Stop
from .workspaces import open_workspace


def explained(root: Path, text: str) -> dict[Address, tuple[Origin, ...] | None]:
    """What each facet that `text` names (all of them, for a dataset) is made of; None for one that is unmanaged.

    Raises:
        Stop: the workspace is broken, or has no such dataset.
    """
    workspace = open_workspace(root)
    known = [str(dataset.address) for dataset in workspace.datasets]
    try:
        # A dataset may be called as if its name ended in a facet.
        address = Address.parse(text, () if text in known else tuple(BY_NAME))
        found = [manifest for file in on_disk(root) for manifest in read_file(file).manifests]
        told = origins(found, address.target, address.dataset)
    except ValueError as error:
        raise _unknown(str(error), did_you_mean(text, known)) from error
    except KeyError as error:
        whole, _, facet = text.rpartition(".")
        if whole in known:
            raise _unknown(f'there is no facet "{facet}"', did_you_mean(facet, BY_NAME)) from error
        raise _unknown(f'there is no dataset "{address.whole}"', did_you_mean(text, known)) from error
    facets = [address.facet] if address.facet else list(BY_NAME)
    return {address.of(facet): told.get(facet) for facet in facets}


def _unknown(summary: str, hint: str | None) -> Stop:
    return Stop(Exit.ERROR, Diagnostic("nothing-selected", "error", summary, hint=hint))
