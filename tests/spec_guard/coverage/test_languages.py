"""Comments and formatting of other languages than Python don't count; whatever only looks like a comment does."""

from __future__ import annotations

import pytest

from pytest_orchestrator.spec_guard.coverage.meaning import same_meaning

CODE = {
    "a.cs": 'class A {\n#region x\n  string s = $"a{b}" + @"c:\\" + """// "x" """; // one\n  char c = \'"\'; '
    "/* two */\n}\n",
    "a.css": "a > b { color: red; /* one */ background: url(//x.org/*.png) }\n"
    '@media (x) { .c { content: "/* no */" } }\n',
    "a.dart": "f() {\n  var s = '''// no'''; // one\n  /* a /* b */ c */ return \"${s}\" + r'\\';\n}\n",
    "a.kt": 'fun f(): String {\n  // one\n  val s = """// no""" /* a /* b */ */\n  return "${s} // no" + \'"\'\n}\n',
    "a.less": "// one\n@c: red;\n.a { .b; color: @c; /* two */ }\n",
    "a.lua": "local s = [==[ -- no ]==] -- one\n--[[ two\n]]\nreturn s .. '--' .. \"--\"\n",
    "a.php": "<?php\n// one\n#[A('x')]\nfunction f($a) { # two\n  return '// no' . \"# {$a}\"; /* three */\n}\n",
    "a.scala": 'object A {\n  // one\n  def f(x: Int) = s"${x} // no" /* a /* b */ */\n  val c = \'"\'\n}\n',
    "a.scss": "// one\n$c: red;\n.a-#{$c} { &:hover { color: $c; } /* two */ background: url(http://x.org); }\n",
    "a.sh": "#!/bin/sh\n# one\necho \"$(f $x) # no\" ${x#y} $# '# no' a#b # two\nf() { g; }\n",
    "a.sql": "-- one\nSELECT 'a -- no', \"b\" /* two */\nFROM t; -- three\n",
    "a.swift": 'func f() -> String {\n  // one\n  let s = #"// " no"# /* a /* b */ */\n'
    '  return "\\(s) // no" + """\n  // no\n  """\n}\n',
    "Dockerfile": "# syntax=docker/dockerfile:1\n# one\nFROM a\nRUN b && \\\n  # two\n  c\n",
    "Makefile": "# one\na: b\n\techo c # no\n# two\n\td\n",
    "a.ini": "# one\n[a]\nb = 1 ; no\n; two\nc = 2\n",
    "a.properties": "# one\na = 1\n  ! two\nb = 2\\\n# no\n",
}
COMMENTS = {
    "#": ("a.sh", "Dockerfile", "Makefile", "a.ini", "a.properties", "a.php"),
    "--": ("a.lua", "a.sql"),
    "//": ("a.cs", "a.dart", "a.kt", "a.less", "a.php", "a.scala", "a.scss", "a.swift"),
    "/*": ("a.cs", "a.css", "a.dart", "a.kt", "a.less", "a.php", "a.scala", "a.scss", "a.sql", "a.swift"),
}


@pytest.mark.parametrize("path", CODE)
def test_other_words_in_comments_change_nothing(path: str) -> None:
    before = CODE[path]
    after = before.replace("one", "uno").replace("two", "dos; 'due").replace("three", "tres")
    assert before != after
    assert same_meaning(before.encode(), after.encode(), path)


@pytest.mark.parametrize(("sign", "path"), [(sign, path) for sign, paths in COMMENTS.items() for path in paths])
def test_comment_on_a_line_of_its_own_changes_nothing(sign: str, path: str) -> None:
    head, first, rest = CODE[path].partition("\n") if path in ("a.php", "a.sh", "Dockerfile") else ("", "", CODE[path])
    comment = f'{sign} it\'s "new"{" */" if sign == "/*" else ""}\n'
    for after in (f"{head}{first}{comment}{rest}", f"{CODE[path]}{comment}"):
        assert same_meaning(CODE[path].encode(), after.encode(), path)


