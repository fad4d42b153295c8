"""The group of all commands; each command's module is imported when the command is used."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword

import click

from reconciler import __version__

from .overview import COMMANDS


class Commands(click.Group):
    """A group that knows its commands' names without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in COMMANDS:
            return None
        # `import` is a word of Python, which no module can be called.
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command = import_module(f"reconciler.cli.commands.{module}").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[:1] == ["help"]:
            # As git and others have it: `help plan` is `plan --help`.
            args = [*args[1:], "--help"]
        try:
            return super().parse_args(ctx, list(args))
        except click.NoSuchOption as error:
            name = next((word for word in args if word in COMMANDS), None)
            if name is None or error.option_name not in self._options(ctx, name):
                raise
            hint = f"It belongs to the command, behind it: reconciler {name} {error.option_name} ..."
            raise click.UsageError(f"{error.message} {hint}", ctx) from None

    def _options(self, ctx: click.Context, name: str) -> set[str]:
        """The options of a command."""
        command = self.get_command(ctx, name)
        return {option for param in command.params for option in param.opts} if command else set()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415 - only a typo needs it

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="reconciler", message="%(prog)s %(version)s")
def reconciler() -> None:
    """Keep dataset schemas, tags, access, owners, schedules and version retention in git.

    Nothing changes without a plan. Start with `reconciler demo`; it needs no account.
    """
