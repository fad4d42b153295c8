"""What stands behind a dataset that is computed."""

from __future__ import annotations

from reconciler.providers.understanding import understand

from .endpoint import V2, Endpoint, Endpoints, at


class Definitions(Endpoints):
    """Endpoints of definitions."""

    @at("GET", V2 + "/{}/query", "documented")
    def query_text(self, here: Endpoint, dataset: str) -> str:
        """002: Get Dataset Query."""
        return self._text(self.get(here, dataset), "query")

    @at("PUT", V2 + "/{}/query", "documented")
    def put_query_text(self, here: Endpoint, dataset: str, query: str) -> None:
        """002: Update Dataset Query."""
        self.send(here, dataset, body={"query": query})

    @at("GET", V2 + "/{}/sql", "documented")
    def sql_text(self, here: Endpoint, dataset: str) -> str:
        """002: Get Dataset SQL."""
        return self._text(self.get(here, dataset), "sql")

    @at("PUT", V2 + "/{}/sql", "documented")
    def put_sql_text(self, here: Endpoint, dataset: str, sql: str) -> None:
        """002: Update Dataset SQL."""
        self.send(here, dataset, body={"sql": sql})

    @at("GET", V2 + "/{}/dataflow", "documented")
    def dataflow(self, here: Endpoint, dataset: str) -> dict[str, object]:
        """002: Get Dataset Dataflow."""
        answer = understand(dict[str, object], self.get(here, dataset), "the dataflow")
        return understand(dict[str, object], answer.get("dataflow"), "the dataflow")

    @staticmethod
    def _text(answer: object, name: str) -> str:
        return understand(str, understand(dict[str, object], answer, f"the {name}").get(name), f"the {name}")
