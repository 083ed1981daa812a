"""What the fork server loads once for every worker: imports and signatures, no operation of torch.

An operation would start torch's threads, and a forked process has only the thread that forked it.
"""

from __future__ import annotations

import torch
import torch._dynamo  # meta kernels import it at their first call: 0.9 s that no request should pay
import torch.utils.flop_counter

from torchwire.engine.introspect import read_catalogue


def load() -> str:
    """Everything that a worker runs; torch's version."""
    read_catalogue()
    return str(torch.__version__)
