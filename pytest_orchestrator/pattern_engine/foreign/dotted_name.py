"""LibCST commands and Fixit rules in importable modules as patterns, by their dotted names.

Their metadata is read from their source. Only workers run their code, as for all patterns.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import platform
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pytest_orchestrator.codec.suggest import did_you_mean
from pytest_orchestrator.errors import PatternError
from pytest_orchestrator.files import read_limited
from pytest_orchestrator.pattern_engine.foreign.known_triggers import known_trigger
from pytest_orchestrator.pattern_engine.foreign.modules import (
    ClassSource,
    Modules,
    ModuleSource,
    dotted_name,
    find_module,
    installed_version,
)
from pytest_orchestrator.pattern_engine.pattern import MAX_FILE_BYTES, Pattern

_NAME_IT = "name one class, package.module.ClassName, or a module of Fixit rules such as fixit.rules"
_MAX_NAMED = 5
_BUILTINS = frozenset(dir(builtins))
_RULES = frozenset({"fixit.rule.LintRule", "fixit.LintRule", "fixit.CstLintRule", "fixit.CSTLintRule"})


def named_pattern(name: str) -> Pattern:
    """The Fixit rule or LibCST command with this dotted name, `package.module.ClassName`.

    Raises:
        PatternError: there is none, or Fixit is needed and not installed.
    """
    module_name, _, class_name = name.rpartition(".")
    if not all(part.isidentifier() for part in name.split(".")):
        raise PatternError(f"{name!r} is neither a pattern nor a dotted name", fix=_NAME_IT)
    modules = Modules()
    if module_name.partition(".")[0] != "libcst":
        found = modules.find(name)
        if isinstance(found, ClassSource) and _is_rule(modules, found, name):
            return _rule(modules, found, name)
    module = modules.module(module_name)
    if module is None:
        raise _not_found(module_name, class_name)
    if module_name.partition(".")[0] == "fixit":
        rules = [name.rpartition(".")[2] for name, _ in _rules_in(modules, module)]
        raise PatternError(f"{module_name} has no rule {class_name!r}: {did_you_mean(class_name, rules)}")
    found = modules.find(name)
    if isinstance(found, ClassSource) and modules.ancestry(found)[1] <= _BUILTINS:
        raise PatternError(f"{name} is neither a LibCST command nor a Fixit rule", fix=_NAME_IT)
    return Pattern(
        id=name,
        kind="codemod",
        title=class_name,
        description=f"The LibCST command {class_name} of the module {module_name}.",
        safety="unsafe",  # it does not declare otherwise
        minimum_python="3.0",
        entry=f"{module_name}:{class_name}",
        trigger=known_trigger(name, fixit=""),
        folder=None,
        digest=_digest([module.file.read_bytes()], class_name),
    )


def named_patterns(name: str) -> tuple[Pattern, ...]:
    """The pattern with this dotted name, or the Fixit rules of the module or package, those that Fixit finds in it.

    Raises:
        PatternError: there is none, or none of its rules is for the Python that runs.
    """
    modules = Modules()
    module = modules.module(name)
    if module is None and "." not in name:
        raise PatternError(f"{name} is a module whose source can't be read", fix=_NAME_IT)
    if module is None:
        pattern = named_pattern(name)
        if pattern.kind == "linter":
            _refuse_other_pythons(modules, pattern.id)
        return (pattern,)
    rules = dict(_rules_in(modules, module))
    if not rules:
        raise PatternError(f"{name} is a module without Fixit rules", fix=_instead(module))
    return tuple(_rule(modules, rule, rule.name) for rule in rules.values() if _fits(_python_version(modules, rule)))


def fix_of(rule: Pattern) -> Pattern:
    """The autofix of a Fixit rule, as a codemod."""
    return replace(rule, kind="codemod")


def may_be_rule(pattern: Pattern) -> bool:
    """Whether the pattern is a Fixit rule, or its entry may name one: only workers load files of a pattern's folder.

    Raises:
        PatternError: it is one, and Fixit is not installed.
        InputError: the file has gone since the pattern was read.
    """
    source, _, class_name = pattern.entry.partition(":")
    if pattern.folder is not None and source.endswith(".py"):
        return b"LintRule" in read_limited(pattern.folder / source, max_bytes=MAX_FILE_BYTES)
    if not class_name or source.partition(".")[0] == "libcst":
        return False
    modules, name = Modules(), f"{source}.{class_name}"
    found = modules.find(name)
    return isinstance(found, ClassSource) and _is_rule(modules, found, name)


def rules_in_file(file: Path) -> tuple[Pattern, ...]:
    """The Fixit rules that are defined in a file, for the Python that runs.

    Raises:
        PatternError: it can't be imported, or has rules, and Fixit is not installed.
    """
    parts = [] if file.name == "__init__.py" else [file.stem]
    folder = file.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    modules, name = Modules(), ".".join(parts)
    module = modules.module(name)
    if module is None or not module.file.samefile(file):
        raise PatternError(
            f"contains Fixit rules, but can't be imported as {name or file.parent.name}",
            fix="install its package, or add its folder to pythonpath in pytest's settings",
        )
    rules = {rule.name: rule for _, rule in _rules_in(modules, replace(module, submodules=()))}
    own = (rule for rule in rules.values() if rule.module.name == module.name)
    return tuple(_rule(modules, rule, rule.name) for rule in own if _fits(_python_version(modules, rule)))


def _not_found(module_name: str, class_name: str) -> PatternError:
    if module_name.partition(".")[0] == "fixit" and find_module("fixit") is None:
        return PatternError(
            f"{module_name}.{class_name} belongs to Fixit, which is not installed", fix="pip install fixit"
        )
    if find_module(module_name) is not None:
        return PatternError(
            f"the module {module_name} has no LibCST command or Fixit rule {class_name!r}", fix=_NAME_IT
        )
    return PatternError(
        f"there is no module {module_name!r} to load the LibCST command or Fixit rule {class_name!r} from",
        fix="name it as package.module.ClassName, and install its package into this environment",
    )


def _instead(module: ModuleSource) -> str:
    """A fix for naming a module without rules: the LibCST commands that it seems to define."""
    classes = [bound for bound in module.bindings.values() if isinstance(bound, ast.ClassDef)]
    found = [
        f"{module.name}.{definition.name}"
        for definition in classes
        if any(dotted_name(base).endswith("Command") for base in definition.bases)
    ]
    return f"name a LibCST command in it: {', '.join(found[:_MAX_NAMED])}" if found else _NAME_IT


def _rules_in(modules: Modules, module: ModuleSource) -> Iterator[tuple[str, ClassSource]]:
    """The rules of a module or package by their names in it, those of the modules directly below it included."""
    for source in filter(None, map(modules.module, (module.name, *module.submodules))):
        for binding in sorted(source.bindings):
            found = modules.find(f"{source.name}.{binding}")
            if isinstance(found, ClassSource) and found.name not in _RULES and _is_rule(modules, found, found.name):
                yield binding, found


def _is_rule(modules: Modules, found: ClassSource, name: str) -> bool:
    ancestors, unknown = modules.ancestry(found)
    if unknown & _RULES:
        raise PatternError(f"{name} is a Fixit rule, and Fixit is not installed", fix="pip install fixit")
    return any(ancestor.name in _RULES for ancestor in ancestors)


def _rule(modules: Modules, found: ClassSource, name: str) -> Pattern:
    ancestors = [ancestor for ancestor in modules.ancestry(found)[0] if ancestor.name not in _RULES]
    documented = ast.get_docstring(found.definition) or f"The Fixit rule {found.definition.name}."
    first, _, rest = documented.partition("\n\n")
    title = " ".join(first.split())
    return Pattern(
        id=name,
        kind="linter",
        title=title,
        description=" ".join(rest.split()) or title,
        safety="unsafe",
        minimum_python="3.0",
        entry=f"{found.module.name}:{found.definition.name}",
        trigger=known_trigger(found.name, fixit=installed_version("fixit")),
        folder=None,
        digest=_digest(sorted({ancestor.module.file.read_bytes() for ancestor in ancestors}), found.definition.name),
    )


def _digest(sources: Iterable[bytes], class_name: str) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source + b"\0")
    digest.update(f"{class_name}\0libcst {installed_version('libcst')}\0fixit {installed_version('fixit')}".encode())
    return digest.hexdigest()


def _python_version(modules: Modules, rule: ClassSource) -> str:
    """The rule's `PYTHON_VERSION`, if it is a literal."""
    for ancestor in modules.ancestry(rule)[0]:
        for statement in ancestor.definition.body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name(id="PYTHON_VERSION")], value=ast.Constant(value=str(version)))
                    | ast.AnnAssign(target=ast.Name(id="PYTHON_VERSION"), value=ast.Constant(value=str(version)))
                ):
                    return version
    return ""


def _fits(version: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return platform.python_version() in SpecifierSet(version, prereleases=True)
    except InvalidSpecifier:  # running the rule says so
        return True


def _refuse_other_pythons(modules: Modules, name: str) -> None:
    found = modules.find(name)
    assert isinstance(found, ClassSource)  # noqa: S101 - it was found a moment ago
    if not _fits(version := _python_version(modules, found)):
        raise PatternError(f"{name} is for Python {version}, and this is {platform.python_version()}")
