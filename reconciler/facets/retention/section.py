"""The retention part of a manifest: keep rules, protections, and how much may go at once."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema

from reconciler.facets.section import Day, Items, Model, Section, Text

from .duration import Duration, Span

Count: TypeAlias = Annotated[int, Field(ge=0)]

DEFAULT_PERCENT = 30
FEW_VERSIONS = 10
EMPTY = (
    "this retention policy keeps nothing; give at least one rule above zero: keepLast, keepWithin, keepHourly, "
    "keepDaily, keepWeekly, keepMonthly or keepYearly"
)


def _identifier(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        msg = f"{value!r} is not the id of a version"
        raise ValueError(msg)
    return str(value)


VersionId: TypeAlias = Annotated[
    str,
    BeforeValidator(_identifier),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "minLength": 1}]}),
]
"""The vendor's id of a version: `3` and `"3"` are the same."""


class PinModel(Model):
    """One version that stays, whatever the rules say."""

    id: VersionId
    reason: Text
    until: Day | None = None
    """The last day of the pin, UTC; absent: for good."""

    def holds(self, as_of: datetime) -> bool:
        """Whether the last day of the pin has not passed in UTC."""
        today: date = as_of.astimezone(UTC).date()
        return self.until is None or self.until >= today


class LegalHoldModel(Model):
    """A hold on every version of the dataset, for as long as it stands in the manifest."""

    reason: Text
    by: Text
    """Who ordered it."""


class GuardsModel(Model):
    """What limits a prune, whatever the rules say."""

    min_versions: int = Field(default=1, ge=1)
    """So many of the newest good versions always stay."""
    min_age: Span = "7d"
    """Younger versions always stay; measured from the moment of the plan."""
    max_deletes: int = Field(default=25, ge=0)
    """More deletions than this block the plan."""
    max_delete_percent: int | None = Field(default=None, ge=0, le=100)
    """A larger share of the dataset's versions blocks the plan. Absent: 30, where there are 10 versions or more."""

    def percent(self, versions: int) -> int | None:
        """The percent limit that holds for a dataset of so many `versions`, if one does."""
        if self.max_delete_percent is not None:
            return self.max_delete_percent
        return DEFAULT_PERCENT if versions >= FEW_VERSIONS else None

    def limited(self, other: Self | None) -> Self:
        """The stricter limits of both; what these guards protect stays."""
        if other is None:
            return self
        percents = {self.max_delete_percent, other.max_delete_percent}
        strict = None if percents == {None} else min(DEFAULT_PERCENT if each is None else each for each in percents)
        return self._with(min(self.max_deletes, other.max_deletes), strict)

    def under(self, limits: Self) -> Self:
        """These guards with the limits of others; what they protect stays."""
        return self._with(limits.max_deletes, limits.max_delete_percent)

    def _with(self, most: int, percent: int | None) -> Self:
        return self.model_copy(update={"max_deletes": most, "max_delete_percent": percent})


class RetentionSection(Section):
    """Which versions of a dataset stay: those that any keep rule or protection keeps. Periods are UTC, weeks ISO.

    Rules count good versions: ready ones, without those that training or an evaluation made, which stay anyway.
    """

    keep_last: Count = 0
    """The newest so many versions."""
    keep_within: Span | None = None
    """Every version made within this long before the newest good one."""
    keep_hourly: Count = 0
    """The newest version of each of the last so many hours that have one; likewise the next four."""
    keep_daily: Count = 0
    keep_weekly: Count = 0
    keep_monthly: Count = 0
    keep_yearly: Count = 0
    keep_within_hourly: Span | None = None
    """The newest version of each hour within this long before the newest good one; likewise the next four."""
    keep_within_daily: Span | None = None
    keep_within_weekly: Span | None = None
    keep_within_monthly: Span | None = None
    keep_within_yearly: Span | None = None
    keep_failed_within: Span | None = None
    """Failed uploads older than this, measured from the newest good version, may go. Absent: all of them stay."""
    pins: Items[PinModel] = ()
    legal_hold: LegalHoldModel | None = None
    """While it stands here, no version goes."""
    prune: bool = False
    """false: only report what would be deleted. true: plan the deletions."""
    active_data: Literal["keep", "delete"] = "keep"
    """Whether versions that are pieces of the live data may go, with their rows."""
    guards: GuardsModel = GuardsModel.model_construct()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many versions each counting rule keeps, by rule; 0 where it is off."""
        return {
            "last": self.keep_last,
            "hourly": self.keep_hourly,
            "daily": self.keep_daily,
            "weekly": self.keep_weekly,
            "monthly": self.keep_monthly,
            "yearly": self.keep_yearly,
        }

    @property
    def windows(self) -> Mapping[str, Duration]:
        """How far back each rule with a duration reaches, by rule; rules that are off are left out."""
        given = {
            "last": self.keep_within,
            "hourly": self.keep_within_hourly,
            "daily": self.keep_within_daily,
            "weekly": self.keep_within_weekly,
            "monthly": self.keep_within_monthly,
            "yearly": self.keep_within_yearly,
        }
        read = {rule: Duration.parse(text) for rule, text in given.items() if text is not None}
        return {rule: window for rule, window in read.items() if window}

    def beside(self, present: Self) -> Self:
        """This policy in the place of `present`; pins, hold, guards and the like that it does not mention stay."""
        kept = {"pins", "legal_hold", "prune", "active_data", "guards"} - self.model_fields_set
        return self.model_copy(update={name: getattr(present, name) for name in sorted(kept)})

    @property
    def empty(self) -> bool:
        """Whether no rule keeps anything; then nothing may be deleted either."""
        return not any(self.counts.values()) and not self.windows

    @property
    def keeps_nothing(self) -> bool:
        """Whether this is no policy; a legal hold is one of its own: nothing goes."""
        return self.empty and self.legal_hold is None
