"""Flags that several commands share; each has a twin in the environment (RECONCILER_WORKSPACE, …)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from reconciler.app.following import DEFAULT

F = TypeVar("F", bound=Callable[..., Any])


class _Option(click.Option):
    """An option whose twin, where it may be repeated, has a value on each line: click parts them at spaces."""

    def value_from_envvar(self, ctx: click.Context) -> Any:
        found = self.resolve_envvar_value(ctx)
        if found is None or not self.multiple:
            return super().value_from_envvar(ctx)
        return [value for line in found.split("\n") if (value := line.strip())]


def flag(*names: str, **settings: Any) -> Callable[[F], F]:
    """An option with an environment twin named as the option's longest form is; what has no dash only Python says."""
    twin = max((name for name in names if name.startswith("-")), key=len).lstrip("-").replace("-", "_").upper()
    return click.option(*names, cls=_Option, envvar=f"RECONCILER_{twin}", show_envvar=False, **settings)


class _Path(click.Path):
    """A path whose name is not empty: Python takes that, a script's unset variable, for the folder that one is in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return self.fail("the name is empty.", param, ctx) if value == "" else super().convert(value, param, ctx)


def path(*, exists: bool = False, file_okay: bool = True, dir_okay: bool = True) -> click.Path:
    """A path; whether it has to be there, and whether it may be a file, or a folder."""
    return _Path(exists=exists, file_okay=file_okay, dir_okay=dir_okay, path_type=Path)


def together(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Several decorators as one, in the order in which help lists them."""

    def decorate(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


workspace = flag(
    "-w",
    "--workspace",
    type=path(),
    default=DEFAULT,
    show_default=True,
    help="Folder of the manifests.",
)

selection: Callable[[Any], Any] = together(
    flag("--target", "target_names", multiple=True, metavar="NAME", help="Only this target; may be repeated."),
    flag("--dataset", "dataset_globs", multiple=True, metavar="GLOB", help="Only datasets that match; repeatable."),
    flag("--facet", "facet_names", multiple=True, metavar="NAME", help="Only this facet; may be repeated."),
)

allow = flag(
    "--allow",
    "allows",
    multiple=True,
    metavar="CODE[@ADDRESS]",
    help="Lift one guard, for all or for one dataset; may be repeated.",
)

guards_from = flag(
    "--guards-from",
    metavar="REF",
    help="Take guards, allow entries and policies from this git ref, so that a pull request cannot loosen its own.",
)

as_of = flag("--as-of", metavar="DATE", help="As on this day (YYYY-MM-DD) instead of now: grants end, versions age.")

detailed_exitcode = flag("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes.")


def output_format(choices: Sequence[str]) -> Callable[[F], F]:
    """The option --format with these choices, the first being the default."""
    return flag("--format", "shape", type=click.Choice(choices), default=choices[0], show_default=True, help="Output.")
