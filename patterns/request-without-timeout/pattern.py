"""Requests that may wait for ever: `requests.get(url)`."""

from __future__ import annotations

import libcst as cst

from pytest_orchestrator.api.patterns import Linter, is_none, read_scopes

_METHODS = ("get", "options", "head", "post", "put", "patch", "delete", "request")
_REQUESTS = frozenset(f"requests.{name}" for name in _METHODS)
_HTTPX = frozenset(f"httpx.{name}" for name in (*_METHODS, "stream", "Client", "AsyncClient"))


class RequestWithoutTimeout(Linter):
    """Report requests that certainly have no timeout."""

    def visit_Module(self, node: cst.Module) -> None:
        """Look at calls of requests, and of httpx, which has a timeout by default."""
        for call, scope in read_scopes(node, cst.Call).items():
            name = scope.qualified_name(call.func)
            if name not in _REQUESTS and name not in _HTTPX:
                continue
            given = [arg for arg in call.args if arg.keyword is not None and arg.keyword.value == "timeout"]
            for arg in given:
                if is_none(arg.value):
                    self.report(arg, "with None this waits for ever for a silent server: say how many seconds")
            if name in _REQUESTS and not given and not any(arg.star == "**" for arg in call.args):
                self.report(call.func, "this waits for ever for a silent server: pass timeout= in seconds")
