"""Where something governed is: a dataset, or one facet of it."""

from __future__ import annotations

from msgspec import Struct

from .patterns import matches


class Address(Struct, frozen=True, order=True):
    """One dataset (`acme/orders`) or one facet of it (`acme/orders.tags`)."""

    target: str
    """Name of the target in the workspace."""
    dataset: str
    """Name of the dataset in its manifest; may hold any printable character."""
    facet: str = ""
    """Name of the facet, or empty for the dataset as a whole."""

    def __str__(self) -> str:
        suffix = f".{self.facet}" if self.facet else ""
        return f"{self.target}/{self.dataset}{suffix}"

    @property
    def whole(self) -> Address:
        """The dataset this address lies in."""
        return Address(self.target, self.dataset)

    def matches(self, pattern: str) -> bool:
        """Whether the dataset's name, or its address, is `pattern` or what it means as a glob."""
        return matches(pattern, self.dataset, str(self.whole))

    def of(self, facet: str) -> Address:
        """The address of `facet` of the same dataset."""
        return Address(self.target, self.dataset, facet)

    @classmethod
    def parse(cls, text: str, facets: tuple[str, ...]) -> Address:
        """Read `TARGET/NAME` or `TARGET/NAME.FACET`.

        A dataset's name may hold dots, so a suffix counts as a facet only when it is one of `facets`.

        Raises:
            ValueError: `text` has no target or no name.
        """
        target, _, rest = text.partition("/")
        name, dot, suffix = rest.rpartition(".")
        if dot and suffix in facets:
            rest, facet = name, suffix
        else:
            facet = ""
        if not target or not rest:
            msg = f"{text!r} is not an address; write TARGET/NAME or TARGET/NAME.FACET"
            raise ValueError(msg)
        return cls(target, rest, facet)
