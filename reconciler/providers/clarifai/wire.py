"""What Clarifai answers, as its protocol has it; enums come as numbers, and by name from some servers (notes 1).

Fields that are not named here are kept, and so is the answer itself (`FacetState.raw`).
"""

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

NAMES = {
    "SUCCESS": 10000,
    "MIXED_STATUS": 10010,
    "CONN_THROTTLED": 11005,
    "DATASET_VERSION_PENDING": 64005,
    "DATASET_VERSION_IN_PROGRESS": 64010,
    "DATASET_VERSION_READY": 64015,
    "DATASET_VERSION_FAILURE": 64020,
    "DATASET_VERSION_UNEXPECTED_ERROR": 64025,
    "MANUAL": 1,
    "TRAINING": 2,
    "EVAL_GROUND_TRUTH": 3,
    "EVAL_PREDICTIONS": 4,
    "PRIVATE": 10,
    "ORG": 30,
    "PUBLIC": 50,
}
"""The enums' names that are told apart here."""

UNKNOWN = -1
MOST_WORDS = 200


def _number(value: object) -> object:
    if value is None:
        return 0
    return NAMES.get(value, UNKNOWN) if isinstance(value, str) else value


Enum: TypeAlias = Annotated[int, BeforeValidator(_number)]
"""A number; `UNKNOWN` for a name that this version does not know."""

Struct: TypeAlias = Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)]
"""A protobuf Struct: any JSON object, in which every number is a double."""

Text: TypeAlias = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]


class Wire(BaseModel):
    """A JSON object of Clarifai's."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Status(Wire):
    """How something went, or how far it is."""

    code: Enum
    description: Text = ""
    details: Text = ""

    @property
    def internal(self) -> bool:
        """Whether the vendor itself is in trouble: codes 98xxx and 99xxx."""
        return self.code // 1000 in {98, 99}

    def __str__(self) -> str:
        words = ": ".join(part for part in (self.description, self.details) if part)
        code = "an unknown code" if self.code == UNKNOWN else self.code
        return f"{code} {words}".strip()[:MOST_WORDS]


class Envelope(Wire):
    """What every answer of the API is in; what a gateway or a proxy answers is not."""

    status: Status

    @classmethod
    def status_in(cls, body: object) -> Status | None:
        """The status of an answer, if it has one."""
        try:
            return cls.model_validate(body).status
        except ValidationError:
            return None


class Dataset(Wire):
    """A dataset, as far as it is needed."""

    id: str = Field(min_length=1)
    user_id: Text = ""
    metadata: Struct = Field(default_factory=dict)
    bookmark_origin: object = None


class DatasetAnswer(Wire):
    """GetDataset."""

    dataset: Dataset


class DatasetsAnswer(Wire):
    """ListDatasets."""

    datasets: tuple[Dataset, ...]


class Export(Wire):
    """An export of a version in one format."""

    status: Status | None = None


class Visibility(Wire):
    """Who may read something."""

    gettable: Enum = 0


class Filter(Wire):
    """A filter by its id."""

    id: Text = ""


class FilterConfig(Wire):
    """Which annotations enter a version."""

    annotation_filter: Filter | None = None


class DatasetVersion(Wire):
    """A version of a dataset, as far as it is needed."""

    id: str = Field(min_length=1)
    created_at: str | None = None
    modified_at: str | None = None
    status: Status | None = None
    description: Text = ""
    name: Text = ""
    """Document 004's; the vendor's protocol has none (notes 0)."""
    metadata: Struct = Field(default_factory=dict)
    visibility: Visibility | None = None
    dataset_filter: Filter | None = None
    """Document 004's; the vendor's protocol has the next one instead (notes 0)."""
    annotation_filter_config: FilterConfig | None = None
    request_origin: Enum = 0
    export_info: dict[str, Export | None] | None = None


class VersionAnswer(Wire):
    """GetDatasetVersion."""

    dataset_version: DatasetVersion


class VersionsAnswer(Wire):
    """ListDatasetVersions, PostDatasetVersions and PatchDatasetVersions. The list is there even when it is empty."""

    dataset_versions: tuple[DatasetVersion, ...]
