"""Where something stands in a seed document, for what is said against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class SeedError(ValueError):
    """A document that cannot be merged into the state.

    Args:
        place: what of it is wrong, as `domo.datasets[0].versions[2]`; empty for all of it.
        why: what is wrong with that, as the end of a sentence.
    """

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place or 'it'} {why}")
        self.place, self.why = place, why


@contextmanager
def within(place: str) -> Iterator[None]:
    """Say of what goes wrong in reading a part of a seed that it is at `place`.

    Raises:
        SeedError: something did.
    """
    try:
        yield
    except SeedError as error:
        raise SeedError(f"{place}.{error.place}" if error.place else place, error.why) from error
    except KeyError as error:
        raise SeedError(place, f"is without {error}") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise SeedError(place, f"is of the wrong kind: {error}") from error


def each(holder: Mapping[str, Any], name: str, read: Callable[[dict[str, Any]], T]) -> list[T]:
    """What `read` makes of each object in the list at `name` of `holder`, which may be absent.

    Raises:
        SeedError: there is no list, or one of them is none that can be read.
    """
    found = holder.get(name, [])
    if not isinstance(found, list):
        raise SeedError(name, "is no list")
    made = []
    for number, given in enumerate(found):
        with within(f"{name}[{number}]"):
            made.append(read(an_object(given)))
    return made


def an_object(given: object) -> dict[str, Any]:
    """A part of a seed that has to be an object.

    Raises:
        SeedError: it is none.
    """
    if not isinstance(given, dict):
        raise SeedError("", "is no object")
    return given


def one_of(known: Mapping[Any, T], word: object, name: str) -> T:
    """What a word or a code at `name` stands for.

    Raises:
        SeedError: nothing.
    """
    if word not in known:
        raise SeedError(name, f"is {word!r}, not one of {', '.join(map(str, known))}")
    return known[word]
