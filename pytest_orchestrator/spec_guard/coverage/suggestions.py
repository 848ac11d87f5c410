"""Which code a spec may govern, told from its text, from commits that changed both, and from its tests. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

MIN_SCORE = 2.0
"""What several weak signs, or a strong one, add up to. A weaker suggestion is not made."""
MAX_SUGGESTIONS = 10
"""The most suggestions for one spec."""

_PATH, _MODULE, _FILE, _SYMBOL, _NAMESAKE, _TEST, _TOGETHER = 4.0, 3.0, 2.5, 2.0, 2.0, 2.5, 4.0
_MIN_TOGETHER = 2
_CODE = frozenset(
    [
        "c",
        "cc",
        "cpp",
        "cs",
        "cxx",
        "dart",
        "ex",
        "exs",
        "erl",
        "go",
        "h",
        "hpp",
        "hs",
        "java",
        "jl",
        "js",
        "jsx",
        "kt",
        "kts",
        "lua",
        "m",
        "mjs",
        "ml",
        "mm",
        "php",
        "pl",
        "py",
        "pyi",
        "pyx",
        "r",
        "rb",
        "rs",
        "scala",
        "sh",
        "sql",
        "svelte",
        "swift",
        "tf",
        "ts",
        "tsx",
        "vue",
        "zig",
    ]
)
_SPAN = re.compile(r"`+([^`\n]+)`+")
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_BARE_PATH = re.compile(r"(?<![\w/.-])(?:[\w.-]+/)+[\w.-]*\w/?")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_NAME = re.compile(r"[^\W\d]\w{2,}(?:\.[^\W\d]\w*)*")
_MODIFIERS = r"(?:(?:export|default|public|private|protected|static|abstract|final|async|pub|unsafe)[ \t]+)*"
_KINDS = r"(?:def|class|function|func|fn|struct|interface|type|enum|trait|const|let|var|object|module)"
_DEFINITION = re.compile(
    rf"^[ \t]*{_MODIFIERS}{_KINDS}[ \t]+(?:\([^)\n]*\)[ \t]*)?([^\W\d]\w{{2,}})"
    r"|^([^\W\d]\w{2,})[ \t]*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)
# A single word in lower case, such as `runs`, is a word of the text more often than a name.
_PLAIN_WORD = re.compile(r"[a-z]+\Z")


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """An entry for `covers`."""

    entry: str
    """A file, or a folder with a slash at its end."""
    score: float
    reasons: tuple[str, ...]
    """Why, the strongest first."""
    files: tuple[str, ...]
    """The files that the entry matches."""


@dataclass(frozen=True, kw_only=True)
class Together:
    """How often a file changed in one commit with a spec."""

    file: str
    commits: int
    of_spec: int
    """How many commits changed the spec."""
    of_file: int
    """How many commits changed the file."""


@dataclass(frozen=True, kw_only=True)
class CodeIndex:
    """The code of a project, by the names that a text may use for it."""

    files: frozenset[str]
    folders: Mapping[str, tuple[str, ...]]
    """The files below each folder that holds code."""
    by_name: Mapping[str, tuple[str, ...]]
    """Files by their name without folders."""
    by_module: Mapping[str, tuple[str, ...]]
    """Files by dotted module name, with and without the folder that source is in."""
    by_symbol: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The files that define each name."""

    def modules_of(self, dotted: str) -> tuple[str, ...]:
        """The files of the module that a dotted name names, or that holds what it names."""
        while dotted:
            if dotted in self.by_module:
                return self.by_module[dotted]
            dotted = dotted.rpartition(".")[0]
        return ()


def is_code(path: str) -> bool:
    """Whether a file is code by its name."""
    return path.rpartition(".")[2].lower() in _CODE


def index_code(texts: Mapping[str, str]) -> CodeIndex:
    """The index of the code files in `texts`, by path."""
    folders: dict[str, list[str]] = {}
    by_name: dict[str, list[str]] = {}
    by_module: dict[str, list[str]] = {}
    by_symbol: dict[str, list[str]] = {}
    for path in sorted(texts):
        folder = posixpath.dirname(path)
        while folder:
            folders.setdefault(folder, []).append(path)
            folder = posixpath.dirname(folder)
        by_name.setdefault(posixpath.basename(path), []).append(path)
        for name in _module_names(path):
            by_module.setdefault(name, []).append(path)
        for symbol in {first or second for first, second in _DEFINITION.findall(texts[path])}:
            by_symbol.setdefault(symbol, []).append(path)
    return CodeIndex(
        files=frozenset(texts),
        folders=_frozen(folders),
        by_name=_frozen(by_name),
        by_module=_frozen(by_module),
        by_symbol=_frozen(by_symbol),
    )


