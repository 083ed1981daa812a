"""torch's docstrings as people read them."""

from __future__ import annotations

import re

import pytest
from torch import nn

from torchwire.engine.docstrings import arguments, plain
from torchwire.engine.introspect import read_catalogue


def test_markup_is_left_out() -> None:
    doc = """Applies :class:`~torch.nn.Linear` with ``bias`` and :attr:`p`, see `the paper <http://x.org>`__.

    Args:
        p: not this
    """
    assert plain(doc) == "Applies torch.nn.Linear with bias and p, see the paper ."


def test_a_sentence_whose_formula_is_cut_off_goes_with_it() -> None:
    assert plain("Rescales. In torch.nn it is\ndefined as:\n\n.. math::\n    x") == "Rescales."
    assert plain("Rescales by:\n\n.. math::\n    x") == "Rescales by ..."
    assert not [layer.type for layer in read_catalogue().types.values() if layer.doc.endswith(":")]


def test_no_docstring_is_no_text() -> None:
    assert plain(None) == "" and arguments(None) == {}


def test_the_first_sentence_about_each_argument() -> None:
    doc = """Something.

    Args:
        size (int or tuple): Size of the window, e.g. of
            a kernel. More of it.
        p: probability of zero. Default: 0.5
        dim (int, optional): the dimension (default=1)
        x: needs :math:`x^2`
        bare: Default: ``True``

    Shape:
        - Input: any
    """
    assert arguments(doc) == {
        "size": "size of the window, e.g. of a kernel",
        "p": "probability of zero",
        "dim": "the dimension",
    }


def test_of_torchs_own() -> None:
    assert arguments(nn.Linear.__doc__)["out_features"] == "size of each output sample"
    assert arguments(nn.Dropout.__doc__)["p"] == "probability of an element to be zeroed"
    assert plain(nn.ReLU.__doc__).startswith("Applies the rectified linear unit function element-wise")


MODULES = [layer for layer in read_catalogue().types.values() if layer.form == "module"]


@pytest.mark.parametrize("layer", MODULES, ids=lambda layer: layer.type)
def test_what_a_parameter_means_is_plain_text(layer: object) -> None:
    for param in layer.params:  # type: ignore[attr-defined]
        assert len(param.summary) <= 160
        assert not re.search(r"`|:\w+:|\\|\$|\*\*|\s$|^\s", param.summary), param.summary
        assert not re.search(r"\bdefaults?\b|\(required", param.summary, re.IGNORECASE), param.summary


def test_most_parameters_say_what_they_mean() -> None:
    params = [param for layer in MODULES for param in layer.params if not param.forward]
    assert sum(bool(param.summary) for param in params) >= 0.9 * len(params)
