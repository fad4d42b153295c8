"""Principals as manifests and plans write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from reconciler.core.principals import Directory, Kind, Principal
from reconciler.core.words import Json, mapping

from .facet import Complaint
from .suggest import did_you_mean


def principal_words(principal: Principal) -> Json:
    """`principal` with its id, so that a saved plan still means the same person after a rename."""
    return {"principal": str(principal), "id": principal.id}


def principal_facts(principal: Principal | None, directory: Directory) -> Mapping[str, Json]:
    """What a target's `Principals` says of somebody, for policies; what it does not say is empty or false."""
    if principal is None:
        return {}
    user = next((entry for entry in directory.users.values() if entry.id == principal.id), None)
    group = next((entry for entry in directory.groups.values() if entry.id == principal.id), None)
    entry = user if principal.kind == "user" else group
    return {
        "kind": principal.kind,
        "id": principal.id,
        "name": (entry.display if entry else None) or "",
        "email": (user.email if user and principal.kind == "user" else None) or "",
        "known": entry is not None,
        "person": principal.kind == "user" and directory.is_person(principal),
        "everyone": directory.is_everyone(principal),
    }


def in_manifest(principal: Principal, directory: Directory) -> str:
    """`principal` as a manifest names it: by its key in `Principals`, else by its id."""
    return str(directory.principal(principal.kind, principal.id))


def one_spelling(reference: str, directory: Directory) -> str:
    """The one way to write whom `reference` names, who may be written by key or by id; as it is if it names nobody."""
    principal = directory.resolve(reference)
    return in_manifest(principal, directory) if principal else reference


def read_principal(words: Json) -> Principal:
    """The principal that `principal_words` wrote."""
    given = mapping(words)
    kind, _, name = str(given["principal"]).partition(":")
    if kind not in {"user", "group"}:
        msg = f"{given['principal']!r} is neither a user nor a group"
        raise ValueError(msg)
    return Principal(cast("Kind", kind), str(given["id"]), None if name.startswith("#") else name)


def unknown_principal(reference: str, path: tuple[str | int, ...], directory: Directory) -> Iterable[Complaint]:
    """A complaint when `reference` names nobody in the target's `Principals`."""
    if directory.resolve(reference) is None:
        summary = f"{reference} is not in this target's Principals"
        hint = did_you_mean(reference, directory.names) or "Add it to the Principals manifest, or write user:#ID."
        yield Complaint(path, "unknown-principal", summary, hint)
