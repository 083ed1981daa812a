"""Rows 42 to 50: losses."""

from __future__ import annotations

from torchwire.engine.diagnosis import repairs
from torchwire.engine.diagnosis.case import Case
from torchwire.engine.diagnosis.embedding import integers_from
from torchwire.engine.sheet import dtype_name
from torchwire.graph.problems import Fix, Problem

_CROSS = ("CrossEntropyLoss", "cross_entropy")
_NLL = ("NLLLoss", "nll_loss")
_BCE = ("BCELoss", "binary_cross_entropy")
_LOGITS = ("BCEWithLogitsLoss", "binary_cross_entropy_with_logits")
_PAIRED = ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
_SCORES = ("Linear", "Conv1d", "Conv2d", "Conv3d", "Softmax", "softmax", "ReLU", "relu", "linear", "Flatten")


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "a single number"


def layout(case: Case) -> Problem | None:
    """Row 45: scores for each step of a sequence have their classes second."""
    scores, target = case.shape("input"), case.shape("target")
    if not case.kind(*_CROSS, *_NLL) or scores is None or target is None or len(scores) != 3:
        return None
    if target != scores[:2] or target == (scores[0], scores[2]):
        return None
    return Problem(
        "loss-layout",
        f"{case.title} wants scores N, C, L and targets N, L, but gets {_by(scores)} from {case.source('input')} and "
        f"{_by(target)} from {case.source('target')}: the {scores[2]} classes stand last.",
        port="input",
        detail=case.detail,
        fixes=tuple(repairs.insertion(case, "input", [("transpose", {"dim0": 1, "dim1": 2})])),
    )


