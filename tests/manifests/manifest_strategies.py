"""Valid manifests as data, and mutations of them."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import strategies as st

from reconciler.facets import FACETS

slugs = st.sampled_from(["a", "ada", "data-eng", "X_1", "9"])
texts = st.sampled_from(["x", "gold", "a b", "ä: #", "1.10", "NO", "\u202ex", "-x"]) | st.text(
    "ab: #é", min_size=1, max_size=6
)
names = texts.filter(lambda text: text == text.strip())
refs = st.sampled_from(["user:ada", "group:data-eng", "user:#1", "group:#g 1"])
days = st.dates().map(lambda day: day.isoformat())
spans = st.sampled_from(["30d", "1y6m", "12h", "0d", "99999h"])
modes = st.sampled_from(["authoritative", "additive"])
facets = st.sampled_from([facet.name for facet in FACETS])


def some(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


def few(items: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, min_size=least, max_size=3)


grants = few(some({"principal": refs, "access": texts}, {"expires": days, "reason": texts}))
pins = few(some({"id": texts | st.integers(), "reason": texts}, {"until": days}))
counts = st.integers(0, 50)
guards = some({}, {"minVersions": st.integers(1, 9), "minAge": spans, "maxDeletes": counts, "maxDeletePercent": counts})
retention = some(
    {},
    {
        "keepLast": counts,
        "keepWithin": spans,
        "keepMonthly": counts,
        "keepWithinDaily": spans,
        "pins": pins,
        "legalHold": some({"reason": texts, "by": texts}, {}),
        "prune": st.booleans(),
        "activeData": st.sampled_from(["keep", "delete"]),
        "guards": guards,
    },
)
values = st.none() | st.booleans() | counts | texts
members = st.dictionaries(texts, values | st.dictionaries(texts, values, max_size=2) | few(values), max_size=3)
visibilities = st.sampled_from(["PRIVATE", "ORG", "PUBLIC"])
versions = few(
    some(
        {"id": texts},
        {
            "description": texts,
            "metadata": members,
            "visibility": visibilities,
            "name": texts,
            "datasetFilter": texts,
        },
    )
)
spec = some(
    {},
    {
        "owner": refs | some({"principal": refs}, {}),
        "schema": some({"columns": few(some({"name": texts, "type": texts}, {"renamedFrom": texts}), 1)}, {}),
        "tags": few(texts) | some({}, {"mode": modes, "values": few(texts), "ignore": few(texts)}),
        "permissions": grants | some({}, {"mode": modes, "grants": grants}),
        "schedule": some(
            {"type": texts}, {"timezone": texts, "retry": some({"count": counts}, {"every": texts}), "at": texts}
        ),
        "retention": retention,
        "versions": versions | some({}, {"declared": versions}),
        "properties": some({}, {"name": texts, "description": texts, "providerType": texts}),
        "definition": some({}, {"sql": texts, "query": texts}),
    },
)


def kind(name: str, rest: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return some({"apiVersion": st.just("reconciler/v1"), "kind": st.just(name), **rest}, optional)


allows = few(some({"guard": texts, "reason": texts, "until": days}, {}))
metadata = some({"name": names, "target": slugs}, {"id": texts, "profiles": few(slugs), "allow": allows})
limits = st.integers(0, 10**9 - 1) | st.sampled_from(["30%", "5"])
targets = some(
    {
        "provider": st.sampled_from(["domo", "clarifai"]),
        "url": st.sampled_from(["https://acme.domo.com", "http://127.0.0.1:8080", "sandbox:"]),
        "token": st.sampled_from([{"env": "T"}, {"file": "t"}]),
    },
    {
        "actor": refs,
        "concurrency": st.integers(1, 64),
        "requestsPerSecond": st.integers(1, 1000) | st.floats(0.5, 1000),
        "userId": texts,
        "appId": texts,
    },
)
users = st.dictionaries(
    slugs, some({"id": texts}, {"name": texts, "email": texts, "service": st.booleans()}), max_size=3
)
groups = st.dictionaries(slugs, some({"id": texts}, {"name": texts, "members": few(slugs)}), max_size=3)
ignores = few(some({"facet": facets, "reason": texts, "until": days}, {"dataset": texts, "key": texts}))
rules = few(
    some(
        {"name": slugs, "expression": texts, "message": texts},
        {"severity": st.sampled_from(["error", "warning"]), "hint": texts},
    ),
    1,
)
manifests = st.one_of(
    kind("Dataset", {"metadata": metadata, "spec": spec}, {}),
    kind("Profile", {"metadata": some({"name": slugs}, {}), "spec": spec}, {}),
    kind("Principals", {"target": slugs}, {"users": users, "groups": groups}),
    kind(
        "Workspace",
        {"targets": st.dictionaries(slugs, targets, min_size=1, max_size=3)},
        {
            "guards": some({}, {"maxChangedDatasets": limits, "maxRevocations": limits, "maxVersionDeletions": limits}),
            "driftIgnore": ignores,
        },
    ),
    kind("Policy", {"metadata": some({"name": slugs}, {}), "spec": some({"rules": rules}, {})}, {}),
)

SCRAPS: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 1.5, 10**12, "", "x", " x ", "user:", "user:ada", "2026-02-30", "20260101"),
    *(
        "30d",
        "1d1d",
        "-1",
        "101%",
        "2026-01-01",
        2**53,
        2**53 + 1,
        1e300,
        [],
        {},
        [[]],
        {"x": 1},
        ["x", "x"],
        [1],
        {"env": "T"},
        "http://x.y",
    ),
)
"""What mutations put in the place of something else."""


def mutated(data: Any, random: Random) -> Any:
    """`data` with one to three of its places changed, left out or added to."""
    data = deepcopy(data)
    for _ in range(random.randint(1, 3)):
        places = list(_places(data))
        holder, key = random.choice(places)
        match random.randrange(4):
            case 0:
                holder.pop(key)
            case 1 if isinstance(holder, dict):
                holder[random.choice(["extra", f"{key}s", key.upper()])] = deepcopy(random.choice(SCRAPS))
            case 2 if isinstance(holder, list):
                holder.append(deepcopy(holder[key]))
            case _:
                holder[key] = deepcopy(random.choice(SCRAPS))
        if not data:
            return data
    return data


def _places(data: Any) -> Any:
    for key, value in list(data.items()) if isinstance(data, dict) else list(enumerate(data)):
        yield data, key
        if isinstance(value, dict | list) and value:
            yield from _places(value)
