"""What can be wrong with manifests beyond the form of a single one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import takewhile

from reconciler.core.diagnostics import Diagnostic
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.facets import BY_NAME, Section, did_you_mean

from .findings import real_path, source
from .manifest import Written
from .models import PrincipalsManifest, TargetModel
from .settings import check_settings


def unknown_name(
    code: str, what: str, name: str, known: Collection[str], item: Written, *path: str | int
) -> Iterable[Diagnostic]:
    """An error when `name`, which stands at `path` of `item`, is none of `known`."""
    if name not in known:
        where = item.source(*path)
        yield Diagnostic(code, "error", f'there is no {what} "{name}"', None, did_you_mean(name, known), where)


def check_target(
    item: Written, name: str, target: TargetModel, providers: Mapping[str, Capabilities], directory: Directory
) -> Iterable[Diagnostic]:
    """A provider nobody has, settings it does not have, an actor nobody knows."""
    place = ("targets", name, "provider")
    yield from unknown_name("unknown-provider", "provider", target.provider, providers, item, *place)
    for setting, complaint in check_settings(target, providers):
        where = source(item.document, ("targets", name, setting), item.file, key=complaint.code == "unknown-key")
        yield Diagnostic(complaint.code, "error", complaint.summary, None, complaint.hint, where)
    if target.actor and directory.resolve(target.actor) is None:
        summary = f"{target.actor} is not in this target's Principals"
        hint = did_you_mean(target.actor, directory.names)
        where = item.source("targets", name, "actor")
        yield Diagnostic("unknown-principal", "error", summary, hint=hint, source=where)


def check_directory(item: Written, model: PrincipalsManifest) -> Iterable[Diagnostic]:
    """Members that are no users, and ids that stand for two people."""
    for key, group in model.groups.items():
        for index, member in enumerate(group.members):
            place = ("groups", key, "members", index)
            yield from unknown_name("unknown-principal", "user", member, model.users, item, *place)
    for kind, entries in (("users", model.users), ("groups", model.groups)):
        seen: dict[str, str] = {}
        for key, entry in entries.items():
            if (first := seen.setdefault(entry.id, key)) != key:
                summary = f"{key} has the same id as {first}"
                yield Diagnostic("duplicate-item", "error", summary, source=item.source(kind, key, "id"))


def check_dataset(
    item: Written, sections: Mapping[str, Section], capabilities: Capabilities, directory: Directory
) -> Iterable[Diagnostic]:
    """Facets the provider does not have, and what each facet finds in its section."""
    for name, section in sections.items():
        path = ("spec", name)
        if name not in capabilities.facets:
            why = capabilities.refusals.get(name, "this provider has nothing like it")
            summary = f"{name} cannot be managed here: {why}"
            yield Diagnostic("facet-unsupported", "error", summary, None, "Remove it.", item.source(*path))
            continue
        for complaint in BY_NAME[name].check(section, capabilities, directory):
            place = real_path((*path, *complaint.path), item.document.data)
            where = item.source(*place)
            yield Diagnostic(complaint.code, "error", complaint.summary, None, complaint.hint, where)


def check_ends(item: Written, sections: Mapping[str, Section], today: date) -> Iterable[Diagnostic]:
    """What ends soon, or has ended."""
    for name, section in sections.items():
        for complaint in BY_NAME[name].check_ends(section, today):
            place = real_path(("spec", name, *complaint.path), item.document.data)
            where = item.source(*place)
            yield Diagnostic(complaint.code, "warning", complaint.summary, None, complaint.hint, where)


def ends(sections: Mapping[str, Section]) -> bool:
    """Whether there is a day on which something of this ends, or has ended; where that stands nobody looks up."""
    return any(True for name, section in sections.items() for _ in BY_NAME[name].check_ends(section, date.max))


def check_whole(
    item: Written, sections: Mapping[str, Section], unsure: Collection[str] = frozenset()
) -> Iterable[Diagnostic]:
    """What is wrong with a dataset's facets once its profiles are merged in.

    Of the facets that are `unsure` something was refused: what they lack may be just that.
    """
    for name, section in sections.items():
        for complaint in BY_NAME[name].check_whole(section) if name not in unsure else ():
            # Of a list that a profile's was united with, the number of an item says nothing about this file.
            keys = takewhile(lambda part: isinstance(part, str), complaint.path)
            where = item.source("spec", name, *keys)
            yield Diagnostic(complaint.code, "error", complaint.summary, None, complaint.hint, where)
