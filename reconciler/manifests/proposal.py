"""A retention policy that somebody proposes, in a file of its own: what stands under `spec` of a manifest."""

from pydantic import ValidationError

from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory
from reconciler.facets import BY_NAME, Model
from reconciler.facets.retention import RetentionSection

from .findings import findings, source
from .problems import told
from .yaml import Document, read


class ProposalModel(Model):
    """The whole file."""

    retention: RetentionSection


def read_proposal(file: str, content: bytes) -> RetentionSection | tuple[Diagnostic, ...]:
    """The policy in a file, or everything that is wrong with it; `file` is what the user calls it."""
    reading = read(content)
    if reading.problems:
        return told(reading.problems, file)
    if len(reading.documents) != 1 or not isinstance(reading.documents[0].data, dict):
        hint = "Write what stands under spec of a manifest: retention: {keepLast: 5}."
        return (Diagnostic("invalid-type", "error", "a proposed policy is one mapping", None, hint, Source(file, 1)),)
    document = reading.documents[0]
    try:
        section = ProposalModel.model_validate(document.data).retention
    except ValidationError as error:
        return tuple(findings(error, ProposalModel, document, file))
    return tuple(_complaints(section, document, file)) or section


def _complaints(section: RetentionSection, document: Document, file: str) -> list[Diagnostic]:
    facet = BY_NAME["retention"]
    found = [*facet.check(section, Capabilities(frozenset()), Directory()), *facet.check_whole(section)]
    return [
        Diagnostic(item.code, "error", item.summary, None, item.hint, source(document, ("retention", *item.path), file))
        for item in found
    ]
