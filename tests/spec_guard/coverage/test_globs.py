from __future__ import annotations

import pytest

from pytest_orchestrator.spec_guard.coverage import globs


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("src/cache.py", "src/cache.py"),
        ("./src/cache.py", "src/cache.py"),
        ("src", "src/a/b.py"),
        ("src/", "src/a/b.py"),
        (".", "anything/at/all.py"),
        ("src/*.py", "src/a.py"),
        ("src/*", "src/Makefile"),
        ("src/a*e.py", "src/ae.py"),
        ("src/**", "src/a/b/c.py"),
        ("src/**/*.py", "src/a.py"),
        ("src/**/*.py", "src/a/b/c.py"),
        ("**", "a.py"),
        ("**/test_*.py", "test_a.py"),
        ("**/test_*.py", "x/y/test_a.py"),
        ("src/*/", "src/a/b/c.py"),
        ("src/*/api", "src/one/api/views.py"),
        ("src/?.py", "src/a.py"),
        ("src/[ab].py", "src/b.py"),
        ("src/[!ab].py", "src/c.py"),
        ("src/[a-c].py", "src/b.py"),
        ("src/a+b(1).py", "src/a+b(1).py"),
        ("docs/ä*.md", "docs/äh.md"),
        ("a[[].py", "a[.py"),
        ("src/[]a].py", "src/].py"),
        ("a*b*c", "abcbc"),
        ("a*?b*?c", "axbbcc"),
        ("*ab*b", "aababb"),
        ("**/a/**/a/b", "a/a/a/a/b"),
        ("**/a/**/a/*b", "x/a/y/z/a/ab"),
        ("**/a/**/*/**", "a/b/c"),
        ("x*/**/y*z/**/*a*b", "x1/y1z/y2z/yyz/1a2b"),
        ("{{cookiecutter.name}}/a.py", "{{cookiecutter.name}}/a.py"),
        (".github/a..b", ".github/a..b"),
    ],
)
def test_glob_matches(glob: str, path: str) -> None:
    assert globs.problem(glob) is None
    assert globs.matches(path, [glob])


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("src/cache.py", "src/cache.pyi"),
        ("src/cache.py", "lib/src/cache.py"),
        ("src", "srcs/a.py"),
        ("src/", "src"),
        ("src/*.py", "src/sub/a.py"),
        ("src/*", "src/sub/a.py"),
        ("src/**", "src"),
        ("src/**/*.py", "src/a.txt"),
        ("**/test_*.py", "x/atest_b.py"),
        ("src/?.py", "src/ab.py"),
        ("src/a?b", "src/a/b"),
        ("src/[!a].py", "src/a.py"),
        ("src/a[!x]b", "src/a/b"),
        ("SRC/a.py", "src/a.py"),
        ("src/.+", "src/ab"),
        ("src/*.py", "src/a.py\n"),
        ("a*b*c", "ac"),
        ("a*ab*", "ab"),
        ("**/a/**/a/b", "a/b"),
        ("**/a/*/**", "a/b"),
    ],
)
def test_glob_leaves_alone(glob: str, path: str) -> None:
    assert not globs.matches(path, [glob])


@pytest.mark.parametrize(
    ("glob", "message"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("/src", "is absolute"),
        ("../src", "leaves the project"),
        ("src/../../x", "leaves the project"),
        ("src\\cache.py", "holds a backslash"),
        ("!src/a.py", "excludes"),
        ("src/[z-a].py", "is not a valid glob"),
        ("src/[ab.py", "never closed"),
        ("src/***.py", "joins **"),
        ("src/**.py", "joins **"),
        ("src/{a,b}.py", "holds {...,...}"),
        ("src/@(a|b).py", "extended glob"),
        ("src//a.py", "holds //"),
        ("src/./a.py", "holds // or /./"),
        (" src/a.py", "white space"),
        ("~/src/a.py", "starts with ~"),
        (":(glob)src", "starts with a colon"),
    ],
)
def test_glob_that_could_never_match_is_reported(glob: str, message: str) -> None:
    assert message in (globs.problem(glob) or "")


@pytest.mark.parametrize(
    ("glob", "path"),
    [("*a" * 2_000 + "*b*", "a" * 3_000), ("**/a/" * 200 + "b*c*", "a/" * 400 + "a"), ("*a*" * 50 + "/x", "a" * 3_000)],
)
def test_no_glob_takes_for_ever(glob: str, path: str) -> None:
    assert not globs.matches(path, [glob])
