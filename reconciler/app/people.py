"""The people of a target as another commit has them, so that what is under review cannot call them otherwise."""

from __future__ import annotations

from functools import reduce

from msgspec.structs import replace

from reconciler.core.principals import Directory, Group, Person
from reconciler.manifests import TargetConfig, Workspace
from reconciler.manifests.accounts import may_be
from reconciler.planning.review.known import united


def people(ours: TargetConfig, there: Workspace) -> Directory:
    """The people of a target, whom `there` knows as it does."""
    return reduce(_known, (theirs.directory for theirs in _leading(ours, there)), ours.directory)


def witnesses(ours: TargetConfig, there: Workspace) -> tuple[Directory, ...]:
    """Who is in which group of a target as `there` says; where it has the very account, no other is asked."""
    leading = _leading(ours, there)
    sure = [theirs for theirs in leading if theirs.account == ours.account] or leading
    return (reduce(united, (theirs.directory for theirs in sure)),) if sure else ()


def _leading(ours: TargetConfig, there: Workspace) -> list[TargetConfig]:
    """The targets `there` that may lead to the same account, the surest last."""
    targets = [theirs for theirs in there.targets.values() if may_be(theirs.account, ours.account)]
    return sorted(targets, key=lambda theirs: (theirs.account == ours.account, theirs.token == ours.token))


def _known(ours: Directory, theirs: Directory) -> Directory:
    """Who is who as we say, but whom they know stays that: a machine, everybody, somebody of that name and address."""
    people = {user.id: user for user in theirs.users.values()}
    crowds = {group.id: group for group in theirs.groups.values()}
    users = {key: _as_known(user, people.pop(user.id, user)) for key, user in ours.users.items()}
    groups = {key: _as_called(group, crowds.pop(group.id, group)) for key, group in ours.groups.items()}
    users |= {f"#{number}": person for number, person in sorted(people.items())}
    groups |= {f"#{number}": replace(group, members=()) for number, group in sorted(crowds.items())}
    return Directory(users, groups)


def _as_known(ours: Person, theirs: Person) -> Person:
    facts = {"display": theirs.display or ours.display, "email": theirs.email or ours.email}
    return replace(ours, **facts, service=ours.service or theirs.service)


def _as_called(ours: Group, theirs: Group) -> Group:
    return replace(ours, display=theirs.display or ours.display, everyone=ours.everyone or theirs.everyone)
