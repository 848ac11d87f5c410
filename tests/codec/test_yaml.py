from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_orchestrator.codec.yaml import dump_yaml, load_yaml
from pytest_orchestrator.errors import InputError

json_shaped = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc-_.: 'yes#", max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_shaped)
def test_what_is_dumped_is_read_back(data: object) -> None:
    assert load_yaml(dump_yaml(data), path="f").data == data


def test_the_line_of_every_key_and_item_is_known() -> None:
    document = load_yaml("a: 1\nb:\n  - x\n  - c: 2\n", path="f", first_line=10)
    assert document.line(("a",)) == 10
    assert document.line(("b", 0)) == 12
    assert document.line(("b", 1, "c")) == 13
    assert document.line(("b", 1, "absent")) == 13


@pytest.mark.parametrize("text", ["no", "on", "Yes", "2026-01-02", "1_000", "0x10", "12:30:45", "True", "NULL", ".inf"])
def test_what_yaml_1_1_would_convert_stays_a_string(text: str) -> None:
    assert load_yaml(f"key: {text}", path="f").data == {"key": text}


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("-4", -4), ("1.5e3", 1500.0), ("true", True), ("~", None), ("'3'", "3")]
)
def test_plain_scalars_are_json_values(text: str, value: object) -> None:
    assert load_yaml(f"key: {text}", path="f").data == {"key": value}


def test_an_empty_document_is_nothing() -> None:
    assert load_yaml("", path="f").data is None


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: &x 1\nb: *x", 2, "alias"),
        ("a: 1\nb: 2\na: 3", 3, "'a' twice (first on line 1)"),
        ("a:\n  b: 1\n  b: 2", 3, "'b' twice"),
        ("a: !!python/object:os.system x", 1, "tag"),
        ("a: !!map {}", 1, "tag"),
        ("a: 1\n---\nb: 2", 2, "more than one YAML document"),
        ("[1, 2]: 3", 1, "something other than a string as a key"),
        ("a: [1,\nb: 2", 2, "not valid YAML"),
        ("a: \x07", 1, "not valid YAML"),
        ("a: " + "[" * 60 + "]" * 60, 1, "is nested deeper"),
        ("a: 1234567890123456789", 1, "more than 18 digits"),
    ],
)
def test_dangerous_and_surprising_yaml_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load_yaml(text, path="f.yaml")
    assert (caught.value.path, caught.value.line) == ("f.yaml", line)
    assert message in caught.value.message


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = 'a: &a ["x","x"]\n' + "".join(
        f"{name}: &{name} [*{before},*{before}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(InputError, match="alias"):
        load_yaml(bomb, path="f")


def test_a_huge_document_is_refused_unread() -> None:
    with pytest.raises(InputError, match="more than 1,048,576 characters"):
        load_yaml("a: " + "x" * (1 << 20), path="f")
