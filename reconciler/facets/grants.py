"""What a manifest grants, and until when: the models of the facet `permissions`."""

from datetime import UTC, datetime
from typing import ClassVar

from .section import Day, Items, Mode, Model, PrincipalRef, Section, Text


class GrantModel(Model):
    """One grant."""

    principal: PrincipalRef
    access: Text
    """The vendor's level; Domo: CO_OWNER, CAN_EDIT, CAN_SHARE, CAN_VIEW."""
    expires: Day | None = None
    """The last day of the grant, UTC; from the day after it counts as absent."""
    reason: Text | None = None


class PermissionsSection(Section):
    """Who should have access, beside the owner."""

    short_form: ClassVar[str] = "grants"

    mode: Mode = "authoritative"
    """authoritative: exactly these grants. additive: at least these."""
    grants: Items[GrantModel] = ()


def in_force(grant: GrantModel, as_of: datetime) -> bool:
    """Whether the last day of `grant` has not passed in UTC."""
    return grant.expires is None or grant.expires >= as_of.astimezone(UTC).date()
