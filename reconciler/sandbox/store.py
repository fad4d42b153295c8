"""Where the sandbox keeps its state: JSON documents in SQLite, and the log of requests beside them."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.sandbox import jsontext

Document = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS documents(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  vendor TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
  UNIQUE(vendor, kind, id));
CREATE TABLE IF NOT EXISTS requests(
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  at REAL, method TEXT, path TEXT, query TEXT, body TEXT, status INTEGER, fault TEXT);
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request the sandbox has seen: what was asked, what was answered, and which fault, if any, was put in."""

    n: int
    at: float
    method: str
    path: str
    query: str
    body: str
    status: int
    fault: str | None


class StateError(Exception):
    """What should hold the state holds something else, or cannot be used."""


def _check_rights(db: Path) -> None:
    # Before SQLite looks: to read a database it makes files beside it that nobody may write, either, and they stay.
    for path in (db, *(db.with_name(db.name + end) for end in ("-wal", "-shm"))):
        if path.exists() and not os.access(path, os.W_OK):
            raise StateError(f"{path.name} may not be written")


class Store:
    """Documents by vendor, kind and id, in order of insertion. One lock: a request sees the state of one moment."""

    def __init__(self, db: Path | None = None) -> None:
        if db is not None:
            _check_rights(db)
        try:
            self._db = sqlite3.connect(db or ":memory:", isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_TABLES)
        except sqlite3.Error as error:
            raise StateError(str(error)) from error
        self._lock = threading.RLock()

    def _execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(sql, values)
        except sqlite3.ProgrammingError:
            raise  # ours: it is closed already, say
        except sqlite3.DatabaseError as error:
            raise StateError(str(error)) from error

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens at once; an exception undoes the documents of the innermost one."""
        with self._lock:
            self._execute("SAVEPOINT step")
            try:
                yield
                self._execute("RELEASE step")
            except BaseException:
                # Where there is no room, SQLite has undone all of it, and knows no savepoint any more.
                if self._db.in_transaction:
                    self._execute("ROLLBACK TO step")
                    self._execute("RELEASE step")
                raise

    def is_empty(self) -> bool:
        """Whether there is no document at all."""
        with self._lock:
            return self._execute("SELECT 1 FROM documents LIMIT 1").fetchone() is None

    def get(self, vendor: str, kind: str, key: str) -> Document | None:
        """One document."""
        sql = "SELECT document FROM documents WHERE vendor=? AND kind=? AND id=?"
        with self._lock:
            row = self._execute(sql, (vendor, kind, key)).fetchone()
        return None if row is None else jsontext.read(row[0])

    def put(self, vendor: str, kind: str, key: str, document: Document) -> None:
        """Write one document; one that is there keeps its place in the order."""
        sql = (
            "INSERT INTO documents(vendor, kind, id, document) VALUES(?,?,?,?) "
            "ON CONFLICT(vendor, kind, id) DO UPDATE SET document=excluded.document"
        )
        with self._lock:
            self._execute(sql, (vendor, kind, key, jsontext.write(document)))

    def remove(self, vendor: str, kind: str, key: str) -> None:
        """Forget one document."""
        with self._lock:
            self._execute("DELETE FROM documents WHERE vendor=? AND kind=? AND id=?", (vendor, kind, key))

    def all(self, vendor: str, kind: str, prefix: str = "") -> list[Document]:
        """The documents of a kind, those first that came first; with a prefix, only ids that start with it."""
        sql = "SELECT document FROM documents WHERE vendor=? AND kind=? AND id>=? AND id<? ORDER BY seq"
        with self._lock:
            rows = self._execute(sql, (vendor, kind, prefix, prefix + "\U0010ffff")).fetchall()
        return [jsontext.read(row[0]) for row in rows]

    def count_up(self, vendor: str, name: str, least: int = 1) -> int:
        """The next number of a counter, never below `least`."""
        with self.transaction():
            before = self.get(vendor, "counter", name) or {"last": 0}
            number = max(int(before["last"]) + 1, least)
            self.put(vendor, "counter", name, {"last": number})
        return number

    def reset(self) -> None:
        """Forget everything, the requests too."""
        with self.transaction():
            self._execute("DELETE FROM documents")
            self._execute("DELETE FROM requests")

    def snapshot(self) -> dict[str, dict[str, dict[str, Document]]]:
        """All documents as vendor -> kind -> id -> document."""
        found: dict[str, dict[str, dict[str, Document]]] = {}
        with self._lock:
            rows = self._execute("SELECT vendor, kind, id, document FROM documents ORDER BY seq").fetchall()
        for vendor, kind, key, text in rows:
            found.setdefault(vendor, {}).setdefault(kind, {})[key] = jsontext.read(text)
        return found

    def open_record(self, at: float, method: str, path: str, query: str, body: str) -> int:
        """Note a request that has arrived; its number."""
        sql = "INSERT INTO requests(at, method, path, query, body, status) VALUES(?,?,?,?,?,0)"
        with self._lock:
            return int(self._execute(sql, (at, method, path, query, body)).lastrowid or 0)

    def close_record(self, number: int, status: int, fault: str | None) -> None:
        """Note how a request was answered; status 0 stands for no answer at all."""
        with self._lock:
            self._execute("UPDATE requests SET status=?, fault=? WHERE n=?", (status, fault, number))

    def requests(self) -> list[Recorded]:
        """The requests since the log was last cleared."""
        with self._lock:
            rows = self._execute(
                "SELECT n, at, method, path, query, body, status, fault FROM requests ORDER BY n"
            ).fetchall()
        return [Recorded(*row) for row in rows]

    def clear_requests(self) -> None:
        """Forget the requests; numbering goes on."""
        with self._lock:
            self._execute("DELETE FROM requests")
