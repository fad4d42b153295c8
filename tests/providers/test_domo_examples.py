"""Document 002's examples for endpoints that no facet needs, replayed through the client."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from reconciler.providers.domo.dataset import Dataset
from tests.providers.test_domo_documents import CASSETTES, READS, WRITES, replay
from tests.providers.test_domo_endpoints import ACTIVITY

DAY = "2013-07-02"


def sent(name: str) -> Any:
    """The body that a cassette's request has."""
    cassette = yaml.safe_load((CASSETTES / f"{name}.yaml").read_text("utf-8"))
    body = cassette["interactions"][0]["request"]["body"]
    return json.loads(body) if body[:1] in {"{", "["} else body


EXAMPLES: dict[str, tuple[Callable[[Dataset], object], object]] = {
    "002-query-with-sql": (lambda d: d.api.query(d.id, sent("002-query-with-sql")["sql"]).rows[1][0], "XYZ789"),  # type: ignore[union-attr]
    "002-append-row": (lambda d: d.api.append_rows(d.id, sent("002-append-row")["data"]).upload_id, "4"),
    "002-stream-create": (lambda d: d.api.post_stream(sent("002-stream-create")).handed, False),
    "002-stream-update": (lambda d: d.api.put_stream("371", sent("002-stream-update")), None),
    "002-stream-execution-history": (lambda d: [run.current_state for run in d.api.runs("371", 1000)], ["SUCCESS"] * 2),
    "002-execute-dataset-stream": (lambda d: d.api.execute("371").handed, False),
    "002-remove-user": (lambda d: d.api.remove_user(d.id, "966365811"), None),
    "002-remove-users": (lambda d: d.api.remove_users(d.id, ["userId1", "userId2"]), None),
    "002-upload-stage-1": (lambda d: d.api.open_upload(d.id).upload_id, "10"),
    "002-upload-stage-2": (lambda d: d.api.put_part(d.id, "10", 1, sent("002-upload-stage-2")), None),
    "002-upload-stage-3": (lambda d: d.api.commit(d.id, "10", "APPEND", index=True), None),
    "002-partition-stage-1": (lambda d: d.api.open_partition_upload(d.id, DAY).upload_id, "12345"),
    "002-partition-stage-3": (lambda d: d.api.commit(d.id, "10", "APPEND", index=True, partition=DAY), None),
    "002-delete-data-version": (lambda d: d.api.delete_partition_data(d.id, DAY), None),
    "002-delete-partition-tag": (lambda d: d.api.delete_partition(d.id, DAY), None),
    "002-index-dataset-update": (lambda d: d.api.put_index(d.id, "20220513224325.628"), None),
    "002-change-dataset-properties": (lambda d: d.api.put_properties(d.id, {"dataProviderType": "new_type"}), None),
    "002-get-cards": (
        lambda d: [(card.title, card.owners[0].display_name) for card in d.api.cards(ACTIVITY)],
        [("Page Views by User", "Bryan Riff"), ("DataFlow Creation", "Scott Wilson")],
    ),
    "002-get-copy-status": (lambda d: d.api.copy_status(d.id).status, "COMPLETED"),
    "002-get-copy-log": (lambda d: d.api.copy_log(d.id)[1], "Data copied: 100 rows"),
    "002-get-dataset-details": (lambda d: d.api.details(d.id)["name"], "Dataset Name"),
    "002-get-dataset-history": (lambda d: [each.action for each in d.api.changes(d.id)], ["CREATE", "UPDATE"]),
    "002-update-dataset-permissions": (
        lambda d: d.api.put_permissions(d.id, sent("002-update-dataset-permissions")["permissions"]),
        None,
    ),
    "002-get-dataset-data": (lambda d: d.api.data(d.id).columns, ("column1", "column2")),
    "002-update-dataset-data": (
        lambda d: d.api.put_data(d.id, sent("002-update-dataset-data")["data"]),
        None,
    ),
    "002-get-dataset-query": (lambda d: d.api.query_text(d.id), "SELECT * FROM your_table"),
    "002-update-dataset-query": (lambda d: d.api.put_query_text(d.id, "SELECT * FROM new_table"), None),
    "002-get-dataset-sql": (lambda d: d.api.sql_text(d.id), "SELECT * FROM your_table"),
    "002-update-dataset-sql": (lambda d: d.api.put_sql_text(d.id, "SELECT * FROM new_table"), None),
    "002-get-dataset-dataflow": (lambda d: d.api.dataflow(d.id)["name"], "Dataflow Name"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_sent_as_shown_and_its_answer_is_understood(name: str) -> None:
    """Method, path, query and body match; the answer leads to what it shows."""
    use, expected = EXAMPLES[name]
    with replay(name) as dataset:
        assert use(dataset) == expected


def test_every_cassette_is_used_and_says_where_it_is_from() -> None:
    """A cassette nobody replays proves nothing."""
    names = {path.stem for path in CASSETTES.glob("00*.yaml")}
    assert names == {*EXAMPLES, *READS, *WRITES, "000-listing-dataset-versions", "002-create-dataset-copy"}
    for path in CASSETTES.glob("00*.yaml"):
        assert path.read_text("utf-8").startswith(f"# Document {path.name[:3]}, ")
