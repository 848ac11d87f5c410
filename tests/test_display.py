"""Text that others wrote, on its way to a terminal."""

from __future__ import annotations

import time
import timeit

import pytest

from pytest_orchestrator.display import listed, printable, redact_urls, shorten


@pytest.mark.parametrize("text", ["", "plain text", "naïve 名前 \N{NO-BREAK SPACE}x", "\N{GRINNING FACE}"])
def test_printable_text_is_unchanged(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\n::error::b", "a\\n::error::b"),
        ("\udcff.md", "\\udcff.md"),
        ("a\u2028b", "a\\u2028b"),
        ("a\x7f\x9bb", "a\\x7f\\x9bb"),
    ],
)
def test_control_characters_are_escaped(text: str, escaped: str) -> None:
    assert printable(text) == escaped
    printable(text).encode()


def test_characters_to_keep_are_kept() -> None:
    assert printable("a\n\tb\r", keep="\n\t") == "a\n\tb\\r"


def test_users_and_passwords_of_urls_are_redacted() -> None:
    assert redact_urls("https://user:secret@example.org/x.git") == "https://***@example.org/x.git"
    assert redact_urls("see ssh://git@example.org/x.git?a@b") == "see ssh://***@example.org/x.git?a@b"
    assert redact_urls("file:///a@b") == "file:///a@b"


@pytest.mark.parametrize("before", ["?", "&", "?page=2&amp;", "#", "#state=1&"])
@pytest.mark.parametrize(
    "name",
    [
        *("token", "access_token", "private-token", "accessToken", "authtoken", "X-Amz-Security-Token", "jwt"),
        *("key", "apikey", "api_key", "api-key", "apiKey", "AWSAccessKeyId", "private_key", "subscription-key"),
        *("Signature", "X-Amz-Signature", "sig", "x_sig", "X-Amz-Credential", "client_secret", "Password", "pwd"),
        *("code", "auth"),
    ],
)
def test_secrets_in_the_parameters_of_urls_are_redacted(before: str, name: str) -> None:
    found = redact_urls(f"see https://example.org/x{before}{name}=s3cr%25t&tokens=3#top, then")

    assert found == f"see https://example.org/x{before}{name}=***&tokens=3#top, then"


@pytest.mark.parametrize(
    "name",
    ["tokens", "sort_key", "primaryKey", "keys", "monkey", "zipcode", "codec", "design", "author", "page", "sigma"],
)
def test_other_parameters_of_urls_are_kept(name: str) -> None:
    url = f"https://example.org/x?{name}=3&{name}=4#{name}=5"

    assert redact_urls(url) == url


@pytest.mark.parametrize(
    "piece", ["?", "a", "?a", "token", "?token", "-token=", "&a=", "://", "://a@", "a@", "key_", "apikey"]
)
def test_redacting_takes_time_in_proportion_to_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = "https://" + "?" + piece * (size // len(piece))
        return min(timeit.repeat(lambda: redact_urls(text), timer=time.process_time, number=1, repeat=5))

    small, large = seconds(10_000), seconds(80_000)
    assert large < 24 * small + 0.001  # 8 times in theory; 64 times if it were quadratic


@pytest.mark.parametrize(("names", "found"), [([], ""), (["a", "b"], "a, b"), (["a", "b", "c"], "a, b and 1 more")])
def test_names_beyond_the_first_are_counted(names: list[str], found: str) -> None:
    assert listed(names, at_most=2) == found


def test_long_text_is_shortened() -> None:
    assert (shorten("x" * 9, 9), shorten("x" * 10, 9)) == ("x" * 9, "x" * 6 + "...")
