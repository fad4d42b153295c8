"""The rows of a dataset. Governance never looks at them; the functions are here to be complete."""

from collections.abc import Mapping, Sequence

from reconciler.providers.domo.wire import Wire
from reconciler.providers.understanding import understand

from .endpoint import V2, Endpoint, Endpoints, at


class Rows(Wire):
    """Columns and rows (002, Query with SQL; Get Dataset Data)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


class Queries(Endpoints):
    """Endpoints of rows."""

    @at("POST", "/api/query/v1/execute/{}", reads=True)
    def query(self, here: Endpoint, dataset: str, sql: str) -> Rows | tuple[dict[str, object], ...]:
        """002, 003: Query with SQL; SELECT only. Columns and rows (002), or a list of objects (003).

        002 shows the statement within a `body`, which is its notation (notes 1.16).
        """
        answer = self.get(here, dataset, body={"sql": sql})
        if isinstance(answer, list):
            return understand(tuple[dict[str, object], ...], answer, "the rows")
        return understand(Rows, answer, "the rows")

    @at("GET", V2 + "/{}/data", "documented")
    def data(self, here: Endpoint, dataset: str) -> Rows:
        """002: Get Dataset Data."""
        return understand(Rows, self.get(here, dataset), "the rows")

    @at("PUT", V2 + "/{}/data", "documented")
    def put_data(self, here: Endpoint, dataset: str, rows: Sequence[Mapping[str, object]]) -> None:
        """002: Update Dataset Data."""
        self.send(here, dataset, body={"data": list(rows)})
