"""The language of expressions, compared with Python's own meaning."""

from __future__ import annotations

import contextlib

import pytest

from torchwire.graph.expressions import ExpressionError, parse_expression
from torchwire.graph.references import Reference


def sizes(reference: Reference) -> tuple[int, ...]:
    return {"x": (2, 3, 4), "lstm.h_n": (1, 8), "stage.0.x": (7,)}[str(reference)]


NAMES = {"a": 7, "b": 2, "f": 0.5, "flag": True, "off": False, "widths": [8, 16, 32], "table": [[1, 2], [3, 4]], "i": 1}


def value(text: str) -> object:
    return parse_expression(text).evaluate(NAMES, sizes)


@pytest.mark.parametrize(
    "text",
    [
        "a + b",
        "a - b",
        "a * b",
        "a / b",
        "a // b",
        "a % b",
        "b ** a",
        "-a",
        "+a",
        "not a",
        "a == b",
        "a != b",
        "a < b",
        "a <= b",
        "a > b",
        "a >= b",
        "1 < b < a",
        "1 < a < b",
        "a and b",
        "off and a",
        "off or b",
        "a or b",
        "a if flag else b",
        "a if off else b",
        "a + b * 2",
        "(a + b) * 2",
        "-a ** 2",
        "2 ** 3 ** 2",
        "a - b - 1",
        "-a // b",
        "-a % b",
        "a % -b",
        "not a == b",
        "a < b or b < a and not flag",
        "widths[i]",
        "widths[-1]",
        "widths[i + 1]",
        "table[1][0]",
        "1e-3",
        "0x10",
        "1_000",
        '"same"',
        "None",
        "True",
        "[a, b, 2 * a]",
        "(a, b)",
        "a / 2 * f",
        "2 if i == 0 else 1",
        "a == 7 and b == 2",
        "'a' == 'a'",
        "[1] + [2]",
        "widths + [a, b]",
        "[a] * 3",
        "3 * [a]",
        "[[1, 2]] * 2",
        "(1, 2) + (3,)",
        "[a] * 0 + [b] * -1",
        "[a] * flag",
        "'a' + 'b'",
        "'ab' * 2",
        "(widths * 2)[4]",
        "1e300 * 10",
    ],
)
def test_means_what_python_means(text: str) -> None:
    expected = eval(text, {"__builtins__": {}}, dict(NAMES))
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def test_sizes_are_read_and_listed() -> None:
    expression = parse_expression("x.shape[0] * lstm.h_n.shape[-1] + stage.0.x.shape[0]".replace("stage.0.x", "x"))
    assert expression.sizes == (Reference("x"), Reference("lstm", "h_n"))
    assert expression.evaluate({}, sizes) == 2 * 8 + 2
    assert parse_expression("x.shape[-1]").evaluate({}, sizes) == 4
    with pytest.raises(ExpressionError, match="has 3 sizes, there is no number 3"):
        parse_expression("x.shape[3]").evaluate({}, sizes)


def test_names_are_listed() -> None:
    assert parse_expression("a + widths[i] if training else 0").names == {"a", "widths", "i", "training"}


@pytest.mark.parametrize(
    "text",
    [
        "f(1)",
        "a.real",
        "x.shape",
        "x.size(0)",
        "__import__('os')",
        "lambda: 1",
        "[i for i in a]",
        "{1: 2}",
        "{1}",
        "a @ b",
        "a << b",
        "a & b",
        "a | b",
        "a ^ b",
        "~a",
        "a in b",
        "a is b",
        "a := 1",
        "f'{a}'",
        "widths[0:1]",
        "...",
        "1j",
        "b'a'",
        "*a",
        "await a",
        "yield",
        "a = 1",
        "a; b",
        "",
        "   ",
        "1 +",
        "(",
        ") + (",
        "1) + (2",
        "\0",
        "a\0b",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_expression(text)


def test_two_hundred_characters() -> None:
    assert parse_expression("1" + "+1" * 99 + " ").evaluate({}, sizes) == 100
    with pytest.raises(ExpressionError, match="at most 200 characters"):
        parse_expression("1" + "+1" * 100)


@pytest.mark.parametrize(
    "text",
    [
        "9007199254740993",
        "2 ** 53 + 1",
        "(2 ** 53 + 1) - 1",  # an intermediate counts too
        "2 ** 52 * 3 // 3",
        "-(2 ** 53) - 1",
        "9 ** 9 ** 9",
        "9 ** 9 ** 9 ** 9 ** 9",
        "(-8) ** 0.5",
        "10.0 ** 400",
        "1 / 0",
        "1 // 0",
        "1 % 0",
        "0 ** -1",
        "widths + 1",
        "widths * 1000000",
        "'a' * 1000000",
        "'a' < 1",
        "nope",
        "widths[3]",
        "widths[-4]",
        "widths[f]",
        "widths[flag]",
        "a[0]",
        "-widths",
        "[1] < [2] < 3",
    ],
)
def test_wrong_values_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        value(text)


def test_two_to_the_53_is_still_a_number() -> None:
    assert value("2 ** 53") == 2**53
    assert value("-(2 ** 53)") == -(2**53)


@pytest.mark.parametrize("text", ["(" * 99 + "1" + ")" * 99, "-" * 199 + "1", "not " * 49 + "1", "[" * 99 + "]" * 99])
def test_deep_nesting_is_read_or_refused_never_fatal(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        parse_expression(text).evaluate({}, sizes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        (":, -1", (slice(None), -1)),
        ("..., 1:3", (..., slice(1, 3))),
        ("::2", slice(None, None, 2)),
        ("None, :", (None, slice(None))),
        ("..., :x.shape[1]", (..., slice(None, 3))),
        ("[0, 2]", [0, 2]),
        ("i", 1),
    ],
)
def test_an_index_is_what_stands_between_the_brackets(text: str, expected: object) -> None:
    assert parse_expression(text, index=True).evaluate(NAMES, sizes) == expected


@pytest.mark.parametrize("text", ["", ":]+x[:", "'a':", "f(1)", "1.5:"])
def test_a_wrong_index_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_expression(text, index=True).evaluate(NAMES, sizes)


@pytest.mark.parametrize(
    "text",
    [
        "[1] + 2",
        "1 + 'a'",
        "[1] * [2]",
        "[1] * 2.0",
        "[1] + (2,)",
        "'%d' % 3",
        "[1] - [1]",
        "1e400",
        "-1e400",
        "1e308 * 10",
        "1e308 + 1e308",
        "[0] * 10001",
        "'ab' * 5001",
        "[0] * 2 ** 53",
        "[[0] * 100] * 100",
        "[[[[[0] * 90] * 90] * 90] * 90] * 90",
        "([0] * 6000) + ([0] * 6000)",
    ],
)
def test_what_has_no_meaning_or_too_large_a_one_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        value(text)
