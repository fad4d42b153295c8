"""One plan made in several places: which datasets are whose, what a part is written as, and parts put together.

A part is judged by no limit of the workspace, since it does not know the others; `planning.judged` does that once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, ordered
from reconciler.core.plan import DatasetPlan, Plan
from reconciler.core.ports import Target
from reconciler.core.words import Json, digest
from reconciler.report.document import DocumentError

from .exits import Exit, Stop

if TYPE_CHECKING:
    from reconciler.report.document import Saved

FORMAT = "reconciler-shard/1"
MOST = 10_000
LARGEST = 512 * 1024 * 1024
"""More bytes than any part has."""


class Shard(Struct, frozen=True):
    """One of several equal parts of a workspace."""

    number: int
    """From 1."""
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def takes(self, address: Address) -> bool:
        """Whether the dataset at `address` is in this part: by a hash, the same on every machine and in every run."""
        hashed = sha256(str(address.whole).encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(hashed[:8], "big") % self.of == self.number - 1

    def of_plan(self, plan: Plan) -> Plan:
        """The part of `plan` that is this shard's; what was found about all of it stays with it."""
        return replace(plan, datasets=tuple(dataset for dataset in plan.datasets if self.takes(dataset.address)))

    def share(self, target: Target) -> Target:
        """`target` as this shard may use it: all shards together keep to its rate."""
        return replace(target, requests_per_second=target.requests_per_second / self.of)

    @classmethod
    def parse(cls, text: str, environ: Mapping[str, str]) -> Shard:
        """Read `I/N`; `job/N` takes I from JOB_COMPLETION_INDEX, which Kubernetes counts from 0.

        Raises:
            ValueError: it is neither, or there is no such part.
        """
        found = re.fullmatch(r"(job|[0-9]{1,6})/([0-9]{1,6})", text)
        index = environ.get("JOB_COMPLETION_INDEX", "")
        if found is None or (found[1] == "job" and not re.fullmatch(r"[0-9]{1,6}", index)):
            msg = "write I/N with I from 1 to N, or job/N where JOB_COMPLETION_INDEX is set"
            raise ValueError(msg)
        number, of = int(index) + 1 if found[1] == "job" else int(found[1]), int(found[2])
        if not 1 <= number <= of <= MOST:
            msg = f"there is no shard {number} of {of}"
            raise ValueError(msg)
        return cls(number, of)


class Part(Struct, frozen=True):
    """What one shard planned, as its file says."""

    shard: Shard
    saved: Saved
    asked: Json
    file: Path

    @property
    def origin(self) -> Json:
        """What must be the same in all parts."""
        head = self.saved.document
        return [self.shard.of, self.asked, head.reconciler_version, head.workspace, head.as_of, head.source.digest]


def part_text(plan: Plan, document: str, shard: Shard, asked: Json) -> str:
    """A part as it is saved: its plan, and how large the facets are that limits are shares of."""
    sizes: Json = {str(dataset.address): dict(dataset.sizes) for dataset in plan.datasets if dataset.sizes}
    content: dict[str, Json] = {
        "format": FORMAT,
        "shard": shard.number,
        "of": shard.of,
        "asked": asked,
        "sizes": sizes,
        "plan": document,
    }
    return json.dumps({**content, "sha256": digest(content)}) + "\n"


def read_parts(paths: Sequence[Path]) -> tuple[Part, ...]:
    """The parts in `paths`, all of one plan, in their order.

    Raises:
        Stop: one cannot be used, one is missing or there twice, or they do not belong together.
    """
    parts = sorted((_part(path) for path in paths), key=lambda part: part.shard.number)
    first = parts[0]
    for part in parts:
        if part.origin != first.origin:
            summary = f"{part.file} and {first.file} are not parts of one plan"
            raise Stop(Exit.ERROR, Diagnostic("shard-foreign", "error", summary, hint="Make all of them anew."))
    numbers = [part.shard.number for part in parts]
    missing = [f"{number}/{first.shard.of}" for number in range(1, first.shard.of + 1) if number not in numbers]
    twice = sorted({f"{number}/{first.shard.of}" for number in numbers if numbers.count(number) > 1})
    if missing or twice:
        said = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"there twice: {', '.join(twice)}"] * bool(twice)
        hint = "Run `plan --shard` for what is missing, and name each file once."
        raise Stop(Exit.ERROR, Diagnostic("shard-missing", "error", f"shards {'; '.join(said)}", hint=hint))
    return tuple(parts)


def together(parts: Iterable[Part]) -> Plan:
    """The plan of all parts, not judged as a whole yet."""
    plans = [part.saved.plan for part in parts]
    datasets = sorted((dataset for plan in plans for dataset in plan.datasets), key=lambda dataset: dataset.address)
    return Plan(tuple(datasets), ordered([item for plan in plans for item in plan.diagnostics]))


def _part(path: Path) -> Part:
    from reconciler.report.document import decode  # noqa: PLC0415 - only a merge reads plans

    try:
        if path.stat().st_size > LARGEST:
            raise _unusable(path, "it is larger than any part")
        content = json.loads(path.read_bytes())
        signature = content.pop("sha256")
        if content["format"] != FORMAT or signature != digest(content):
            raise _unusable(path, "it was altered, or is of another version")
        shard = Shard(content["shard"], content["of"])
        saved = decode(content["plan"])
        datasets = tuple(_sized(dataset, content["sizes"]) for dataset in saved.plan.datasets)
        strays = [str(dataset.address) for dataset in datasets if not shard.takes(dataset.address)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _unusable(path, "it is none") from error
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error
    except DocumentError as error:
        raise _unusable(path, str(error)) from error
    if strays:
        raise _unusable(path, f"{strays[0]} belongs to another shard")
    return Part(shard, replace(saved, plan=replace(saved.plan, datasets=datasets)), content["asked"], path)


def _sized(dataset: DatasetPlan, sizes: Mapping[str, Any]) -> DatasetPlan:
    return replace(dataset, sizes={name: int(size) for name, size in sizes.get(str(dataset.address), {}).items()})


def _unusable(path: Path, why: str) -> Stop:
    summary = f"{path} cannot be used as a part of a plan: {why}"
    return Stop(Exit.ERROR, Diagnostic("shard-unreadable", "error", summary, hint="Run its shard again."))
