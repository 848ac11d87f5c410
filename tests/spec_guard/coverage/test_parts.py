"""Anchors that name a part of a file: definitions, sections and keys."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from pytest_orchestrator.errors import InputError
from pytest_orchestrator.spec_guard.coverage.anchors import anchor_problem
from pytest_orchestrator.spec_guard.coverage.parts import digest_of, suggest_part

PYTHON = """
from .impl import Store
import sys
class Cache:
    limit = 1
    def get(self): return 1
    class Inner:
        def put(self): pass
LIMIT = 1
def tune():
    global LIMIT
    x = 1
"""
TS = """
import { z } from './z';
export class Cache<T> {
  limit = 1;
  get(a: number) { return a }
}
export const MAX = 10, MIN = 1;
const prompts = { greeting: 'hi', 'other.key': 2 };
namespace N { export function f() { return 1 } }
interface I { k: string }
type A = string;
enum E { B = 1 }
export { z as again } from './z';
"""
GO = """package p
type Cache[T any] struct { limit int }
func (c *Cache[T]) Get(k string) int { return 1 }
func (s *Store) Get() int { return 2 }
const (
	A = iota
	B
)
var X = 1
"""
RUST = """
#[derive(Debug)]
pub struct Cache<T> { limit: u32 }
impl<T> Cache<T> {
    pub fn get(&self) -> u32 { 1 }
}
impl Drop for Cache<u8> { fn drop(&mut self) {} }
mod inner { pub fn f() {} }
pub const MAX: u32 = 1;
macro_rules! m { () => { 1 } }
"""
JAVA = """package p;
public class Cache {
  static final int MAX = 1, MIN = 0;
  @Deprecated int get() { return 1; }
  Cache() { }
  class Inner { void put() { } }
}
record R(int a) { }
"""
MARKDOWN = (
    "# Guide\n\nIntro.\n\n## Install #\n\nFirst.\n\n### Linux\n\napt\n\nOther\n-----\n\n```\n# Install\n```\n\nEnd.\n"
)
YAML = "a:\n  b: 1  # one\n  c: [x, {d: no}]\n'k.l': &k {m: 1}\nn: *k\n"
TOML = "[tool.x]\nlimit = 1\nnames = ['a']\n[tool.'y.z']\nb = 2.50\n"
JSON = '{"a": {"b": [1, {"c": 2}]}, "a": 3}'
FILES = {
    "a.py": PYTHON,
    "a.ts": TS,
    "a.tsx": TS,
    "a.go": GO,
    "a.rs": RUST,
    "a.java": JAVA,
    "a.md": MARKDOWN,
    "a.yaml": YAML,
    "a.toml": TOML,
    "a.json": JSON,
}


def changed(path: str, part: str, before: str, after: str) -> bool:
    text = FILES[path]
    assert before in text
    former, present = (digest_of(each.encode(), path, part) for each in (text, text.replace(before, after)))
    assert former is not None
    return former != present


@pytest.mark.parametrize(
    ("path", "part", "before", "after"),
    [
        ("a.py", "Cache.get", "return 1", "return 2"),
        ("a.py", "Cache", "LIMIT = 1", "LIMIT = 1\nCache.limit = 2"),
        ("a.py", "Cache.get", "LIMIT = 1", "LIMIT = 1\nCache.get = None"),
        ("a.py", "Cache.get", "LIMIT = 1", "LIMIT = 1\nsetattr(Cache, 'get', None)"),
        ("a.py", "Cache.get", "LIMIT = 1", "LIMIT = 1\nCache = None"),
        ("a.py", "Cache", "LIMIT = 1", "LIMIT = 1\nif sys: del Cache.get"),
        ("a.py", "Cache", "    x = 1", "    Cache.Inner.put = 1"),
        ("a.py", "LIMIT", "LIMIT = 1", "LIMIT = 1\nLIMIT += 1"),
        ("a.py", "LIMIT", "LIMIT = 1", "LIMIT = 1\ndel LIMIT"),
        ("a.py", "LIMIT", "    x = 1", "    LIMIT = 2"),
        ("a.py", "LIMIT", "LIMIT = 1", "LIMIT, other = 1, 2"),
        ("a.py", "Store", "from .impl", "from .other"),
        ("a.ts", "Cache", "limit = 1", "limit = 2"),
        ("a.ts", "Cache.get", "return a", "return\na"),
        ("a.ts", "Cache.get", "interface", "Cache.prototype.get = null; interface"),
        ("a.ts", "Cache", "interface", "delete Cache.get; interface"),
        ("a.ts", "MAX", "export const MAX", "const MAX"),
        ("a.ts", "MAX", "const MAX", "let MAX"),
        ("a.ts", "prompts.greeting", "'hi'", "'h  i'"),
        ("a.ts", "N.f", "return 1", "return 2"),
        ("a.ts", "I.k", "string }", "number }"),
        ("a.ts", "A", "= string", "= number"),
        ("a.ts", "E.B", "B = 1", "B = 2"),
        ("a.ts", "again", "again } from './z'", "again } from './y'"),
        ("a.tsx", "Cache.get", "return a", "return <b>x  {a}</b>"),
        ("a.go", "Cache", "return 1", "return 3"),
        ("a.go", "Cache.Get", "return 1", "return 3"),
        ("a.go", "Cache.limit", "limit int", "limit uint"),
        ("a.go", "B", "A = iota", "A = 1 + iota"),
        ("a.go", "X", "var X = 1", "var X = 1\nfunc f() { X = 2 }"),
        ("a.rs", "Cache", "Debug", "Clone"),
        ("a.rs", "Cache", "-> u32 { 1 }", "-> u32 { 2 }"),
        ("a.rs", "Cache.get", "-> u32 { 1 }", "-> u32 { 2 }"),
        ("a.rs", "Cache.drop", "&mut self) {}", "&mut self) { f() }"),
        ("a.rs", "inner.f", "fn f() {}", "fn f() { g() }"),
        ("a.rs", "m", "{ 1 }", "{ 2 }"),
        ("a.java", "Cache.get", "@Deprecated ", ""),
        ("a.java", "Cache.MAX", "static final", "static"),
        ("a.java", "Cache.Inner.put", "put() { }", "put() { f(); }"),
        ("a.java", "R", "int a", "long a"),
        ("a.md", "Install", "apt", "dnf"),
        ("a.md", "Linux", "apt", "dnf"),
        ("a.md", "Other", "End", "Stop"),
        ("a.md", "Guide", "End", "Stop"),
        ("a.yaml", "a.b", "1  #", "2  #"),
        ("a.yaml", "a.c.1.d", "no", "'no'"),
        ("a.yaml", "n", "m: 1", "m: 2"),
        ("a.yaml", '"k.l".m', "m: 1", "m: 2"),
        ("a.toml", "tool.x", "limit = 1", "limit = 2"),
        ("a.toml", "tool.x.names", "['a']", "['b']"),
        ("a.toml", 'tool."y.z".b', "2.50", "2.5"),
        ("a.json", "a.b.1.c", "2}", "4}"),
        ("a.json", "a", "3", "4"),
    ],
)
def test_part_changed(path: str, part: str, before: str, after: str) -> None:
    assert changed(path, part, before, after)


@pytest.mark.parametrize(
    ("path", "part", "before", "after"),
    [
        ("a.py", "Cache.get", "LIMIT = 1", "LIMIT = 2\nCache.limit = 3\nOther.get = 4"),
        ("a.py", "LIMIT", "    global LIMIT\n", "    LIMIT = 3\n"),  # of the function
        ("a.ts", "Cache", "MIN = 1", "MIN = 2"),
        ("a.ts", "Cache.get", "get(a: number) {", "// why\n  get( a: number )\n  {"),
        ("a.go", "Cache.Get", "return 2", "return 3"),
        ("a.go", "X", "return 1", "// why\n\treturn 1"),
        ("a.rs", "Cache.get", "&mut self) {}", "&mut self) { f() }"),
        ("a.rs", "Cache", "pub struct", "/// Words.\npub struct"),
        ("a.java", "Cache.get", "MAX = 1", "MAX = 2"),
        ("a.java", "Cache", "class Cache {", "class Cache\n{ // why"),
        ("a.md", "Linux", "First", "Second"),
        ("a.md", "Install", "End", "Stop"),
        ("a.yaml", "a.b", "# one", "# two"),
        ("a.yaml", "a.b", "[x,", "[y,"),
        ("a.toml", "tool.x", "2.50", "3"),
        ("a.json", "a.b.0", '"c": 2', '"c": 4'),
    ],
)
def test_other_parts_do_not_count(path: str, part: str, before: str, after: str) -> None:
    assert not changed(path, part, before, after)


@pytest.mark.parametrize(
    ("path", "part", "hint"),
    [
        ("a.py", "Cache.got", "Cache.get"),
        ("a.ts", "Cache.got", "Cache.get"),
        ("a.go", "Cache.Got", "Cache.Get"),
        ("a.md", "Instal", "Install"),
        ("a.yaml", "a.bb", "a.b"),
        ("a.toml", "tool.x.limits", "tool.x.limit"),
        ("a.json", "a.b.1.cc", "a.b.1.c"),
    ],
)
def test_part_that_is_not_there_is_none_and_the_nearest_is_named(path: str, part: str, hint: str) -> None:
    data = FILES[path].encode()
    assert digest_of(data, path, part) is None
    assert f"did you mean {hint!r}?" in suggest_part(data, path, part)


@pytest.mark.parametrize(
    ("anchor", "problem"),
    [
        ("a.ts::Cache.get", None),
        ("docs/x.md::How to install", None),
        ("config.yaml::a.b", None),
        ('pyproject.toml::tool."a.b"', None),
        ("app/[slug]/page.tsx::default", None),
        ("src/*.ts::Cache", "names a part of a path"),
        ("src/a.rb::Cache", "names a part of a path"),
        ("a.ts::Cache get", "not a dotted name"),
        ("config.yaml::a..b", "not a list of keys"),
        ("docs/x.md::", "names nothing"),
    ],
)
def test_anchors_with_parts(anchor: str, problem: str | None) -> None:
    found = anchor_problem(anchor)
    assert found is None if problem is None else found is not None and problem in found


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("data", [b"", b"\0", b"\xff", b"(" * 20_000, b"[" * 20_000, b"a: &a [*a]", b"# \n" * 2_000])
def test_any_file_can_be_asked(path: str, data: bytes) -> None:
    assert digest_of(data, path, "Cache") is None


def test_every_change_counts_in_a_file_with_an_error() -> None:
    broken = TS + "const = ;"
    one, two = (digest_of((broken + comment).encode(), "a.ts", "Cache") for comment in ("// a", "// b"))
    assert one is not None
    assert one != two


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.rs", lambda size: 'r#"' * size),
        ("a.js", lambda size: "a/" * size),
        ("a.js", lambda size: ") / " * size),
        ("a.js", lambda size: '="' * size),
        ("a.c", lambda size: "/" * 4 * size),
        ("a.c", lambda size: "\\ " * 2 * size),
        ("a.md", lambda size: "# a" + " " * 4 * size + "b\n"),
        ("a.md", lambda size: "# a\n" * size),
        ("a.md", lambda size: "x\n-\n" * size),
        ("a.yaml", lambda size: "a: &a " + "x" * size + "\nb: [" + "*a, " * size + "]\n"),
        ("a.yaml", lambda size: "[" * 4 * size),
        ("a.json", lambda size: "[" * 4 * size),
        ("a.py", lambda size: "import(" * size),
        ("a.py", lambda size: "# /// a\n" * size),
    ],
)
def test_hostile_text_takes_no_long_time(path: str, text: Callable[[int], str]) -> None:
    def seconds(size: int) -> float:
        started = time.process_time()
        for part in ("", "a"):
            if not part or path.endswith((".md", ".yaml", ".json", ".py")):
                digest_of(text(size).encode(), path, part)
        return time.process_time() - started

    seconds(1_000)
    # Twice the size in a time that is nearer to twice than to four times as long, on the better of three tries.
    assert min(seconds(40_000) / max(seconds(20_000), 0.01) for _ in range(3)) < 3


def test_file_that_takes_too_long_to_parse_is_an_error() -> None:
    with pytest.raises(InputError, match="can't be parsed in 5 seconds"):
        digest_of(b'r#"' * 100_000, "a.rs", "a")