def class_target(case: Case) -> Problem | None:
    """Row 46: what cross entropy takes as the right class."""
    scores, target = case.sheet("input"), case.sheet("target")
    if not case.kind(*_CROSS, *_NLL) or scores is None or target is None or not scores.shape:
        return None
    fixes: list[Fix] = []
    same = scores.shape == target.shape
    wanted = scores.shape[:1] + scores.shape[2:] if len(scores.shape) > 1 else ()
    classes = scores.shape[1] if len(scores.shape) > 1 else scores.shape[0]
    if same and (not target.dtype.is_floating_point or case.kind(*_NLL)):
        dim = 1 if len(scores.shape) > 1 else 0
        fixes += repairs.insertion(
            case, "target", [("argmax", {"dim": dim})], f"Take the number of the class from {case.source('target')}"
        )
        if case.kind(*_CROSS):
            fixes += repairs.insertion(case, "target", [("float", {})], "Take them as probabilities")
        what = "one number per class, but the number of the right class is wanted"
    elif target.shape == (*wanted, 1) and len(wanted) == 1:
        layers: list[repairs.Layer] = [("squeeze", {"dim": 1})]
        if target.dtype.is_floating_point:
            layers.append(("long", {}))
        fixes += repairs.insertion(case, "target", layers)
        what = f"a column {_by(target.shape)}, but a row of {wanted[0]} class numbers is wanted"
    elif target.shape == wanted and dtype_name(target.dtype) not in ("int64", "uint8"):
        source = case.feeder("target")
        params = source.spec.params if source is not None and source.kind == "input" else {}
        if source is not None and "shape" in params and params.get("fill", "randn") in ("randn", "rand"):
            fixes += integers_from(source, classes)
        else:
            fixes += repairs.insertion(case, "target", [("long", {})], f"Cast {case.source('target')} to int64")
        what = f"{dtype_name(target.dtype)}, but class numbers are int64"
    elif target.shape != wanted and not same:
        what = f"{_by(target.shape)}, but for scores of {_by(scores.shape)} the targets are {_by(wanted)}"
    else:
        return None
    return Problem(
        "loss-target",
        f"target of {case.title}: {case.source('target')} gives {what}.",
        port="target",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def class_range(case: Case) -> Problem | None:
    """Row 47: a class number beyond the scores."""
    scores, target = case.shape("input"), case.tensor("target")
    if (
        not case.kind(*_CROSS, *_NLL)
        or not scores
        or target is None
        or target.is_floating_point()
        or not target.numel()
    ):
        return None
    classes = scores[1] if len(scores) > 1 else scores[0]
    ignored = case.param("ignore_index")
    counted = target[target != ignored] if isinstance(ignored, int) else target
    if not counted.numel() or (int(counted.min()) >= 0 and int(counted.max()) < classes):
        return None
    low, high = int(counted.min()), int(counted.max())
    fixes: list[Fix] = []
    maker = next((node for node in case.upstream("input") if "out_features" in node.spec.params), None)
    source = case.feeder("target")
    needed = repairs.bound(source, high)
    if low >= 0 and maker is not None and maker.spec.params["out_features"] == classes and needed is not None:
        fixes += repairs.set_on(maker, "out_features", needed)
    fixes += integers_from(source, classes)
    if classes and not fixes and counted.numel() == target.numel():
        clamp: repairs.Layer = ("clamp", {"min": 0, "max": classes - 1})
        fixes += repairs.insertion(case, "target", [clamp], f"Clamp the classes to 0 to {classes - 1}")
    return Problem(
        "loss-class-range",
        f"{case.title} has scores for {classes} classes, numbered 0 to {classes - 1}, but "
        f"{case.source('target')} holds {high if high >= classes else low}.",
        port="target",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def not_probabilities(case: Case) -> Problem | None:
    """Row 48: binary cross entropy takes probabilities, not logits."""
    given, target = case.tensor("input"), case.tensor("target")
    if not case.kind(*_BCE) or given is None or not given.numel() or given.is_complex():
        return None
    if target is not None and target.is_complex():
        return None
    low, high = float(given.min()), float(given.max())
    if low >= 0 and high <= 1:
        if target is None or not target.numel() or (float(target.min()) >= 0 and float(target.max()) <= 1):
            return None
        return Problem(
            "loss-probabilities",
            f"target of {case.title}: {case.source('target')} reaches from {float(target.min()):.3g} to "
            f"{float(target.max()):.3g}; targets lie between 0 and 1.",
            port="target",
            detail=case.detail,
        )
    fixes = repairs.insertion(case, "input", [("sigmoid", {})])
    other = _LOGITS[_BCE.index(case.layer.type)]
    fixes = repairs.set_type(case, other) + fixes
    return Problem(
        "loss-probabilities",
        f"{case.title} takes probabilities, but {case.source('input')} reaches from {low:.3g} to {high:.3g}.",
        port="input",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def sizes(case: Case) -> Problem | None:
    """Row 49: these losses compare value by value and refuse other shapes."""
    a, b = case.shape("input"), case.shape("target")
    if not case.kind(*_BCE, *_LOGITS) or a is None or b is None or a == b:
        return None
    return _column(case, a, b, "error", "must have the same shape")


def broadcast(case: Case) -> Problem | None:
    """Row 50: the squared differences of every row with every value."""
    a, b = case.shape("input"), case.shape("target")
    if not case.kind(*_PAIRED) or a is None or b is None or a == b:
        return None
    return _column(case, a, b, "warning", "are broadcast against each other, which is seldom meant")


def mismatch(case: Case) -> Problem | None:
    """The same where torch cannot broadcast them."""
    a, b = case.shape("input"), case.shape("target")
    if not case.kind(*_PAIRED) or a is None or b is None or a == b:
        return None
    return _column(case, a, b, "error", "must have the same shape")


def _column(case: Case, a: tuple[int, ...], b: tuple[int, ...], severity: str, what: str) -> Problem:
    fixes: list[Fix] = []
    if a == (*b, 1):
        fixes = repairs.insertion(case, "input", [("squeeze", {"dim": -1})])
    elif b == (*a, 1):
        fixes = repairs.insertion(case, "target", [("squeeze", {"dim": -1})])
    return Problem(
        "loss-size",
        f"input {_by(a)} ({case.source('input')}) and target {_by(b)} ({case.source('target')}) of {case.title} "
        f"{what}.",
        severity=severity,
        port="target",
        detail=case.detail,
        fixes=tuple(fixes),
    )


def float_target(case: Case) -> Problem | None:
    """Row 46 for the binary losses: targets are numbers between 0 and 1, floats."""
    target, given = case.sheet("target"), case.sheet("input")
    if not case.kind(*_BCE, *_LOGITS, *_PAIRED) or target is None or given is None or target.dtype.is_floating_point:
        return None
    return Problem(
        "loss-target",
        f"target of {case.title}: {case.source('target')} gives {dtype_name(target.dtype)}, but floats are wanted.",
        port="target",
        detail=case.detail,
        fixes=tuple(repairs.insertion(case, "target", [("float", {})], f"Cast {case.source('target')} to float32")),
    )


# -- what torch passes over in silence -------------------------------------------------------------------------------


def softmax_twice(case: Case) -> Problem | None:
    """Row 42: CrossEntropyLoss takes the softmax itself; of a softmax again it is nearly flat."""
    source = case.feeder("input")
    if not case.kind(*_CROSS) or case.type_of(source) not in ("Softmax", "softmax") or source is None:
        return None
    wires = source.wires.get(source.first_port or "")
    raw = source.spec.inputs.get(source.first_port or "")
    fixes = repairs.rewire(case, "input", raw, f"Wire it past {source.key}") if wires and isinstance(raw, str) else []
    return Problem(
        "loss-softmax-twice",
        f"{case.title} takes scores and computes the softmax itself, but {source.key} ({case.type_of(source)}) has "
        "done so before. Even a sure answer then costs 0.55 (of 3 classes).",
        severity="warning",
        port="input",
        fixes=tuple(fixes),
    )


def no_log_softmax(case: Case) -> Problem | None:
    """Row 43: NLLLoss takes log probabilities and looks at nothing."""
    source = case.feeder("input")
    if not case.kind(*_NLL) or case.type_of(source) not in _SCORES or source is None:
        return None
    fixes: list[Fix] = []
    if not case.type_of(source).lower().startswith("softmax"):
        fixes += repairs.set_type(case, _CROSS[_NLL.index(case.layer.type)])
        fixes += repairs.insertion(case, "input", [("log_softmax", {"dim": 1})])
    else:
        fixes += repairs.insertion(case, "input", [("log", {})])
    return Problem(
        "loss-no-log-softmax",
        f"{case.title} takes log probabilities, but {source.key} ({case.type_of(source)}) gives none; the loss can be "
        "negative.",
        severity="warning",
        port="input",
        fixes=tuple(fixes),
    )


def one_class(case: Case) -> Problem | None:
    """Row 44: of one class, that one is always right: the loss is 0."""
    scores, target = case.shape("input"), case.sheet("target")
    if not case.kind(*_CROSS) or scores is None or target is None or len(scores) != 2 or scores[1] != 1:
        return None
    if target.shape != (scores[0],) or target.dtype.is_floating_point:
        return None
    binary = _LOGITS[_CROSS.index(case.layer.type)]
    fixes: list[Fix] = []
    if not set(case.node.spec.params) - {"reduction", "weight"}:
        fixes = repairs.then(
            repairs.set_type(case, binary),
            repairs.insertion(case, "input", [("squeeze", {"dim": 1})]),
            repairs.insertion(case, "target", [("float", {})]),
            title=f"Use {binary}",
        )
    return Problem(
        "loss-one-class",
        f"{case.title} gets scores of a single class ({_by(scores)} from {case.source('input')}), "
        "so the loss is always 0.",
        severity="warning",
        port="input",
        fixes=tuple(fixes),
    )


RULES = (layout, class_target, class_range, sizes, float_target, not_probabilities, mismatch)
SILENT = ((_CROSS, softmax_twice), (_NLL, no_log_softmax), (_CROSS, one_class), (_PAIRED, broadcast))
