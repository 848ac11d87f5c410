"""`pytest-orchestrator`: loads the group that is called, and decides the exit code."""

from __future__ import annotations

import errno
import importlib
import os
import signal
import sys
from collections.abc import Mapping
from typing import NoReturn

import click

from pytest_orchestrator.errors import OrchestratorError

CLEAN, VIOLATIONS, BAD_INPUT, OUR_BUG, INTERRUPTED = 0, 1, 2, 3, 130
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

# The help texts are here, so that `--help` imports no command.
_COMMANDS: Mapping[str, str] = {
    "init": "Set the spec guard up for this repository.",
    "spec": "Check, review and write specs.",
    "patterns": "List, show, test and build the library of codemods and linters.",
    "fixtures": "Pin, fetch and verify packages for evaluations.",
    "mcp": "Serve patterns and the spec guard to agents over MCP.",
    "lsp": "Serve patterns and the spec guard to editors, as a language server.",
}
_ALONE = frozenset({"init", "lsp"})
"""The commands that are no groups."""


class Group(click.Group):
    """A group that suggests the command that was probably meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command. Raises `UsageError` when there is none of that name."""
        if not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None and args[0][:1] != "-":
            from pytest_orchestrator.codec.suggest import did_you_mean

            known = self.list_commands(ctx)
            raise click.UsageError(f"there is no command {args[0]!r}: {did_you_mean(args[0], known)}", ctx)
        return super().resolve_command(ctx, args)


class _LazyGroup(Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, name = (cmd_name, cmd_name) if cmd_name in _ALONE else (f"{cmd_name}.group", "group")
        found = getattr(importlib.import_module(f"pytest_orchestrator.cli.{module}"), name)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pytest-orchestrator")
def entry() -> None:
    """Check specs against the code that they cover, and evaluate codemods and linters on pinned packages.

    Exit codes: 0 clean, 1 violations, 2 usage or bad input, 3 internal error, 130 interrupted, 143 terminated.

    Example: pytest-orchestrator spec check
    """


def main() -> NoReturn:
    """Run the command line and exit. Exit codes are decided here only."""
    signal.signal(signal.SIGTERM, _end)
    sys.exit(_run())


def _end(number: int, _: object) -> NoReturn:
    """Clean up as after Ctrl-C: remove temporary files, end workers. A second signal kills."""
    signal.signal(number, signal.SIG_DFL)
    sys.exit(128 + number)


def _print_notes(error: BaseException) -> None:
    """Print what a stopped command did until then."""
    for note in getattr(error, "__notes__", ()):
        click.echo(note, err=True)


def _run() -> int:
    try:
        os.getcwd()  # noqa: PTH109 - pathlib is not needed for it
    except FileNotFoundError:
        click.echo("error: the current folder does not exist any more\n  fix: change to another folder", err=True)
        return BAD_INPUT
    try:
        code = entry.main(prog_name="pytest-orchestrator", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt) as error:
        _print_notes(error.__cause__ or error)  # click raises the one from the other
        return INTERRUPTED
    except SystemExit as error:
        _print_notes(error)
        raise
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except OrchestratorError as error:
        click.echo(f"error: {error}", err=True)
        return BAD_INPUT
    except BrokenPipeError:
        # The reader closed the pipe (`... | head`): not an error, and Python must not report one when it flushes.
        sys.stdout = sys.__stdout__ = None  # type: ignore[misc]  # both may be None at exit
        return CLEAN
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            sys.stdout = sys.__stdout__ = None  # type: ignore[misc]  # it may be what can't be written
            click.echo(f"error: can't be written: {error.strerror}", err=True)
            return BAD_INPUT
        import traceback

        traceback.print_exc()
        click.echo("error: this is a bug in pytest-orchestrator; please report it with the text above", err=True)
        return OUR_BUG
    return code if isinstance(code, int) else CLEAN
