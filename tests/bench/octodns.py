"""octoDNS from PyPI in an environment of its own, on as many documents: a zone of ten records each."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from .measure import SCRATCH

VERSION = "1.22.0"

CONFIG = """\
providers:
  config: {{class: octodns.provider.yaml.YamlProvider, directory: {root}/config, default_ttl: 300}}
  live: {{class: octodns.provider.yaml.YamlProvider, directory: {root}/live, default_ttl: 300}}
zones:
{zones}
"""


def installed() -> Path | None:
    """octoDNS's program, installed on the first call; None when it cannot be."""
    home = SCRATCH / f"octodns-{VERSION}"
    program = home / "bin" / "octodns-sync"
    if not program.exists():
        venv.create(home, with_pip=True)
        done = subprocess.run(  # noqa: S603 - the version is ours
            [home / "bin" / "pip", "install", "--quiet", f"octodns=={VERSION}"], capture_output=True, check=False
        )
        if done.returncode != 0:
            sys.stderr.write("octoDNS could not be installed; its rows are left out.\n")
            return None
    return program


def command(root: Path, zones: int) -> list[str] | None:
    """A dry run of octoDNS over `zones` zones, of which every twentieth differs in one record."""
    program = installed()
    if program is None:
        return None
    names = [f"zone-{number:06}.example." for number in range(zones)]
    for side in ("config", "live"):
        (root / side).mkdir()
        for number, name in enumerate(names):
            (root / side / f"{name}yaml").write_text(_zone(number, live=side == "live"), "utf-8")
    entries = "\n".join(f"  {name}: {{sources: [config], targets: [live]}}" for name in names)
    config = root / "config.yaml"
    config.write_text(CONFIG.format(root=root, zones=entries), "utf-8")
    return [str(program), f"--config-file={config}", "--quiet"]


def _zone(number: int, *, live: bool) -> str:
    changed = live and number % 20 == 0
    records = []
    for index in range(10):
        last = 250 if changed and index == 0 else index + 1
        records.append(f"host-{index}:\n  - ttl: 300\n    type: A\n    values:\n      - 10.0.{number % 250}.{last}\n")
    return "---\n" + "".join(records)
