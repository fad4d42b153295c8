"""Bringing data into a dataset. Governance never does; the functions are here to be complete."""

from collections.abc import Mapping, Sequence

from reconciler.providers.domo.wire import Id, Wire
from reconciler.providers.http import Call, path_of
from reconciler.providers.understanding import understand

from .endpoint import V3, Endpoint, Endpoints, at


class Upload(Wire):
    """An upload that was opened (002, Upload CSV, Stage 1)."""

    upload_id: Id


class Uploads(Endpoints):
    """Endpoints of uploads."""

    @at("POST", V3 + "/{}/uploads", repeat="untaken")
    def append_rows(self, here: Endpoint, dataset: str, rows: Sequence[Mapping[str, object]]) -> Upload:
        """002: Append Row to Dataset. At live instances it only opens an upload (notes 1.14)."""
        answer = self.send(here, dataset, body={"data": list(rows)}, answered=True)
        return understand(Upload, answer.value, "the upload")

    @at("POST", V3 + "/{}/uploads", repeat="untaken")
    def append_values(self, here: Endpoint, dataset: str, values: str, delimiter: str = ",") -> None:
        """003: Append row to Dataset, one row as delimited text."""
        self.send(here, dataset, body={"values": values, "delimiter": delimiter})

    @at("POST", V3 + "/{}/uploads", repeat="untaken")
    def open_upload(self, here: Endpoint, dataset: str) -> Upload:
        """002, 003: Upload CSV - APPEND or REPLACE, Stage 1."""
        answer = self.send(here, dataset, body={"action": None, "appendId": None}, answered=True)
        return understand(Upload, answer.value, "the upload")

    @at("POST", V3 + "/{}/uploads/", repeat="untaken")
    def open_partition_upload(self, here: Endpoint, dataset: str, partition: str) -> Upload:
        """002, 003: Upload CSV - APPEND with Partitioning, Stage 1; `dataTag` as clients use (notes 1.14)."""
        query = {"restateDataTag": partition, "dataTag": partition}
        answer = self.send(here, dataset, query=query, body={"action": None, "appendId": None}, answered=True)
        return understand(Upload, answer.value, "the upload")

    @at("PUT", V3 + "/{}/uploads/{}/parts/{}", repeat="anyhow")
    def put_part(self, here: Endpoint, dataset: str, upload: str, part: int, csv: str) -> None:
        """002, 003: Upload CSV, Stage 2, of both kinds. Rows only, no header (notes 1.14)."""
        path = path_of(here.path, dataset, upload, str(part))
        self.http.send(Call(here.method, path, content=csv.encode(), content_type="text/csv", repeat=here.repeat))

    @at("PUT", V3 + "/{}/uploads/{}/commit")
    def commit(
        self, here: Endpoint, dataset: str, upload: str, action: str, *, index: bool, partition: str | None = None
    ) -> None:
        """002, 003: Upload CSV, Stage 3, of both kinds. `index` is a boolean, or one in a string (notes 1.14)."""
        tag = {} if partition is None else {"restateDataTag": partition}
        self.send(here, dataset, upload, body={"action": action, **tag, "index": index})
