"""Whether a dataset that is found by its name is the one whose creation was not answered. Names need not be unique."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from reconciler.core.address import Address
from reconciler.core.changes import Elements
from reconciler.core.ports import DatasetRef, Ended, ProviderError, Reader
from reconciler.core.principals import Principal
from reconciler.facets import BY_NAME


class Sent(Struct, frozen=True):
    """What a creation was sent with: one facet, whole."""

    facet: str
    elements: Elements


class Sought(Struct, frozen=True):
    """What a look for a dataset shows whose creation was not answered; neither id nor doubt: it is not there."""

    id: str | None = None
    """The one that came since; with a doubt it may be somebody else's."""
    doubt: str | None = None
    """Why nobody can tell whether it is there."""


def sought(
    reader: Reader,
    address: Address,
    known: Iterable[str] | None,
    sent: Sent | None,
    newborn: Mapping[str, Elements],
) -> Sought:
    """Look for a dataset by its name, once.

    Args:
        reader: a session with its target.
        address: the dataset.
        known: the ids of those that had its name before; None where the vendor could not list them.
        sent: what it was sent with; None when nobody knows any more.
        newborn: what a dataset looks like that the token has just created.

    Raises:
        Ended: it was to end before that.
    """
    try:
        listed = None if known is None else reader.named(address.dataset)
    except Ended:
        raise
    except ProviderError as error:
        return Sought(doubt=f"the vendor's list could not be read: {error.summary}")
    if listed is None:
        return Sought(doubt="this vendor does not list its datasets")
    new = sorted({*listed} - {*(known or ())})
    if len(new) > 1:
        return Sought(doubt=f"several new datasets have its name: {', '.join(new)}")
    if not new:
        return Sought()
    why = _strange(reader, DatasetRef(address, new[0]), sent, newborn)
    return Sought(new[0], f"{new[0]} has its name by now, and {why}" if why else None)


def _strange(reader: Reader, ref: DatasetRef, sent: Sent | None, newborn: Mapping[str, Elements]) -> str | None:
    """What speaks against it that a dataset is ours; None: nothing does.

    Nothing of ours came behind a creation that was not answered. Untouched, it is as it was born.
    """
    born = _access(newborn)
    if sent is None or not born:
        return f"nobody knows {'what was sent' if born else 'who creates here: the target has no actor'}"
    asked = frozenset({sent.facet, *(name for name in newborn if _access({name: newborn[name]}))})
    try:
        states = reader.read(ref, asked).facets
    except Ended:
        raise
    except ProviderError as error:
        return f"it could not be read: {error.summary}"
    found = {name: state.elements for name, state in states.items()}
    if found.keys() != asked:
        return "not all of it could be read"
    if found[sent.facet] != sent.elements:
        return f"its {sent.facet} is not what was sent"
    others = [f"{who} {level}" for who, level in sorted(_access(found).items()) if who not in born]
    ours = ", ".join(map(str, born))
    return f"gives {', '.join(others)}, where a creation gives access to {ours} alone" if others else None


def _access(state: Mapping[str, Elements]) -> dict[Principal, str]:
    """The access that some facets give, by principal."""
    return {who: level for name, elements in state.items() for who, level in BY_NAME[name].access(elements).items()}
