"""JSON read more strictly than Python does it."""

from __future__ import annotations

import pytest

from torchwire.graph.body import NotADocument, parse_json


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nope",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b"\xff\xfe",
        b'{"a": "\xed\xa0\x80"}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_not_json_is_no_document(body: bytes) -> None:
    with pytest.raises(NotADocument):
        parse_json(body)


@pytest.mark.parametrize("body", [b'{"a": 1, "a": 2}', b'[{"b": {"a": 1, "c": 2, "a": 1}}]'])
def test_a_duplicate_key_is_no_document(body: bytes) -> None:
    with pytest.raises(NotADocument, match="A key stands twice"):
        parse_json(body)


def test_json_is_read_as_it_stands() -> None:
    assert parse_json(b'{"b": 1, "a": [1.0, 1, true, null, "\\ud83d\\ude00"]}') == {
        "b": 1,
        "a": [1.0, 1, True, None, "😀"],
    }
    assert list(parse_json(b'{"b": 1, "a": 2}')) == ["b", "a"]


def test_an_integer_of_four_thousand_digits_is_json() -> None:
    number = parse_json(b"[" + b"9" * 4000 + b",-" + b"9" * 400_000 + b"]")
    assert number[0] > 2**53
    assert number[1] < -(2**53)
