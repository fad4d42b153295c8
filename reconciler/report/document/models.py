"""The saved plan as JSON has it: Terraform's skeleton, with our keys beside it. The source of its JSON Schema."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from reconciler.core.diagnostics import Severity
from reconciler.core.plan import Action, Risk

Words: TypeAlias = Any
"""A value as a manifest would say it; which shape it has is its facet's to say."""


def _moment(value: str) -> str:
    try:
        datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        msg = "it is no moment in ISO 8601"
        raise ValueError(msg) from None
    return value


Moment: TypeAlias = Annotated[str, AfterValidator(_moment)]
"""A moment in ISO 8601, UTC."""


class Part(BaseModel):
    """Strict, and open to keys of later minor versions."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        from reconciler.facets.docstrings import describe  # noqa: PLC0415 - only schemas need words

        reference = handler(core_schema)
        describe(cls, handler.resolve_ref_schema(reference)["properties"])
        return reference


class SourceCommit(Part):
    """The manifests a plan was made from."""

    commit: str | None
    """The git commit; null outside of a repository."""
    dirty: bool | None
    """Whether files differed from that commit."""
    digest: str
    """sha-256 over the manifests."""
    facets: list[str] = []
    """The facets that it is about; empty: all of them."""


class AccessFigures(Part):
    """How many principals' access changes."""

    gain: int
    lose: int
    change: int


class ReadFigures(Part):
    """How many requests the plan's reads took."""

    done: int
    """Of complete reads."""
    total: int


class Summary(Part):
    """The plan in numbers."""

    create: int
    update: int
    unchanged: int
    unread: int
    """Datasets of which not everything could be read: nobody knows whether they differ."""
    access: AccessFigures
    destructive: int
    """Changes that lose data."""
    reads: ReadFigures


class Place(Part):
    """A place in a manifest."""

    file: str
    line: int
    column: int


class DatasetEntry(Part):
    """A dataset the plan is about, changed or not."""

    address: str
    """TARGET/NAME."""
    provider_name: str
    id: str | None
    """The vendor's id; null while the dataset does not exist."""
    source: Place | None
    """Where its manifest is."""


class ResourceChangeBody(Part):
    """A dataset's managed facets before and after."""

    actions: list[Action]
    """`["create"]`, `["update"]` or `["no-op"]`."""
    before: dict[str, Words] | None
    """Null when the dataset does not exist."""
    after: dict[str, Words]


class ResourceChange(DatasetEntry):
    """A dataset that differs, in the shape of Terraform's plan."""

    type: Literal["dataset"]
    name: str
    change: ResourceChangeBody


class ChangeEntry(Part):
    """One element that is added, dropped or modified."""

    op: Literal["add", "drop", "modify"]
    key: str
    before: Words
    """Null for an addition."""
    after: Words
    """Null for a drop."""
    fields: list[str]
    """What about a modified element differs; for the reader only."""


class StepEntry(Part):
    """The unit of execution."""

    id: str
    address: str
    """TARGET/NAME.FACET."""
    facet: str
    verb: str
    changes: list[ChangeEntry]
    desired: list[Words]
    """The whole facet once this step is done, in its order."""
    needs: list[str]
    """Ids of steps that must have succeeded before."""
    precondition: dict[str, Words]
    """Each element the step touches, by key, as it must be found; null where there must be none."""
    risk: Risk
    reversible: bool


class AccessEntry(Part):
    """Somebody's access to a dataset, before and after."""

    dataset: str
    principal: str
    principal_id: str
    before: str | None
    after: str | None
    via: str | None
    """The group a person gets it through."""
    via_id: str | None


class ImpactEntry(Part):
    """Something that reads a dataset whose columns go; which columns it reads is not known."""

    dataset: str
    kind: str
    id: str
    title: str
    owners: list[str]


class DiagnosticEntry(Part):
    """A finding."""

    code: str
    severity: Severity
    summary: str
    address: str | None
    facet: str | None
    """The facet in `address`, when it names one."""
    hint: str | None
    source: Place | None


class ReadEntry(Part):
    """What was read of one dataset."""

    address: str
    requests: int
    complete: bool


class PlanHead(Part):
    """A plan without what is planned: where it comes from and what it amounts to."""

    format_version: str
    reconciler_version: str
    plan_id: str
    """sha-256 of this document without `plan_id` and `created_at`, as JSON with sorted keys and no spaces."""
    created_at: Moment | None
    as_of: Moment | None
    """The moment the plan was made for: whether a grant has expired depends on it."""
    workspace: str
    """Which workspace it was made from; no other may apply it."""
    errored: bool
    complete: bool
    applyable: bool
    source: SourceCommit
    summary: Summary


class PlanDocument(PlanHead):
    """A plan as it is saved, shown and reviewed. It never holds a token."""

    resource_changes: list[ResourceChange]
    steps: list[StepEntry]
    """In execution order."""
    access_changes: list[AccessEntry]
    impact: list[ImpactEntry] = []
    """What reads the datasets whose columns go."""
    diagnostics: list[DiagnosticEntry]
    reads: list[ReadEntry]
    datasets: list[DatasetEntry]
    """Every dataset the plan is about, the unchanged ones too."""