@pytest.mark.parametrize("path", CODE)
def test_every_other_word_counts(path: str) -> None:
    """`no` is what looks like a comment and is none."""
    for word in ("no", "x", "a", "b", "c"):
        parts = CODE[path].split(word)
        for index in range(1, len(parts)):
            before = word.join(parts[:index])
            after = before + word + "QQ" + word.join(parts[index:])
            line = before.rpartition("\n")[2]
            if any(f"{each}" in after.split("\n")[before.count("\n")] for each in ("one", "two", "/*", "three")):
                continue  # a line with a comment
            assert not same_meaning(CODE[path].encode(), after.encode(), path), (line, word)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        # C#
        ("a.cs", 'x = $"{a["//"]}" + b("1"); // c', 'x = $"{a["//"]}" + b("2"); // c'),
        ("a.cs", 'x = @"c:\\"; f("//1");', 'x = @"c:\\"; f("//2");'),
        ("a.cs", 'return@"\\"; // " + f(1);', 'return@"\\"; // " + f(2);\n g();'),
        ("a.cs", '$"""x" // f(1);"""', '$"""x" // f(2);"""'),
        ("a.cs", '$$"""x" // f(1);"""', '$$"""x" // f(2);"""'),
        ("a.cs", "#if X\n/*\n#else\nf(1);\n#endif\n// */", "#if X\n/*\n#else\nf(2);\n#endif\n// */"),
        ("a.cs", "#error a // b\n", "#error a\n"),
        ("a.cs", "// a\x85 f(1);\n", "// a\x85 f(2);\n"),
        ("a.cs", "x = a[1,];", "x = a[1,,];"),
        # Dart
        ("a.dart", "x = '${a['//']}'; f(1);", "x = '${a['//']}'; f(2);"),
        ("a.dart", "x = r'\\'; f('// 1');", "x = r'\\'; f('// 2');"),
        ("a.dart", "/* /* */ f(1); */ g();", "/* /* */ f(1); */ h();"),
        ("a.dart", "x = (a,);", "x = (a);"),
        ("a.dart", "// @dart = 2.9\n", "// @dart = 2.12\n"),
        ("a.dart", "x = a?[b] : c;", "x = a ? [b] : c;"),
        # Kotlin
        ("a.kt", 'x = "${a["//"]}"; f(1)', 'x = "${a["//"]}"; f(2)'),
        ("a.kt", "`a // 1`()", "`a // 2`()"),
        ("a.kt", 'x = """a""""; f("//1")', 'x = """a""""; f("//2")'),
        ("a.kt", "/* /* */ */ f(1)", "/* /* */ */ f(2)"),
        ("a.kt", "a\n-b", "a -b"),
        ("a.kt", "a /*\n*/ -b", "a -b"),
        # Swift
        ("a.swift", 'x = "\\(f("//"))" + g("1")', 'x = "\\(f("//"))" + g("2")'),
        ("a.swift", 'x = /"/; f("// 1")', 'x = /"/; f("// 2")'),
        ("a.swift", 'x = #"\\#(f("//"))"# + "1"', 'x = #"\\#(f("//"))"# + "2"'),
        ("a.swift", "x = a +b", "x = a + b"),
        ("a.swift", "f (a)", "f(a)"),
        # PHP
        ("a.php", "<?php // a ?> 1 <?php", "<?php // a ?> 2 <?php"),
        ("a.php", "<?php $x = <<<E\n// 1\nE;", "<?php $x = <<<E\n// 2\nE;"),
        ("a.php", '<?php $x = "{$a["//"]}1";', '<?php $x = "{$a["//"]}2";'),
        ("a.php", "<?php #[A('\n// 1')]", "<?php #[A('\n// 2')]"),
        ("a.php", "<?php /** @ORM\\Column(length=1) */", "<?php /** @ORM\\Column(length=2) */"),
        ("a.php", "// 1 <?php", "// 2 <?php"),
        ("a.php", "<?php [, $a] = $b;", "<?php [$a] = $b;"),
        ("a.php", "<?php $a . 5;", "<?php $a .5;"),
        # Scala
        ("a.scala", "x = <a>// 1</a>", "x = <a>// 2</a>"),
        ("a.scala", "x =><a>// 1</a>", "x =><a>// 2</a>"),
        ("a.scala", 'x = s"\\"; f("// 1")', 'x = s"\\"; f("// 2")'),
        ("a.scala", "if x then\n  a\n  b", "if x then\n  a\nb"),
        ("a.scala", "def f\n{ 1 }", "def f\n\n{ 1 }"),
        ("a.scala", "// \\u000a f(1)\n", "// \\u000a f(2)\n"),
        ("a.scala", "//> using dep a\n", "//> using dep b\n"),
        # Lua
        ("a.lua", "x = [=[ ]] -- 1 ]=]", "x = [=[ ]] -- 2 ]=]"),
        ("a.lua", "--[==[ ]]\nf(1) ]==] g(1)", "--[==[ ]]\nf(1) ]==] g(2)"),
        ("a.lua", "--[[ a\n", "--[[ b\n"),
        ("a.lua", "// it's\nprint('-- 1')", "// it's\nprint('-- 2')"),
        ("a.lua", "x = a - -b", "x = a -b"),
        # SQL
        ("a.sql", "SELECT 5--2", "SELECT 5--3"),
        ("a.sql", "SELECT '\\'; -- 1'", "SELECT '\\'; -- 2'"),
        ("a.sql", "SELECT $$ -- 1 $$", "SELECT $$ -- 2 $$"),
        ("a.sql", "SELECT $a$ $$ -- 1 $a$", "SELECT $a$ $$ -- 2 $a$"),
        ("a.sql", "DELIMITER $$\nx 'a$$ -- 1' y$$", "DELIMITER $$\nx 'a$$ -- 2' y$$"),
        ("a.sql", "/*!40101 SET x=1 */", "/*!40101 SET x=2 */"),
        ("a.sql", "SELECT /*+ a */ 1", "SELECT /*+ b */ 1"),
        ("a.sql", "/* a /* b */ DROP TABLE t; -- */", "/* a /* b */ DROP TABLE u; -- */"),
        ("a.sql", "COPY t FROM stdin;\na -- 1\n\\.\n", "COPY t FROM stdin;\na -- 2\n\\.\n"),
        ("a.sql", "SELECT [a  b]", "SELECT [a b]"),
        ("a.sql", "SELECT 'a' 'b'", "SELECT 'a''b'"),
        ("a.sql", "// it's\nselect '-- 1'", "// it's\nselect '-- 2'"),
        ("a.sql", "# it's\nselect '-- 1'", "# it's\nselect '-- 2'"),
        ("a.sql", "SELECT q'[it's -- 1]'", "SELECT q'[it's -- 2]'"),
        ("a.sql", "PROMPT it's\nSELECT '-- 1'", "PROMPT it's\nSELECT '-- 2'"),
        ("a.sql", "{# '#}\n-- {{ f(1) }}'", "{# '#}\n-- {{ f(2) }}'"),
        ("a.sql", "SELECT '''a'b -- 1'''", "SELECT '''a'b -- 2'''"),
        # style sheets
        ("a.css", "a .b {}", "a.b {}"),
        ("a.css", "a/**/.b {}", "a .b {}"),
        ("a.css", "a { width: 10/**/px }", "a { width: 10px }"),
        ("a.css", "a { b: url(/*1*/) }", "a { b: url(/*2*/) }"),
        ("a.css", "a { b: u\\72l(/*1*/) }", "a { b: u\\72l(/*2*/) }"),
        ("a.css", "a { b: \\url(/*1*/) }", "a { b: \\url(/*2*/) }"),
        ("a.css", "a { --b: /*1*/ }", "a { --b: /*2*/ }"),
        ("a.css", "// a\n{ b: 1 }", "// c\n{ b: 1 }"),
        ("a.css", "/* rtl:ignore */ a {}", "a {}"),
        ("a.scss", ".a-#{$b} .c {}", ".a-#{$b}.c {}"),
        ("a.scss", 'a { b: url( #{"a"}//1); }', 'a { b: url( #{"a"}//2); }'),
        ("a.scss", 'a { b: "#{"//"}1"; }', 'a { b: "#{"//"}2"; }'),
        ("a.scss", "/* #{f(1)} */", "/* #{f(2)} */"),
        ("a.scss", "@unknown a //1\n;", "@unknown a //2\n;"),
        ("a.scss", "a { --b: { //1\n } }", "a { --b: { //2\n } }"),
        ("a.less", "@a: `f(//1)`;", "@a: `f(//2)`;"),
        # shell
        ("a.sh", "cat <<E\n# 1\nE\n", "cat <<E\n# 2\nE\n"),
        ("a.sh", "echo ${a# 1}", "echo ${a# 2}"),
        ("a.sh", 'echo "$(f " # 1")"', 'echo "$(f " # 2")"'),
        ("a.sh", "echo `f '\n# 1'`", "echo `f '\n# 2'`"),
        ("a.sh", "echo $'\\' # 1'", "echo $'\\' # 2'"),
        ("a.sh", "[[ $a =~ (#1) ]]", "[[ $a =~ (#2) ]]"),
        ("a.sh", "[[ $a =~ (b #1) ]]", "[[ $a =~ (b #2) ]]"),
        ("a.sh", "case $a in @(b | #1)) f;; esac", "case $a in @(b | #2)) f;; esac"),
        ("a.sh", "echo a\\\n#1", "echo a\\\n#2"),
        ("a.sh", "f \\\n# a\ng", "f \\\ng"),
        ("a.sh", "echo a\\ #1", "echo a\\ #2"),
        ("a.sh", "#SBATCH --time=1\nf", "#SBATCH --time=2\nf"),
        ("a.sh", "# -n 1\nsed -n 's/^# //p' $0", "# -n 2\nsed -n 's/^# //p' $0"),
        ("a.sh", "alias a='echo \"'\na # 1\"", "alias a='echo \"'\na # 2\""),
        ("a.sh", "((\n # 1\n))", "((\n # 2\n))"),
        ("a.sh", "f a\\ # 1", "f a\\ # 2"),
        ("a.sh", "f $[ 1\n# 1\n]", "f $[ 1\n# 2\n]"),
        ("a.sh", "a;b", "a\n;b"),
        # whole lines
        ("Dockerfile", "# syntax=docker/dockerfile:1\nFROM a", "# a\n# syntax=docker/dockerfile:1\nFROM a"),
        ("Dockerfile", "# escape=`\nRUN a `\n# b", "# escape=`\nRUN a `\n# c"),
        ("Dockerfile", "# syntax=x/y\n# 1\n", "# syntax=x/y\n# 2\n"),
        ("Dockerfile", "RUN <<E\n# 1\nE\n", "RUN <<E\n# 2\nE\n"),
        ("Makefile", "a = b \\\n# 1\n", "a = b \\\n# 2\n"),
        ("Makefile", "a:\n\t# 1\n", "a:\n\t# 2\n"),
        ("Makefile", "define a\n# 1\nendef\n", "define a\n# 2\nendef\n"),
        ("Makefile", "## 1\n", "## 2\n"),
        ("Makefile", "# 1 \\\na: b\n", "a: b\n"),
        ("a.ini", 'a = "x\n# 1"\n', 'a = "x\n# 2"\n'),
        ("a.ini", "#a = 1\n", "#a = 2\n"),
        ("a.ini", "a = b\n # 1\n", "a = b\n # 2\n"),
        ("a.properties", "a = b\\\n# 1\n", "a = b\\\n# 2\n"),
        ("other.cfg", "# 1\n", "# 2\n"),
        ("a.rb", "# 1\n", "# 2\n"),
        ("a.html", "<!-- 1 -->", "<!-- 2 -->"),
    ],
)
def test_what_only_looks_like_a_comment_counts(path: str, before: str, after: str) -> None:
    assert not same_meaning(before.encode(), after.encode(), path)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.tsx", "// 1\nconst a = 1\nreturn <div>// x</div>", "// 2\nconst a = 1 /* b */\nreturn <div>// x</div>"),
        ("a.js", "// 1\nif (x) /'/.test(y)", "// 2\nif (x) /'/.test(y)"),
        ("a.sh", "# 1\nf\ncat <<E\n# x\nE\n", "f\ncat <<E\n# x\nE\n"),
        ("a.sql", "-- 1\nSELECT 1; SELECT q'[a]'", "-- 2\nSELECT 1;  SELECT q'[a]'"),
    ],
)
def test_what_comes_before_text_that_only_a_parser_reads_is_compared_by_tokens(
    path: str, before: str, after: str
) -> None:
    assert same_meaning(before.encode(), after.encode(), path)
    assert not same_meaning(
        before.encode(), after.replace("x", "y").replace("'[a]", "'[b]").replace("'/", "/").encode(), path
    )


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.js", "f(a, b)", "f(\n  a,\n  b,\n)"),
        ("a.ts", "let {a} = [1]; x({b})", "let {a,} = [1,]; x({b,})"),
        ("a.ts", "import {a} from 'b'", "import {\n  a,\n} from 'b'"),
        ("a.js", "function f() { return 1 }", "function f() { return 1; }"),
        ("a.js", "f()\ng(1)\nx = [y]\nz = 'a'\nreturn\n", "f();\ng(1);\nx = [y];\nz = 'a';\nreturn;\n"),
        ("a.ts", "interface A {\n  a: b\n  c: d\n}", "interface A {\n  a: b;\n  c: d;\n}"),
        ("a.go", "f(a, b)", "f(\n\ta,\n\tb,\n)"),
        ("a.go", "[]int{1}", "[]int{\n\t1,\n}"),
        ("a.rs", "f(a); S { b }; [c]; let t = (d, e);", "f(\n a,\n); S { b, }; [c,]; let t = (d, e,);"),
        ("a.java", "int[] a = {1};", "int[] a = {1,};"),
        ("a.cs", "x = new A { B = 1 };", "x = new A { B = 1, };"),
        ("a.dart", "f(a); x = [b]; y = (c, d);", "f(a,); x = [b,]; y = (c, d,);"),
        ("a.kt", "f(a)", "f(a,)"),
        ("a.php", "<?php f($a, [1]);", "<?php f($a, [1,],);"),
        ("a.lua", "x = {1}", "x = {1,}"),
        ("a.css", "a { b: c }", "a { b: c; }"),
    ],
)
def test_marks_that_mean_nothing_do_not_count(path: str, before: str, after: str) -> None:
    assert same_meaning(before.encode(), after.encode(), path)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.js", "x = [a,]", "x = [a,,]"),
        ("a.js", "x = []", "x = [,]"),
        ("a.js", "for (;;) {}", "for (;) {}"),
        ("a.js", "if (a)\nb", "if (a);\nb"),
        ("a.js", "if (a) {} else\nb", "if (a) {} else;\nb"),
        ("a.js", "while (f(a))\nb", "while (f(a));\nb"),
        ("a.js", "a\n(b)", "a;\n(b)"),
        ("a.js", "a\n[b]", "a;\n[b]"),
        ("a.js", "a\n`b`", "a;\n`b`"),
        ("a.js", "a\n/b/g", "a;\n/b/g"),
        ("a.js", "class A {\nget\nb() {}\n}", "class A {\nget;\nb() {}\n}"),
        ("a.ts", "class A {\nstatic\nb = 1\n}", "class A {\nstatic;\nb = 1\n}"),
        ("a.rs", "let t = (a);", "let t = (a,);"),
        ("a.rs", "return (a)", "return (a,)"),
        ("a.rs", "m!(a)", "m!(a,)"),
        ("a.rs", "m!(f(a))", "m!(f(a,))"),
        ("a.rs", "fn f() { a }", "fn f() { a; }"),
        ("a.go", "type T[P *C] struct{}", "type T[P *C,] struct{}"),
        ("a.c", "#define A(...) f(__VA_ARGS__)\nA(a)", "#define A(...) f(__VA_ARGS__)\nA(a,)"),
        ("a.py", "x = (a)", "x = (a,)"),
    ],
)
def test_marks_that_mean_something_count(path: str, before: str, after: str) -> None:
    assert not same_meaning(before.encode(), after.encode(), path)
