"""What somebody probably meant: the nearest name, and never somebody else's."""

from __future__ import annotations

import pytest

from reconciler.facets.suggest import nearest

PEOPLE = ("user:bryan", "user:john", "user:jonathan", "group:editors", "group:stewards")
DATASETS = ("acme/roles", "acme/mock_clients", "vision/vehicles")


@pytest.mark.parametrize(
    "word", ["user:ada", "user:bo", "user:zoe", "user:ann", "user:eva", "group:all", "acme/orders"]
)
def test_what_all_names_begin_with_makes_none_alike(word: str) -> None:
    """A stranger is not proposed for a grant, nor another dataset for a guard."""
    assert nearest(word, (*PEOPLE, *DATASETS)) is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("user:bryn", "user:bryan"),
        ("User:Jonathan", "user:jonathan"),
        ("usr:jonathan", "user:jonathan"),
        ("user:editors", "group:editors"),
        ("jonathan", "user:jonathan"),
        ("acme/role", "acme/roles"),
        ("acm/roles", "acme/roles"),
        ("acme/vehicles", "vision/vehicles"),
        ("vehicles", "vision/vehicles"),
    ],
)
def test_a_typo_on_either_side_is_seen(word: str, meant: str) -> None:
    """In the name, or in what stands before it."""
    assert nearest(word, (*PEOPLE, *DATASETS)) == meant
