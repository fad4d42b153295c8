"""What strangers might hand to `validate`: the example's manifests, broken in many ways, and bombs."""

from __future__ import annotations

import contextlib
import io
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from reconciler.cli.entry import run
from reconciler.manifests.yaml import read
from reconciler.manifests.yaml.writing import document_text
from tests.manifests.manifest_strategies import mutated
from tests.manifests.test_yaml_hostile import BOMBS

ROOT = Path(__file__).parents[2]
SEEDS = tuple(path.read_text("utf-8") for path in sorted((ROOT / "manifests").rglob("*.yaml")))
LIMIT = 0.050
"""Seconds of processor time that one input may take."""

SNIPPETS = (
    *(
        "[",
        "]",
        "{",
        "}",
        ": ",
        "- ",
        "? ",
        "# ",
        "'",
        '"',
        "\\",
        "|",
        ">",
        "&a ",
        "*a",
        "!!set ",
        "%YAML 1.1\n",
        "---\n",
    ),
    *(
        "\t",
        "\0",
        "\x1b[2J",
        "\u202e",
        "\ufeff",
        "\u2028",
        "\r",
        "\r\n",
        "<<: ",
        "null",
        "1e999",
        "9" * 70,
        "::error::x\n",
    ),
    *(
        "kind: Dataset\n",
        "metadata: {}\n",
        "spec: []\n",
        "user:#1",
        "2026-13-45",
        "a" * 2000,
        "\n" * 50,
        "é😀",
        "\\ud800",
    ),
)
SOUND = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: https://acme.example, token: {env: T}}
  vision: {provider: clarifai, url: https://vision.example, token: {env: T}}
"""


@dataclass
class Figures:
    """What came of the inputs."""

    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    """Seconds of processor time."""
    slowest_input: str = ""
    slow: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    """Refused without a diagnostic that has file, line and column."""
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def good(self) -> bool:
        return not (self.slow or self.crashes or self.silent)


def broken(random: Random) -> bytes:
    """One of the example's manifests after one to six edits, some of them in its data, some in its bytes."""
    text = random.choice(SEEDS)
    if random.random() < 0.4:
        data = read(text).documents[0].data
        with contextlib.suppress(ValueError):
            text = document_text(mutated(data, random)) if random.random() < 0.7 else json.dumps(mutated(data, random))
    for _ in range(random.randint(0, 5)):
        place, cut = random.randrange(len(text) + 1), random.choice([0, 0, 1, 5, 40])
        text = (
            text[:place]
            + random.choice((random.choice(SNIPPETS), text[place : place + 30] * 2, ""))
            + text[place + cut :]
        )
    content = bytearray(text.encode("utf-8", "surrogatepass"))
    if content and random.random() < 0.15:
        for _ in range(random.randint(1, 4)):
            content[random.randrange(len(content))] = random.randrange(256)
    return bytes(content)


def inputs(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """The bombs, then `count` broken manifests."""
    for name, (bomb, _) in BOMBS.items():
        yield name, bomb if isinstance(bomb, bytes) else bomb.encode("utf-8", "surrogatepass")
    for number in range(count):
        yield f"{seed}/{number}", broken(Random(f"{seed}/{number}"))  # noqa: S311 - repeatable on purpose


def campaign(count: int, seed: int) -> Figures:
    """Validate each input in a workspace of its own, with the command that a user types."""
    figures = Figures()
    with TemporaryDirectory(prefix="reconciler-fuzz-") as name:
        folder = Path(name)
        (folder / "workspace.yaml").write_text(SOUND)
        for label, content in inputs(count, seed):
            (folder / "x.yaml").write_bytes(content)
            _try(label, folder, figures)
    return figures


def _try(label: str, folder: Path, figures: Figures) -> None:
    taken, code, told = min((_validate(folder) for _ in range(2)), key=lambda result: result[0])
    figures.inputs += 1
    if taken > figures.slowest:
        figures.slowest, figures.slowest_input = taken, label
    if taken > LIMIT:
        figures.slow.append(f"{label}: {taken * 1000:.0f} ms")
    if "Traceback" in told or "this should not have happened" in told or code not in {0, 1}:
        figures.crashes.append(f"{label}: exit {code}: {told[:200]}")
        return
    figures.refused += code
    found = json.loads(told)["diagnostics"]
    figures.codes.update(item["code"] for item in found)
    placed = [item for item in found if item["source"] and item["source"]["line"] and item["source"]["column"]]
    if len(placed) != len(found) or (code == 1 and not found):
        figures.silent.append(label)


def _validate(folder: Path) -> tuple[float, int, str]:
    out = io.StringIO()
    begun = time.process_time()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = run(["validate", "-w", str(folder), "--format", "json"])
    return time.process_time() - begun, code, out.getvalue()
