"""A package index on the loopback interface, as honest or as broken as a test needs it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class PackageIndex:
    """Serves `files` (name to bytes) under `/simple/<project>/` and `/files/<name>`."""

    files: dict[str, bytes] = field(default_factory=dict)
    ranges: bool = True
    """Whether it answers requests for a part with that part."""
    as_json: bool = False
    stall_after: int | None = None
    """Send so many bytes of a file, then nothing, until `release` is set."""
    cut_after: int | None = None
    """Send so many bytes of a file, then hang up; once."""
    announced: dict[str, str] = field(default_factory=dict)
    """The URL of a file, when it is not under `/files/`."""
    status: int = 200
    stalled: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    """The path and the `Range` of every request."""
    port: int = 0

    @property
    def url(self) -> str:
        """What `--index-url` takes."""
        return f"http://127.0.0.1:{self.port}/simple/"

    @property
    def downloads(self) -> list[str | None]:
        """The `Range` of each request for a file."""
        return [wanted for path, wanted in self.requests if path.startswith("/files/")]

    def page(self, project: str) -> bytes:
        """The project's page (PEP 503, or PEP 691 with `as_json`)."""
        names = [name for name in {**self.files, **self.announced} if name.lower().startswith(project)]
        urls = {name: self.announced.get(name, f"/files/{name}") for name in names}
        if self.as_json:
            files = [{"filename": name, "url": url, "hashes": {}} for name, url in urls.items()]
            return json.dumps({"meta": {"api-version": "1.0"}, "name": project, "files": files}).encode()
        return "".join(f'<a href="{url}">{name}</a>\n' for name, url in urls.items()).encode()


@contextmanager
def serving(index: PackageIndex) -> Iterator[PackageIndex]:
    """Serve it until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            index.requests.append((self.path, self.headers.get("Range")))
            if index.status != 200:
                self._answer(index.status, b"", "text/plain")
            elif found := re.fullmatch(r"/simple/([^/]+)/", self.path):
                kind = "application/vnd.pypi.simple.v1+json" if index.as_json else "text/html"
                self._answer(200, index.page(found[1]), kind)
            elif (name := self.path.removeprefix("/files/")) in index.files:
                self._file(index.files[name])
            else:
                self._answer(404, b"", "text/plain")

        def _file(self, data: bytes) -> None:
            wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            start = int(wanted[1]) if wanted and index.ranges else 0
            if start >= len(data) > 0:
                self._answer(416, b"", "text/plain")
                return
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            limit, cut = index.stall_after, index.cut_after
            self.wfile.write(data[start:limit] if cut is None else data[start : start + cut])
            if cut is not None:
                index.cut_after = None
                self.close_connection = True
            elif limit is not None:
                self.wfile.flush()
                index.stalled.set()
                index.release.wait(60)
                self.close_connection = True

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    index.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield index
    finally:
        index.release.set()
        server.shutdown()
        thread.join()
        server.server_close()
