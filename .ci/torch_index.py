"""Prints the options with which pip finds a torch without libraries for GPUs.

python .ci/torch_index.py VERSION [INDEX]: an index that was asked for is taken. Without one pip's own is taken, unless
torch there needs packages of GPU libraries: then PyTorch's CPU index. Only torch's metadata is read to find out.
"""

import json
import subprocess
import sys

from pip._vendor.packaging.requirements import Requirement

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
GPU_LIBRARIES = ("nvidia-", "cuda-", "triton")


def options(version: str, index: str = "") -> str:
    """What to add to `pip install torch==version`; empty for pip's own index."""
    if index:
        return f"--index-url {index}"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--ignore-installed"]
    report = subprocess.run([*command, "--report", "-", f"torch=={version}"], capture_output=True, text=True)
    if report.returncode != 0:
        return ""  # pip's own error comes with the installation
    needed = json.loads(report.stdout)["install"][0]["metadata"].get("requires_dist", [])
    return f"--index-url {CPU_INDEX}" if wants_gpu(needed) else ""


def wants_gpu(needed: list[str]) -> bool:
    """Whether one of the requirements that count on this machine is a package of GPU libraries."""
    found = [Requirement(text) for text in needed]
    return any(
        item.name.startswith(GPU_LIBRARIES) and (item.marker is None or item.marker.evaluate({"extra": ""}))
        for item in found
    )


if __name__ == "__main__":
    print(options(*sys.argv[1:]))
