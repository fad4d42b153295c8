"""The kinds of manifest a person writes, as models; `schemas/` is generated from these."""

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    WithJsonSchema,
    create_model,
    model_validator,
)

from reconciler.facets import FACETS, Model, Section
from reconciler.facets.section import Day, Items, PrincipalRef, Text

from .drift import DriftIgnoreModel
from .policy_models import PolicyManifest, Slug
from .urls import sound_url

API_VERSION = "reconciler/v1"
LIMIT = re.compile(r"^([0-9]{1,9})(%?)$")
COUNT = {"type": "integer", "minimum": 0, "maximum": 10**9 - 1}

Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^\S(.*\S)?$")]
"""A dataset's name: any text without white space at its ends."""


def _limit(value: Any) -> Any:
    if isinstance(value, bool) or not LIMIT.fullmatch(str(value)):
        msg = "Input should be a count such as 10, or a share such as 30%"
        raise ValueError(msg)
    return value


LimitText: TypeAlias = Annotated[
    int | str,
    AfterValidator(_limit),
    WithJsonSchema({"anyOf": [COUNT, {"type": "string", "pattern": LIMIT.pattern}]}),
]
"""A count (`10`) or a share (`30%`)."""


class TokenModel(Model):
    """Where the token is found; never the token itself."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["env"]}, {"required": ["file"]}]})

    env: Text | None = None
    """Name of an environment variable."""
    file: Text | None = None
    """Path of a file that holds the token, relative to the workspace."""

    @model_validator(mode="before")
    @classmethod
    def _refuse_literal(cls, value: object) -> object:
        if isinstance(value, str):
            msg = "a token in a manifest is refused; write {env: VARIABLE} or {file: PATH}"
            raise ValueError(msg)  # noqa: TRY004 - pydantic turns ValueError, not TypeError, into a finding
        return value

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.env is None) == (self.file is None):
            msg = "say either env or file"
            raise ValueError(msg)
        return self


class TargetModel(Model):
    """One remote account. Other keys than these are settings, which each provider has of its own."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, JsonValue]

    provider: Text
    """The vendor."""
    url: Annotated[str, AfterValidator(sound_url)]
    """https, or http on loopback only; `sandbox:` is the embedded stand-in."""
    token: TokenModel
    actor: PrincipalRef | None = None
    """Who the token acts as; guards use it."""
    concurrency: int = Field(default=8, ge=1, le=256)
    """Datasets worked on at the same time."""
    requests_per_second: float = Field(default=10.0, ge=0.01, le=10_000)
    """All requests of one run count, repeated ones too."""

    @property
    def settings(self) -> dict[str, Any]:
        """What only some providers understand; whether this one does, is not known here."""
        return dict(self.model_extra or {})


class GuardsModel(Model):
    """How much one apply may change.

    About fewer than 4 datasets or grants a percentage above zero says nothing; a count always holds.
    """

    max_changed_datasets: LimitText = "30%"
    max_revocations: LimitText = "25%"
    max_version_deletions: LimitText = 100


class WorkspaceManifest(Model):
    """The one file that makes a folder a workspace."""

    api_version: Literal["reconciler/v1"]
    kind: Literal["Workspace"]
    targets: dict[Slug, TargetModel] = Field(min_length=1)
    guards: GuardsModel = GuardsModel.model_construct()
    drift_ignore: Items[DriftIgnoreModel] = ()


class UserModel(Model):
    """One user of a target."""

    id: Text
    """The vendor's id, quoted."""
    name: Text | None = None
    email: Text | None = None
    service: bool = False
    """A machine account: never counts as a person."""


class GroupModel(Model):
    """One group of a target."""

    id: Text
    """The vendor's id, quoted."""
    name: Text | None = None
    members: Items[Slug] = ()
    """Keys of users; access is reported per person when this is known."""
    everyone: bool = False
    """The vendor puts everybody with an account in it; a guard watches what it is granted."""


class PrincipalsManifest(Model):
    """The names of a target's users and groups."""

    api_version: Literal["reconciler/v1"]
    kind: Literal["Principals"]
    target: Slug
    users: dict[Slug, UserModel] = Field(default_factory=dict)
    groups: dict[Slug, GroupModel] = Field(default_factory=dict)


class AllowModel(Model):
    """A guard lifted for one dataset, in a reviewed file."""

    guard: Text
    """The guard's code; `reconciler explain CODE` tells what it protects from."""
    reason: Text
    until: Day
    """Last day on which it lifts, UTC."""


class ProfileMetadata(Model):
    """What a profile is called."""

    name: Slug


class DatasetMetadata(Model):
    """Which dataset a manifest is about."""

    name: Name
    """Its name in addresses; a dataset that is created gets it."""
    target: Slug
    id: Text | None = None
    """The vendor's id. Absent: the dataset is created and its id is written back here."""
    profiles: Items[Slug] = ()
    allow: Items[AllowModel] = ()


ATTRIBUTES = {facet.name: f"{facet.name}_" for facet in FACETS}
"""How `Spec` calls each facet; a model has a `schema` of its own."""


class SpecBase(Model):
    """The governed facets. One that is absent is unmanaged: neither read nor touched."""

    @property
    def sections(self) -> dict[str, Section]:
        """The facets that are present."""
        values = vars(self)
        return {name: values[attribute] for name, attribute in ATTRIBUTES.items() if values[attribute] is not None}


if TYPE_CHECKING:
    Spec = SpecBase
else:
    _FIELDS = {
        ATTRIBUTES[facet.name]: (facet.section | None, Field(default=None, alias=facet.name)) for facet in FACETS
    }
    Spec = create_model("Spec", __base__=SpecBase, __doc__=SpecBase.__doc__, **_FIELDS)


class ProfileManifest(Model):
    """Facets that several datasets share. Lists unite by key; what the dataset says wins."""

    api_version: Literal["reconciler/v1"]
    kind: Literal["Profile"]
    metadata: ProfileMetadata
    spec: Spec


class DatasetManifest(Model):
    """One governed dataset."""

    api_version: Literal["reconciler/v1"]
    kind: Literal["Dataset"]
    metadata: DatasetMetadata
    spec: Spec


KINDS: dict[str, type[Model]] = {
    "Workspace": WorkspaceManifest,
    "Principals": PrincipalsManifest,
    "Profile": ProfileManifest,
    "Dataset": DatasetManifest,
    "Policy": PolicyManifest,
}
"""Every kind of manifest."""
