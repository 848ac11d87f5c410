from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.codec.decode import Limit, decode_json, encode, read_yaml
from pytest_orchestrator.codec.schema import schema_of
from pytest_orchestrator.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Circle:
    """Round."""

    kind: Literal["circle"]
    radius: Annotated[int, Limit(minimum=1, maximum=9)]


@dataclass(frozen=True, kw_only=True)
class Label:
    """Words."""

    kind: Literal["label"]
    text: Annotated[str, Limit(pattern="^[a-z]+$")]
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A page."""

    shapes: Annotated[tuple[Circle | Label, ...], Limit(min_items=1)]
    at: datetime | None = None
    scale: float = 1.0
    draft: bool = False
    colour: Literal["red", "blue"] = "red"
    tags: Annotated[tuple[str, ...], Limit(unique_items=True)] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    line_width: int | None = field(default=None, metadata={"key": "line-width"})
    extra: Any = None


DRAWING = Drawing(
    shapes=(Circle(kind="circle", radius=2), Label(kind="label", text="a", day=date(2026, 1, 2))),
    at=datetime(2026, 1, 2, 3, tzinfo=UTC),
    line_width=3,
)


def test_what_is_encoded_is_decoded_again() -> None:
    assert decode_json(Drawing, encode(DRAWING), path="f") == DRAWING


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("shapes: []", 1, "shapes: must not be empty"),
        ("scale: 2", 1, "the key 'shapes' is missing"),
        ("shapes:\n- {kind: circle, radius: 10}", 2, "shapes.0.radius: 10 is greater than the maximum of 9"),
        ("shapes:\n- {kind: circle, radius: '3'}", 2, "shapes.0.radius: expected integer, found '3'"),
        ("shapes:\n- {kind: square}", 2, "expected kind 'circle' or kind 'label'"),
        ("shapes:\n- {kind: label, text: A}", 2, "expected text that matches ^[a-z]+$, found 'A'"),
        ("shapes:\n- {kind: label, text: a, day: 2026-02-30}", 2, "date"),
        ("shapes:\n- {kind: label, text: a}\ncolor: red", 3, "unknown key 'color': did you mean 'colour'?"),
        ("shapes:\n- {kind: label, text: a, dy: 1}", 2, "unknown key 'dy' in 'shapes.0': did you mean 'day'?"),
        ("shapes:\n- {kind: label, text: a}\ncolour: green", 3, "expected one of red, blue, found 'green'"),
        ("shapes:\n- {kind: label, text: a}\ntags: [a, a]", 3, "the same item twice"),
        ("shapes:\n- {kind: label, text: a}\nat: 2026-01-02", 3, "date-time"),
        ("shapes:\n- {kind: label, text: a}\ndraft: no", 3, "expected boolean, found 'no'"),
        ("shapes:\n- {kind: label, text: a}\nnotes: {a: 1}", 3, "notes.a: expected string, found 1"),
        ("- 1", 1, "expected mapping, found [1]"),
        ("", 1, "expected mapping, found nothing"),
    ],
)
def test_error_names_line_key_and_expected_value(text: str, line: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_yaml(Drawing, text, path="f.yaml")
    assert caught.value.line == line
    assert message in caught.value.message


_SCALARS = st.one_of(
    st.sampled_from([None, True, 0, 1, 3, 10, 1.0, 2.5]),
    st.sampled_from(["", "a", "A", "red", "circle", "label", "2026-01-02", "2026-13-02"]),
    st.sampled_from(["2026-01-02T03:04:05Z", "2026-01-02T03:04:05", "2026-01-02T25:04:05Z"]),
)
_PAGE_KEYS = ["at", "scale", "draft", "colour", "tags", "notes", "line-width", "line_width", "extra", "nonsense"]
_KEYS = st.sampled_from(["kind", "radius", "text", "day", "shapes", *_PAGE_KEYS])
_SHAPES = st.dictionaries(_KEYS, _SCALARS, max_size=3) | st.fixed_dictionaries(
    {"kind": st.sampled_from(["circle", "label"])}, optional={"radius": _SCALARS, "text": _SCALARS, "day": _SCALARS}
)
_VALUES = _SCALARS | st.lists(_SCALARS, max_size=3) | st.dictionaries(_KEYS, _SCALARS, max_size=2)
_DRAWINGS = st.fixed_dictionaries(
    {"shapes": st.lists(_SHAPES, max_size=3)}, optional=dict.fromkeys(_PAGE_KEYS, _VALUES)
)


@given(_DRAWINGS | _VALUES)
def test_the_decoder_and_the_published_schema_agree(data: Any) -> None:
    schema = schema_of(Drawing, title="drawing")
    formats = jsonschema.FormatChecker(formats=())
    formats.checks("date")(lambda value: not isinstance(value, str) or _is(date, value))
    formats.checks("date-time")(lambda value: not isinstance(value, str) or _is(datetime, value))
    # JSON Schema takes 1.0 for an integer, our files don't: that one difference is meant.
    fits = jsonschema.Draft202012Validator(schema, format_checker=formats).is_valid(data) and not _has_whole_float(data)
    try:
        decode_json(Drawing, data, path="f")
    except InputError:
        assert not fits
    else:
        assert fits


def _is(kind: type[date], text: str) -> bool:
    try:
        value = kind.fromisoformat(text)
    except ValueError:
        return False
    return not isinstance(value, datetime) or value.tzinfo is not None


def _has_whole_float(data: Any) -> bool:
    """A whole float in the position of an integer: `radius` or `line-width`."""
    if not isinstance(data, dict):
        return False
    shapes = data.get("shapes") or ()
    values = [shape.get("radius") for shape in shapes if shape.get("kind") == "circle"] + [data.get("line-width")]
    return any(isinstance(value, float) for value in values)
