"""Cases of torchwire.catalogue.functions.losses."""

# ruff: noqa: B008  (a loop binds its function in a default)

from __future__ import annotations

import torch
import torch.nn.functional as F
from tests.engine.cases.tools import P, X, Y, case, n, r, u

case("cosine_similarity", F.cosine_similarity, x1=X, x2=Y)
case("cosine_similarity", lambda x1, x2: F.cosine_similarity(x1, x2, dim=-1), {"dim": -1}, x1=X, x2=Y)
case("pairwise_distance", F.pairwise_distance, x1=r(3, 4), x2=r(3, 4))
case(
    "pairwise_distance",
    lambda x1, x2: F.pairwise_distance(x1, x2, p=1, keepdim=True),
    {"p": 1, "keepdim": True},
    x1=r(3, 4),
    x2=r(3, 4),
)
case("cdist", torch.cdist, x1=r(3, 4), x2=r(5, 4))
for _mode in ("use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist"):
    case(
        "cdist",
        lambda x1, x2, _m=_mode: torch.cdist(x1, x2, compute_mode=_m),
        {"compute_mode": _mode},
        x1=r(3, 4),
        x2=r(5, 4),
    )
case("pdist", F.pdist, input=r(4, 3))
case("dist", lambda input, other: torch.dist(input, other, 1), {"p": 1}, input=X, other=Y)

_ONES = torch.tensor([1.0, -1.0, 1.0])
_SCORES, _CLASSES = r(5, 3), n(3, 5)
for _reduction in ("none", "mean", "sum"):
    _given = {"reduction": _reduction}

    def _case(_type: str, *, _given: dict = _given, **ports: torch.Tensor) -> None:
        _f = getattr(F, _type)
        case(_type, lambda _f=_f, **tensors: _f(**tensors, **_given), dict(_given), **ports)

    for _name in "mse_loss l1_loss smooth_l1_loss huber_loss".split():
        _case(_name, input=X, target=Y)
    _case("cross_entropy", input=_SCORES, target=_CLASSES)
    _case("nll_loss", input=_SCORES.log_softmax(1), target=_CLASSES)
    _case("binary_cross_entropy", input=P, target=P)
    _case("binary_cross_entropy_with_logits", input=X, target=P)
    _case("kl_div", input=P.log(), target=P)
    _case("poisson_nll_loss", input=X, target=P)
    _case("gaussian_nll_loss", input=X, target=Y, var=P)
    _case("soft_margin_loss", input=r(3), target=_ONES)
    _case("hinge_embedding_loss", input=r(3), target=_ONES)
    _case("margin_ranking_loss", input1=r(3), input2=r(3), target=_ONES)
    _case("cosine_embedding_loss", input1=r(3, 4), input2=r(3, 4), target=_ONES)
    _case("triplet_margin_loss", anchor=r(3, 4), positive=r(3, 4), negative=r(3, 4))
    _case("multi_margin_loss", input=_SCORES, target=_CLASSES)
    _case("multilabel_margin_loss", input=r(2, 3), target=torch.tensor([[0, 2, -1], [1, -1, 0]]))
    _case("multilabel_soft_margin_loss", input=r(2, 3), target=torch.tensor([[0.0, 1, 1], [1, 0, 0]]))
    _case(
        "ctc_loss",
        log_probs=r(6, 2, 5).log_softmax(2),
        targets=n(4, 2, 3) + 1,
        input_lengths=torch.tensor([6, 5]),
        target_lengths=torch.tensor([3, 2]),
    )
case(
    "kl_div",
    lambda input, target: F.kl_div(input, target, reduction="batchmean"),
    {"reduction": "batchmean"},
    input=P.log(),
    target=P,
)
_W = torch.tensor([0.5, 1.0, 2.0])
for _name in "cross_entropy nll_loss multi_margin_loss".split():
    case(
        _name,
        lambda input, target, _f=getattr(F, _name): _f(input, target, weight=_W),
        {"weight": [0.5, 1, 2]},
        input=_SCORES,
        target=_CLASSES,
    )
case("cross_entropy", F.cross_entropy, input=_SCORES, target=_CLASSES, weight=_W)
case(
    "cross_entropy",
    lambda input, target: F.cross_entropy(input, target, ignore_index=1, label_smoothing=0.1),
    {"ignore_index": 1, "label_smoothing": 0.1},
    input=_SCORES,
    target=_CLASSES,
)
case(
    "binary_cross_entropy",
    lambda input, target: F.binary_cross_entropy(input, target, weight=_W),
    {"weight": [0.5, 1, 2]},
    input=u(2, 3),
    target=u(2, 3),
)
case(
    "binary_cross_entropy_with_logits",
    lambda input, target: F.binary_cross_entropy_with_logits(input, target, weight=_W, pos_weight=_W),
    {"weight": [0.5, 1, 2], "pos_weight": [0.5, 1, 2]},
    input=r(2, 3),
    target=u(2, 3),
)
case(
    "multilabel_soft_margin_loss",
    lambda input, target: F.multilabel_soft_margin_loss(input, target, weight=_W),
    {"weight": [0.5, 1, 2]},
    input=r(2, 3),
    target=torch.tensor([[0.0, 1, 1], [1, 0, 0]]),
)
case(
    "gaussian_nll_loss",
    lambda input, target: F.gaussian_nll_loss(input, target, 2.0),
    {"var": {"$": "2.0"}},
    input=X,
    target=Y,
)
