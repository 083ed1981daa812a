"""Hostile requests of `POST /import`: texts that want to be run, never end, or are no text."""

from __future__ import annotations

import json
from typing import Any

HEAD = """\
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
"""
TAIL = "\n    def forward(self, x):\n        return self.a(x)\n"


def _content(text: str, **more: Any) -> bytes:
    return json.dumps({"content": text, **more}).encode()


def _inside(line: str) -> bytes:
    """A constructor with this line."""
    return _content(f"{HEAD}        {line}\n{TAIL}")


def sources() -> dict[str, bytes]:
    """Name -> body."""
    texts = {
        "empty text": "",
        "NUL": "class Net:\0 pass",
        "lone words": "hello world",
        "deep brackets": "(" * 5_000 + ")" * 5_000,
        "deep minus": "x = " + "-" * 50_000 + "1",
        "deep attributes": "x" + ".a" * 50_000,
        "deep classes": "".join(f"{' ' * level}class C{level}:\n" for level in range(90)) + " " * 90 + "pass",
        "a megabyte of names": "x = 1\n" * 150_000,
        "one long line": "x = [" + "1," * 400_000 + "]",
        "a class of itself": "class A(A):\n    pass\n",
        "classes in a circle": "class A(B):\n    pass\nclass B(A):\n    pass\n",
        "runs at the top": "import os\nos.system('touch /tmp/hostile')\nopen('/etc/passwd').read()\n",
        "exec": "exec('import os')\neval('1')\n__import__('os')\n",
        "metaclass": "class M(type):\n    def __call__(c):\n        while 1: pass\nclass A(metaclass=M): pass\nA()\n",
        "decorator": "@(lambda c: exit())\nclass A:\n    pass\n",
        "tabs and blanks": "class A:\n\tx = 1\n        y = 2\n",
        "10,000 classes": "".join(f"class C{n}(nn.Module):\n    pass\n" for n in range(10_000)),
    }
    lines = {
        "never ends": "while True: pass",
        "counts to 10**12": "for i in range(10**12): self.a = nn.Linear(1, 1)",
        "power tower": "n = 9**9**9**9; self.a = nn.Linear(n, n)",
        "giant text": "n = 'x' * 10**10",
        "giant list": "n = [0] * 10**10",
        "nested lists": "n = [[[[0] * 1000] * 1000] * 1000] * 1000",
        "shift": "n = 1 << 10**10",
        "factorial": "f = lambda n: n * f(n - 1)\n        self.a = nn.Linear(f(10**6), 1)",
        "recursion": "self.__init__()",
        "10**6 layers": "self.a = nn.Sequential(*[nn.Linear(1, 1) for _ in range(10**6)])",
        "10**12 parameters": "self.a = nn.Linear(10**6, 10**6)",
        "comprehension tower": "n = [a for a in range(9999) for b in range(9999) for c in range(9999)]",
        "format": "n = f\"{'x':>{10**9}}\"",
        "percent": "n = '%1000000000d' % 1",
        "files": "n = open('/etc/passwd').read()",
        "dunder": "n = ().__class__.__bases__[0].__subclasses__()",
        "loads": "self.a = torch.load('/etc/passwd')",
        "setattr": "setattr(self, '__class__', int)",
        "zip": "n = list(zip(*[range(10**9)] * 1000))",
    }
    loop = {"a.py": "from b import *\n", "b.py": "from a import *\n"}
    return {
        **{f"text: {name}": _content(text) for name, text in texts.items()},
        **{f"line: {name}": _inside(line) for name, line in lines.items()},
        "files in a circle": json.dumps({"files": loop}).encode(),
        "files elsewhere": json.dumps({"files": {"../../etc/passwd": "x = 1", "/etc/shadow": "", "": ""}}).encode(),
        "501 files": json.dumps({"files": {f"m{n}.py": "" for n in range(501)}}).encode(),
        "neither": b"{}",
        "both": json.dumps({"content": "x", "files": {"a.py": "x"}}).encode(),
        "unknown form": _content("x", format="pickle"),
        "a notebook that is none": _content("[]", format="notebook"),
        "a deep notebook": _content("[" * 100_000, format="notebook"),
        "a document that is none": _content("[" * 100_000, format="json"),
        "deep arguments": b'{"content": "x", "arguments": {"A": {"n": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}}",
        "giant sample": _content(HEAD + TAIL, inputs={"x": {"shape": [2**30] * 16}}),
        "sample of rank 17": _content(HEAD + TAIL, inputs={"x": {"shape": [1] * 17}}),
        "a lone surrogate": b'{"content": "\\ud800"}',
    }
