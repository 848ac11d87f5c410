"""What an agent may use: time, and bytes of its output."""

START_TIMEOUT_S = 30.0
"""From the start of the process to the end of MCP's handshake."""

EXIT_TIMEOUT_S = 2.0
"""From the end of the agent's stdin to its exit. Then it is killed."""

MAX_MESSAGE_BYTES = 64 << 20
"""One JSON-RPC message, which is one line of stdout."""

MAX_TOOL_PAGES = 100
"""Pages of `tools/list` that are read."""

MAX_REFUSAL_CHARACTERS = 4000
"""Of a tool's error message."""

MAX_STDERR_BYTES = 1 << 20
"""Of stderr, in the file that keeps it. The rest is dropped."""

MAX_STDERR_TAIL_BYTES = 4096
"""Of stderr, in memory for error messages."""
