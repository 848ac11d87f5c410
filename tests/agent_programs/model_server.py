"""A model on this machine that does as it was told: it calls the given tools in turn, and ends.

It speaks two HTTP APIs with streamed answers: OpenAI's Responses (https://platform.openai.com/docs/api-reference/responses)
and Anthropic's Messages (https://docs.anthropic.com/en/api/messages). It listens on the loopback interface only.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Event = Mapping[str, Any]
_WAIT = "WaitForMcpServers"
_MOST_WAITS = 5


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """A call of a tool of the server `patterns`, e.g. of `patterns.lint`."""

    tool: str
    arguments: Mapping[str, Any]


@dataclass(kw_only=True)
class ModelServer:
    """What the model does, and what it was told."""

    calls: Sequence[ToolCall]
    url: str = ""
    offered: set[str] = field(default_factory=set)
    """The names of all tools that a program offered."""
    results: dict[str, str] = field(default_factory=dict)
    """The text of each call's result, by its place in `calls`."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def respond(self, path: str, request: Mapping[str, Any]) -> Iterator[Event]:
        """The events that answer a request."""
        with self.lock:
            return iter(list(self._messages(request) if path.endswith("/messages") else self._responses(request)))

    def _responses(self, request: Mapping[str, Any]) -> Iterator[Event]:
        names = {}
        for tool in request.get("tools", ()):
            inner = tool.get("tools", [tool])
            space = tool["name"] if tool["type"] == "namespace" else None
            names.update(
                {
                    f"{space}__{each['name']}" if space else each["name"]: (space, each["name"])
                    for each in inner
                    if "name" in each
                }
            )
        self.offered.update(names)
        for item in request["input"]:
            if item["type"] == "function_call_output":
                self.results[item["call_id"]] = json.dumps(item["output"])
        yield {"type": "response.created", "response": {"id": "answer"}}
        call = self._next(names)
        if call is None:
            content = [{"type": "output_text", "text": "done"}]
            item = {"type": "message", "role": "assistant", "id": "end", "content": content}
        else:
            number, name, arguments = call
            space, short = names[name]
            item = {"type": "function_call", "call_id": number, "name": short, "arguments": arguments}
            item |= {} if space is None else {"namespace": space}
        yield {"type": "response.output_item.done", "item": item}
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        yield {"type": "response.completed", "response": {"id": "answer", "usage": usage}}

    def _messages(self, request: Mapping[str, Any]) -> Iterator[Event]:
        names = {tool["name"] for tool in request.get("tools", ())}
        self.offered.update(names)
        for message in request["messages"]:
            for block in message["content"] if isinstance(message["content"], list) else ():
                if block["type"] == "tool_result":
                    self.results[block["tool_use_id"]] = json.dumps(block["content"])
        usage = {"input_tokens": 1, "output_tokens": 1}
        about = {"id": "answer", "type": "message", "role": "assistant", "model": request["model"], "content": []}
        yield {
            "type": "message_start",
            "message": {**about, "stop_reason": None, "stop_sequence": None, "usage": usage},
        }
        call = self._next(names)
        if call is None:
            block, delta = {"type": "text", "text": ""}, {"type": "text_delta", "text": "done"}
        else:
            number, name, arguments = call
            block = {"type": "tool_use", "id": number, "name": name, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": arguments}
        yield {"type": "content_block_start", "index": 0, "content_block": block}
        yield {"type": "content_block_delta", "index": 0, "delta": delta}
        yield {"type": "content_block_stop", "index": 0}
        reason = {"stop_reason": "end_turn" if call is None else "tool_use", "stop_sequence": None}
        yield {"type": "message_delta", "delta": reason, "usage": usage}
        yield {"type": "message_stop"}

    def _next(self, offered: Collection[str]) -> tuple[str, str, str] | None:
        """The number, the offered name and the arguments of the next call; None at the end, or if it isn't offered."""
        for number, call in enumerate(self.calls):
            if f"call-{number}" in self.results:
                continue
            # Programs spell `patterns.lint` of the server `patterns` as `mcp__patterns__patterns_lint`.
            end = "patterns__" + call.tool.replace(".", "_")
            if name := next((name for name in sorted(offered) if name.endswith(end)), None):
                return f"call-{number}", name, json.dumps(call.arguments)
            # Claude Code begins before its servers have started, and lets the model wait for them.
            waits = sum(key.startswith("wait") for key in self.results)
            return (f"wait-{waits}", _WAIT, "{}") if _WAIT in offered and waits < _MOST_WAITS else None
        return None


@contextmanager
def model_server(calls: Sequence[ToolCall]) -> Iterator[ModelServer]:
    """A server that makes the calls."""
    model = ModelServer(calls=calls)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
            path = self.path.partition("?")[0]
            if not path.endswith(("/messages", "/responses")):
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for event in model.respond(path, request):
                self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())

        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        model.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield model
        finally:
            server.shutdown()
            thread.join()
