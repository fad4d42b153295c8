"""From arguments to an exit code, whatever happens in between."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

import click

from .group import reconciler
from .plugins import forgo_plugins
from .streams import abandon_stdout

OK, ERROR, USAGE, INTERRUPTED = 0, 1, 64, 130
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` (those of the process, when None) ask for."""
    forgo_plugins()
    words = None if arguments is None else list(arguments)
    try:
        code = reconciler.main(args=words, prog_name="reconciler", standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        error.show()
        if (hint := _meant(error, sys.argv[1:] if words is None else words)) is not None:
            click.echo(hint, err=True)
        return USAGE
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. Nothing further was done.", err=True)
        return INTERRUPTED
    except BrokenPipeError as error:
        return unwritten(error)
    except Exception as error:  # noqa: BLE001 - the last door: a user never sees a traceback unasked
        return _unexpected(error)
    return code if isinstance(code, int) else OK


def _meant(error: click.UsageError, words: Sequence[str]) -> str | None:
    """The flag for a folder that stands among `words` as an argument, which no command takes a workspace as."""
    context = error.ctx
    if context is None or all(param.name != "workspace" for param in context.command.params):
        return None
    # As click tells of an argument too many, or of a subcommand that is none.
    told = (word for word in words if error.message.endswith((f" ({word})", f" command {word!r}.")))
    folder = next((word for word in told if os.path.isdir(word)), None)  # noqa: PTH112 - as everywhere in `files`
    if folder is None:
        return None
    import shlex  # noqa: PLC0415 - only a mistake needs it

    return f"The workspace's folder is named with -w: {context.command_path} -w {shlex.quote(folder)}"


def _unexpected(error: Exception) -> int:
    if os.environ.get("RECONCILER_DEBUG"):
        import traceback  # noqa: PLC0415 - costs as much as all of the command line

        traceback.print_exception(error)
        return ERROR
    if isinstance(error, OSError) and error.errno in FULL:
        return unwritten(error)
    if isinstance(error, FileNotFoundError) and not _somewhere():
        click.echo("Error: the folder that this was started in is gone.\n  Change into one that exists.", err=True)
        return ERROR
    click.echo(f"Error: this should not have happened: {type(error).__name__}: {error}", err=True)
    click.echo("  Set RECONCILER_DEBUG=1 to see where, and report it with what it prints.", err=True)
    return ERROR


def unwritten(error: OSError) -> int:
    """The exit code when nothing more can be written; a pipe's reader that has seen enough is told nothing."""
    abandon_stdout()
    if not isinstance(error, BrokenPipeError):
        click.echo(f"Error: not all could be written: {error.strerror}.\n  Make room, or write elsewhere.", err=True)
    return ERROR


def _somewhere() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - only whether it is there
    except FileNotFoundError:
        return False
    return True
