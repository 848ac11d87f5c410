"""`pytest-orchestrator lsp`."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from pytest_orchestrator.cli.main import CLEAN
from pytest_orchestrator.cli.output import library_option


@click.command("lsp")
@library_option("each project's own patterns/ and the shipped ones")
def lsp(library: tuple[Path, ...]) -> int:
    """Run a language server on standard input and output, for an editor to start.

    It shows what linters and the spec guard find while you type, and offers codemods as code actions.

    Example: pytest-orchestrator lsp
    """
    from pytest_orchestrator.errors import require_package

    require_package("pygls", extra="lsp")
    # Imports create tens of thousands of objects that stay: the garbage collector's look at them takes as long again.
    gc.disable()
    from pytest_orchestrator.lsp.stdio import serve

    gc.freeze()
    gc.enable()
    serve(library)
    return CLEAN
