"""States to bring a dataset to, and worlds to do it in."""

from __future__ import annotations

from reconciler.core.changes import Element
from reconciler.core.principals import Principal
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.schedule import Schedule
from reconciler.facets.schema import Column
from reconciler.facets.tags import Tag

WORLDS = [
    "documented",
    "observed",
    "documented,endpoints=both,metadata_tags=list,tags_post=replaces,permissions_key=permissions,shuffle=7",
    "documented,tags_read=string,metadata_owner=absent,write_answer=notation,previous_owner=removed",
    "documented,tags_read=list,owner_entry=hidden,write_answer=text,missing_grant=ignored,schema_visible=after_index",
    "observed,endpoints=both,metadata_tags=absent,tags_post=adds,stream_fields=asked,previous_owner=CAN_EDIT",
]
OWN = Grant(Principal("user", "1345408759"), "OWNER")
DESIRED: dict[str, tuple[tuple[Element, ...], ...]] = {
    "tags": (
        (Tag("gold"), Tag("covid-19"), Tag('ä "quoted", [tag]')),
        (Tag("gold"),),
        (),
    ),
    "schema": (
        (Column("new", "LONG"), Column("ISO3", "STRING"), Column("date", "DATETIME")),
        (Column("ISO3", "STRING"),),
    ),
    "permissions": (
        (Grant(Principal("group", "55"), "CAN_EDIT"), Grant(Principal("user", "902"), "CO_OWNER")),
        (Grant(Principal("group", "55"), "CAN_VIEW"),),
        (),
    ),
    "owner": ((Owner(Principal("user", "902")),), (Owner(Principal("group", "55")),)),
    "schedule": (
        (Schedule.of({"type": "DAY", "at": "07:00 AM", "timezone": "America/Denver"}, 3, "15 minutes"),),
        (Schedule.of({"type": "MANUAL", "timezone": "UTC"}, 3, "15 minutes"),),
        (Schedule.of({"type": "EXPRESSION", "expression": "0 0 6 ? * MON-FRI", "scheduleState": "INACTIVE"}),),
        (Schedule.of({"type": "MINUTE", "interval": 15, "timezone": "UTC"}),),
    ),
    "retention": ((),),
}
