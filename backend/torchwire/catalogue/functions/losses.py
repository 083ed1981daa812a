"""Distances and losses."""

from __future__ import annotations

from torchwire.catalogue.functions.entry import Function, family
from torchwire.catalogue.layer import Param, Port

_DISTANCES = (
    Function("cosine_similarity", "cosine of the angle between vectors", "distance, angle"),
    Function("pairwise_distance", "distance of each pair of vectors"),
    Function(
        "cdist",
        "distance of every vector of one set to every one of the other",
        params=(
            Param("p", "float", 2.0, min=0),
            Param(
                "compute_mode",
                "choice",
                "use_mm_for_euclid_dist_if_necessary",
                choices=(
                    "use_mm_for_euclid_dist_if_necessary",
                    "use_mm_for_euclid_dist",
                    "donot_use_mm_for_euclid_dist",
                ),
            ),
        ),
    ),
    Function("pdist", "distance of every two vectors of a set", params=(Param("p", "float", 2.0, min=0),)),
    Function("dist", "length of the difference of two tensors"),
)

_WEIGHT = Param("weight", "tensor", summary="a weight per class")

_LOSSES = (
    Function("mse_loss", "mean of the squared differences", "l2, regression"),
    Function("l1_loss", "mean of the absolute differences", "mae, regression"),
    Function("smooth_l1_loss", "squared when small, absolute when large"),
    Function("huber_loss", "squared when small, absolute when large, by delta"),
    Function(
        "cross_entropy", "compares class scores with the right class", "softmax loss, classification", params=(_WEIGHT,)
    ),
    Function("nll_loss", "compares log probabilities with the right class", "classification", params=(_WEIGHT,)),
    Function("binary_cross_entropy", "compares probabilities with yes or no", "bce", params=(_WEIGHT,)),
    Function(
        "binary_cross_entropy_with_logits",
        "compares scores with yes or no",
        "bce",
        params=(_WEIGHT, Param("pos_weight", "tensor", summary="a weight for yes, per class")),
    ),
    Function("kl_div", "how far one distribution is from another", "divergence"),
    Function("poisson_nll_loss", "compares rates with counts"),
    Function(
        "gaussian_nll_loss",
        "compares a mean and a variance with the truth",
        ports=(Port("input"), Port("target"), Port("var")),
        params=(Param("var", "float", min=0),),
    ),
    Function("soft_margin_loss", "logistic loss for targets of 1 and -1"),
    Function("hinge_embedding_loss", "distances should be small for 1 and large for -1"),
    Function("margin_ranking_loss", "the right one of two should rank higher"),
    Function("cosine_embedding_loss", "vectors should be alike for 1 and unlike for -1"),
    Function("triplet_margin_loss", "nearer to the positive than to the negative", "metric learning"),
    Function("multi_margin_loss", "the right class should win by a margin", params=(_WEIGHT,)),
    Function("multilabel_margin_loss", "right classes should win by a margin"),
    Function("multilabel_soft_margin_loss", "yes or no for every class", params=(_WEIGHT,)),
    Function(
        "ctc_loss",
        "sequences without known alignment",
        "speech",
        ports=(Port("log_probs"), Port("targets"), Port("input_lengths"), Port("target_lengths")),
    ),
)

LOSSES = (*family("Distances", _DISTANCES), *family("Losses", _LOSSES))
