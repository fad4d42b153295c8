"""All the checks of the project with one command: `python -m tests.check [--fix] [--no-tests]`."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]

CHECKS = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy", "reconciler", "tests"],
    "imports": ["pytest", "-q", "tests/test_architecture.py"],
    "schemas": ["pytest", "-q", "tests/test_schemas.py"],
    "tests": ["pytest", "-q", "-n", "2"],
}
FIXES = {"format": ["ruff", "format", "."], "lint": ["ruff", "check", "--fix", "."]}


def main(arguments: list[str]) -> int:
    fix = "--fix" in arguments
    if fix:
        write_schemas()
    skipped = {"tests"} if "--no-tests" in arguments else {"imports", "schemas"}
    failed = []
    for name, command in CHECKS.items():
        if name in skipped:
            continue
        words = FIXES.get(name, command) if fix else command
        begun = time.monotonic()
        code = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=False).returncode  # noqa: S603
        verdict = "ok" if code == 0 else "FAILED"
        sys.stdout.write(f"== {name}: {verdict} ({time.monotonic() - begun:.1f} s)\n")
        sys.stdout.flush()
        failed += [name] if code else []
    sys.stdout.write(f"== {'failed: ' + ', '.join(failed) if failed else 'everything is in order'}\n")
    return 1 if failed else 0


def write_schemas() -> None:
    from reconciler.app.schemas import file_names, schema_text  # noqa: PLC0415 - must work before everything does

    for kind, name in file_names().items():
        (ROOT / "schemas" / name).write_text(schema_text(kind), "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
