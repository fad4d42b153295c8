"""The reader against ruamel.yaml, an independent YAML 1.2 parser, on data both accept."""

import io
import re
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.manifests.test_yaml_layouts import DATA, Layouts, ours, typed


def theirs(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


def dumped(data: object, *, flow: bool) -> str:
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style, writer.allow_unicode = flow, True
    writer.width = 10**6  # ruamel folds long keys too, and then no parser takes them back
    stream = io.StringIO()
    writer.dump(data, stream)
    return stream.getvalue()


@settings(max_examples=150, deadline=None)
@given(data=DATA, flow=st.booleans())
def test_what_ruamel_writes_is_read_as_it_was(data: object, flow: bool) -> None:  # noqa: FBT001
    """Any data written by ruamel comes back, the same as ruamel itself reads it."""
    text = dumped(data, flow=flow)
    assume(not re.search(r"[\[{,\s][:?][^\s]", text))  # refused inside brackets, where libyaml misreads it
    assert typed(ours(text)) == typed(theirs(text))


@settings(max_examples=150, deadline=None)
@given(data=DATA, seed=st.integers(0, 2**32))
def test_ruamel_reads_every_layout_the_same(data: object, seed: int) -> None:
    """Both readers agree on layouts that neither of them wrote."""
    text = Layouts(Random(seed)).document(data)  # noqa: S311
    assert typed(ours(text)) == typed(theirs(text))
