"""The functions and tensor methods of the catalogue: one entry each, in one place.

    functions/
    +-- entry.py      what an entry is
    +-- numbers.py    value by value, comparing, multiplying matrices, reducing
    +-- tensors.py    joining, shape, indexing
    +-- making.py     making tensors, casting them
    +-- layers.py     what torch.nn.functional computes: activations, pooling, convolution, attention, ...
    +-- losses.py     distances and losses

To add one, add its entry to the table of its family and its case to tests/engine/cases: torch says what
it takes. A name is looked up in torch.nn.functional, then torch, then torch.Tensor; never one that ends in `_`, never
`empty`.
"""

from __future__ import annotations

from torchwire.catalogue.functions.entry import Function
from torchwire.catalogue.functions.layers import LAYERS
from torchwire.catalogue.functions.losses import LOSSES
from torchwire.catalogue.functions.making import MAKING
from torchwire.catalogue.functions.numbers import NUMBERS
from torchwire.catalogue.functions.tensors import TENSORS

FUNCTIONS: tuple[Function, ...] = (*NUMBERS, *TENSORS, *MAKING, *LAYERS, *LOSSES)
"""Every entry, in the order of the palette."""
