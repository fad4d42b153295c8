"""Run a group, or all of them, each in its own virtual environment; what is there already is used again."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
GROUPS = {
    "clarifai": ("clarifai-grpc>=12,<13", "requests>=2,<3"),
    "domo": ("domolibrary==4.5.28",),
}
"""What each group installs beside the product and pytest; its tests are in `GROUP_client.py`."""

OURS = ("--editable", f"{ROOT}[dev]")
"""The bench in `tests.sandbox` needs what the other tests need."""


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        sys.stderr.write(f"There is no group {unknown[0]}; groups are {', '.join(GROUPS)}.\n")
        return 64
    failed = [name for name in names or GROUPS if not passes(name)]
    sys.stdout.write(f"== {'failed: ' + ', '.join(failed) if failed else 'all groups passed'}\n")
    return 1 if failed else 0


def passes(name: str) -> bool:
    begun = time.monotonic()
    python = ready(name)
    file = str(Path(__file__).with_name(f"{name}_client.py"))
    done = subprocess.run([python, "-m", "pytest", "-q", "-p", "no:cacheprovider", file], cwd=ROOT, check=False)  # noqa: S603
    sys.stdout.write(f"== {name}: {'ok' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - begun:.1f} s)\n")
    return done.returncode == 0


def ready(name: str) -> str:
    """The Python of the group's environment, made when it is not there."""
    folder = ROOT / ".venv" / "independent" / name
    python = folder / "bin" / "python"
    stamp = folder / "installed"
    wanted = "\n".join(GROUPS[name])
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)  # noqa: S603
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *OURS, *GROUPS[name]], check=True)  # noqa: S603
        stamp.write_text(wanted, "utf-8")
    return str(python)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
