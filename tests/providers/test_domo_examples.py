"""Document 002's examples for endpoints that no facet needs, replayed through the client."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from reconciler.providers.domo.client.everything import Everything
from tests.providers.test_domo_documents import CASSETTES, READS, WRITES, replay
from tests.providers.test_domo_endpoints import ACTIVITY

DAY = "2013-07-02"


def sent(name: str) -> Any:
    """The body that a cassette's request has."""
    cassette = yaml.safe_load((CASSETTES / f"{name}.yaml").read_text("utf-8"))
    body = cassette["interactions"][0]["request"]["body"]
    return json.loads(body) if body[:1] in {"{", "["} else body


EXAMPLES: dict[str, tuple[Callable[[Everything, str], object], object]] = {
    "002-query-with-sql": (lambda api, key: api.query(key, sent("002-query-with-sql")["sql"]).rows[1][0], "XYZ789"),  # type: ignore[union-attr]
    "002-append-row": (lambda api, key: api.append_rows(key, sent("002-append-row")["data"]).upload_id, "4"),
    "002-stream-create": (lambda api, _: api.post_stream(sent("002-stream-create")).handed, False),
    "002-stream-update": (lambda api, _: api.put_stream("371", sent("002-stream-update")), None),
    "002-stream-execution-history": (
        lambda api, _: [run.current_state for run in api.runs("371", 1000)],
        ["SUCCESS"] * 2,
    ),
    "002-execute-dataset-stream": (lambda api, _: api.execute("371").handed, False),
    "002-remove-user": (lambda api, key: api.remove_user(key, "966365811"), None),
    "002-remove-users": (lambda api, key: api.remove_users(key, ["userId1", "userId2"]), None),
    "002-upload-stage-1": (lambda api, key: api.open_upload(key).upload_id, "10"),
    "002-upload-stage-2": (lambda api, key: api.put_part(key, "10", 1, sent("002-upload-stage-2")), None),
    "002-upload-stage-3": (lambda api, key: api.commit(key, "10", "APPEND", index=True), None),
    "002-partition-stage-1": (lambda api, key: api.open_partition_upload(key, DAY).upload_id, "12345"),
    "002-partition-stage-3": (lambda api, key: api.commit(key, "10", "APPEND", index=True, partition=DAY), None),
    "002-delete-data-version": (lambda api, key: api.delete_partition_data(key, DAY), None),
    "002-delete-partition-tag": (lambda api, key: api.delete_partition(key, DAY), None),
    "002-index-dataset-update": (lambda api, key: api.put_index(key, "20220513224325.628"), None),
    "002-change-dataset-properties": (lambda api, key: api.put_properties(key, {"dataProviderType": "new_type"}), None),
    "002-get-cards": (
        lambda api, _: [(card.title, card.owners[0].display_name) for card in api.cards(ACTIVITY)],
        [("Page Views by User", "Bryan Riff"), ("DataFlow Creation", "Scott Wilson")],
    ),
    "002-get-copy-status": (lambda api, key: api.copy_status(key).status, "COMPLETED"),
    "002-get-copy-log": (lambda api, key: api.copy_log(key)[1], "Data copied: 100 rows"),
    "002-get-dataset-details": (lambda api, key: api.details(key)["name"], "Dataset Name"),
    "002-get-dataset-history": (lambda api, key: [each.action for each in api.changes(key)], ["CREATE", "UPDATE"]),
    "002-update-dataset-permissions": (
        lambda api, key: api.put_permissions(key, sent("002-update-dataset-permissions")["permissions"]),
        None,
    ),
    "002-get-dataset-data": (lambda api, key: api.data(key).columns, ("column1", "column2")),
    "002-update-dataset-data": (
        lambda api, key: api.put_data(key, sent("002-update-dataset-data")["data"]),
        None,
    ),
    "002-get-dataset-query": (lambda api, key: api.query_text(key), "SELECT * FROM your_table"),
    "002-update-dataset-query": (lambda api, key: api.put_query_text(key, "SELECT * FROM new_table"), None),
    "002-get-dataset-sql": (lambda api, key: api.sql_text(key), "SELECT * FROM your_table"),
    "002-update-dataset-sql": (lambda api, key: api.put_sql_text(key, "SELECT * FROM new_table"), None),
    "002-get-dataset-dataflow": (lambda api, key: api.dataflow(key)["name"], "Dataflow Name"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_sent_as_shown_and_its_answer_is_understood(name: str) -> None:
    """Method, path, query and body match; the answer leads to what it shows."""
    use, expected = EXAMPLES[name]
    with replay(name) as dataset:
        assert use(Everything(dataset.api.http), dataset.id) == expected


def test_every_cassette_is_used_and_says_where_it_is_from() -> None:
    """A cassette nobody replays proves nothing."""
    names = {path.stem for path in CASSETTES.glob("00*.yaml")}
    assert names == {*EXAMPLES, *READS, *WRITES, "000-listing-dataset-versions", "002-create-dataset-copy"}
    for path in CASSETTES.glob("00*.yaml"):
        assert path.read_text("utf-8").startswith(f"# Document {path.name[:3]}, ")
