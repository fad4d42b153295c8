"""A review as JSON has it. The source of its JSON Schema."""

from typing import Literal, Self

from reconciler.planning.review import Action, Kind, Remark
from reconciler.report.document.models import DiagnosticEntry, Part, Place

from .figures import Figures


class PrincipalEntry(Part):
    """A user or a group."""

    principal: str
    principal_id: str


class HoldEntry(Part):
    """Somebody's access, and how they come by it."""

    access: str
    via: PrincipalEntry | None
    """The group that a person has it through."""
    expires: str | None
    """The last day on which anything gives it (ISO 8601, UTC)."""
    then: Self | None
    """What is left after that day."""


class MoveEntry(PrincipalEntry):
    """What happens to somebody's access to one dataset."""

    dataset: str
    kind: Kind
    """Of declare, release and keep only live state can tell whether anything happens."""
    before: HoldEntry | None
    after: HoldEntry | None
    remarks: list[Remark]
    """Why to look twice."""


class SaidEntry(Part):
    """One thing that the manifests say otherwise than before."""

    what: str
    """The facet, or what else of a dataset or a workspace."""
    op: Literal["add", "drop", "modify"]
    words: str


class EndingEntry(Part):
    """A grant with a last day."""

    principal: PrincipalEntry
    access: str
    expires: str
    """ISO 8601, UTC."""
    reason: str | None


class ReviewedEntry(Part):
    """A dataset about which the two trees differ."""

    address: str
    action: Action
    """new, gone: among the manifests. No dataset is ever deleted because its manifest went."""
    source: Place | None
    changes: list[SaidEntry]
    ending: list[EndingEntry]


class PlaceEntry(Part):
    """What changed beside datasets, in one place."""

    where: str
    changes: list[SaidEntry]


class ReviewerEntry(Part):
    """Who should approve, and what."""

    owner: PrincipalEntry | None
    """Null: nobody says who owns these."""
    datasets: list[str]


class ReviewDocument(Part):
    """Two trees of manifests compared, without live state."""

    format_version: str
    base: str
    """The full id of the commit that the head branched off."""
    head: str
    """The full id of a commit, or `work tree`."""
    summary: Figures
    datasets: list[ReviewedEntry]
    workspace: list[PlaceEntry]
    access_changes: list[MoveEntry]
    reviewers: list[ReviewerEntry]
    diagnostics: list[DiagnosticEntry]