def suggest(
    name: str,
    body: str,
    index: CodeIndex,
    *,
    together: Iterable[Together] = (),
    tested: Mapping[str, str] | None = None,
) -> tuple[Suggestion, ...]:
    """The suggestions for a spec with this id and body, the best first; at most 10.

    `together` are the files that changed with it; `tested` maps files that its tests import to such a test.
    """
    signs: dict[str, dict[str, float]] = {}
    for entry, weight, reason in (
        *_namesakes(name, index),
        *_mentions(body, index),
        *_history(together, index),
        *_evidence(tested or {}, index),
    ):
        reasons = signs.setdefault(entry, {})
        reasons[reason] = max(weight, reasons.get(reason, 0.0))
    found = [
        Suggestion(
            entry=entry,
            score=round(sum(reasons.values()), 2),
            reasons=tuple(sorted(reasons, key=lambda reason: (-reasons[reason], reason))),
            files=index.folders.get(entry.rstrip("/"), (entry,)) if entry.endswith("/") else (entry,),
        )
        for entry, reasons in signs.items()
    ]
    ranked = sorted((item for item in found if item.score >= MIN_SCORE), key=lambda item: (-item.score, item.entry))
    return tuple(ranked[:MAX_SUGGESTIONS])


def _mentions(body: str, index: CodeIndex) -> Iterator[tuple[str, float, str]]:
    """What the text names: paths, files, modules, and in code spans what files define."""
    spans = [span.strip() for span in _SPAN.findall(body)]
    for text in dict.fromkeys((*spans, *_LINK.findall(body), *_BARE_PATH.findall(body))):
        path = re.sub(r"^(?:\.{0,2}/)+|[#:].*$", "", text)
        name = path.rstrip("/")
        if name in index.files:
            yield name, _PATH, f"the text names {name}"
        elif name in index.folders and "/" in path:
            yield f"{name}/", _PATH, f"the text names {name}/"
        else:
            for found in _only(index.by_name.get(posixpath.basename(name), ())) if "." in name else ():
                yield found, _FILE, f"the text names {posixpath.basename(name)}"
    for dotted in dict.fromkeys(_DOTTED.findall(body)):
        for found in _only(index.modules_of(dotted)):
            yield found, _MODULE, f"the text names {dotted}"
    names = [name for span in spans if not _PLAIN_WORD.match(span) for name in _NAME.findall(span)]
    for symbol in dict.fromkeys(part for name in names for part in name.split(".")):
        for found in _only(index.by_symbol.get(symbol, ())):
            yield found, _SYMBOL, f"it defines {symbol}, which the text names"


def _namesakes(name: str, index: CodeIndex) -> Iterator[tuple[str, float, str]]:
    """The only file or folder that is called like the spec. A folder needs another sign: a spec is seldom about all."""
    wanted = _spelled(name)
    files = [path for path in index.files if _spelled(posixpath.basename(path).partition(".")[0]) == wanted]
    folders = [f"{folder}/" for folder in index.folders if _spelled(posixpath.basename(folder)) == wanted]
    if len(files) + len(folders) == 1:
        yield (*files, *folders)[0], _NAMESAKE if files else _NAMESAKE / 2, "it is called like the spec"


def _spelled(name: str) -> str:
    return re.sub(r"[-_. ]", "", name).casefold()


def _history(together: Iterable[Together], index: CodeIndex) -> Iterator[tuple[str, float, str]]:
    for item in together:
        if item.file in index.files and item.commits >= _MIN_TOGETHER:
            share = item.commits / (item.of_spec + item.of_file - item.commits)
            reason = f"{item.commits} of the spec's {item.of_spec} commits changed it, too"
            yield item.file, _TOGETHER * share, reason


def _evidence(tested: Mapping[str, str], index: CodeIndex) -> Iterator[tuple[str, float, str]]:
    for file, test in tested.items():
        if file in index.files:
            yield file, _TEST, f"{test}, which tests the spec, imports it"


def _only(found: Sequence[str]) -> Sequence[str]:
    """The file that a name names; none when it names several."""
    return found if len(found) == 1 else ()


def _module_names(path: str) -> Iterator[str]:
    stem, _, suffix = path.rpartition(".")
    if suffix not in ("py", "pyi"):
        return
    name = stem.removesuffix("/__init__").replace("/", ".")
    yield name
    inner = name.partition(".")[2]
    if "." in inner and path.startswith(("src/", "lib/")):
        yield inner


def _frozen(found: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(paths) for name, paths in found.items()}
