"""What a question about who is who costs."""

from __future__ import annotations

from collections import UserDict
from collections.abc import ValuesView

from reconciler.core.principals import Directory, Group, Person


class Groups(UserDict[str, Group]):
    """Groups that count how often all of them are looked at."""

    looked = 0

    def values(self) -> ValuesView[Group]:
        self.looked += 1
        return super().values()


def test_whom_a_group_reaches_is_told_without_a_look_at_all_others() -> None:
    """It is asked for each grant of each dataset."""
    groups = Groups(few=Group("1", members=("ada",)), many=Group("2", members=("ada",), everyone=True))
    directory = Directory({"ada": Person("9")}, groups)
    ada, few, many = (
        directory.principal("user", "9"),
        directory.principal("group", "1"),
        directory.principal("group", "2"),
    )
    assert (directory.reached(few), directory.reached(many)) == ((ada,), (ada, many))
    before = groups.looked
    directory.reached(few)
    assert groups.looked == before
