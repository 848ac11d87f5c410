"""Which edits of a file change what it means, in each language."""

from __future__ import annotations

import pytest

from pytest_orchestrator.spec_guard.coverage.meaning import same_meaning

_JS = 'export function f(a, b) {\n  return g(`x ${a}`, /[/*]/g, "// no")\n}\n'
_GO = 'package p\n\nfunc f() string {\n\treturn `// no` + "x"\n}\n'
_RUST = "fn f<'a>(x: &'a str) -> char {\n    /* a /* b */ c */ r#\"// \"no\"#; '\"'\n}\n"
_JAVA = 'class A {\n  String s = """\n    // no\n    """;\n  char c = \'"\';\n}\n'
_C = "#define MAX 10 /* ten */\nint f(void) { return 1; } // one\n"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        # Python
        ("a.py", "x = 1\n", "# Copyright\nx = 1  # one\n"),
        ("a.py", "import b\nimport a\nfrom c import e, d\n", "import a\nfrom c import d\nfrom c import e\nimport b\n"),
        ("a.py", "import a.b\nimport a.c\n", "import a.c\nimport a.b\n"),
        ("a.py", "def f():\n    import b\n    import a\n", "def f():\n    import a\n    import b\n"),
        ("a.py", '"""Old."""\n', '"""New."""\n'),
        # tokens
        ("a.js", _JS, _JS.replace("{\n  return", "{ // why\n\n    /* how */ return")),
        ("a.js", _JS, _JS.replace("(a, b)", "(\n  a,\n  b\n)")),
        ("a.js", _JS, _JS.replace("\n", "\r\n")),
        ("a.ts", "let x = a / b // half\n", "let x =\n  a / b\n"),
        ("a.ts", "f(a)\n  .b()\n", "f(a).b() /** x */\n"),
        ("a.tsx", "let x = 1 // one\n", "let x = 1\n"),
        ("a.go", _GO, "// Copyright\n" + _GO.replace("\treturn", "\t// why\n\treturn")),
        ("a.rs", _RUST, _RUST.replace("/* a /* b */ c */ ", "// x\n").replace("(x: &'a str)", "(\n x: &'a str\n)")),
        ("a.java", _JAVA, "/* Licence */\n" + _JAVA.replace("class A {\n", "class A\n{\n")),
        ("a.c", _C, _C.replace(" /* ten */", "").replace("// one", "// 1").replace("{ return", "{   return")),
        # data and prose
        ("a.json", '{"a": [1, 2]}', '{\n  "a": [1,\n 2]\n}\n'),
        ("a.toml", "[a]\nb = 1 # one\n", "[a]\n# why\nb    = 1\n"),
        ("a.yaml", "a:\n  - 'b'\n", "# why\na:\n    - b\n".replace("b", '"b"')),
        ("a.md", "One.\nTwo.\n", "One.\r\nTwo.\r\n"),
    ],
)
def test_what_does_not_change_the_meaning(path: str, before: str, after: str) -> None:
    assert before != after
    assert same_meaning(before.encode(), after.encode(), path)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        # Python: what programs read, and the order of imports that bind one name
        ("a.py", "#!/usr/bin/python\nx = 1\n", "#!/usr/bin/python\r\nx = 1\n"),
        ("a.py", "#!/usr/bin/python\n", "#!/usr/bin/sh\n"),
        ("a.py", "# /// script\n# dependencies = []\n# ///\n", '# /// script\n# dependencies = ["x"]\n# ///\n'),
        ("a.py", "# cython: boundscheck=True\n", "# cython: boundscheck=False\n"),
        ("a.py", "from a import x\nfrom b import x\n", "from b import x\nfrom a import x\n"),
        ("a.py", "from a import *\nimport b\n", "import b\nfrom a import *\n"),
        ("a.py", "import a\nx = 1\nimport b\n", "import b\nx = 1\nimport a\n"),
        (
            "a.py",
            "try:\n    import a\n    import b\nexcept E: pass\n",
            "try:\n    import b\n    import a\nexcept E: pass\n",
        ),
        ("a.py", "import a\n", "import a as b\n"),
        ("a.py", "from . import a\n", "from .. import a\n"),
        ("a.py", '"""Old."""\nprint(__doc__)\n', '"""New."""\nprint(__doc__)\n'),
        ("a.py", "# coding: latin-1\nx = '\u00e9'\n", "x = '\u00e9'\n"),
        ("a.py", "x = 0x" + "f" * 5000, "x = 0x" + "f" * 4999 + "e"),
        # JavaScript: line breaks, literals, directives
        ("a.js", "return\nx\n", "return x\n"),
        ("a.js", "a\n++b\n", "a++\nb\n"),
        ("a.js", "a /*\n*/ (b)", "a (b)"),
        ("a.js", "x = `a  b`", "x = `a b`"),
        ("a.js", "x = 'a  b'", "x = 'a b'"),
        ("a.js", "x = /a  b/", "x = /a b/"),
        ("a.js", 'x = /[/*]/; f(); y = "*/"', 'x = /[/*]/; y = "*/"'),
        ("a.js", "if (x) /[/*]/.test(y); f(); /**/", "if (x) /[/*]/.test(y); /**/"),
        ("a.js", "// \u2028f()\n", "// \n"),
        ("a.js", "<!-- /*\nf()\n/* */", "<!-- /*\n/* */"),
        ("a.jsx", "x = <a>http://x</a>", "x = <a>http:</a>"),
        ("a.tsx", "x = <a>don't // stop</a>", "x = <a>don't</a>"),
        ("a.js", "/* @jsx h */\nx", "x"),
        ("a.js", "x = a + +b", "x = a ++b"),
        ("a.js", "#!/usr/bin/env node\nx", "#!/usr/bin/env deno\nx"),
        ("a.js", "x = `${f(`//`)}`; g()\n", "x = `${f(`//`)}`\n"),
        # the others
        ("a.go", "//go:build linux\n\npackage p\n", "//go:build darwin\n\npackage p\n"),
        ("a.go", '// #include <a.h>\nimport "C"\n', '// #include <b.h>\nimport "C"\n'),
        ("a.go", "// +build linux\n\npackage p\n", "// +build linux\npackage p\n"),
        ("a.go", "func ExampleF() {\n\t// Output: 1\n}\n", "func ExampleF() {\n\t// Output: 2\n}\n"),
        ("a.go", "x := `a\n//b`\n", "x := `a\n`\n"),
        ("a.go", "// a\r f()\n", "// a\n f()\n"),
        ("a.rs", "/* /* */ f(); */ g();", "/* /* */ f(); */ h();"),
        ("a.rs", 'let x = r#"" // "#; f();', 'let x = r#"" "#; f();'),
        ("a.rs", '#![x] "\n// "; f();', '#![x] "\n// "; g();'),
        ("a.java", "// \\u000a f();\n", "// \\u000a g();\n"),
        ("a.c", "// a \\\nf();\n", "// a\nf();\n"),
        ("a.c", "#define S(x) #x\nS(a+b)\n", "#define S(x) #x\nS(a + b)\n"),
        ("a.c", "#define A 1\nB\n", "#define A 1 B\n"),
        ("a.c", "/* a *\\\n/ f(); /**/", "/* a *\\\n/ g(); /**/"),
        # data: types, order and duplicates
        ("a.json", '{"a": 1, "a": 2}', '{"a": 2, "a": 1}'),
        ("a.json", '{"a": 1.0}', '{"a": 1}'),
        ("a.json", '{"a": [["b", 1]]}', '{"a": {"b": 1}}'),
        ("a.toml", "a = 1\n", "a = 1.0\n"),
        ("a.toml", "a = 1\nb = 2\n", "b = 2\na = 1\n"),
        ("a.yaml", "a: no\n", "a: 'no'\n"),
        ("a.yaml", "a:\n  b:\n  c: 1\n", "a:\n  b:\n    c: 1\n"),
        ("a.yaml", "#cloud-config\na: 1\n", "a: 1\n"),
        ("a.yaml", "a: |\n  x # y\n", "a: |\n  x\n"),
        # what is compared by its bytes
        ("a.sh", "cat <<E\n# x\nE\n", "cat <<E\nE\n"),
        ("a.sh", "echo 1\n", "echo 1\r\n"),
        ("Makefile", "a:\n\tb\n", "a:\n    b\n"),
        ("a.md", "    code\n", "code\n"),
        ("a.txt", "a  b", "a b"),
    ],
)
def test_what_changes_the_meaning(path: str, before: str, after: str) -> None:
    assert not same_meaning(before.encode(), after.encode(), path)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.py", 'def f():\n    """Old."""\n', 'def f():\n    """New."""\n'),
        ("a.rs", "/// Old.\nfn f() {}\n", "/// New.\nfn f() {}\n"),
        ("a.java", "/** Old. */ class A {}", "/** New. */ class A {}"),
    ],
)
def test_docstrings_count_when_asked(path: str, before: str, after: str) -> None:
    assert same_meaning(before.encode(), after.encode(), path)
    assert not same_meaning(before.encode(), after.encode(), path, docstrings=True)


@pytest.mark.parametrize("path", ["a.js", "a.rs", "a.c", "a.json", "a.yaml", "a.toml", "a.md", "a.py"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"\n`",
        b";",
        b",)",
        b"\xff",
        b"'",
        b"/*",
        b"[" * 100_000,
        b"{" * 5_000,
        b"a: &a [*a]",
        b"\xef\xbb\xbf1",
    ],
)
def test_anything_can_be_compared(path: str, data: bytes) -> None:
    assert same_meaning(data, data + b"", path)
    assert not same_meaning(data, data + b"x = 1\n", path) or path == "a.py"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.c", "#define CLAMP \\\n\n if (x > 10) x = 10;\n", "#define CLAMP \\\n if (x > 10) x = 10;\n"),
        ("a.go", "x := a\n.b()\n", "x := a.b()\n"),
        ("a.go", "// +kubebuilder:validation:Maximum=10\n", "// +kubebuilder:validation:Maximum=99\n"),
        ("a.java", "int f() /*-{ return 10; }-*/;", "int f() /*-{ return 99; }-*/;"),
        ("a.js", "/*@cc_on limit = 10; */", "/*@cc_on limit = 99; */"),
        ("a.yaml", "## template: jinja\n#cloud-config\na: 1\n", "## template: jinja\n# foo\na: 1\n"),
        ("a.yaml", "# {{- if .Values.big }}\na: 1\n", "# {{- if .Values.small }}\na: 1\n"),
        ("a.yaml", 'a: 1 # {"$imagepolicy": "x"}\n', 'a: 1 # {"$imagepolicy": "y"}\n'),
        ("a.toml", "#:schema a.json\na = 1\n", "#:schema b.json\na = 1\n"),
        (
            "a.py",
            'import inspect\ndef f(): "one"\nprint(inspect.getdoc(f))\n',
            'import inspect\ndef f(): "two"\nprint(inspect.getdoc(f))\n',
        ),
    ],
)
def test_comment_that_a_program_reads_counts(path: str, before: str, after: str) -> None:
    assert not same_meaning(before.encode(), after.encode(), path)
