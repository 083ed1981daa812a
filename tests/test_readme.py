"""What README and docs show is true: commands exist, requests and documents run as they stand, links lead on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "frontend").glob("*.md"))]
README = PAGES[0].read_text("utf-8")


def blocks(text: str) -> list[tuple[str, str]]:
    """(language, content) of the fenced blocks, in order."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def run(command: str, url: str) -> str:
    """What the shell prints, the address of the docs being that of this server."""
    assert "http://127.0.0.1:8000/" in command
    command = command.replace("127.0.0.1:8000", urlsplit(url).netloc)
    done = subprocess.run(["bash", "-euc", command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def differences(shown: Any, answer: Any, where: str = "answer") -> list[str]:
    """Where the answer is not what is shown; keys of objects may be left out in what is shown."""
    if isinstance(shown, dict) and isinstance(answer, dict):
        missing = [f"{where}.{key} is missing" for key in shown.keys() - answer.keys()]
        common = [key for key in shown if key in answer]
        return missing + [text for key in common for text in differences(shown[key], answer[key], f"{where}.{key}")]
    return [] if shown == answer else [f"{where} is {answer!r}, not {shown!r}"]


def test_the_readmes_request_gives_the_readmes_answer(base_url: str) -> None:
    [command] = [text for language, text in blocks(README) if language == "sh" and "curl" in text]
    [shown] = [json.loads(text) for language, text in blocks(README) if language == "json"]
    assert shown["totals"]["parameters"] == 81_290
    assert differences(shown, json.loads(run(command, base_url))) == []


def test_every_block_of_the_readme_is_tested() -> None:
    for language, text in blocks(README):
        assert language == "json" or (language == "sh" and ("curl" in text or text.startswith("make "))), text


REQUESTS = [(page.name, text) for page in PAGES for _, text in blocks(page.read_text("utf-8")) if "curl " in text]


@pytest.mark.parametrize(("page", "command"), REQUESTS, ids=[page for page, _ in REQUESTS])
def test_every_request_runs_as_it_stands(page: str, command: str, base_url: str) -> None:
    printed = run(command, base_url)
    assert printed.startswith("{")
    assert '"error":{' not in printed


DOCUMENTS = [
    (page.name, text)
    for page in PAGES
    for language, text in blocks(page.read_text("utf-8"))
    if language == "json" and '"format": "torchwire/1"' in text
]


@pytest.mark.parametrize(("page", "text"), DOCUMENTS, ids=[page for page, _ in DOCUMENTS])
def test_every_document_runs_as_it_stands(page: str, text: str, api: httpx.Client) -> None:
    answer = api.post("/forward", json={"network": json.loads(text)}).json()
    assert answer["problems"] == []
    assert answer["ok"]


def test_every_make_command_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    [phony] = re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)
    named = {name for page in PAGES for name in re.findall(r"(?:`|^)make (\w+)", page.read_text("utf-8"), re.MULTILINE)}
    assert named >= {"run", "setup", "test", "proof", "bench"}
    assert named <= set(phony.split())
    for name in named:
        assert re.search(rf"^{name}:", makefile, flags=re.MULTILINE), name


def test_every_torchwire_command_exists() -> None:
    for command, options in re.findall(r"torchwire (serve|check|export|import)([^`\n]*)", README):
        done = subprocess.run(
            [sys.executable, "-m", "torchwire.cli", command, "--help"], capture_output=True, text=True
        )
        assert done.returncode == 0, command
        for option in re.findall(r"--\w+", options):
            assert option in done.stdout, (command, option)


def test_every_python_command_exists() -> None:
    for page in PAGES:
        for module in re.findall(r"`(?:\S*python3?) -m ([\w.]+)", page.read_text("utf-8")):
            folder = ROOT if module.startswith("tests") else ROOT / "backend"
            file = folder / module.replace(".", "/")
            assert file.with_suffix(".py").exists() or (file / "__main__.py").exists(), (page.name, module)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset|href)="([^"]+)"', text)
    for link in links:
        path, _, anchor = link.partition("#")
        if re.match(r"\w+:", link):
            continue
        target = page.parent / path if path else page
        assert target.exists(), link
        if anchor:
            titles = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), flags=re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}
            assert anchor in slugs, link


def test_the_architectures_paths_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    paths = re.findall(r"`((?:[\w.]+/)+(?:\w+\.\w+)?)`", text)
    assert len(paths) > 30
    for path in paths:
        places = [ROOT, ROOT / "backend" / "torchwire", ROOT / "frontend" / "src"]
        assert any((place / path).exists() for place in places), path


def test_the_readme_counts_the_examples(api: httpx.Client) -> None:
    [number] = re.findall(r"\*\*Examples\*\* has (\d+) networks", README)
    assert int(number) == len(api.get("/examples").json()["examples"])
