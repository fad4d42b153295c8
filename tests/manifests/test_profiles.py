"""Profiles and the dataset that uses them: what they come to, and what is refused because of what they come to."""

from __future__ import annotations

from pathlib import Path

from reconciler.app.origins import explained
from reconciler.app.workspaces import check
from reconciler.report import diagnostics_text

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: https://acme.example, token: {env: T}}
---
apiVersion: reconciler/v1
kind: Principals
target: acme
users:
  ada: {id: "100"}
  bo: {id: "101"}
"""


def workspace(folder: Path, dataset: str, *profiles: str) -> Path:
    """A workspace in `folder`, relative to which it is: a dataset and its profiles, each given as its spec in flow."""
    names = [f"p{number}" for number, _ in enumerate(profiles, 1)]
    for name, spec in zip(names, profiles, strict=True):
        text = f"apiVersion: reconciler/v1\nkind: Profile\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"
        (folder / f"{name}.yaml").write_text(text)
    metadata = f'metadata: {{name: orders, target: acme, id: "1", profiles: [{", ".join(names)}]}}'
    (folder / "orders.yaml").write_text(f"apiVersion: reconciler/v1\nkind: Dataset\n{metadata}\nspec: {{{dataset}}}\n")
    (folder / "workspace.yaml").write_text(WORKSPACE)
    return folder


def refused(folder: Path) -> str:
    return diagnostics_text(check(folder).diagnostics).replace(f"{folder}/", "")


def origins(folder: Path) -> str:
    """Every value of the dataset that does not come from a default."""
    return "".join(
        f"{address.facet} {origin.field}: {origin.value} {origin.source}\n".replace(f"{folder}/", "")
        for address, told in explained(folder, "acme/orders").items()
        for origin in told or ()
        if origin.source
    )


def test_one_person_in_two_spellings_is_one(tmp_path: Path) -> None:
    """By key and by id: profiles that grant him different levels disagree, and the dataset settles it either way."""
    bo = 'permissions: [{principal: user:bo, access: CAN_EDIT}, {principal: "user:#7", access: CAN_VIEW}]'
    him = 'permissions: [{principal: "user:#101", access: CAN_VIEW}]'
    assert refused(workspace(tmp_path, "tags: []", bo, him)) == (
        "Error:\n"
        "orders.yaml:3:59: profile-conflict its profiles disagree on permissions: grants user:bo\n"
        "  Say it in the dataset itself; what the dataset says wins.\n"
    )
    assert origins(workspace(tmp_path, him, bo, him)) == (
        'permissions grants: {principal: "user:#101", access: CAN_VIEW} orders.yaml:4:22\n'
        'permissions grants: {principal: "user:#7", access: CAN_VIEW} p1.yaml:4:62\n'
    )


def test_profiles_that_name_one_owner_in_two_spellings_agree(tmp_path: Path) -> None:
    """Of two people, they do not."""
    assert refused(workspace(tmp_path, "tags: []", "owner: user:bo", 'owner: "user:#101"')) == ""
    assert refused(workspace(tmp_path, "tags: []", "owner: user:bo", 'owner: "user:#100"')) == (
        "Error:\n"
        "orders.yaml:3:59: profile-conflict its profiles disagree on owner: principal\n"
        "  Say it in the dataset itself; what the dataset says wins.\n"
    )


ZONED = 'schedule: {type: DAY, at: "06:00 AM", timezone: UTC, scheduleState: ACTIVE}'
DAILY = ZONED.replace("}", ', retry: {count: 3, every: "15 minutes"}}')


def test_a_schedule_of_another_type_takes_nothing_over_that_belongs_to_the_profile_s(tmp_path: Path) -> None:
    """Its zone stays, unless it is an expression; its retries stay, one by one; a pause stays, whatever is paused."""
    folder = workspace(tmp_path, 'schedule: {type: EXPRESSION, expression: "0 0 7 * * ?"}', DAILY)
    assert refused(folder) == ""
    assert origins(folder) == (
        "schedule type: EXPRESSION orders.yaml:4:25\n"
        "schedule retry.count: 3 p1.yaml:4:99\n"
        "schedule retry.every: 15 minutes p1.yaml:4:109\n"
        'schedule expression: "0 0 7 * * ?" orders.yaml:4:49\n'
    )
    assert origins(workspace(tmp_path, "schedule: {type: MANUAL, retry: {count: 5}}", DAILY)) == (
        "schedule type: MANUAL orders.yaml:4:25\n"
        "schedule timezone: UTC p1.yaml:4:56\n"
        "schedule retry.count: 5 orders.yaml:4:48\n"
        "schedule retry.every: 15 minutes p1.yaml:4:109\n"
    )
    paused = DAILY.replace("ACTIVE", "INACTIVE")
    assert origins(workspace(tmp_path, "schedule: {type: HOUR, interval: 2, timezone: Asia/Tokyo}", paused)) == (
        "schedule type: HOUR orders.yaml:4:25\n"
        "schedule timezone: Asia/Tokyo orders.yaml:4:54\n"
        "schedule retry.count: 3 p1.yaml:4:101\n"
        "schedule retry.every: 15 minutes p1.yaml:4:111\n"
        "schedule scheduleState: INACTIVE p1.yaml:4:76\n"
        "schedule interval: 2 orders.yaml:4:41\n"
    )


def test_a_schedule_of_the_same_type_is_merged_field_by_field(tmp_path: Path) -> None:
    """As everything else is."""
    assert origins(workspace(tmp_path, 'schedule: {type: DAY, at: "07:00 AM"}', DAILY)) == (
        "schedule type: DAY orders.yaml:4:25\n"
        "schedule timezone: UTC p1.yaml:4:56\n"
        "schedule retry.count: 3 p1.yaml:4:99\n"
        "schedule retry.every: 15 minutes p1.yaml:4:109\n"
        "schedule at: 07:00 AM orders.yaml:4:34\n"
        "schedule scheduleState: ACTIVE p1.yaml:4:76\n"
    )


def test_profiles_whose_schedules_are_of_two_types_disagree(tmp_path: Path) -> None:
    """The dataset settles it by another type, and then nothing of theirs is left to disagree on."""
    early, weekly = 'schedule: {type: DAY, at: "06:00 AM"}', "schedule: {type: WEEK, day: 2}"
    late = 'schedule: {type: DAY, at: "09:00 PM"}'
    assert refused(workspace(tmp_path, "tags: []", early, weekly)) == (
        "Error:\n"
        "orders.yaml:3:59: profile-conflict its profiles disagree on schedule: type\n"
        "  Say it in the dataset itself; what the dataset says wins.\n"
    )
    assert refused(workspace(tmp_path, "schedule: {type: MANUAL}", early, weekly, late)) == ""
    assert refused(workspace(tmp_path, "schedule: {type: DAY}", early, weekly, late)) == (
        "Error:\n"
        "orders.yaml:3:59: profile-conflict its profiles disagree on schedule: at\n"
        "  Say it in the dataset itself; what the dataset says wins.\n"
    )


def test_what_a_merged_schedule_lacks_is_told(tmp_path: Path) -> None:
    """Of an expression or a wait that neither says; each may come from the profile."""
    expression = 'schedule: {type: EXPRESSION, expression: "0 0 7 * * ?"}'
    assert refused(workspace(tmp_path, "schedule: {type: EXPRESSION}", expression)) == ""
    assert refused(workspace(tmp_path, "schedule: {type: EXPRESSION, retry: {count: 2}}", ZONED)) == (
        "Error:\n"
        "orders.yaml:4:18: invalid-value expression is missing\n"
        '  Write a Quartz expression: expression: "0 0 6 ? * MON-FRI".\n'
        "orders.yaml:4:44: invalid-value retry.every is missing\n"
        '  Say how long to wait: "15 minutes".\n'
    )


def test_a_rename_that_contradicts_the_other_columns_is_refused(tmp_path: Path) -> None:
    """From its own name, from a column that stays, or twice from one; once for each place where it stands."""
    columns = (
        "{name: a, type: LONG}, {name: b, type: LONG, renamedFrom: a}, {name: c, type: LONG, renamedFrom: c}, "
        "{name: d, type: LONG, renamedFrom: x}, {name: e, type: LONG, renamedFrom: x}, "
        "{name: f, type: LONG, renamedFrom: y}"
    )
    assert refused(workspace(tmp_path, f"schema: {{columns: [{columns}]}}")) == (
        "Error:\n"
        'orders.yaml:4:85: rename-contradicted column "b" is renamedFrom "a", which is listed beside it\n'
        '  Take column "a" out; or renamedFrom, where the rename was applied.\n'
        'orders.yaml:4:124: rename-contradicted column "c" is renamedFrom its own name\n'
        "  Take renamedFrom out.\n"
        'orders.yaml:4:163: rename-contradicted column "d" is renamedFrom "x", and so is another\n'
        '  Say it on the one that is to have the data of "x".\n'
        'orders.yaml:4:202: rename-contradicted column "e" is renamedFrom "x", and so is another\n'
        '  Say it on the one that is to have the data of "x".\n'
    )


def test_a_rename_that_contradicts_a_column_of_a_profile_is_refused(tmp_path: Path) -> None:
    """Where the dataset says its schema: each of the two is sound by itself."""
    old = "schema: {columns: [{name: a, type: LONG}]}"
    assert refused(workspace(tmp_path, "schema: {columns: [{name: b, type: LONG, renamedFrom: a}]}", old)) == (
        "Error:\n"
        'orders.yaml:4:26: rename-contradicted column "b" is renamedFrom "a", which is listed beside it\n'
        '  Take column "a" out; or renamedFrom, where the rename was applied.\n'
    )


def test_of_nested_settings_profiles_disagree_and_the_dataset_settles_one_by_one(tmp_path: Path) -> None:
    """A limit said beside the one in dispute settles nothing; limits that do not contradict each other unite."""
    strict = "retention: {keepLast: 1, guards: {minVersions: 50, minAge: 9y}}"
    lax = "retention: {keepLast: 1, guards: {minVersions: 1, minAge: 0d}}"
    assert refused(workspace(tmp_path, "retention: {guards: {maxDeletes: 20, minVersions: 3}}", strict, lax)) == (
        "Error:\n"
        "orders.yaml:3:59: profile-conflict its profiles disagree on retention: guards.minAge\n"
        "  Say it in the dataset itself; what the dataset says wins.\n"
    )
    assert refused(workspace(tmp_path, "retention: {guards: {minAge: 1d, minVersions: 3}}", strict, lax)) == ""
    few = "retention: {keepLast: 1, guards: {maxDeletes: 3}}"
    assert refused(workspace(tmp_path, "tags: []", strict, few)) == ""
    assert origins(workspace(tmp_path, "retention: {prune: true}", strict, few)) == (
        "retention keepLast: 1 p2.yaml:4:30\n"
        "retention prune: true orders.yaml:4:27\n"
        "retention guards.minVersions: 50 p1.yaml:4:55\n"
        "retention guards.minAge: 9y p1.yaml:4:67\n"
        "retention guards.maxDeletes: 3 p2.yaml:4:54\n"
    )
    often = 'schedule: {type: DAY, at: "06:00 AM", retry: {count: 5, every: "1 minutes"}}'
    seldom = often.replace("5", "1").replace('"1 minutes"', '"60 minutes"')
    assert refused(workspace(tmp_path, "schedule: {type: DAY, retry: {count: 3}}", often, seldom)) == (
        "Error:\n"
        "orders.yaml:3:59: profile-conflict its profiles disagree on schedule: retry.every\n"
        "  Say it in the dataset itself; what the dataset says wins.\n"
    )
