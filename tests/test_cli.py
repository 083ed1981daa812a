"""The commands, as real processes."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import FREE, LiveServer
from tests.documents import LINEAR, RUNAWAY, input_, layer, network


def torchwire(*arguments: str, stdin: bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "torchwire.cli", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, env=FREE | settings, timeout=60)


def written(folder: Path, document: Any) -> str:
    file = folder / "net.json"
    file.write_text(json.dumps(document))
    return str(file)


def test_check_prints_problems_as_a_compiler_does(tmp_path: Path) -> None:
    wrong = network(x=input_(2, 3), fc=layer("Linear", "x", in_features=9, out_features=2), n=layer("Nix", "fc"))
    file = written(tmp_path, wrong)
    done = torchwire("check", file)
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 1
    assert any(line.startswith(f"{file}: fc.in_features: error: linear-in-features: ") for line in lines)
    assert any(line.startswith(f"{file}: n.type: error: unknown-type: ") for line in lines)
    assert re.fullmatch(rf"{re.escape(file)}: 2 errors, \d+ other problems?", lines[-1])


def test_check_of_a_sound_network(tmp_path: Path) -> None:
    file = written(tmp_path, LINEAR)
    done = torchwire("check", file)
    assert (done.returncode, done.stdout.decode()) == (0, f"{file}: 0 errors, 0 other problems\n")


def test_check_reads_standard_input_and_refuses_what_is_no_document() -> None:
    done = torchwire("check", "-", stdin=b'{"format": "torchwire/9", "nodes": {}}')
    assert done.returncode == 1
    assert b"-: error: not-a-document: network.format: " in done.stdout


def test_check_of_a_missing_file() -> None:
    done = torchwire("check", "nix.json")
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"nix.json: No such file or directory\n")


def test_check_runs_under_the_servers_limits(tmp_path: Path) -> None:
    done = torchwire("check", written(tmp_path, RUNAWAY), TORCHWIRE_DEADLINE_MS="1500")
    assert done.returncode == 1
    assert b"slow: error: limit-time: " in done.stdout


def test_export_writes_code_that_runs(tmp_path: Path) -> None:
    to = tmp_path / "out.py"
    done = torchwire("export", written(tmp_path, LINEAR), "--format", "script", "-o", str(to))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    ran = subprocess.run([sys.executable, "-I", str(to)], capture_output=True, timeout=60)
    assert ran.returncode == 0
    assert ran.stdout.startswith(b"tensor([[")
    printed = torchwire("export", "-", stdin=json.dumps(LINEAR).encode())
    assert printed.stdout.startswith(b'"""Test, exported from Torchwire."""\n')


def test_export_says_what_is_in_the_way(tmp_path: Path) -> None:
    wrong = network(x=input_(2, 3), fc=layer("Linear", "x", in_features=9, out_features=2))
    file = written(tmp_path, wrong)
    done = torchwire("export", file)
    assert (done.returncode, done.stdout) == (1, b"")
    first, last = done.stderr.decode().splitlines()
    assert first.startswith(f"{file}: fc.in_features: error: linear-in-features: ")
    assert last == f"{file}: not exported"
    assert torchwire("export", "-", stdin=b"{}").returncode == 1
    assert torchwire("export", file, "--format", "json", "-o", str(tmp_path / "no" / "net.json")).returncode == 2


def test_serve_says_that_the_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = torchwire("serve", "--port", port)
    assert done.returncode == 1
    message = f"Cannot listen on 127.0.0.1 port {port}: Address already in use. Choose another with --port.\n"
    assert done.stderr.decode() == message


def test_serve_names_a_setting_that_cannot_be_used() -> None:
    done = torchwire("serve", "--port", "0", TORCHWIRE_QUEUE="many")
    assert (done.returncode, done.stderr) == (2, b"TORCHWIRE_QUEUE must be an integer, not 'many'.\n")


@pytest.fixture
def server() -> Iterator[LiveServer]:
    server = LiveServer(workers=1)
    yield server
    if server.process.poll() is None:
        server.close()
    elif server.process.stdout is not None:
        server.process.stdout.close()


def descendants(pid: int) -> list[int]:
    """The processes below this one, the nearest first."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    found = [int(child) for child in children]
    return found + [deeper for child in found for deeper in descendants(child)]


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def soon(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def runaway(server: LiveServer) -> None:
    """A worker busy for seconds, its client gone."""
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as client:
        body = json.dumps({"network": RUNAWAY}).encode()
        head = "POST /api/v1/forward HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        time.sleep(0.3)


@pytest.mark.parametrize("level", ["supervisor", "web process", "fork server"])
def test_no_orphan_outlives_a_kill(server: LiveServer, level: str) -> None:
    processes = [server.process.pid, *descendants(server.process.pid)]
    assert len(processes) == 4  # supervisor, web process, fork server, worker
    runaway(server)
    number = ["supervisor", "web process", "fork server"].index(level)
    os.kill(processes[number], signal.SIGKILL)
    if level == "supervisor":
        server.process.wait()
    assert soon(lambda: not any(running(pid) for pid in processes[number:]))
    if level != "supervisor":
        assert running(server.process.pid)
        assert httpx.post(f"{server.url}/api/v1/forward", json={"network": LINEAR}, timeout=60).json()["ok"]


def test_serve_ends_with_everything_at_ctrl_c(server: LiveServer) -> None:
    processes = [server.process.pid, *descendants(server.process.pid)]
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(20) == 0
    assert soon(lambda: not any(running(pid) for pid in processes))
