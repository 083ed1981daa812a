"""The random stream, followed: skipping to a place is as good as having drawn up to it."""

from __future__ import annotations

import torch

from torchwire.engine.stream import Stream


def test_after_a_skip_the_same_is_drawn() -> None:
    stream = Stream()
    stream.seed(7)
    with stream.drawing():
        torch.randn(5)
    place = stream.moved
    assert place is not None
    with stream.drawing():
        expected = torch.rand(3)

    stream = Stream()
    stream.seed(7)
    stream.skip(place)
    with stream.drawing():
        assert torch.equal(torch.rand(3), expected)


def test_it_tells_whether_something_was_drawn() -> None:
    stream = Stream()
    stream.seed(7)
    start = stream.place()
    with stream.drawing():
        torch.ones(3)
    assert stream.moved is None
    assert stream.place() is start
    with stream.drawing():
        torch.rand(1)
    assert stream.moved == stream.place() != start


def test_a_failure_that_drew_is_noticed() -> None:
    stream = Stream()
    stream.seed(7)
    start = stream.place()
    try:
        with stream.drawing():
            torch.rand(1)
            raise ValueError
    except ValueError:
        pass
    assert stream.place() != start
