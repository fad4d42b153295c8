"""What every command does around its use case: the world it runs in, flags to values, stops to exit codes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, time
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from reconciler import __version__
from reconciler.app import following
from reconciler.app.exits import Exit, Stop
from reconciler.app.surroundings import Surroundings
from reconciler.app.workspaces import Selection
from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.facets import did_you_mean
from reconciler.manifests.files import readable
from reconciler.planning import DATASET_GUARDS, GUARD_CODES, Allow

from .console import answered, complain, result
from .stopping import Stopping

if TYPE_CHECKING:
    from types import FrameType

    from reconciler.app.sharding import Shard

STILL_SETTLING = (
    b"Still settling. To end this process does no harm: the next `reconciler apply` finds out what became of it.\n"
)
ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP")
"""The signals that ask to end: Ctrl-C, whoever stops processes, a terminal that closes."""
SETTLING = b"\nInterrupted: what was sent is settled first; nothing further is begun.\n"


def use_case(function: Callable[..., int | None]) -> Callable[..., int]:
    """A command whose function returns an exit code, and whose stops are printed, in a machine's format if it asks."""

    @wraps(function)
    def command(*arguments: Any, **options: Any) -> int:
        try:
            return int(function(*arguments, **options) or Exit.DONE)
        except Stop as stop:
            complain(stop.diagnostics)
            if stop.diagnostics and not answered():
                _answer(stop.diagnostics, **options)
            return int(stop.exit)

    return command


def _answer(why: Sequence[Diagnostic], shape: str = "text", workspace: Path | None = None, **_options: Any) -> None:
    """Print why there is no result in the machine's format that was asked for; an empty one would say all is well."""
    from .machines import MACHINES, failure_in  # noqa: PLC0415 - brings every room

    if shape in MACHINES:
        # What stands in no file is about the workspace.
        place = Source(readable(str(workspace)), 1) if workspace else None
        result(failure_in(shape, why, click.get_current_context().command_path, place))


@contextmanager
def surroundings(environ: Mapping[str, str] | None = None) -> Iterator[Surroundings]:
    """The world of one run. An embedded stand-in that it starts ends with it."""
    with ExitStack() as stack:
        started: dict[Path, str] = {}

        def embedded(database: Path) -> str:
            if database not in started:
                from .embedded import serving  # noqa: PLC0415 - only a target with `url: "sandbox:"` needs it

                started[database] = stack.enter_context(serving(database))
            return started[database]

        yield Surroundings(os.environ if environ is None else environ, lambda: datetime.now(UTC), embedded, __version__)


def command_line(*words: object) -> str:
    """A command to be typed next, quoted for a shell: about the workspace that this one is about."""
    context = click.get_current_context()
    named = context.get_parameter_source("workspace") is ParameterSource.COMMANDLINE
    return following.command_line(context.params["workspace"], *words, named=named)


def chosen(target_names: Sequence[str], dataset_globs: Sequence[str], facet_names: Sequence[str]) -> Selection:
    """The part of the workspace that flags ask for."""
    return Selection(tuple(target_names), tuple(dataset_globs), tuple(facet_names))


def lifted(texts: Sequence[str]) -> tuple[Allow, ...]:
    """`--allow` flags as values; whether one names a dataset or a facet of it, `app.planning.meant` tells.

    Raises:
        click.UsageError: a code that is none, that nothing lifts, or an address that is none.
    """
    return tuple(_lifted(text) for text in texts)


def _lifted(text: str) -> Allow:
    from reconciler.app.codes import CODES  # noqa: PLC0415 - imports every room, and few runs lift anything

    code, at, place = text.partition("@")
    if code in CODES and code not in GUARD_CODES:
        raise click.UsageError(f"--allow {code}: this cannot be lifted. See `reconciler explain {code}`.")
    if code not in GUARD_CODES:
        hint = did_you_mean(code, sorted(GUARD_CODES)) or "`reconciler explain` lists them."
        raise click.UsageError(f"--allow {code}: there is no such guard. {hint}")
    if not at:
        return Allow(code)
    if code not in DATASET_GUARDS:
        raise click.UsageError(f"--allow {text}: it is about the plan as a whole. Write --allow {code}.")
    try:
        return Allow(code, Address.parse(place, ()))
    except ValueError as error:
        raise click.UsageError(f"--allow {text}: {error}") from None


def sharded(text: str | None) -> Shard | None:
    """`--shard` as a value.

    Raises:
        click.UsageError: it names no shard.
    """
    if text is None:
        return None
    from reconciler.app.sharding import Shard  # noqa: PLC0415 - few runs are a part of anything

    try:
        return Shard.parse(text, os.environ)
    except ValueError as error:
        raise click.UsageError(f"--shard {text}: {error}.") from None


def moment(text: str | None, flag: str = "--as-of") -> datetime | None:
    """What a `flag` says as the last moment of that day, UTC.

    Raises:
        click.UsageError: it is not a date.
    """
    if text is None:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise click.UsageError(f"{flag} {text}: write a date as YYYY-MM-DD.") from None
    return datetime.combine(day, time(23, 59, 59), UTC)


@contextmanager
def settling() -> Iterator[threading.Event]:
    """An event that signals set, a closing terminal's too, instead of breaking off a write in flight."""
    stop = Stopping()

    def settle(*_: object) -> None:
        told = stop.is_set()
        stop.set()
        # No print: a signal may come in the middle of one.
        with suppress(OSError):
            os.write(2, STILL_SETTLING if told else SETTLING)

    with heeding(ENDINGS, settle):
        yield stop


@contextmanager
def heeding(names: Iterable[str], handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Have `handler` called at the signals of these names, as far as this system has them."""
    signals = [getattr(signal, name) for name in names if hasattr(signal, name)]
    # What is ignored stays so: `nohup` asks for that.
    heeded = [number for number in signals if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in heeded}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
