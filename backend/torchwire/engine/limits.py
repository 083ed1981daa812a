"""What a forward pass refuses before anything is allocated."""

from __future__ import annotations

from torchwire.engine.progress import Progress
from torchwire.engine.shapes import ShapePass
from torchwire.engine.sheet import Sheet
from torchwire.graph.problems import Problem
from torchwire.plan.tree import Plan, walk
from torchwire.settings import settings

HEAVY = 50_000_000  # parameters: above, the deadline is the long one, and one such network runs at a time


def refuse(plan: Plan, shapes: ShapePass, problems: list[Problem], progress: Progress) -> dict[str, str]:
    """Paths that must not run: "error" where the shape pass found a fault, "limit" where something is too large."""
    limits = settings()
    refused: dict[str, str] = {}
    total = 0
    for node, copy in walk(plan.graph):
        outcome = shapes.outcomes.get(node.path)
        if node.faults or (outcome is not None and outcome.state in ("error", "blocked") and copy.graph is None):
            if outcome is None or outcome.state == "error":
                refused[copy.path] = "error" if copy.path not in shapes.blueprints else "fault"
            continue
        blueprint = shapes.blueprints.get(copy.path)
        if node.kind == "module" and blueprint is not None and blueprint.count is not None:
            total += blueprint.count
            if total > limits.max_parameters:
                refused[copy.path] = "limit"
                problems.append(
                    Problem(
                        "limit-parameters",
                        f"{node.key} brings the network to {total:,} parameters; at most {limits.max_parameters:,} are computed. "
                        "Shapes and counts are shown, values are not.",
                        severity="error",
                        node=node.path,
                    )
                )
                total -= blueprint.count
        for sheet in (outcome.outputs if outcome is not None else {}).values():
            if isinstance(sheet, Sheet) and sheet.elements > limits.max_elements:
                refused[copy.path] = "limit"
                problems.append(
                    Problem(
                        "limit-elements",
                        f"The output of {node.key} has {sheet.elements:,} elements; at most {limits.max_elements:,} are computed.",
                        severity="error",
                        node=node.path,
                    )
                )
                break
    if total > HEAVY:
        progress.heavy()
    return refused
