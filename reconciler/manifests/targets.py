"""Targets and the people in them, from models to what the engine uses."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from reconciler.core.principals import Directory, Group, Person

from .manifest import Written
from .models import PrincipalsManifest, TargetModel
from .workspace import TargetConfig, TokenSource


def directories(models: Iterable[PrincipalsManifest]) -> dict[str, Directory]:
    """The directory of each target that has one."""
    return {model.target: directory(model) for model in models}


def directory(model: PrincipalsManifest) -> Directory:
    """The users and groups that `model` names."""
    users = {key: Person(user.id, user.name, user.email, user.service) for key, user in model.users.items()}
    groups = {key: Group(group.id, group.name, group.members, group.everyone) for key, group in model.groups.items()}
    return Directory(users, groups)


def target_config(
    name: str, model: TargetModel, people: Directory, item: Written, root: Path, account: str
) -> TargetConfig:
    """One target, its actor resolved and its token still to be looked up."""
    file = model.token.file
    return TargetConfig(
        name=name,
        provider=model.provider,
        url=model.url,
        account=account,
        token=TokenSource(model.token.env, root / file if file else None),
        place=partial(item.source, "targets", name, "token"),
        actor=people.resolve(model.actor) if model.actor else None,
        concurrency=model.concurrency,
        requests_per_second=model.requests_per_second,
        settings=model.settings,
        directory=people,
    )
