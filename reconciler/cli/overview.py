"""What `reconciler --help` prints, made without click: help is what scripts, editors and completions ask for most."""

from __future__ import annotations

COMMANDS = {
    "demo": "Run the main job on the embedded sandbox, in a temporary folder.",
    "init": "Write a workspace to begin with.",
    "doctor": "Check that every target can be worked with; read-only.",
    "validate": "Check manifests, offline.",
    "import": "Write manifests for live datasets, or from contracts.",
    "export": "Write datasets as contracts, dbt models or table schemas.",
    "fmt": "Lay manifests out in the one canonical way.",
    "plan": "Show what an apply would do; write nothing.",
    "show": "Show a saved plan.",
    "apply": "Make live state as the manifests say.",
    "review": "Show what a pull request changes, and for whom; offline.",
    "access": "Tell who can reach which dataset, and how.",
    "audit": "Show who changed what, and who had access on a day.",
    "drift": "Show what moved away from the manifests.",
    "retention": "Look at what version retention keeps and deletes, before it does.",
    "notify": "Turn a plan, a review or drift into a message for Slack or Teams.",
    "explain": "Tell what a diagnostic or a guard means.",
    "schema": "Print the JSON Schema of a manifest, a plan, a review or drift.",
    "sandbox": "Serve, reset or seed the embedded stand-in for the vendors.",
}
"""Every command and its one-line help, in the order of `--help`."""

HELP = """\
Usage: reconciler [OPTIONS] COMMAND [ARGS]...

  Keep dataset schemas, tags, access, owners, schedules and version retention
  in git.

  Nothing changes without a plan. Start with `reconciler demo`; it needs no
  account.

Options:
  -V, --version  Show the version and exit.
  -h, --help     Show this message and exit.

Commands:
"""
"""All but the commands, in click's words."""


def overview() -> str:
    """What click prints for `--help`, but for its line breaks."""
    widest = max(map(len, COMMANDS))
    return HELP + "".join(f"  {name:<{widest}}  {says}\n" for name, says in COMMANDS.items())
