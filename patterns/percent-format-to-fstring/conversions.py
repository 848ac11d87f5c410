"""The conversions in a percent format (`%s`, `%(name)-10r`), and what they are called in an f-string.

The grammar is that of the standard library's manual, "printf-style String Formatting".
What we don't convert is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CONVERSION = re.compile(
    r"""%(?:
        (?P<percent>%)
      | (?:\((?P<key>[^()%\\]*)\))?
        (?P<flag>[-0]?)                      # several flags, and the ones that only numbers know, are refused
        (?P<width>(?:[1-9][0-9]{0,3})?)
        (?:\.(?P<precision>[0-9]{1,4}))?
        (?P<type>[sradixXo])
    )""",
    re.VERBOSE,
)
_AS_TEXT = frozenset("sra")
_COMPILED_DIGITS = 3


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """One conversion. `key` is what stands in `%(key)s`."""

    key: str | None
    flag: str
    width: str
    precision: str | None
    type: str

    @property
    def is_compiled(self) -> bool:
        """Whether CPython compiles it as an f-string's field since 3.11, with `optimize_format` in its ast_opt.c."""
        return self.type in _AS_TEXT and max(len(self.width), len(self.precision or "")) <= _COMPILED_DIGITS

    def placeholder(self, *, is_integer: bool, is_text: bool) -> tuple[str | None, str] | None:
        """The f-string's conversion (after the `!`) and format specification that mean the same.

        `is_integer`: the value is certainly an int, no subclass; `is_text`: it is text. None: nothing means the same.
        """
        if self.type in _AS_TEXT:
            if self.flag == "0" or (self.flag and not self.width):
                return None
            if (is_integer or (is_text and self.type == "s")) and not self.width and self.precision is None:
                return None, ""
            align = "" if not self.width else "<" if self.flag else ">"  # text leans right in a percent format
            precision = "" if self.precision is None else f".{self.precision}"
            return self.type, f"{align}{self.width}{precision}"
        if not is_integer or self.precision is not None or (self.flag and not self.width):
            return None
        number = "d" if self.type == "i" else self.type
        if number == "d" and not self.width:
            return None, ""
        return None, f"{'<' if self.flag == '-' else self.flag}{self.width}{number}"


def split(text: str) -> Sequence[str | Conversion] | None:
    """Literal text (with `%%` read as `%`) and conversions, in their order. None: there is something we don't know."""
    parts: list[str | Conversion] = []
    position = 0
    while (start := text.find("%", position)) >= 0:
        found = _CONVERSION.match(text, start)
        if found is None:
            return None
        parts.append(text[position:start])
        if found["percent"]:
            parts.append("%")
        else:
            parts.append(
                Conversion(
                    key=found["key"],
                    flag=found["flag"],
                    width=found["width"],
                    precision=found["precision"],
                    type=found["type"],
                )
            )
        position = found.end()
    return [*parts, text[position:]]
