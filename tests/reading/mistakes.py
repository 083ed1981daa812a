"""Texts with something in them that is told: the code, and the line."""

from __future__ import annotations

HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"


def net(forward: str, init: str = "pass", head: str = HEAD) -> str:
    """A text of one class; `init` is line 7 and `forward` begins on line 9."""
    return (
        f"{head}class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        f"        {init}\n"
        "    def forward(self, x):\n"
        f"        {forward}\n"
    )


TOLD: dict[str, tuple[str, str, int]] = {
    "no Python": ("class Net(:\n", "import-syntax", 1),
    "unknown function": (net("return torch.fft.fft(x)"), "import-unsupported", 9),
    "value decides": (net("return x if x.sum() > 0 else -x"), "import-unsupported", 9),
    "raises": (net("return x", "raise ValueError('no')"), "import-raises", 7),
    "endless loop": (net("return x", "while True: pass"), "import-limit", 7),
    "argument": (net("return x").replace("(self):", "(self, classes):"), "import-argument", 4),
    "shape": (net("return x.relu()"), "import-shape", 0),
    "assumed": (net("return F.relu(x)", head="\n\nfrom torch import nn\n"), "import-assumed", 9),
    "decided": (net("return x if self.training else x * 2"), "import-decided", 9),
    "ignored": (net("return x", "self.load_state_dict(None)"), "import-ignored", 7),
    "order": (net("return self.a(x)", "import copy; self.a = copy.deepcopy(nn.Linear(2, 2))"), "import-order", 7),
}
"""Name -> text, code, line; 0 is no line. The shape of x is given."""
