"""What reads annotations when a program runs, so that two types that mean the same may differ to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from pytest_orchestrator.pattern_engine.worker.scope import Scope, dotted_name

# A file that uses these names inspects types when it runs.
_NAMES = frozenset(
    [
        *("__annotations__", "__args__", "__origin__", "__parameters__", "_GenericAlias", "_UnionGenericAlias"),
        *("__dataclass_fields__", "get_annotations", "get_args", "get_origin", "get_type_hints"),
        *("UnionType", "GenericAlias"),
    ]
)
# The same for functions that have too common a name: they count where the name certainly means them.
_FUNCTIONS = frozenset(
    f"{module}.{name}"
    for module, names in {
        "dataclasses": "fields",
        "inspect": "Signature formatannotation getfullargspec signature",
        "torch.jit": "export ignore interface script script_method unused",
    }.items()
    for name in names.split()
)
# Packages that read the annotations of the classes and functions that are handed to them.
_PACKAGES = frozenset(
    [
        # Models, settings and converters
        *("apischema", "attr", "attrs", "cattr", "cattrs", "dacite", "databind", "dataclass_wizard"),
        *("dataclasses_json", "desert", "marshmallow_dataclass", "mashumaro", "msgspec", "omegaconf"),
        *("pydantic", "pydantic_settings", "serde", "typedload"),
        # Databases
        *("beanie", "odmantic", "ormar", "piccolo", "sqlalchemy", "sqlmodel"),
        # Servers and commands
        *("blacksheep", "cyclopts", "discord", "disnake", "esmerald", "fastapi", "fastmcp"),
        *("jsonargparse", "litestar", "mcp", "nextcord", "ninja", "robyn", "simple_parsing", "starlite"),
        *("strawberry", "typer", "tyro"),
        # Checks, dispatch, injection and generated data
        *("beartype", "dependency_injector", "dishka", "hypothesis", "injector", "lagom", "ovld"),
        *("pandera", "plum", "polyfactory", "punq", "runtype", "trycast", "typeguard", "typical"),
        *("typing_inspect", "typing_inspection"),
        # Tasks and agents
        *("dagster", "instructor", "kfp", "langchain", "langchain_core", "magentic", "prefect"),
        *("pydantic_ai"),
    ]
)


def inspects_types(scopes: Mapping[cst.CSTNode, Scope]) -> bool:
    """Whether the file inspects types itself: with `get_type_hints`, `__args__`, `inspect.signature` and the like.

    `scopes` maps every node of the file to its scope.
    """
    return any(_inspects_types(node, scope) for node, scope in scopes.items())


def _inspects_types(node: cst.CSTNode, scope: Scope) -> bool:
    match node:
        case cst.Name():
            return node.value in _NAMES
        case cst.Attribute():
            return node.attr.value in _LAST_PARTS and not _FUNCTIONS.isdisjoint(scope.qualified_names(node))
        case cst.SimpleString():
            return node.raw_value in _NAMES
        case cst.ImportFrom(module=cst.Name() | cst.Attribute() as module, names=[*names]):
            return any(f"{dotted_name(module)}.{alias.evaluated_name}" in _FUNCTIONS for alias in names)
        case _:
            return False


def imports_reader(scopes: Mapping[cst.CSTNode, Scope]) -> bool:
    """Whether the file imports a package that reads annotations, such as pydantic. `scopes` as above."""
    return any(module.partition(".")[0] in _PACKAGES for node in scopes for module in _imported(node))


def _imported(node: cst.CSTNode) -> Iterator[str]:
    """The modules that a statement imports by an absolute name."""
    match node:
        case cst.Import():
            yield from (dotted_name(alias.name) or "" for alias in node.names)
        case cst.ImportFrom(module=cst.Name() | cst.Attribute() as module, relative=[]):
            yield dotted_name(module) or ""


_LAST_PARTS = frozenset(name.rpartition(".")[2] for name in _FUNCTIONS)
