"""What every test may use: one torch thread, a live server in its own processes."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import IO

import httpx
import pytest
import torch
from playwright.sync_api import Browser, sync_playwright

torch.set_num_threads(1)

FREE = {name: value for name, value in os.environ.items() if not name.startswith("TORCHWIRE_")}


class LiveServer:
    """`torchwire serve` on a free port or the given one, with a data folder of its own unless `data` names one."""

    def __init__(self, port: int = 0, stderr: IO[str] | None = None, **settings: object) -> None:
        folder = tempfile.mkdtemp(prefix="torchwire-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)  # some tests end a server in other ways than close
        settings = {"data": folder, "log_level": "warning", **settings}
        environment = FREE | {f"TORCHWIRE_{name.upper()}": str(value) for name, value in settings.items()}
        command = [sys.executable, "-m", "torchwire.cli", "serve", "--port", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True, env=environment)
        assert self.process.stdout is not None
        self.said = ""
        while "http://" not in self.said:
            line = self.process.stdout.readline()
            assert line, f"torchwire serve ended: {self.said}"
            self.said += line
        self.url = self.said[self.said.index("http://") :].split()[0]

    def client(self) -> httpx.Client:
        """A client of the API."""
        return httpx.Client(base_url=f"{self.url}/api/v1", timeout=60)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(15)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """The page's address on a server with the default settings and two workers."""
    server = LiveServer(workers=2)
    yield server.url
    server.close()


@pytest.fixture(scope="session")
def api(base_url: str) -> Iterator[httpx.Client]:
    """A client of that server's API."""
    with httpx.Client(base_url=f"{base_url}/api/v1", timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Headless Chromium: the system's where there is one, else Playwright's own. `torchwire.test` is this machine."""
    arguments = ["--no-sandbox", "--host-resolver-rules=MAP torchwire.test 127.0.0.1"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield browser
        browser.close()
