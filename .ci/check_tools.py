"""Says what is missing on this machine, and how to get it, before anything is installed.

Old Pythons must be able to say that they are too old: nothing here needs more than 3.6.
"""

import re
import shutil
import subprocess
import sys


def missing_tools():
    """What stands in the way of a set-up, each with the way to mend it; empty when nothing does."""
    found = []
    if sys.version_info < (3, 11):  # noqa: UP036
        found.append(
            f"Python 3.11 or newer is needed, {sys.executable} is {sys.version.split()[0]}. "
            "Install it (python.org, or your system's packages) and run: make PYTHON=python3.11 run"
        )
    else:
        try:
            import ensurepip  # noqa: F401
            import venv  # noqa: F401
        except ImportError:
            found.append("Python's venv module is missing. On Debian and Ubuntu: sudo apt install python3-venv")
    node = shutil.which("node")
    version = subprocess.check_output([node, "--version"]).decode().strip() if node else ""
    major = re.match(r"v(\d+)", version)
    if not major or int(major.group(1)) < 20:
        have = f"found {version}" if version else "none found"
        found.append(f"Node.js 20 or newer is needed, {have}. Install it from nodejs.org or your system's packages.")
    elif not shutil.which("npm"):
        found.append("npm is missing. It comes with Node.js from nodejs.org; on Debian: sudo apt install npm")
    return found


if __name__ == "__main__":
    problems = missing_tools()
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)
