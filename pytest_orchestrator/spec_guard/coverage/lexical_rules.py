r"""How source is split into tokens, by the suffix of the file.

Only what is certain from left to right without a parser is written down. Where a language has dialects, only what all
of them agree on is a comment. Ruby, Perl, HTML and formats with markup inside are left out: where a comment begins in
them depends on what was parsed before.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Language:
    """The lexical rules of a language, as regular expressions."""

    literals: str
    """Strings and characters, before all other tokens. One that nests code is matched only if that is plain."""
    line_comment: str = r"//[^\n]*"
    blocks: Literal["flat", "nested", "unknown", "none"] = "flat"
    r"""Whether `/*` starts a comment, and whether comments nest. `unknown`: dialects differ."""
    directives: str = r"(?!)"
    """Comments that programs read."""
    words: str = r"[\w$]+"
    number: str = r"\d[\w.]*"
    gaps: Literal["free", "end statements", "blanks", "count", "indent"] = "free"
    """What counts between tokens. `end statements`: line breaks that can end one. `blanks`: whether there is white
    space. `count`: that, and whether there is a line break. `indent`: that, blank lines, and how lines are indented."""
    spaced: bool = False
    """Whether blanks between two operators, or two literals, count, where gaps are `free`."""
    refused: str = r"(?!)"
    """Text that changes how all of the file is read."""
    stops: str = r"(?!)"
    """A token that only a parser or a dialect can tell, before comments: the rest of the file counts as it is."""
    opens: str = r"[\"'`]"
    """The same, after literals: the start of a string that is none of `literals`."""
    regexes: bool = False
    """Whether `/` can start a regular expression."""
    markup: bool = False
    """Whether `<` can start an element of JSX."""
    line_ends: Literal["same", "in literals", "count"] = "same"
    """Where it counts how lines end: in literals that are longer than a line, or everywhere."""
    commas: str = ""
    """The closing brackets before which a comma means nothing."""
    semicolons: bool = False
    """Whether a semicolon before `}` means nothing."""
    tuples: bool = False
    """Whether `(x,)` is a tuple."""
    macros: bool = False
    """Whether macros see the commas in `name!(...)`."""


_STRING = r'"(?:[^"\\\n]|\\.)*"'
_QUOTED = r"'(?:[^'\\\n]|\\.)*'"
_TEMPLATE = r"`(?:[^`\\$]|\\.|\$(?!\{)|\$\{[^`{}\"'/\\]*\})*`"
_SCRIPT = Language(
    literals=f"{_STRING}|{_QUOTED}|{_TEMPLATE}",
    gaps="end statements",
    directives=r"@(?:jsx|jest-|vitest-|ts-|flow|vite|ngInject|cc_on|internal)|#?__[A-Z_]+__|webpack|turbopack"
    r"|source(?:Mapping)?URL|\A///\s*<|\A(?://|/\*(?!\*))[@#]",
    refused=r"<!--|-->",  # these are comments in scripts, and operators in modules
    regexes=True,
    commas=")]}",
    semicolons=True,
)
_SCRIPT_OR_JSX = Language(
    literals=_SCRIPT.literals,
    gaps=_SCRIPT.gaps,
    directives=_SCRIPT.directives,
    refused=_SCRIPT.refused,
    regexes=True,
    markup=True,
    commas=_SCRIPT.commas,
    semicolons=True,
)
GO = Language(
    literals=rf"{_STRING}|{_QUOTED}|`[^`]*`",
    gaps="end statements",
    directives=r"\A//[a-z0-9]+:\S|\A//(?:export|line|extern|sys)\b|\A/\*line\b|\A//\s*\+\w",
    # C in comments, a constraint that a blank line ends, the expected output of examples.
    refused=r"\"C\"|`C`|//\s*\+build|(?i://\s*(?:unordered\s+)?output:)|(?i:/\*\s*(?:unordered\s+)?output:)",
    commas=")}",  # `[P *C,]` declares a parameter of a type, `[P *C]` an array
)
_RUST = Language(
    literals=r"[bc]?r(?P<marks>#*)\".*?\"(?P=marks)|\"(?:[^\"\\]|\\.)*\""
    r"|'(?:[^'\\\n]|\\(?:u\{[0-9a-fA-F_]+\}|x[0-9a-fA-F]{2}|[^\n]))'|'[^\W\d]\w*(?![\w'])",
    opens=r"[\"'`]|[bc]?r#*\"",
    blocks="nested",
    directives=r"\A//!\s*```cargo",
    commas=")]}",
    tuples=True,
    macros=True,
)
_JAVA = Language(
    literals=rf'"""(?:[^\\]|\\.)*?"""|{_STRING}|{_QUOTED}',
    # Native methods of JSNI, contracts of JML, dependencies of a script.
    directives=r"\A/\*-\{|\A/[/*]@|\A//[A-Z_]{3,}\b",
    refused=r"\\u",  # an escape counts in comments too, and can end them
    commas="}",
)
C = Language(
    literals=rf"{_STRING}|{_QUOTED}",
    number=r"\d(?:[\w.]|'(?=\w))*",
    gaps="count",
    directives=r"\A/[/*]@",
    # Raw strings, trigraphs, a continued line in or beside the marks of a comment, or before a line that is left out, a
    # directive's free text.
    refused=r"R\"|\?\?/|^(?=[^\n]*//)[^\n]*\\[ \t\f\v]*$|[/*]\\[ \t\f\v]*$"
    r"|\\[ \t\f\v]*\n[ \t\f\v]*(?:\n|/[/*])"
    r"|^[ \t]*#[ \t]*(?:error|warning|include[ \t]*<[^>\n]*/[/*])",
)
_CODE = r"\{[^{}\"'/\\]*\}"  # code in a string, without strings and comments
_C_SHARP = Language(
    line_ends="in literals",
    literals=r'(?P<marks>"{3,}+).*?(?<!")(?P=marks)(?!")|@"(?:[^"]|"")*+"'
    rf'|(?:\$@|@\$)"(?:[^"{{}}]|""|\{{\{{|\}}\}}|{_CODE})*+"|\$(?!""")"(?:[^"\\\n{{}}]|\\.|\{{\{{|\}}\}}|{_CODE})*+"'
    rf'|(?!"""){_STRING}|{_QUOTED}|#[^\n]*',  # a directive of the preprocessor is free text
    opens=r"(?<![$@])[$@]*[\"'`]",
    words=r"\w+",
    directives=r"(?i:<auto-?generated)",
    refused=r"^[^\S\n]*#[^\S\n]*(?:if|elif|else)\b|\x85",  # what is left out is not read by any rules
    commas="]}",
)
_DART = Language(
    literals=r"r'''.*?'''|r\"\"\".*?\"\"\"|r'[^'\n]*'|r\"[^\"\n]*\""
    rf"|'''(?:[^'\\$]|'(?!'')|\\.|\$(?!\{{)|\${_CODE})*+'''|\"\"\"(?:[^\"\\$]|\"(?!\"\")|\\.|\$(?!\{{)|\${_CODE})*+\"\"\""
    rf"|(?!''')'(?:[^'\\\n$]|\\.|\$(?!\{{)|\${_CODE})*+'|(?!\"\"\")\"(?:[^\"\\\n$]|\\.|\$(?!\{{)|\${_CODE})*+\"",
    opens=r"r?[\"'`]",
    blocks="nested",
    directives=r"\A//\s*@dart",
    stops=r"\?\[",  # with a blank between them they are two operators
    commas=")]}",
    tuples=True,
)
_PHP = Language(
    line_ends="in literals",
    literals=r"'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\{$]|\\.|\{(?!\$)|\$(?!\{)|\{\$[^{}\"'/\\]*\})*+\""
    # An attribute, which is a comment before PHP 8: the same line for both.
    r"|#\[(?:[^'\"/\n`<]|'[^'\\\n]*'|\"[^\"\\\n$]*\"|/(?![/*]))*(?=\n)",
    line_comment=r"//[^\n]*|#(?!\[)[^\n]*",
    opens=r"[\"'`]|#\[|<<<",
    words=r"[\w$\\]+",
    number=r"\.?\d[\w.]*",
    directives=r"\A/\*\*(?s:.*)@",  # programs read annotations
    refused=r"(?!\A)<\?|\?>|__halt_compiler|(?i:\A(?!<\?php\s))",
    commas=")]}",
)
_LUA = Language(
    literals=r"\[(?P<marks>=*)\[.*?\](?P=marks)\]|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'",
    line_comment=r"--\[(?P<level>=*)\[.*?\](?P=level)\]|--(?!\[=*\[)[^\n]*",
    blocks="none",
    opens=r"[\"'`]|--|\[=*\[|//|/\*",  # the last two are comments in a dialect
    spaced=True,
    commas="}",
)
_KOTLIN_TEXT = rf"\$(?!\{{)|\${_CODE}"
_KOTLIN = Language(
    literals=rf'"""(?:[^"$]|"(?!"")|{_KOTLIN_TEXT})*+"""+|(?!""")"(?:[^"\\\n$]|\\.|{_KOTLIN_TEXT})*+"'
    rf"|{_QUOTED}|`[^`\n]*`",
    blocks="nested",
    directives=_JAVA.directives,
    gaps="count",
    words=r"\w+",
    commas=")]}",
)
_SWIFT = Language(
    literals=r'(?<!#)(?P<marks>#++)"""(?:(?!\\#).)*?"""(?P=marks)|(?<!#)(?P<fence>#++)(?!""")"(?:(?!\\#)[^\n])*?"(?P=fence)'
    r'|"""(?:[^"\\]|"(?!"")|\\[^(]|\\\([^()"\\/]*\))*+"""|(?!""")"(?:[^"\\\n]|\\[^(\n]|\\\([^()"\\/\n]*\))*+"'
    r"|`[^`\n]*`",
    # A slash that is no division: of an operand on its left, or with a blank on its right.
    opens=r"(?<!#)#*[\"'`]|#/|(?<![\w)\]}?!])/(?!\s)",
    blocks="nested",
    gaps="count",
    words=r"\w+",
    commas=")]",
)
_SCALA = Language(
    literals=rf'"""(?:[^"$]|"(?!"")|{_KOTLIN_TEXT})*+"""+|(?!""")"(?:[^"\\\n$]|\\.|{_KOTLIN_TEXT})*+"'
    r"|'(?:[^'\\\n]|\\[^\n]+?)'|`[^`\n]*`",
    opens=r"[\"'`]|(?<![^\s({>])<(?=[\w!?])",  # XML
    blocks="nested",
    directives=r"\A//>",
    # Versions differ in where an interpolated string ends, and in whether an escape counts in comments.
    refused=r"(?<=\w)\"(?:[^\"\\\n]|\\[^\"\n])*\\\"|\\u",
    gaps="indent",
    words=r"\w+",
    commas=")]}",
)
_SQL = Language(
    line_ends="in literals",
    # Some dialects escape by a backslash, so none may be before a quote.
    literals=r"'(?:[^'\\]|\\(?![\\']))*+'|\"(?:[^\"\\]|\\(?![\\\"]))*+\"|`[^`\\]*`|\[[^\]\n\"'`$/#-]*\]"
    r"|\$(?P<marks>\w*)\$.*?\$(?P=marks)\$",
    line_comment=r"--(?!\S)[^\n]*",
    blocks="unknown",
    # Hints and code in comments, other strings, comments of some dialects only, commands of clients, templates.
    stops=r"/\*(?:!|\+|M!)|--(?=\S)|'''|\"\"\"|(?i:n?q')|[#{}\\]|//",
    opens=r"[\"'`\[]|\$\w*\$",
    refused=r"(?i:^[^\S\n]*(?:delimiter|rem|remark|prompt|define|host|[tb]title)\b|\bfrom\s+stdin\b)|^[.@]",
    spaced=True,
)
# The name of a custom property, the first one after a semicolon or brace.
_CUSTOM = r"(?:\A|[;{}])(?>[^;{}]*?(?<![\w-])--[\w-]++\s*+:)"
_STYLE = Language(
    literals=rf"{_STRING}|{_QUOTED}|(?i:url)\(\s*(?![\"'\s])[^\"'()\\\s]*\s*\)",
    line_comment=r"(?!)",
    opens=r"[\"'`]|(?i:url)\((?!\s*[\"'])|\\(?=[\w\n])",  # an escape can spell `url`
    directives=r"\A/\*[!#\s]*(?:@|rtl|autoprefixer|purgecss|postcss|cssnano|source)",
    gaps="blanks",
    semicolons=True,
    words=r"[\w-]+",
    refused=rf"{_CUSTOM}[^;{{}}]*?/\*|{_CUSTOM}\s*+\{{",  # a custom property can be read as text
)
# Interpolated code in strings and comments, and what the preprocessors copy as text.
_AT_RULES = (
    "media include mixin if else for each while use forward import extend function return debug warn error charset "
    "supports at-root content font-face keyframes"
)
_SHEET = Language(
    literals=r'"(?:[^"\\\n#@]|\\.|[#@](?!\{))*+"'
    r"|'(?:[^'\\\n#@]|\\.|[#@](?!\{))*+'|(?i:url)\(\s*(?![\"'\s])[^\"'()\\\s]*\s*\)|[#@]\{",
    opens=_STYLE.opens,
    directives=rf"{_STYLE.directives}|#\{{|@\{{",
    gaps="blanks",
    semicolons=True,
    words=_STYLE.words,
    refused=rf"{_CUSTOM}[^;{{}}]*?/[/*]|{_CUSTOM}\s*+\{{|(?i:expression|element)\(|(?i:progid)"
    rf"|(?:\A|[;{{}}])(?>[^;{{}}]*?@(?!(?:{_AT_RULES.replace(' ', '|')})\b)[\w-]+)[^;{{}}]*?/[/*]",
)
_SHELL = Language(
    line_ends="count",
    literals=r"'[^']*'|\$'(?:[^'\\]|\\[^'])*+'"
    r"|\"(?:[^\"\\$`]|\\.|\$(?![({])|\$\{(?:[^{}\"'`\\$]|\$\w)*\}"
    r"|\$\((?:[^()\"'`\\$#]|\$(?![({']))*\)|\$\(\([^()\"'`\\#]*\)\))*+\""
    r"|\$\{[^{}\"'`\\$\s]*\}|\$[#$]|\\(?!\s#)."
    r"|\(\((?:[^()\"'`\\$#]|\$\w)*\)\)",
    line_comment=r"(?<!\S)#[^\n]*",
    blocks="none",
    opens=r"[\"'`]|<<|\(\(|(?<=[|&;()<>])#|\\|\$[{'\[]",
    words=r"[^\s\"'`\\$;&|<>()]+",
    number=r"(?!)",
    directives=r"\A#[^\s#=*-]|\A#+\s*(?:@|chkconfig)",
    gaps="count",
    # Patterns, in which `#` is no comment; other names for commands; scripts that read themselves.
    refused=r"[@?*+!]\(|^(?>[^\n]*?=~)[^\n]*\(|\balias\b|BEGIN INIT INFO"
    r"|^(?>[^\n]*?\b(?:sed|grep|awk|head|tail|cat|cut|perl)\b)[^\n]*(?:\$0|BASH_SOURCE|\$\{0)",
)
_BY_SUFFIX: Mapping[str, Language] = {
    **dict.fromkeys((".ts", ".mts", ".cts"), _SCRIPT),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx", ".tsx"), _SCRIPT_OR_JSX),
    ".go": GO,
    ".rs": _RUST,
    ".java": _JAVA,
    **dict.fromkeys((".c", ".h", ".cc", ".cpp", ".cxx", ".hh", ".hpp"), C),
    ".cs": _C_SHARP,
    ".dart": _DART,
    ".php": _PHP,
    ".lua": _LUA,
    **dict.fromkeys((".kt", ".kts"), _KOTLIN),
    ".swift": _SWIFT,
    **dict.fromkeys((".scala", ".sc"), _SCALA),
    ".sql": _SQL,
    ".css": _STYLE,
    **dict.fromkeys((".scss", ".less"), _SHEET),
    **dict.fromkeys((".sh", ".bash"), _SHELL),
}


def language_of(path: str) -> Language | None:
    """The lexical rules for a file; None when its language is unknown."""
    return _BY_SUFFIX.get(posixpath.splitext(path)[1].lower())
