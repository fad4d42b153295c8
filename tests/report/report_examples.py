"""Plans that the tests of this folder render."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Add, Drop, Modify
from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.core.plan import AccessChange, DatasetPlan, Dependent, Plan, Read, Step
from reconciler.core.principals import Principal
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.schedule import Schedule
from reconciler.facets.schema import Column
from reconciler.facets.tags import Tag

ADA = Principal("user", "100", "ada")
BO = Principal("user", "101", "bo")
CHI = Principal("user", "102", "chi")
DEE = Principal("user", "103", "dee")
DATA_ENG = Principal("group", "g1", "data-eng")

ORDERS = Address("acme", "orders")
ID = Column("id", "LONG")
REGION = Column("region", "STRING")


def orders_steps() -> tuple[Step, ...]:
    """The steps of the contract's example."""
    edit, view = Grant(DATA_ENG, "CAN_EDIT"), Grant(DEE, "CAN_VIEW")
    alter = Step(ORDERS.of("schema"), "alter", (Add(REGION),), (ID, REGION))
    grant = Step(ORDERS.of("permissions"), "grant", (Add(edit),), (edit, view), risk="sensitive")
    owner = Modify(Owner(ADA), Owner(BO), ("principal",))
    transfer = Step(ORDERS.of("owner"), "transfer", (owner,), (Owner(BO),), (alter.id, grant.id), "sensitive")
    revoke = Step(ORDERS.of("permissions"), "revoke", (Drop(view),), (edit,), (grant.id, transfer.id), "sensitive")
    return (alter, grant, transfer, revoke)


def orders() -> DatasetPlan:
    """The contract's example dataset."""
    return DatasetPlan(
        ORDERS,
        "domo",
        "44c5d1b9",
        "update",
        orders_steps(),
        Source("manifests/orders.yaml", 4),
        {
            "schema": [{"name": "id", "type": "LONG"}],
            "permissions": [{"principal": "user:dee", "id": "103", "access": "CAN_VIEW"}],
            "owner": {"principal": "user:ada", "id": "100"},
        },
        {
            "schema": [{"name": "id", "type": "LONG"}, {"name": "region", "type": "STRING"}],
            "permissions": [{"principal": "group:data-eng", "id": "g1", "access": "CAN_EDIT"}],
            "owner": {"principal": "user:bo", "id": "101"},
        },
        (
            AccessChange(ORDERS, ADA, "OWNER", "CAN_EDIT", DATA_ENG),
            AccessChange(ORDERS, BO, None, "OWNER"),
            AccessChange(ORDERS, CHI, None, "CAN_EDIT", DATA_ENG),
            AccessChange(ORDERS, DEE, "CAN_VIEW", None),
        ),
        read=Read(ORDERS, 4, complete=True),
    )


def unchanged(index: int) -> DatasetPlan:
    """A dataset with nothing to do."""
    address = Address("acme", f"table-{index:02}")
    source = Source("manifests/tables.yaml", index * 10)
    return DatasetPlan(address, "domo", f"id-{index}", "no-op", (), source, read=Read(address, 4, complete=True))


def example() -> Plan:
    """The contract's example plan."""
    return Plan((orders(), *(unchanged(index) for index in range(1, 12))))


def created() -> DatasetPlan:
    """A dataset that does not exist yet, with a long schedule."""
    address = Address("acme", "clients")
    schedule = Schedule.of(
        {"type": "DAY", "at": "03:30 PM", "timezone": "America/Denver", "weekdays": ["MON", "WED", "FRI"]}, 3, "15 min"
    )
    create = Step(address.of("schema"), "create", (Add(ID),), (ID,))
    tag = Step(address.of("tags"), "tag", (Add(Tag("gold")),), (Tag("gold"),), (create.id,))
    time = Step(address.of("schedule"), "reschedule", (Add(schedule),), (schedule,), (create.id,))
    source = Source("manifests/clients.yaml", 3)
    return DatasetPlan(
        address, "domo", None, "create", (create, tag, time), source, read=Read(address, 0, complete=True)
    )


def blocked() -> Plan:
    """A plan that two guards hold, one of them for good."""
    address = Address("acme", "sales 2026")
    gone = Drop(Column("amt", "DECIMAL"))
    step = Step(address.of("schema"), "alter", (Add(REGION), gone), (REGION,), (), "destructive", reversible=False)
    dataset = DatasetPlan(address, "domo", "7", "update", (step,), read=Read(address, 3, complete=True))
    findings: tuple[Diagnostic, ...] = (
        Diagnostic(
            "column-dropped",
            "blocked",
            'column "amt" would be dropped, with its data',
            address.of("schema"),
            "If it was renamed, say renamedFrom; else allow it for this dataset.",
        ),
    )
    findings = (
        Diagnostic("actor-locked-out", "blocked", "user:bot could no longer administer", address.of("permissions")),
        *findings,
    )
    return Plan((dataset, created()), findings)


def broken() -> Plan:
    """A column goes from a dataset that two cards read, one of them nobody's and without a title."""
    dataset, *_ = blocked().datasets
    impact = (Dependent("card", "31", "Revenue", ("Bo Ray", "group:#7")), Dependent("card", "32", ""))
    return Plan((replace(dataset, impact=impact),))


def several() -> Plan:
    """Data lost, access lost, changed and gained, two guards, a created dataset."""
    return Plan((orders(), *blocked().datasets, unchanged(1)), blocked().diagnostics)


def hostile(name: str) -> Plan:
    """A plan in which everything a stranger names is called `name`."""
    address = Address("acme", name or "x")
    steps = (
        Step(address.of("tags"), "tag", (Add(Tag(name)),), (Tag(name),)),
        Step(address.of("schema"), "alter", (Drop(Column(name, name)),), (), (), "destructive"),
    )
    who, group = Principal("user", name, name), Principal("group", name, name)
    access = (AccessChange(address, who, name, None, group), AccessChange(address, who, None, name, group))
    read = Read(address, 1, complete=True)
    impact = (Dependent("card", "1", name, (name,)),)
    finding = Diagnostic("column-dropped", "blocked", name, address, name)
    dataset = DatasetPlan(address, "domo", "1", "update", steps, None, {}, {}, access, impact=impact, read=read)
    return Plan((dataset,), (finding,))


def many(count: int) -> Plan:
    """Many changed datasets; the last one also takes access from somebody."""
    datasets = []
    for index in range(count):
        address = Address("acme", f"table-{index:05}")
        step = Step(address.of("tags"), "tag", (Add(Tag("gold")),), (Tag("gold"),))
        access = (AccessChange(address, ADA, None, "CAN_VIEW"),)
        read = Read(address, 1, complete=True)
        datasets.append(DatasetPlan(address, "domo", "1", "update", (step,), None, {}, {}, access, read=read))
    last = datasets[-1]
    datasets[-1] = replace(last, access=(AccessChange(last.address, ADA, "CAN_VIEW", None),))
    return Plan(tuple(datasets))
