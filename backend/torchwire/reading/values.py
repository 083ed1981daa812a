"""What a value can be while a text is read.

Known constants and containers are Python's own: None, bool, int, float, str, list, tuple, dict, set, range, slice.
The rest:

    Library     a name outside the text: torch.nn.Conv2d, math.sqrt
    Function    a function or lambda of the text;  Method: one bound to its object
    Class       a class of the text;  Object: an instance;  Module: an instance of nn.Module or one of torch's layers
    Tensor      a result in forward(), a parameter, a constant
    Symbol      a number that is known by an expression only (symbols.py)
    Unknown     what could not be read; it may be passed on, and where it is used in earnest the line is told
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from torchwire.catalogue.layer import LayerType

if TYPE_CHECKING:
    from torchwire.reading.sources import SourceFile


@dataclass(frozen=True)
class Library:
    """A dotted name of something that the text imports or that Python always has."""

    path: str


@dataclass(eq=False)
class Frame:
    """The names of one call, of a class body or of a comprehension, inside those of `outer`."""

    file: SourceFile
    outer: Frame | None = None
    names: dict[str, Any] = field(default_factory=dict)
    outside: dict[str, Frame | None] = field(default_factory=dict)  # global (None) and nonlocal names
    owner: Class | None = None  # the class whose method runs, for super()
    this: Any = None  # its `self`
    within: bool = False  # a comprehension's
    yields: list[Any] | None = None
    once: frozenset[str] = frozenset()  # names that the function assigns once: good names for nodes


@dataclass(eq=False)
class Function:
    """A function of the text; `node` is its def or lambda."""

    node: ast.FunctionDef | ast.Lambda
    frame: Frame
    name: str
    defaults: dict[str, Any]
    owner: Class | None = None
    kind: str = ""  # staticmethod classmethod property
    setter: Function | None = None  # of a property


@dataclass(eq=False)
class Method:
    """A function bound to the value that becomes its first argument."""

    function: Any
    this: Any


@dataclass(eq=False)
class Builtin:
    """A function of ours: `run(args, kwargs)`."""

    name: str
    run: Callable[[list[Any], dict[str, Any]], Any]


@dataclass(eq=False)
class Partial:
    """functools.partial."""

    function: Any
    args: list[Any]
    kwargs: dict[str, Any]


@dataclass(eq=False)
class Class:
    """A class of the text. Its body is read name by name, when one is needed."""

    name: str
    node: ast.ClassDef
    frame: Frame
    bases: list[Any]
    body: dict[str, list[ast.stmt]]
    known: dict[str, Any] = field(default_factory=dict)
    form: str = ""  # dataclass enum namedtuple
    mro: list[Any] = field(default_factory=list)  # Class and Library, itself first

    def is_module(self) -> bool:
        return any(isinstance(base, Library) and base.path.startswith("torch.nn.") for base in self.mro)


@dataclass(eq=False)
class Object:
    """An instance of a class of the text."""

    cls: Class
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Super:
    """super(): attributes of `this` behind `after` in its class's order."""

    after: Class
    this: Any


@dataclass(eq=False)
class Module:
    """An instance of nn.Module: of the text (`cls`), one of torch's layers (`layer`), a container (`kind`)."""

    cls: Class | None = None
    kind: str = ""  # Sequential ModuleList ModuleDict ParameterList ParameterDict, or a layer's type
    layer: LayerType | None = None
    params: dict[str, Any] = field(default_factory=dict)  # of a layer's constructor
    attributes: dict[str, Any] = field(default_factory=dict)
    children: dict[str, Module | None] = field(default_factory=dict)
    stored: dict[str, Tensor] = field(default_factory=dict)  # parameters and buffers of its own
    ties: dict[str, Tensor] = field(default_factory=dict)  # a layer's parameter -> what stands in its place
    number: int = 0  # in order of construction
    first: int = 0  # the number that was next when its constructor began
    line: int = 0
    file: str = ""
    trainable: bool = True
    wraps: Module | None = None  # spectral_norm, weight_norm
    nested: bool = False  # an argument of another layer's constructor
    resets: int | None = None  # calls of torch's reset_parameters() by one of the text's own, while that runs

    @property
    def type_name(self) -> str:
        return self.cls.name if self.cls is not None else self.kind


@dataclass(eq=False)
class Weight:
    """A parameter or buffer of a layer, by its name there."""

    module: Module
    name: str


@dataclass(eq=False)
class Stored:
    """A parameter or buffer that the text makes itself."""

    kind: str  # Parameter Constant
    value: Tensor  # what it is made of
    number: int
    line: int
    owner: Module | None = None
    name: str = ""
    persistent: bool = True
    trainable: bool = True


@dataclass(eq=False)
class Operation:
    """One call in forward(), or in a constructor (`scope` is then the module under construction, `init` true)."""

    type: str
    layer: LayerType | None  # None: nobody knows this type
    params: dict[str, Any]
    inputs: dict[str, Any]  # port -> Tensor's (source, port), or a list of them
    scope: Scope | None
    module: Module | None = None
    line: int = 0
    hint: str | None = None
    number: int = 0
    given: Any = None  # of an Input: shape, dtype, fill; of a tensor in a constructor: what fills it
    outside: bool = False  # at the top level of a file, not in the network's own making


@dataclass(eq=False)
class Scope:
    """One call of a module's forward()."""

    module: Module
    outer: Scope | None
    arguments: list[tuple[str, tuple[Source, str | None]]] = field(default_factory=list)  # the tensors among them
    result: list[tuple[str, tuple[Source, str | None]]] | None = None  # None: it was not read to its end
    began: int = 0
    ended: int = 0
    line: int = 0


Source = Operation | Weight | Stored


@dataclass(eq=False)
class Tensor:
    """A tensor: one output of a source. In-place operations change what it means, for everybody who holds it."""

    source: Source
    port: str | None = None
    base: Tensor | None = None  # whose memory it shows
    views: list[Tensor] = field(default_factory=list)
    made: Operation | None = None  # the call that showed it
    pieces: Pieces | None = None  # the list that it is one of
    through: Module | None = None  # a layer whose parameter it is by a tie
    stale: str | None = None  # why it can no longer be read as it is

    @property
    def reference(self) -> tuple[Source, str | None]:
        return (self.source, self.port)


@dataclass(eq=False)
class Shape:
    """`x.shape`, of which the number of dimensions may not be known."""

    tensor: Tensor


@dataclass(eq=False)
class Pieces:
    """A list of tensors by number (chunk, split, unbind), whose length the run decides."""

    operation: Operation
    length: int | None
    base: Tensor | None = None  # whose memory they show
    began: Any = None  # what that meant when they were made
    items: dict[int, Tensor] = field(default_factory=dict)


@dataclass(eq=False)
class Walk:
    """An iterator: what it still gives. Walking through takes it away."""

    values: list[Any]


class Fields(tuple[Any, ...]):
    """torch's named tuples: `values` and `indices`."""

    names: tuple[str, ...] = ()


@dataclass(eq=False)
class DTypeOf:
    """`x.dtype`."""

    tensor: Tensor


@dataclass(frozen=True)
class Device:
    """Any device: here everything is computed on the processor."""

    name: str = "cpu"


@dataclass(eq=False)
class Unknown:
    """A value that could not be read: `why`, told at `line`."""

    name: str
    why: str
    line: int | None = None
