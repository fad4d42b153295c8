"""JSON survives a read-modify-write."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.facets.schedule import Schedule
from reconciler.providers.http.jsontext import parse, write
from reconciler.sandbox import World, documents_seed
from tests.providers.connected import COVID, Start

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_read_is_written_as_it_was(value: object) -> None:
    """Byte for byte, when it was compact and unescaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        assert write(parse(text)) == text


@pytest.mark.parametrize(
    "number",
    ["20220513224325.628", "1667420783.0", "1.10", "1E5", "1e+05", "-0.0", "0.1e-7", "5e-324", "12345678901234567890"],
)
def test_numbers_keep_their_spelling(number: str) -> None:
    """A float would make 20220513224325.628 into 20220513224325.63."""
    assert write(parse(f'{{"n":[{number}]}}')) == f'{{"n":[{number}]}}'


NO_JSON = ["", "NaN", "[Infinity]", "{", "[" * 100_000, "\xff", "1" * 5000]
NESTED = ["[" * 101 + "]" * 101, '{"a":[' * 51 + "]}" * 51, '{"a":1,"b":' * 101 + "1" + "}" * 101]
BEYOND_REASON = ["1e99999999999999999999", "[1e5000]", "-1E400", "1e-5000"]


@pytest.mark.parametrize("text", [*NO_JSON, *BEYOND_REASON, *NESTED], ids=lambda text: text[:9])
def test_what_is_not_json_is_refused(text: str) -> None:
    """As one kind of error."""
    with pytest.raises(ValueError):  # noqa: PT011 - every kind of it
        parse(text.encode("latin-1"))


def test_what_is_read_can_be_written_however_deep_it_is() -> None:
    """Up to the deepest that is read at all, beside whatever else there is."""
    text = '{"a":[' * 50 + ",".join(["{},[]"] * 200) + "]}" * 50
    with pytest.raises(ValueError, match="nested deeper than 100 levels"):
        parse(text)
    text = '{"a":[' * 49 + ",".join(['{},[],"[[["'] * 200) + "]}" * 49
    assert write(parse(text)) == text


@pytest.mark.parametrize("each", ["1.5", "[]", '{"a":1}', "0"])
def test_what_would_fill_the_memory_is_not_taken(each: str) -> None:
    """A gzip bomb of 64 KiB unpacks to 64 MiB of JSON, and that to eight gigabytes of numbers."""
    with pytest.raises(ValueError, match="JSON with more than 2,000,000 values"):
        parse(f"[{','.join([each] * 2_000_001)}]")
    assert parse(f"[{','.join([each] * 1_000)}]") == [parse(each)] * 1_000


def test_a_lone_surrogate_survives() -> None:
    """It cannot be sent as UTF-8, but escaped it can."""
    assert write(parse(r'["\ud800ä"]')).encode() == rb'["\ud800\u00e4"]'


@pytest.mark.parametrize("world", ["documented", "observed"])
def test_a_stream_keeps_everything_but_its_schedule(start: Start, world: str) -> None:
    """Every other field, unknown ones included, is as it was; the index request's key to the last digit."""
    bench = start(World.parse(world))
    bench.sandbox.seed(_stream({"x-unknown": {"deep": [1, None, "ä"]}, "x-rate": 0.10}))
    before = bench.sandbox.snapshot()["domo"]["stream"]["371"]
    bench.write(COVID, "schedule", Schedule.of({"type": "DAY", "at": "07:00 AM", "timezone": "UTC"}, 3, "5 minutes"))
    after = bench.sandbox.snapshot()["domo"]["stream"]["371"]
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    ours = {"advancedScheduleJson", "scheduleRetryCount", "scheduleRetryExpression"}
    assert changed - {"scheduleExpression", "modifiedAt", "modifiedBy"} == ours
    assert str(after["lastExecution"]["indexRequestKey"]) == "20220513224325.628"
    (sent,) = [request.body for request in bench.sandbox.requests if request.method == "PUT"]
    assert '"indexRequestKey":20220513224325.628' in sent


def _stream(fields: dict[str, object]) -> dict[str, object]:
    seed = documents_seed()
    (stream,) = [stream for stream in seed["domo"]["streams"] if stream["id"] == 371]
    return {"domo": {"streams": [{**stream, **fields}]}}
