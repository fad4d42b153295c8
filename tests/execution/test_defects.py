"""A defect of ours, met in one dataset: that dataset fails, and everything else is as if it were any other failure."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from reconciler import providers
from reconciler.core.capabilities import Capabilities
from reconciler.core.changes import Element
from reconciler.core.plan import Step
from reconciler.core.ports import Access, DatasetRef, FacetState, Snapshot, Target, Writer
from reconciler.core.principals import Principal
from reconciler.providers import domo

from .conftest import Set


class Unlucky:
    """A session that stumbles over the tags of d1, when it looks or behind the write, or over what it just created."""

    def __init__(self, session: Writer, when: str) -> None:
        self._session, self._when = session, when

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def read(self, ref: DatasetRef, facets: frozenset[str]) -> Snapshot:
        """As the session does."""
        self._stumble("look", ref, facets == {"tags"} and ref.address.dataset == "d1")
        self._stumble("born", ref, ref.address.dataset == "new0")
        return self._session.read(ref, facets)

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        """As the session does."""
        self._session.write(ref, step, found)
        self._stumble("write", ref, step.address.facet == "tags" and ref.address.dataset == "d1")

    def _stumble(self, when: str, ref: DatasetRef, here: bool) -> None:  # noqa: FBT001 - a condition
        if here and when == self._when:
            raise KeyError(f"no such\nthing in {ref.address}")


class Provider:
    """Domo, whose sessions that write are unlucky."""

    name = domo.PROVIDER.name

    def __init__(self, when: str) -> None:
        self._when = when

    @property
    def capabilities(self) -> Capabilities:
        """Domo's."""
        return domo.PROVIDER.capabilities

    def newborn(self, actor: Principal | None) -> Mapping[str, tuple[Element, ...]]:
        """Domo's."""
        return domo.PROVIDER.newborn(actor)

    def connect(self, target: Target, access: Access, stop: threading.Event | None = None) -> Writer:
        """A session."""
        session = domo.PROVIDER.connect(target, access, stop)
        return session if access == "read" else Unlucky(session, self._when)


CASES = {
    "look": ("acme/d1.tags tag", "acme/d1.tags#tag", None),
    "write": ("acme/d1.tags tag", "acme/d1.tags#tag", "uncertain"),
    "born": ("acme/new0.schema create", "acme/new0.schema#create", "uncertain"),
}
"""The step that fails, as it is told and by its id; and what the audit log has of it."""


@pytest.mark.parametrize("when", CASES)
def test_a_defect_in_one_dataset_takes_nothing_from_the_others(
    when: str, bench: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told by its name, the rest is done, the journal ends, the undo plan is there; the next apply goes on."""
    it = bench(existing=3, new=1)
    told, step, audited = CASES[when]
    with monkeypatch.context() as unlucky:
        unlucky.setattr(providers, "PROVIDERS", (Provider(when),))
        code, out, err = it.apply()
    assert code == 5, err
    where = "acme/new0" if when == "born" else "acme/d1"
    assert (
        f"  uncertain  {told}: unexpected: this should not have happened: KeyError: 'no such\\nthing in {where}'" in err
    )
    assert "Traceback" not in err
    assert " 1 uncertain" in out.splitlines()[-1], out
    assert "Undo: reconciler apply .reconciler/undo/" in err
    assert it.events()[-1]["state"] == "partial"
    lines = [json.loads(line) for line in (it.state / "audit.jsonl").read_text().splitlines()]
    assert [line["state"] for line in lines if line["step"] == step] == ([audited] if audited else [])
    assert it.apply()[0] == 0
    it.assert_settled()


def test_where_a_defect_comes_from_is_shown_to_who_asks(bench: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    """As at the last door."""
    it = bench(existing=2)
    monkeypatch.setenv("RECONCILER_DEBUG", "1")
    monkeypatch.setattr(providers, "PROVIDERS", (Provider("write"),))
    code, _, err = it.apply()
    assert code == 5, err
    assert "Traceback (most recent call last):" in err
    assert "in _stumble" in err


def test_a_defect_in_a_rehearsal_is_one_dataset_s_too(bench: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be sent for the others is shown."""
    it = bench(existing=2)
    monkeypatch.setattr(providers, "PROVIDERS", (Provider("look"),))
    code, out, err = it.apply("--dry-run")
    assert code == 5, err
    assert "acme/d1.tags tag: unexpected: this should not have happened: KeyError" in err
    assert "would be sent. Nothing was written." in out
