"""What the names of six are on Python 3, according to six's own source."""

from __future__ import annotations

from collections.abc import Mapping

BUILTINS: Mapping[str, str] = {
    "six.Iterator": "object",
    "six.advance_iterator": "next",
    "six.binary_type": "bytes",
    "six.callable": "callable",
    "six.next": "next",
    "six.text_type": "str",
    "six.unichr": "chr",
    **{f"six.moves.{name}": name for name in ("filter", "input", "map", "range", "zip")},
    "six.moves.xrange": "range",
}

TUPLES: Mapping[str, str] = {
    "six.class_types": "type",
    "six.integer_types": "int",
    "six.string_types": "str",
}
"""These are tuples of one class."""

ITERATORS: Mapping[str, str] = {"six.iteritems": "items", "six.iterkeys": "keys", "six.itervalues": "values"}
VIEWS: Mapping[str, str] = {"six.viewitems": "items", "six.viewkeys": "keys", "six.viewvalues": "values"}

MODULES: Mapping[str, str] = {
    f"six.moves.urllib.{name}": f"urllib.{name}" for name in ("error", "parse", "request", "response", "robotparser")
} | {"six.moves.urllib": "urllib"}
"""Modules whose names are all found in the module of Python 3 too."""
