"""A Grafana of some dictionaries, with the status codes and answers of a real one."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "glsa_of_a_test"
Answer = tuple[int, Any]
GONE = (404, {"message": "not found"})


class Stub:
    """What a Grafana holds."""

    def __init__(self) -> None:
        self.address = ""
        self.sources: dict[str, dict[str, Any]] = {}
        self.folders: dict[str, dict[str, Any]] = {}
        self.dashboards: dict[str, tuple[str, dict[str, Any]]] = {}
        self.groups: dict[tuple[str, str], dict[str, Any]] = {}
        self.points: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, str]] = []
        self.failing: Callable[[str, str], tuple[int, str, str] | None] = lambda *_: None

    @property
    def written(self) -> list[tuple[str, str]]:
        """Calls that are no GET."""
        return [call for call in self.calls if call[0] != "GET"]

    def answer(self, verb: str, path: str, query: dict[str, list[str]], body: Any) -> Answer:
        for pattern, does in _ROUTES:
            if (found := re.fullmatch(pattern, path)) is not None:
                return does(self, verb, [unquote(part or "") for part in found.groups()], query, body)
        return GONE

    def source(self, verb: str, at: list[str], _query: object, body: Any) -> Answer:
        if verb == "POST":
            if body["uid"] in self.sources or body["name"] in {one["name"] for one in self.sources.values()}:
                return 409, {"message": "data source with the same name already exists"}
            self.sources[body["uid"]] = body
            return 200, {"id": len(self.sources), "message": "Datasource added"}
        if at[0] not in self.sources:
            return GONE
        if verb == "PUT":
            self.sources[at[0]] = body
        shown = {key: value for key, value in self.sources[at[0]].items() if key != "secureJsonData"}
        secret = self.sources[at[0]].get("secureJsonData", {}).get("password")
        more = {"id": 1, "version": 3, "readOnly": False, "secureJsonFields": {"password": bool(secret)}}
        return 200, shown | more

    def folder(self, verb: str, at: list[str], _query: object, body: Any) -> Answer:
        if verb == "POST":
            if body["uid"] in self.folders:
                return 409, {"message": "a folder with the same uid already exists"}
            self.folders[body["uid"]] = body | {"version": 1}
            return 200, self.folders[body["uid"]]
        if at[0] not in self.folders:
            return GONE
        if verb == "PUT":
            if body.get("version") != self.folders[at[0]]["version"]:
                return 412, {"message": "the folder has been changed by someone else"}
            self.folders[at[0]] |= {"title": body["title"], "version": body["version"] + 1}
        return 200, self.folders[at[0]]

    def save(self, _verb: str, _at: list[str], _query: object, body: Any) -> Answer:
        if "folderId" in body:
            return 400, {"message": "folderId is gone"}
        if body["folderUid"] not in self.folders:
            return 404, {"message": "folder not found"}
        uid = body["dashboard"]["uid"]
        if uid in self.dashboards and not body.get("overwrite"):
            return 412, {"message": "changed by someone else", "status": "version-mismatch"}
        self.dashboards[uid] = (body["folderUid"], body["dashboard"] | {"id": 7, "version": 2})
        return 200, {"uid": uid, "status": "success"}

    def dashboard(self, verb: str, at: list[str], _query: object, _body: object) -> Answer:
        if at[0] not in self.dashboards:
            return GONE
        if verb == "DELETE":
            del self.dashboards[at[0]]
            return 200, {"message": "Dashboard deleted"}
        folder, found = self.dashboards[at[0]]
        return 200, {"dashboard": found, "meta": {"folderUid": folder, "provisioned": False}}

    def search(self, _verb: str, _at: list[str], query: dict[str, list[str]], _body: Any) -> Answer:
        return 200, [
            {"uid": uid, "folderUid": folder, "tags": found.get("tags", []), "type": "dash-db"}
            for uid, (folder, found) in self.dashboards.items()
            if folder in query["folderUIDs"] and query["tag"][0] in found.get("tags", [])
        ]

    def group(self, verb: str, at: list[str], _query: object, body: Any) -> Answer:
        folder, name = at
        if verb == "PUT":
            if folder not in self.folders:
                return 404, {"message": "folder does not exist"}
            rules = [rule | {"id": 3, "orgID": 1, "provenance": ""} for rule in body["rules"]]
            for rule in rules:
                if "receiver" in rule.get("notification_settings", {}) and not self.points:
                    return 400, {"message": "receiver does not exist"}
                for node in rule["data"]:
                    node.pop("queryType", None)  # Grafana leaves out what is empty
            self.groups[folder, name] = body | {"rules": rules}
            return 200, self.groups[folder, name]
        if (folder, name) not in self.groups:
            return GONE
        if verb == "DELETE":
            del self.groups[folder, name]
            return 204, None
        return 200, self.groups[folder, name]

    def rules(self, _verb: str, _at: list[str], _query: object, _body: Any) -> Answer:
        return 200, [rule for group in self.groups.values() for rule in group["rules"]]

    def point(self, verb: str, at: list[str], query: dict[str, list[str]], body: Any) -> Answer:
        if verb == "POST":
            self.points[body["uid"]] = body
            return 202, body
        if not at or not at[0]:
            hidden = [
                one
                | {"settings": one["settings"] | ({"url": "[REDACTED]"} if one["type"] == "slack" else {})}
                for one in self.points.values()
                if one["name"] in query.get("name", [one["name"]])
            ]
            return 200, hidden
        if verb == "DELETE":
            if any("notification_settings" in rule for rule in self.rules("", [], None, None)[1]):
                return 409, {"message": "contact point is in use"}
            self.points.pop(at[0], None)
        else:
            self.points[at[0]] = body
        return 202, {"message": "contactpoint updated"}


_PROVISIONING = "/api/v1/provisioning"
_ROUTES: list[tuple[str, Callable[..., Answer]]] = [
    (r"/api/datasources(?:/uid/([^/]+))?", Stub.source),
    (r"/api/folders(?:/([^/]+))?", Stub.folder),
    (r"/api/dashboards/db", Stub.save),
    (r"/api/dashboards/uid/([^/]+)", Stub.dashboard),
    (r"/api/search", Stub.search),
    (rf"{_PROVISIONING}/folder/([^/]+)/rule-groups/([^/]+)", Stub.group),
    (rf"{_PROVISIONING}/alert-rules", Stub.rules),
    (rf"{_PROVISIONING}/contact-points(?:/([^/]+))?", Stub.point),
]


@contextmanager
def grafana() -> Iterator[Stub]:
    """A running one, on a free port."""
    stub = Stub()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            parts = urlsplit(self.path)
            stub.calls.append((self.command, parts.path))
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"null")
            if failure := stub.failing(self.command, parts.path):
                self._send(failure[0], failure[1].encode(), failure[2])
                return
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                self._send(401, b'{"message": "Invalid API key"}')
                return

            status, said = stub.answer(self.command, parts.path, parse_qs(parts.query), body)
            self._send(status, b"" if said is None else json.dumps(said).encode())

        def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    stub.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
