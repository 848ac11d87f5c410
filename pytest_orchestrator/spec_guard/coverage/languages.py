"""Definitions in TypeScript, JavaScript, Go, Rust and Java, by dotted name, as tree-sitter's parsers find them.

The one door to tree-sitter, which comes with the extra `languages`. It is imported when an anchor names a definition.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pytest_orchestrator.errors import InputError, UsageError, require_package
from pytest_orchestrator.spec_guard.coverage.tokens import is_read_comment

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_MAX_SECONDS = 5
_CHUNK = 1 << 16
_SCRIPT = ("tree_sitter_javascript", "language")
_GRAMMARS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys((".ts", ".mts", ".cts"), ("tree_sitter_typescript", "language_typescript")),
    ".tsx": ("tree_sitter_typescript", "language_tsx"),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), _SCRIPT),
    ".go": ("tree_sitter_go", "language"),
    ".rs": ("tree_sitter_rust", "language"),
    ".java": ("tree_sitter_java", "language"),
}
SUFFIXES = tuple(_GRAMMARS)
"""The suffixes of the files that this module reads."""

# Nodes that define a name, by the field that holds it.
_NAMED_BY = {"field_definition": "property", "pair": "key"}
_SCRIPTS_DEFINE = (
    "class_declaration abstract_class_declaration function_declaration generator_function_declaration "
    "function_signature method_definition method_signature abstract_method_signature public_field_definition "
    "field_definition property_signature variable_declarator interface_declaration type_alias_declaration "
    "enum_declaration enum_assignment internal_module module pair"
)
_GO_DEFINES = "method_declaration type_spec type_alias const_spec var_spec field_declaration method_elem"
_RUST_DEFINES = (
    "function_item function_signature_item struct_item enum_item union_item trait_item mod_item const_item static_item "
    "type_item macro_definition enum_variant associated_type"
)
_JAVA_DEFINES = "record_declaration annotation_type_declaration constructor_declaration enum_constant"
_DEFINITIONS = frozenset(f"{_SCRIPTS_DEFINE} {_GO_DEFINES} {_RUST_DEFINES} {_JAVA_DEFINES}".split(" "))
# What belongs to the definition around which it stands: `export`, `const`, a type that several names share.
_AROUND = frozenset({"lexical_declaration", "variable_declaration", "const_declaration", "export_statement"})
_BEFORE = frozenset({"attribute_item", "decorator"})
_COMMENTS = frozenset({"comment", "line_comment", "block_comment"})
_VERBATIM = re.compile(r"string|template|char|regex|text|rune")
_DOTTED = re.compile(r"[\w$#]+(?:\.[\w$#]+)*\Z")


def definition_digest(data: bytes, path: str, name: str, *, docstrings: bool) -> str | None:
    """The digest of everything in a file that defines `name` or assigns to it; None when nothing does.

    In a file with a syntax error every change counts.

    Raises:
        InputError: it takes too long to parse the file.
        UsageError: the parser is not installed; names the extra.
    """
    tree, definitions = _indexed(data, path)
    if not any(defined == name for defined, _, _ in definitions):
        return None
    nodes = [node for defined, node, outside in definitions if _concerns(defined, name, outside=outside)]
    total = hashlib.sha256()
    lone = data.count(b"\r") != data.count(b"\r\n")
    if tree.root_node.has_error or lone or (path.endswith(".java") and b"\\u" in data):
        total.update(data)  # an escape of Java counts in comments too
    for node in {node.id: node for node in nodes}.values():
        for word in _spell(node, path, docstrings=docstrings):
            total.update(word + b"\0")
    return f"definition:{total.hexdigest()[:32]}"


def definition_lines(data: bytes, path: str, name: str) -> tuple[range, ...]:
    """The lines, counted from 1, of each definition of `name` and of each assignment to it. Raises as the digest."""
    found = (node for defined, node, outside in _indexed(data, path)[1] if _concerns(defined, name, outside=outside))
    return tuple(range(node.start_point[0] + 1, node.end_point[0] + 2) for node in found)


def names(data: bytes, path: str) -> tuple[str, ...]:
    """The names that a file defines."""
    return tuple(dict.fromkeys(name for name, _, outside in _indexed(data, path)[1] if not outside))


@lru_cache(maxsize=8)
def _indexed(data: bytes, path: str) -> tuple[Tree, Sequence[tuple[str, Node, bool]]]:
    tree = _parsed(data, path)
    return tree, tuple(_definitions(tree))


def _parsed(data: bytes, path: str) -> Tree:
    module, function = _GRAMMARS[path[path.rindex(".") :]]
    for package in ("tree_sitter", module):
        try:
            require_package(package, extra="languages")
        except UsageError as error:
            raise UsageError(f"covers names a definition in {path}, but {error.message}", fix=error.fix) from error
    from tree_sitter import Language, Parser

    grammar: Any = import_module(module)
    source, end = data.replace(b"\r\n", b"\n"), time.monotonic() + _MAX_SECONDS

    def read(start: int, _: object) -> bytes:
        return source[start : start + _CHUNK]

    try:
        # Some files with errors take quadratic time. Only a function as source can be interrupted.
        return Parser(Language(getattr(grammar, function)())).parse(
            read, progress_callback=lambda *_: time.monotonic() > end
        )
    except ValueError as error:
        raise InputError(
            f"can't be parsed in {_MAX_SECONDS} seconds", path=path, fix="correct the file, or cover it as a whole"
        ) from error


def _concerns(defined: str, name: str, *, outside: bool) -> bool:
    if not outside:
        return defined == name
    return f"{defined}.".startswith(f"{name}.") or f"{name}.".startswith(f"{defined}.")


def _definitions(tree: Tree) -> Iterator[tuple[str, Node, bool]]:
    """Each dotted name with the node that defines it, and whether that is an assignment from outside."""
    waiting: list[tuple[Node, str]] = [(tree.root_node, "")]
    while waiting:
        node, prefix = waiting.pop()
        inside = prefix
        for name, outside in _names_of(node):
            yield (name if outside else prefix + name), _whole(node), outside
            inside = f"{prefix}{name}." if not outside else inside
        if node.type == "impl_item":  # its methods are those of the type
            inside = f"{prefix}{_last_word(node.child_by_field_name('type'))}."
        waiting.extend((child, inside) for child in reversed(node.named_children))


def _names_of(node: Node) -> Iterator[tuple[str, bool]]:
    """The names that a node itself defines, exports again or assigns."""
    kind = node.type
    if kind == "impl_item":
        yield _last_word(node.child_by_field_name("type")), False
    elif kind == "method_declaration" and (receiver := node.child_by_field_name("receiver")) is not None:
        declared = next(iter(receiver.named_children), None)
        owner = _last_word(None if declared is None else declared.child_by_field_name("type"))
        yield owner, False
        yield f"{owner}.{_last_word(node.child_by_field_name('name'))}", False
    elif kind in _DEFINITIONS:
        for each in node.children_by_field_name(_NAMED_BY.get(kind, "name")):
            yield _text(each).decode("utf-8", "replace").strip("\"'"), False
    elif kind == "export_specifier":
        yield _last_word(node.child_by_field_name("alias") or node.child_by_field_name("name")), False
    elif kind == "use_declaration":
        for word in re.findall(rb"(?<!\w)(\w++)\s*+(?=[;,}])", _text(node)):
            yield word.decode(), False
    elif kind in (
        "assignment_expression",
        "augmented_assignment_expression",
        "assignment_statement",
        "unary_expression",
    ):
        target = node.child_by_field_name("left") or node.child_by_field_name("argument")
        dotted = "" if target is None else _text(target).decode("utf-8", "replace").replace(".prototype.", ".")
        deletes = kind != "unary_expression" or _text(node).startswith(b"delete")
        if deletes and _DOTTED.match(dotted):
            yield dotted, True


def _last_word(node: Node | None) -> str:
    """The name in `a::Name<T>` or `*Name[T]`."""
    text = b"" if node is None else _text(node).partition(b"<")[0].partition(b"[")[0]
    return next(iter(re.findall(rb"[\w$]+", text)[-1:]), b"").decode()


def _whole(node: Node) -> Node:
    """The statement that a definition is part of, with `export`, `const` and a shared type."""
    of_field = node.type == "variable_declarator"
    while (parent := node.parent) is not None and (
        parent.type in _AROUND or (of_field and parent.type == "field_declaration") or node.type == "export_specifier"
    ):
        node = parent
    return node


def _spell(root: Node, path: str, *, docstrings: bool) -> Iterator[bytes]:
    """A definition as words: its structure and its tokens, with the attributes before it."""
    waiting: list[Node | bytes] = [*reversed([*_attributes(root), root])]
    while waiting:
        node = waiting.pop()
        if isinstance(node, bytes):
            yield node
            continue
        if node.type in _COMMENTS:
            comment = _text(node).decode("utf-8", "replace")
            if is_read_comment(comment, path, docstrings=docstrings):
                yield " ".join(comment.split()).encode()
            continue
        children = node.children
        if not children or _VERBATIM.search(node.type) or not _covered(node, children):
            yield _text(node)
            continue
        yield b"(" + node.type.encode()
        waiting.append(b")")
        waiting.extend(reversed(children))


def _attributes(node: Node) -> list[Node]:
    found: list[Node] = []
    before = node.prev_named_sibling
    while before is not None and before.type in (*_BEFORE, *_COMMENTS):
        found.append(before)
        before = before.prev_named_sibling
    return [each for each in reversed(found) if each.type in _BEFORE]


def _covered(node: Node, children: Iterable[Node]) -> bool:
    """Whether nothing but white space is between the children of a node."""
    text, position = _text(node), node.start_byte
    for child in children:
        if text[position - node.start_byte : child.start_byte - node.start_byte].strip():
            return False
        position = child.end_byte
    return not text[position - node.start_byte :].strip()


def _text(node: Node) -> bytes:
    return node.text or b""
