"""Three states compared: what is live, what is wanted, what was last applied."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reconciler.cli.entry import run
from reconciler.core.address import Address
from reconciler.core.changes import Add, AnyChange, Drop, Modify
from reconciler.core.plan import DatasetPlan, Plan, Read, Step
from reconciler.core.principals import Principal
from reconciler.facets.permissions import Grant
from reconciler.facets.schema import PLACE, Column
from reconciler.facets.tags import Tag
from reconciler.planning.drift import Applied, Ignore, differences
from reconciler.report.drift import drift_html, drift_metrics
from reconciler.report.drift.html import by_day, history
from reconciler.sandbox import Sandbox, documents_seed
from tests.review.repository import commit, dataset, git, write
from tests.support.playing import PRINCIPALS, TOKEN, WORKSPACE

ROLES = Address("acme", "roles")
TODAY = date(2026, 11, 22)
BO = Principal("user", "101", "bo")


def grant(level: str) -> Grant:
    return Grant(BO, level)


def planned(facet: str, *changes: AnyChange) -> Plan:
    step = Step(ROLES.of(facet), "tag", changes, ())
    return Plan((DatasetPlan(ROLES, "domo", "1", "update", (step,), read=Read(ROLES, 3, complete=True)),))


@pytest.mark.parametrize(
    ("change", "last", "cause"),
    [
        pytest.param(Drop(Tag("x")), [], "moved", id="somebody added it"),
        pytest.param(Add(Tag("x")), [Tag("x")], "moved", id="somebody took it away"),
        pytest.param(Modify(grant("B"), grant("A"), ()), [grant("A")], "moved", id="somebody changed it"),
        pytest.param(Drop(Tag("x")), [Tag("x")], "pending", id="the manifest dropped it"),
        pytest.param(Add(Tag("x")), [], "pending", id="the manifest added it"),
        pytest.param(Modify(grant("A"), grant("C"), ()), [grant("A")], "pending", id="the manifest changed it"),
        pytest.param(Modify(grant("B"), grant("C"), ()), [grant("A")], "both", id="both changed it"),
        pytest.param(Modify(grant("B"), grant("C"), ()), [], "both", id="both added it, differently"),
    ],
)
def test_what_was_last_applied_tells_who_caused_a_difference(
    change: AnyChange, last: list[Tag | Grant], cause: str
) -> None:
    """All the ways in which three states can differ."""
    facet = "tags" if isinstance(getattr(change, "before", getattr(change, "after", None)), Tag) else "permissions"
    words = {item.key: item.name if isinstance(item, Tag) else grant_words(item) for item in last}
    applied = {ROLES.of(facet): Applied(words, "2026-11-20T10:00:00+00:00")}
    (found,) = differences(planned(facet, change), applied, (), TODAY)
    assert found.cause == cause
    assert (found.since is not None) == (cause != "pending")


def grant_words(item: Grant) -> dict[str, str]:
    return {"principal": str(item.principal), "id": item.principal.id, "access": item.access}


@pytest.mark.parametrize(
    ("last", "wanted", "moved", "cause"),
    [
        pytest.param("abc", "abc", "a", "moved", id="somebody moved it"),
        pytest.param("abc", "bca", "a", "pending", id="the manifest moved it"),
        pytest.param("abc", "cab", "b", "moved", id="the manifest moved another"),
        pytest.param("bc", "bca", "a", "both", id="it was not there"),
    ],
)
def test_the_order_that_was_last_applied_tells_who_moved_a_column(
    last: str, wanted: str, moved: str, cause: str
) -> None:
    """A column that only changed its place is itself as it was applied, in live state and in the manifest."""
    columns = tuple(Column(name, "LONG") for name in wanted)
    here = next(column for column in columns if column.name == moved)
    step = Step(ROLES.of("schema"), "alter", (Modify(here, here, PLACE),), columns)
    plan = Plan((DatasetPlan(ROLES, "domo", "1", "update", (step,), read=Read(ROLES, 3, complete=True)),))
    applied = {ROLES.of("schema"): Applied({name: {"name": name, "type": "LONG"} for name in last})}
    (found,) = differences(plan, applied, (), TODAY)
    assert found.cause == cause


def test_without_a_last_state_nothing_is_claimed() -> None:
    """No log, no cause."""
    (found,) = differences(planned("tags", Drop(Tag("x"))), {}, (), TODAY)
    assert (found.cause, found.since, found.ignored) == (None, None, None)


@pytest.mark.parametrize(
    ("rule", "covered"),
    [
        (("roles", "tags", "um_*", TODAY), True),
        (("acme/*", "tags", "*", TODAY), True),
        (("roles", "schema", "um_*", TODAY), False),
        (("rules", "tags", "um_*", TODAY), False),
        (("roles", "tags", "gold", TODAY), False),
        (("roles", "tags", "[u]m_*", TODAY), False),
        (("roles", "tags", "um_*", date(2026, 11, 21)), False),
    ],
)
def test_a_rule_covers_what_it_names_until_its_last_day(rule: tuple[str, str, str, date], covered: bool) -> None:  # noqa: FBT001 - a parameter
    """Dataset, facet and key are all meant."""
    name, facet, key, until = rule
    rules = [Ignore(name, facet, key, "DATA-7", until)]
    (found,) = differences(planned("tags", Drop(Tag("um_x"))), {}, rules, TODAY)
    assert (found.ignored is not None) == covered


def test_a_grant_is_ignored_by_whom_it_is_for() -> None:
    """The key of a grant is its principal, as the manifest writes it."""
    rules = [Ignore("*", "permissions", "user:bo", "DATA-7", TODAY)]
    (found,) = differences(planned("permissions", Drop(grant("A"))), {}, rules, TODAY)
    assert found.ignored == rules[0]


def test_metrics_are_prometheus_text() -> None:
    """Gauges with help and type; no name of a dataset or a person is in them."""
    plan = planned("tags", Drop(Tag("x")), Drop(Tag("um_y")))
    rules = [Ignore("*", "tags", "um_*", "DATA-7", TODAY)]
    assert drift_metrics(plan, differences(plan, {}, rules, TODAY), 1_700_000_000.0).splitlines()[1::3] == [
        "# TYPE reconciler_datasets gauge",
        "# TYPE reconciler_datasets_read gauge",
        "# TYPE reconciler_drifted_datasets gauge",
        "# TYPE reconciler_pending_datasets gauge",
        "# TYPE reconciler_drift_differences gauge",
        "# TYPE reconciler_drift_ignored gauge",
        "# TYPE reconciler_drift_errored gauge",
        "# TYPE reconciler_drift_run_timestamp_seconds gauge",
    ]
    assert drift_metrics(plan, differences(plan, {}, rules, TODAY), 1_700_000_000.0).splitlines()[2::3] == [
        "reconciler_datasets 1",
        "reconciler_datasets_read 1",
        "reconciler_drifted_datasets 1",
        "reconciler_pending_datasets 0",
        'reconciler_drift_differences{cause="unknown",facet="tags"} 1',
        "reconciler_drift_ignored 1",
        "reconciler_drift_errored 0",
        "reconciler_drift_run_timestamp_seconds 1700000000.0",
    ]


def test_what_was_not_applied_yet_is_measured_apart_from_drift() -> None:
    """Whoever is woken by drift is not woken by a merge."""
    plan = planned("tags", Drop(Tag("x")))
    applied = {ROLES.of("tags"): Applied({"x": "x"})}
    assert drift_metrics(plan, differences(plan, applied, (), TODAY), 0.0).splitlines()[8:12:3] == [
        "reconciler_drifted_datasets 0",
        "reconciler_pending_datasets 1",
    ]


def test_the_page_has_a_picture_of_what_was_applied() -> None:
    """A bar for each day of the last sixty; what is no moment is left out."""
    days = by_day(["2026-11-20T10:00:00+00:00", "2026-11-20T11:00:00+00:00", "2026-11-22T01:00:00+00:00", "never"])
    bars = history(days, TODAY)
    assert [(bar.x, bar.height, bar.says) for bar in bars] == [
        (342, 80.0, "2026-11-20: 2"),
        (354, 40.0, "2026-11-22: 1"),
    ]
    page = drift_html(
        planned("tags", Drop(Tag("x"))), differences(planned("tags", Drop(Tag("x"))), {}, (), TODAY), days, TODAY
    )
    assert page.count("<rect ") == 2
    assert "<script" not in page


def test_a_commit_can_stand_for_what_was_last_applied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In CI, where no log is kept, the commit of the last apply tells the two kinds of difference apart."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    sandbox = Sandbox()
    sandbox.seed(documents_seed())
    identifier = "94a4edfa-5926-4f0c-ad1e-a341f53f6113"
    with sandbox.serve() as server:
        git(tmp_path, "init", "--quiet")
        write(tmp_path, {"manifests/workspace.yaml": WORKSPACE.format(url=server.url)})
        write(tmp_path, {"manifests/principals.yaml": PRINCIPALS})
        write(tmp_path, {"manifests/roles.yaml": dataset("roles", "{tags: [gold]}", identifier)})
        applied = commit(tmp_path, "applied")
        assert run(["drift"]) == 0
        assert 'missing  tag "gold"\n\n' in capsys.readouterr().out
        write(tmp_path, {"manifests/roles.yaml": dataset("roles", "{tags: [gold, sales]}", identifier)})
        assert run(["drift", "--applied", applied, "--metrics", "drift.prom"]) == 0
        out = capsys.readouterr().out
        assert 'missing  tag "gold"\n                            (somebody changed it)\n' in out
        assert 'missing  tag "sales"\n                            (not applied yet)\n' in out
        assert "reconciler_drifted_datasets 1\n" in Path("drift.prom").read_text("utf-8")
        assert run(["drift", "--metrics", "nowhere/drift.prom"]) == 1
        assert run(["drift", "--applied", "nowhere"]) == 1
        assert "git-unreadable" in capsys.readouterr().err
    sandbox.close()
