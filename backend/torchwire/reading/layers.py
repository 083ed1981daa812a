"""torch's own layers: their constructor, and their attributes, read and set afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torchwire.reading import attributes
from torchwire.reading.binding import bind_positions
from torchwire.reading.bounds import Raised, Refusal, Undecided
from torchwire.reading.draws import DRAWN
from torchwire.reading.forms import DTYPES
from torchwire.reading.values import DTypeOf, Function, Library, Module, Stored, Tensor, Unknown, Weight

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

_IGNORED = frozenset("device".split())
_INFERRED = frozenset("in_features in_channels num_features".split())
# read at every call, so that setting one is the same as having constructed the layer with it
_LATE = frozenset(
    """eps momentum p inplace negative_slope alpha lambd beta threshold value min_val max_val dim start_dim end_dim
    stride dilation padding padding_mode ceil_mode count_include_pad divisor_override output_size scale_factor mode
    align_corners size upscale_factor downscale_factor batch_first num_heads lower upper approximate unflattened_size
    normalized_shape padding_idx max_norm norm_type scale_grad_by_freq""".split()
)


class _Nothing:
    """No such attribute, where None is one."""


NOTHING = _Nothing()


def construct(it: Evaluator, made: Module, args: list[Any], kwargs: dict[str, Any]) -> None:
    """The constructor of torch's class that `made` is, or derives from. Raises Refusal."""
    lazy = made.kind.startswith("Lazy")
    layer = it.catalogue.get(made.kind)
    if layer is None or layer.form != "module":
        raise Refusal(f"nn.{made.kind} is not in the catalogue.")
    made.kind = layer.type
    made.layer = layer
    ways = layer.positions
    if lazy:  # what its input decides is no argument
        ways = tuple(tuple(name for name in way if name not in _INFERRED) for way in ways)
    given = bind_positions(it, layer, ways, args, kwargs)
    known = {param.name: param for param in layer.params if not param.forward}
    for name, value in given.items():
        if name in _IGNORED or (name not in known and value is None):
            continue
        if name not in known:
            raise Raised(f"{made.kind} has no parameter {name[:60]}.")
        if isinstance(value, Unknown):
            it.tell(it.unreadable(value))
            continue
        if isinstance(value, Module) and known[name].kind == "module":
            value.number = min(value.number, it.recording.next() - 1)
            value.nested = True
            if layer.code.startswith("nn.utils"):
                made.wraps = value
        elif isinstance(value, Tensor):
            found = it.known.values(value)
            if found is None:
                raise Refusal(f"{name} of {made.kind} is a tensor that only a run has.")
            value = found
        else:
            value = _decided(it, value)
        if name == "inplace" and not value:
            continue
        made.params[name] = value
    made.number = it.recording.next()
    it.recording.modules.append(made)
    own = attributes.class_attribute(it, made.cls, "reset_parameters") if made.cls is not None else None
    if isinstance(own, Function) and made.cls is not None:  # torch's constructor calls it
        made.resets = 0
        it.call(attributes.bound(it, made, made.cls, own), [], {})
        if made.resets != 1 and made.kind in DRAWN:
            told = "torch's own initialisation is drawn here too: the same seed gives the layers behind other numbers."
            it.notes.add("import-order", told, "info", own.node.lineno, own.frame.file.path)
        made.resets = None
    if lazy and made.kind in DRAWN:
        told = "A lazy layer draws its weights here where it stands, not at its first call."
        it.notes.here(it, "import-order", told, "info")


def attribute(it: Evaluator, module: Module, name: str) -> Any:
    """A layer's own attribute: a weight, or an argument of its constructor as torch keeps it."""
    assert module.layer is not None
    if name in module.ties:
        tied = module.ties[name]
        return Tensor(*tied.reference, through=module)
    param = next((param for param in module.layer.params if param.name == name and not param.forward), None)
    try:
        weights = it.known.weights(module)
    except Undecided:
        weights = {name: None} if name == "weight" or (name == "bias" and module.params.get("bias", True)) else {}
    if name in weights:
        return Tensor(Weight(module, name))
    if name in ("weight", "bias", "running_mean", "running_var", "in_proj_weight", "in_proj_bias"):
        return None
    if name == "head_dim" and module.kind == "MultiheadAttention":
        return module.params["embed_dim"] // module.params["num_heads"]
    if name == "out_proj" and module.kind == "MultiheadAttention":
        inner = Module(None, "Linear", it.catalogue.get("Linear"), number=module.number)
        inner.attributes = {key: Tensor(Weight(module, f"out_proj.{key}")) for key in ("weight", "bias")}
        return inner
    if name in ("weight_ih_l0", "weight_hh_l0") or param is None:
        return NOTHING
    value = module.params.get(name, param.default)
    if param.length and param.kind in ("int_or_ints", "float_or_floats") and isinstance(value, int | float):
        if name == "stride" and value is None:
            return attribute(it, module, "kernel_size")
        if "Pool" not in module.kind and module.kind not in ("Upsample", "Unfold", "Fold"):
            return (value,) * param.length
    if param.kind == "ints" and isinstance(value, int):
        return (value,)
    if name == "stride" and value is None:
        return attribute(it, module, "kernel_size")
    return tuple(value) if isinstance(value, list) else value


