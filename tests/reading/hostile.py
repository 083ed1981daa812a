"""Texts that try to read files, to run something, to take all time or memory. Nothing happens, and each is told."""

from __future__ import annotations

from tests.reading.mistakes import HEAD, net

CLASSES = "".join(
    f"class L{i}(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    f"        self.a = L{i - 1}()\n        self.b = L{i - 1}()\n    def forward(self, x): return self.b(self.a(x))\n"
    for i in range(1, 30)
)
TREE = f"{HEAD}class L0(nn.Module):\n    def forward(self, x): return x\n{CLASSES}"

REACHING = {
    "open": net("return x", "open('{mark}', 'w').write('x')"),
    "os": net("return x", "import os; os.system('touch {mark}')"),
    "pathlib": net("return x", "from pathlib import Path; Path('{mark}').touch()"),
    "subprocess": net("return x", "import subprocess as s; s.run(['touch', '{mark}'])"),
    "eval": net("return x", 'eval(\'open("{mark}", "w")\')'),
    "exec": net("return x", 'exec(\'open("{mark}", "w")\')'),
    "import": net("return x", "__import__('os').system('touch {mark}')"),
    "builtins": net("return x", "import builtins; builtins.open('{mark}', 'w')"),
    "dunders": net("return x", "().__class__.__bases__[0].__subclasses__()"),
    "dunder of a function": net("return x", "self.forward.__globals__"),
    "getattr": net("return x", "getattr(nn, '__builtins__')"),
    "globals": net("return x", "globals()['x'] = 1"),
    "default": net("y()\n        return x").replace("(self, x)", "(self, x, y=open('{mark}', 'w').write('x'))"),
    "decorator": net("return x").replace("    def forward", "    @open('{mark}', 'w').write\n    def forward"),
    "metaclass": f"{HEAD}class Net(nn.Module, metaclass=open('{{mark}}', 'w')):\n    def forward(self, x): return x\n",
    "top level": "open('{mark}', 'w').write('x')\n" + net("return x"),
    "torch.load": net("return x", "self.load_state_dict(torch.load('{mark}'))"),
    "torch.save": net("return x", "torch.save(self, '{mark}')"),
    "hub": net("return x", "self.a = torch.hub.load('a/b', 'c')"),
    "extension": net("return x", "torch.utils.cpp_extension.load(name='a', sources=['{mark}'])"),
}
"""They try to make the file `{mark}`, or to get hold of Python itself."""

GIANT = {
    "loop": net("return x", "while True: pass"),
    "loop that changes": net("return x", "i = 0\n        while True: i = i + 1"),
    "recursion": net("return self.forward(x)"),
    "recursion of lambdas": net("return (lambda f: f(f))(lambda f: f(f))"),
    "property": net("return self.p").replace("    def f", "    @property\n    def p(self): return self.p\n    def f"),
    "generator": net("return x", "a = list(self.g())") + "    def g(self):\n        while True: yield 1\n",
    "string": net("return x", "a = 'a' * 10**9"),
    "string, doubled": net("return x", "a = 'a'\n        for i in range(100): a = a + a"),
    "string, replaced": net("return x", "a = ('a' * 50000).replace('a', 'b' * 50000)"),
    "string, joined": net("return x", "a = ('a' * 50000).join(['a'] * 50000)"),
    "format": net("return x", "a = '{:>1000000000}'.format(1)"),
    "f-string": net("return x", "a = f'{1:>1000000000}'"),
    "percent": net("return x", "a = '%1000000000d' % 1"),
    "list": net("return x", "a = [0] * 10**10"),
    "list, doubled": net("return x", "a = [1]\n        for i in range(100): a = a + a"),
    "lists of lists": net(
        "return x", "a = [0]\n        for i in range(100): a = [a, a]\n        self.a = nn.Linear(a, a)"
    ),
    "lists compared": net(
        "return x", "a = b = [0]\n        for i in range(100): a, b = [a, a], [b, b]\n        c = a == b"
    ),
    "key": net("return x", "a = (0,)\n        for i in range(100): a = (a, a)\n        c = {a: 1}"),
    "list in itself": net("return x", "d = []; d.append(d)\n        self.a = nn.Linear(d, 2)"),
    "result in itself": net("d = [x]; d.append(d)\n        return d"),
    "module in itself": net("return self.a(x)", "self.a = self"),
    "range": net("return x", "a = sum(range(10**12))"),
    "product": net("return x", "import itertools; a = list(itertools.product(range(1000), repeat=10))"),
    "integer": net("return x", "a = 10 ** 10 ** 10"),
    "integer, squared": net("return x", "a = 2\n        for i in range(100): a = a * a"),
    "shift": net("return x", "a = 1 << 10**10"),
    "operations": net("for i in range(90000): x = x + 1\n        return x"),
    "modules": TREE,
    "constant": net("return x", "a = torch.zeros(10**5, 10**5).sum().item()"),
    "expanded": net("return x", "a = torch.zeros(1).expand(10**9).tolist()"),
    "brackets": "(" * 100_000,
    "chain": net("return x" + " + x" * 3000),
    "attributes": net("return x" + ".y" * 2000),
    "NUL": "a\0b",
    "nothing": "",
}
"""They would take all time or memory."""
