"""`python -m tests.fuzz.many [COUNT]`: how long `validate` takes for that many manifests of 60 lines each."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.core.words import Json
from reconciler.manifests.yaml.writing import document_text

from .campaign import SOUND

LINES = 60
SECONDS = 6.0
"""What 2,000 manifests may take."""


def manifest(number: int) -> str:
    columns = [{"name": f"column {place}", "type": "STRING"} for place in range(30)]
    grants = [{"principal": f"user:#{place}", "access": "CAN_VIEW", "reason": "audit"} for place in range(14)]
    spec: dict[str, Json] = {
        "owner": "user:#1",
        "schema": {"columns": columns},
        "tags": {"values": ["gold", f"team {number % 9}"], "ignore": ["um_*"]},
        "permissions": {"grants": grants},
    }
    metadata: Json = {"name": f"dataset {number}", "target": "acme", "id": f"id-{number}"}
    text = document_text({"apiVersion": "reconciler/v1", "kind": "Dataset", "metadata": metadata, "spec": spec})
    return text + "# one more line\n" * (LINES - text.count("\n"))


def main(words: list[str]) -> int:
    count = int(words[0]) if words else 2000
    with TemporaryDirectory(prefix="reconciler-many-") as name:
        folder = Path(name)
        (folder / "workspace.yaml").write_text(SOUND)
        for number in range(count):
            (folder / f"{number}.yaml").write_text(manifest(number))
        assert manifest(1).count("\n") == LINES
        command = [sys.executable, "-c", "from reconciler.cli import main; main()", "validate", "-w", name]
        begun = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        seconds = time.monotonic() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    sys.stdout.write(
        f"{done.stdout}{seconds:.1f} s, of the processor {used.ru_utime:.1f} s; {used.ru_maxrss // 1024} MB\n"
    )
    return 0 if done.returncode == 0 and seconds <= SECONDS * count / 2000 else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
