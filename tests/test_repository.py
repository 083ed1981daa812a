"""The repository as a whole: nothing of one machine, nothing from elsewhere, every dependency pinned and explained."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "backend" / "torchwire" / "static"
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
PROJECT: dict[str, Any] = tomllib.loads(PYPROJECT)["project"]
PACKAGE: dict[str, Any] = json.loads((ROOT / "frontend" / "package.json").read_text("utf-8"))

TOP_LEVEL = {
    ".ci", ".dockerignore", ".gitignore", "Dockerfile", "LICENSE", "Makefile", "README.md", "backend", "deploy", "docs",
    "constraints.txt", "docker-compose.yml", "frontend", "pyproject.toml", "tests",
}  # fmt: skip

# Hosts whose names stand in the page's scripts and are never asked: XML namespaces, where an error is explained, the
# link to React Flow.
NAMED_ONLY = {"www.w3.org", "react.dev", "reactflow.dev"}


def tracked() -> list[Path]:
    """The files under version control that are there."""
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> dict[Path, str]:
    """The tracked files that are text."""
    found = {}
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data:
            found[path] = data.decode()
    return found


def test_the_top_level_is_the_known_frame() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP_LEVEL


def test_no_file_names_this_machine() -> None:
    places = [f"{place}/" for place in (ROOT, Path.home()) if len(place.parts) > 1]
    for path, text in texts().items():
        for place in places:
            assert place not in text, f"{path.relative_to(ROOT)} names {place}"


def test_the_index_of_torch_stands_in_one_place() -> None:
    host = "download." + "pytorch.org"
    assert [path.relative_to(ROOT).as_posix() for path, text in texts().items() if host in text] == [
        ".ci/torch_index.py"
    ]


def test_the_version_stands_in_one_place() -> None:
    version = PROJECT["version"]
    assert "version" not in PACKAGE
    written = re.compile(rf"(?<![\w.]){re.escape(version)}(?![\w.])")
    own = {
        path: text for path, text in texts().items() if path.suffix in (".py", ".ts", ".tsx", ".md", ".html", ".yml")
    }
    assert len(own) > 300
    for path, text in own.items():
        assert not written.search(text), path.relative_to(ROOT)


# -- the page --------------------------------------------------------------------------------------------------------


def test_the_built_page_loads_nothing_from_elsewhere() -> None:
    """What runs is proven in the browser tests; here, that nothing that is built could."""
    built = [path for path in STATIC.rglob("*") if path.suffix in (".html", ".css", ".js", ".svg")]
    assert {path.suffix for path in built} == {".html", ".css", ".js", ".svg"}
    for path in built:
        text = path.read_text("utf-8")
        hosts = set(re.findall(r"https?://([\w.-]+)", text))
        if path.suffix == ".html":
            assert hosts == set(), path.name
            for link in re.findall(r'(?:src|href)="([^"]*)"', text):
                assert re.match(r"/[^/]", link), (path.name, link)
        elif path.suffix == ".css":
            loaded = re.findall(r"(?:url\(|@import\s+)[\"']?([^\"')]+)", text)
            assert all(re.match(r"/assets/|\./|data:", link) for link in loaded), (path.name, loaded)
        elif not path.name.startswith("docs-"):  # swagger-ui links to specifications; its policy is the page's
            assert hosts <= NAMED_ONLY, path.name


# -- dependencies ----------------------------------------------------------------------------------------------------


def pins() -> dict[str, str]:
    """Package -> the one version that constraints.txt allows."""
    lines = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line[:1] not in ("#", "")]
    for line in lines:
        assert re.fullmatch(r"[\w.-]+==[\w.]+", line), line
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def needed(name: str, extras: frozenset[str], seen: dict[str, str]) -> dict[str, str]:
    """Everything installed that a package needs on this machine, with its version."""
    for text in distribution(name).requires or ():
        requirement = Requirement(text)
        if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            continue
        key = canonicalize_name(requirement.name)
        if key in seen and not requirement.extras:
            continue
        try:
            seen[key] = distribution(key).version
        except PackageNotFoundError:
            continue
        needed(key, frozenset(requirement.extras), seen)
    return seen


def test_everything_that_is_installed_is_pinned() -> None:
    pinned = pins()
    found = needed("torchwire", frozenset({"test"}), {})
    assert len(found) > 40
    wrong = {
        name: (version, pinned.get(name))
        for name, version in found.items()
        if version.split("+")[0] != pinned.get(name)
    }
    assert wrong.keys() <= {"setuptools"}, wrong  # of the virtual environment, torch names a least version


def test_every_python_dependency_has_its_reason_beside_it() -> None:
    asked = [*PROJECT["dependencies"], *(text for extra in PROJECT["optional-dependencies"].values() for text in extra)]
    lines = PYPROJECT.partition("[project.scripts]")[0].splitlines()
    for text in asked:
        # behind it, or in the lines above it
        places = [index for index, line in enumerate(lines) if f'"{text}"' in line]
        assert places and all("#" in lines[at] or lines[at - 1].strip().startswith("#") for at in places), text


def test_every_page_dependency_is_exact_and_has_its_reason() -> None:
    reasons = (ROOT / "frontend" / "DEPENDENCIES.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", reasons, flags=re.MULTILINE)
    explained = {name for row in rows for name in row.split(", ")} - {"package", "---"}
    asked = PACKAGE["dependencies"] | PACKAGE["devDependencies"]
    assert explained == set(asked)
    for name, version in asked.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
