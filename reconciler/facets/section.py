"""The base of every model that a person writes as YAML: strict, closed, camelCase."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, TypeVar, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

T = TypeVar("T")

Items: TypeAlias = Annotated[tuple[T, ...], Field(strict=False)]
"""A list in YAML; a tuple here, so that models stay frozen. What is in it stays strict."""

Mode: TypeAlias = Literal["authoritative", "additive"]


class Model(BaseModel):
    """Strict (no coercion), closed (unknown keys are errors), camelCase outside and snake_case inside."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel, defer_build=True)
    """Built on first use: most commands meet few kinds of manifest."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Take null for no value of any field, not even of one that may be left out.

        `permissions:` with nothing behind it reads like "nobody", and null would leave it unmanaged.
        """
        made = handler(source)
        for entry in _fields(handler.resolve_ref_schema(made)):
            if entry["schema"]["type"] == "default" and entry["schema"]["schema"]["type"] == "nullable":
                entry["schema"]["schema"] = entry["schema"]["schema"]["schema"]
        return made

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe fields by their docstrings; `use_attribute_docstrings` would read the sources on every import."""
        from .docstrings import describe  # noqa: PLC0415 - only `schema` and `init` make schemas

        reference = handler(core_schema)
        properties = handler.resolve_ref_schema(reference)["properties"]
        describe(cls, properties)
        for entry in properties.values():
            if entry.get("default", ...) is None:
                del entry["default"]
        return reference


def _fields(schema: Any) -> Iterable[Any]:
    """The fields in a model's core schema, whatever is wrapped around them."""
    while "fields" not in schema:
        schema = schema["schema"]
    return cast("Iterable[Any]", schema["fields"].values())


class Section(Model):
    """One facet's part of a manifest's `spec`. May have a short form: the bare value of its main field."""

    short_form: ClassVar[str | None] = None
    """The field that a bare list or word stands for."""

    @model_validator(mode="before")
    @classmethod
    def _expand(cls, value: object) -> object:
        return {cls.short_form: value} if cls.short_form and isinstance(value, (list, str)) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        reference = super().__get_pydantic_json_schema__(core_schema, handler)
        if cls.short_form is None:
            return reference
        schema = handler.resolve_ref_schema(reference)
        short = dict(schema["properties"][cls.short_form], description=f"Short form: `{cls.short_form}`.")
        short.pop("default", None)
        long = dict(schema)
        schema.clear()
        schema.update(
            {
                "anyOf": [short, long],
                "title": long.pop("title", cls.__name__),
                "description": long.pop("description", ""),
            }
        )
        return reference


DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _date(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        msg = "Input should be a date in the form YYYY-MM-DD"
        raise ValueError(msg)  # noqa: TRY004 - pydantic turns ValueError, not TypeError, into a finding
    try:
        # Python reads more forms of ISO 8601 than editors and reviewers do.
        return date.fromisoformat(value if DAY.fullmatch(value) else "")
    except ValueError:
        msg = f"{value!r} is not a date in the form YYYY-MM-DD"
        raise ValueError(msg) from None


Day: TypeAlias = Annotated[date, BeforeValidator(_date)]
"""A calendar day, `YYYY-MM-DD`; it ends at midnight UTC."""

Text: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
PrincipalRef: TypeAlias = Annotated[str, StringConstraints(pattern=r"^(user|group):(#.+|[^#].*)$", max_length=512)]
"""`user:KEY` or `group:KEY` of `Principals`, or `user:#ID` / `group:#ID`."""
