"""No bytes make reading a plan crash: what is no plan is refused in one sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.core.plan import Plan
from reconciler.core.words import digest
from reconciler.report.document import DocumentError, Meta, decode, plan_json
from tests.report.report_examples import blocked, example, orders

META = Meta("0.1.0", "d1", "w1")


def signed(content: dict[str, Any]) -> str:
    """`content` with the plan id that fits it."""
    rest = {key: value for key, value in content.items() if key not in {"plan_id", "created_at"}}
    return json.dumps({**content, "plan_id": digest(rest)})


REFUSALS = [
    pytest.param("", "broken", "The file is not a plan: its JSON breaks at line 1, column 1.", id="empty"),
    pytest.param("{", "broken", "The file is not a plan: its JSON breaks at line 1, column 2.", id="torn"),
    pytest.param(b"\xff\xfe\x00", "broken", "The file is not a plan: it is not JSON in UTF-8.", id="binary"),
    pytest.param("[" * 100_000, "broken", "The file is not a plan: it is not JSON in UTF-8.", id="deep"),
    pytest.param('{"a": NaN}', "broken", "The file is not a plan: it is not JSON in UTF-8.", id="nan"),
    pytest.param("[]", "foreign", "The file is not a plan: it has no format_version.", id="list"),
    pytest.param("{}", "foreign", "The file is not a plan: it has no format_version.", id="object"),
    pytest.param(
        '{"format_version": "x"}', "foreign", "The file is not a plan: its format_version is not a version.", id="word"
    ),
    pytest.param(
        '{"format_version": "0.9"}', "foreign", "The plan has format 0.9, which no version wrote.", id="never"
    ),
    pytest.param(
        '{"format_version": "2.0"}',
        "newer",
        "The plan has format 2.0; this version reads 1.x: use the newer one.",
        id="newer",
    ),
    pytest.param(
        '{"format_version": "1.2", "resource_changes": []}',
        "foreign",
        "The file is not a plan: it has no plan_id.",
        id="terraform",
    ),
    pytest.param(
        signed({"format_version": "1.0"}),
        "foreign",
        "The file is not a plan: reconciler_version: Field required.",
        id="keys",
    ),
    pytest.param(
        plan_json(example(), META).replace("CAN_EDIT", "CAN_VIEW"),
        "altered",
        "The plan was altered after it was made: its plan_id does not fit its content.",
        id="altered",
    ),
]


@pytest.mark.parametrize(("data", "flaw", "sentence"), REFUSALS)
def test_what_is_no_plan_is_refused_in_one_sentence(data: str | bytes, flaw: str, sentence: str) -> None:
    """Each refusal says what is wrong."""
    with pytest.raises(DocumentError) as caught:
        decode(data)
    assert (caught.value.flaw, str(caught.value)) == (flaw, sentence)


def test_a_plan_of_a_later_minor_version_is_read() -> None:
    """Keys that this version does not know are ignored, and still part of the plan id."""
    content = json.loads(plan_json(blocked(), META))
    assert decode(signed({**content, "format_version": "1.7", "later": [{"key": 1}]})).plan == blocked()


def test_a_huge_file_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is larger than any plan is refused by its size."""
    monkeypatch.setattr("reconciler.report.document.opening.LARGEST", 2**20)
    with pytest.raises(DocumentError, match=r"^The plan file is larger than 1 MiB and was not read\.$"):
        decode(b"x" * (2**20 + 1))


def outcome(data: str | bytes) -> None:
    """Reads or refuses in one line; anything else is a traceback."""
    try:
        decode(data)
    except DocumentError as error:
        assert "\n" not in str(error)  # noqa: PT017 - both ends are fine


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_bytes_give_a_traceback(data: str | bytes) -> None:
    """Random bytes are refused."""
    outcome(data)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
@settings(max_examples=300)
def test_no_forged_plan_gives_a_traceback(data: st.DataObject) -> None:
    """A plan with a value replaced or removed and its plan id made to fit is read or refused."""
    content = json.loads(plan_json(Plan((*blocked().datasets, orders()), blocked().diagnostics), META))
    node: Any = content
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if not (isinstance(node[key], dict | list) and node[key] and data.draw(st.booleans())):
            break
        node = node[key]
    if data.draw(st.booleans()):
        node[key] = data.draw(ANY_JSON)
    else:
        del node[key]
    outcome(signed(content))