def store(it: Evaluator, module: Module, name: str, value: Any) -> bool:
    """layer.name = value; False where that is an attribute as any module may have. Raises Refusal."""
    assert module.layer is not None
    try:
        weights = it.known.weights(module)
    except Undecided:
        weights = dict.fromkeys(("weight", "bias"))
    if name in weights and (isinstance(value, Tensor) or value is None):
        if value is None:
            _without(it, module, name)
        else:
            _tie(it, module, name, value)
        return True
    param = next((param for param in module.layer.params if param.name == name and not param.forward), None)
    if param is None and not name.startswith("_"):
        return False
    pool = name == "kernel_size" and "Pool" in module.kind
    fixed = name == "padding" and module.params.get("padding_mode", "zeros") != "zeros"
    if param is None or fixed or not (name in _LATE or pool):
        raise Refusal(f"{name[:60]} of a {module.kind} is set behind its constructor: it stays as it was made.")
    module.params[name] = it.decide(value)
    it.known.forget(module)
    return True


def _without(it: Evaluator, module: Module, name: str) -> None:
    """layer.bias = None."""
    assert module.layer is not None
    if name != "bias" or not any(param.name == "bias" and param.kind == "bool" for param in module.layer.params):
        raise Refusal(f"The {name} of a {module.kind} is taken away: here it stays.")
    module.params["bias"] = False
    it.known.forget(module)
    if module.kind in DRAWN:
        told = "The bias is not drawn here at all: the same seed gives the layers behind other numbers."
        it.notes.here(it, "import-order", told, "info")


def _tie(it: Evaluator, module: Module, name: str, value: Tensor) -> None:
    source = value.source
    if isinstance(source, Weight) or (isinstance(source, Stored) and source.owner is not None):
        module.ties[name] = Tensor(source)
        return
    if isinstance(source, Stored):
        it.modules.weights.replace(module, name, source)
        return
    raise Refusal(f"{name} of {module.kind} is set to a result.")


def reset(it: Evaluator, module: Module) -> None:
    """layer.reset_parameters() of torch's own: as part of the constructor, or a second time."""
    if module.layer is None:
        raise Raised(f"{module.type_name} has no attribute reset_parameters.", kind="AttributeError")
    if module.resets is not None:
        module.resets += 1
    elif module.kind in DRAWN:
        it.notes.here(it, "import-order", "Weights that are drawn again are drawn once here: other numbers.", "info")


def cast(it: Evaluator, module: Module, dtype: str) -> Module:
    """module.double(): every layer is constructed with the dtype, every parameter computed in it."""
    drawn = False
    for _, each in it.modules.walk(module):
        if each.layer is not None:
            drawn = _cast_layer(it, each, dtype) or drawn
        for tensor in each.stored.values():
            source = tensor.source
            if isinstance(source, Stored) and _floats(it, source.value) not in (dtype, None):
                source.value = it.tensors.operation("to", {"input": source.value, "dtype": dtype})
    if drawn:
        told = f"Weights are drawn in {dtype} here, and not in float32 and then converted: other numbers."
        it.notes.here(it, "import-order", told, "info")
    return module


def _cast_layer(it: Evaluator, module: Module, dtype: str) -> bool:
    assert module.layer is not None
    for value in module.params.values():
        if isinstance(value, Module) and value.layer is not None:
            _cast_layer(it, value, dtype)
    if not any(param.name == "dtype" for param in module.layer.params):
        return False
    old = module.params.get("dtype")
    name = "float32" if old is None else dtype_of(it, old) or str(old)
    if name == dtype:
        return False
    module.params["dtype"] = dtype
    it.known.forget(module)
    return module.kind in DRAWN


def _floats(it: Evaluator, tensor: Tensor) -> str | None:
    try:
        found = it.known.dtype(tensor)
    except Undecided:
        return None
    return found if found.startswith(("float", "bfloat")) else None


def dtype_of(it: Evaluator, value: Any) -> str | None:
    """A value as the name of a floating dtype; None where it is none."""
    if isinstance(value, DTypeOf):
        value = it.dtype(value)
    if isinstance(value, Library) and value.path.startswith("torch."):
        value = value.path.removeprefix("torch.")
    name = DTYPES.get(value, value) if isinstance(value, str) else None
    return name if isinstance(name, str) and name.startswith(("float", "bfloat")) else None


def _decided(it: Evaluator, value: Any) -> Any:
    """Constructor arguments are numbers: sizes among them are decided."""
    it.budget.take(10)  # lists that hold each other grow without end when they are copied
    if isinstance(value, list | tuple):
        return [_decided(it, item) for item in value]
    if isinstance(value, range):
        return it.items(value)
    return it.decide(value)
