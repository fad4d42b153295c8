"""Run a planning scenario: manifests and live state in, the plan as text out; then prove that it converges."""

from __future__ import annotations

import shlex
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from reconciler.app.planning import meant
from reconciler.app.reading import observe
from reconciler.app.workspaces import Selection, desired
from reconciler.cli.running import lifted, moment
from reconciler.core.address import Address
from reconciler.core.plan import Plan, Step
from reconciler.core.principals import Principal
from reconciler.execution import Applied, Brake, Journal, Outcome, Write, execute
from reconciler.manifests import Workspace, load
from reconciler.manifests.yaml import read
from reconciler.planning import DATASET_GUARDS, plan
from reconciler.providers import by_name
from reconciler.report import diagnostics_text, plan_text
from reconciler.report.text import nothing_to_do

from .memory import Memory, live_state
from .txtar import Archive

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme:
    provider: domo
    url: https://acme.example
    token: {env: DOMO_TOKEN}
    actor: user:bot
guards: {maxChangedDatasets: 100%, maxRevocations: 100%}
"""

PRINCIPALS = """\
apiVersion: reconciler/v1
kind: Principals
target: acme
users:
  ada: {id: "100"}
  bo: {id: "101"}
  cy: {id: "102"}
  dee: {id: "103"}
  eve: {id: "104"}
  bot: {id: "900", service: true}
groups:
  data-eng: {id: "g1", members: [ada, bo]}
  fin: {id: "g2", members: [cy]}
"""


@dataclass
class Options:
    selection: Selection
    allows: tuple[Any, ...]
    as_of: datetime

    @classmethod
    def of(cls, archive: Archive) -> Options:
        words = shlex.split(archive.commands[0]) if archive.commands else ["plan"]
        assert words[0] == "plan", words
        given: dict[str, list[str]] = {"--allow": [], "--as-of": [], "--facet": [], "--dataset": []}
        for name, value in zip(words[1::2], words[2::2], strict=True):
            given[name].append(value)
        as_of = moment(given["--as-of"][0]) if given["--as-of"] else None
        selection = Selection(datasets=tuple(given["--dataset"]), facets=tuple(given["--facet"]))
        return cls(selection, lifted(given["--allow"]), as_of or NOW)


class Scenario:
    """One file, set up in `folder`, which is the current folder."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive = archive
        self.options = Options.of(archive)
        root = folder / "manifests"
        root.mkdir()
        files = {"workspace.yaml": WORKSPACE, "principals.yaml": PRINCIPALS}
        files |= {
            name.removeprefix("manifests/"): text
            for name, text in archive.sections.items()
            if name.startswith("manifests/")
        }
        for name, text in files.items():
            (root / name).write_text(text, "utf-8")
        loaded = load(Path("manifests"), {name: each.capabilities for name, each in by_name().items()}, DATASET_GUARDS)
        assert loaded.workspace is not None, diagnostics_text(loaded.diagnostics)
        self.workspace: Workspace = loaded.workspace
        self.options.allows = meant(self.workspace, self.options.allows)
        self.memory = self._memory()

    def _memory(self) -> Memory:
        target = self.workspace.targets["acme"]
        actor = target.actor or Principal("user", "900")
        datasets = {}
        for name, text in self.archive.sections.items():
            if name.startswith("live/"):
                spec = dict(read(text).documents[0].data)  # type: ignore[call-overload]
                identifier = spec.pop("id")
                datasets[identifier] = live_state(spec, target.directory, self.options.as_of)
        return Memory(datasets, actor)

    def plan(self) -> Plan:
        wanted = desired(self.workspace, self.options.selection)
        observed = observe(wanted, {"acme": self.memory}, workers=1)
        pairs = ((dataset, observed.get(dataset.address)) for dataset in wanted.datasets)
        return plan(wanted, pairs, self.options.as_of, self.options.allows)

    def perform(self, planned: Plan) -> tuple[Outcome, ...]:
        """Apply `planned`, and let the manifests know the ids of what was created."""
        ids: dict[Address, str] = {}
        performer = Write(self.memory, Journal(None, lambda: 0.0))
        outcomes = execute(planned, {"acme": performer}, _Silent(), Brake(threading.Event()), born=ids.__setitem__)
        datasets = tuple(replace(item, id=ids.get(item.address, item.id)) for item in self.workspace.datasets)
        self.workspace = replace(self.workspace, datasets=datasets)
        return outcomes

    def sections(self, planned: Plan) -> dict[str, str]:
        """What the scenario's expectations are compared with."""
        found = {"plan": plan_text(planned, width=80)}
        if planned.diagnostics:
            found["diagnostics"] = diagnostics_text(planned.diagnostics)
        if "steps" in self.archive.sections:
            lines = [f"{step.id}" + (f" needs {', '.join(step.needs)}" if step.needs else "") for step in planned.steps]
            found["steps"] = "".join(f"{line}\n" for line in lines)
        if "access" in self.archive.sections:
            changes = [change for dataset in planned.datasets for change in dataset.access]
            found["access"] = "".join(
                f"{change.principal} {change.before} -> {change.after}{f' via {change.via}' if change.via else ''}\n"
                for change in changes
            )
        return found

    def assert_converges(self, planned: Plan) -> None:
        """Apply, plan again, expect nothing."""
        outcomes = self.perform(planned)
        assert [outcome for outcome in outcomes if not isinstance(outcome, Applied)] == []
        assert nothing_to_do(self.plan()), plan_text(self.plan())


class _Silent:
    def began(self, step: Step) -> None:
        del step

    def settled(self, outcome: Outcome) -> None:
        del outcome
