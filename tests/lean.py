"""What runs of pytest in processes of their own leave out."""

from __future__ import annotations

# The plugins of other tools of this environment, which cost each process nearly a second to import.
LEAN = tuple(word for name in ("hypothesispytest", "anyio", "asyncio", "pytest-lsp") for word in ("-p", f"no:{name}"))
