"""The compose file's containers under a project name of their own, and what Docker says about them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 180  # seconds until a container is healthy, on a busy machine


def missing() -> str:
    """Why no container can be started here; empty where one can."""
    if not shutil.which("docker"):
        return "there is no docker on this machine"
    if subprocess.run(["docker", "info"], capture_output=True).returncode != 0:
        return "no Docker engine answers"
    return "" if compose_command() else "there is neither `docker compose` nor docker-compose"


def compose_command() -> list[str]:
    """Compose 2 is a command of docker, compose 1 a program of its own."""
    if subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0:
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else []


class Classroom:
    """Does: commands. Its volumes are its own, and the folder's .env is not read."""

    def __init__(self, settings: Path) -> None:
        """`settings` stands in for the folder's .env."""
        project = f"torchwire-proof-{os.getpid()}"
        self._command = [*compose_command(), "--env-file", str(settings), "--project-name", project]

    def compose(self, *arguments: str) -> str:
        """What a compose command prints; fails with what it said if it fails."""
        return self.pipe(*arguments).decode()

    def pipe(self, *arguments: str, given: bytes = b"") -> bytes:
        """The same with bytes, and something to read."""
        return _said([*self._command, *arguments], given)

    def kill(self, service: str) -> None:
        _said(["docker", "kill", self.id(service)])

    def id(self, service: str) -> str:
        return self.compose("ps", "-q", service).strip()

    def inside(self, service: str, *command: str) -> str:
        """What a command prints in the container."""
        return _said(["docker", "exec", self.id(service), *command]).decode()

    def inspect(self, service: str) -> Any:
        [found] = json.loads(_said(["docker", "inspect", self.id(service)]))
        return found

    def wait_until_healthy(self, service: str) -> None:
        end = time.monotonic() + PATIENCE
        while (state := self.inspect(service)["State"]["Health"])["Status"] != "healthy":
            assert time.monotonic() < end, state
            time.sleep(0.5)

    def close(self) -> None:
        self.compose("--profile", "tls", "down", "--volumes", "--remove-orphans")


def image_size(image: str) -> int:
    """Bytes."""
    return int(_said(["docker", "image", "inspect", "--format", "{{.Size}}", image]))


def _said(command: list[str], given: bytes = b"") -> bytes:
    done = subprocess.run(command, cwd=ROOT, input=given, capture_output=True)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2000:]!r}\n{done.stderr[-4000:].decode()}"
    return done.stdout
