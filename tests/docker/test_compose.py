"""`docker compose up` as docs/classroom.md has it: built, started, used from outside, killed, kept, behind HTTPS."""

from __future__ import annotations

import json
import re
import secrets
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser
from tests.docker.compose import PATIENCE, Classroom, image_size, missing
from tests.e2e.driver import Canvas
from tests.oracle.sections import write_section

pytestmark = pytest.mark.proof

NAME = "lab-server"
LENET = json.loads((Path(__file__).parents[1] / "conformance" / "networks" / "LeNet.json").read_text("utf-8"))
KILL_SERVER = """
import os, pathlib
for process in pathlib.Path("/proc").glob("[0-9]*"):
    line = (process / "cmdline").read_bytes().split(b"\\0")
    if b"serve" in line and b"--" not in line:  # init's line has the command behind "--"
        os.kill(int(process.name), 9)
"""


def free_port() -> int:
    with socket.create_server(("", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def own_address() -> str:
    """This machine's address in its network, as students have it; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("198.51.100.1", 9))
        except OSError:
            return "127.0.0.1"
        address: str = asking.getsockname()[0]
        return address


@pytest.fixture
def ports() -> dict[str, int]:
    return {"TORCHWIRE_PORT": free_port(), "TLS_PORT": free_port()}


@pytest.fixture
def classroom(ports: dict[str, int], tmp_path: Path) -> Iterator[Classroom]:
    if why := missing():
        pytest.skip(why)
    settings = {"TORCHWIRE_HOSTS": NAME, "TORCHWIRE_WORKERS": 2, **ports}
    file = tmp_path / "settings"
    file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    found = Classroom(file)
    try:
        yield found
    finally:
        found.close()


def answers(client: httpx.Client) -> None:
    """LeNet by the published port."""
    answer = client.post("/api/v1/forward", json={"network": LENET["network"]}).json()
    assert answer["ok"]
    assert answer["totals"]["parameters"] == 81_290


def wait_until_back(client: httpx.Client) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if client.get("/api/v1/health").status_code == 200:
                return
        except httpx.TransportError:
            assert time.monotonic() < end
        time.sleep(0.2)


def is_closed(classroom: Classroom, service: str, user: str) -> None:
    """No rights inside, nothing to write but the volume (and /tmp), and limits from outside."""
    status = dict(line.split(":\t") for line in classroom.inside(service, "cat", "/proc/self/status").splitlines())
    assert status["Uid"].split() == [user] * 4 != ["0"] * 4
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"
    folders = "/ /etc /opt /usr/bin /var /home /data"
    tried = f'for d in {folders}; do (echo > "$d/written") 2>/dev/null && echo "$d"; done; rm /data/written'
    assert classroom.inside(service, "sh", "-c", tried).split() == ["/data"]
    host = classroom.inspect(service)["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert host["Memory"] == host["MemorySwap"] > 0  # no swap beside the memory
    assert host["PidsLimit"] > 0
    assert not host["Privileged"]


def published(inspected: Any) -> list[str]:
    return [inside for inside, outside in inspected["NetworkSettings"]["Ports"].items() if outside]


def test_a_class_is_served(classroom: Classroom, ports: dict[str, int], chromium: Browser) -> None:
    classroom.compose("up", "-d", "--build", "torchwire")
    classroom.wait_until_healthy("torchwire")
    assert published(classroom.inspect("torchwire")) == ["8000/tcp"]
    is_closed(classroom, "torchwire", "10001")

    outside = f"http://{own_address()}:{ports['TORCHWIRE_PORT']}"
    with httpx.Client(base_url=outside, timeout=60) as client:
        answers(client)
        assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 421
        context = chromium.new_context()
        canvas = Canvas(context.new_page(), outside)
        canvas.open_example("lenet", last="out")
        canvas.expect_total("81,290")
        context.close()

        path = f"/api/v1/networks/{secrets.token_hex(16)}"
        document = json.dumps(LENET["network"])
        owner = {"Torchwire-Owner": secrets.token_hex(16), "Content-Type": "application/json"}
        saved = client.put(path, content=document, headers={**owner, "If-None-Match": "*"})
        assert saved.status_code == 201

        # the server is killed: its container ends and is started again
        classroom.inside("torchwire", "python", "-c", KILL_SERVER)
        wait_until_back(client)
        answers(client)
        assert classroom.inspect("torchwire")["RestartCount"] == 1
        assert client.get(path).text == document

        # the container is killed: Docker leaves it ended until it is asked for
        classroom.kill("torchwire")
        classroom.compose("up", "-d", "torchwire")
        wait_until_back(client)
        assert client.get(path).text == document

        backup_and_restore(classroom, client, path, document)

        # the containers are removed, the volume stays; then the page is behind HTTPS
        classroom.compose("down")
        behind_https(classroom, ports, path, document)
    write_size()


def backup_and_restore(classroom: Classroom, client: httpx.Client, path: str, document: str) -> None:
    """The commands of docs/classroom.md."""
    run = ("run", "--rm", "-T", "torchwire")
    classroom.compose("stop", "torchwire")
    backup = classroom.pipe(*run, "tar", "c", "-C", "/data", ".")
    classroom.compose(*run, "sh", "-c", "rm -rf /data/*")
    classroom.compose("up", "-d", "torchwire")
    wait_until_back(client)
    assert client.get(path).status_code == 404
    classroom.compose("stop", "torchwire")
    classroom.pipe(*run, "sh", "-c", "rm -rf /data/* && tar x -C /data", given=backup)
    classroom.compose("up", "-d", "torchwire")
    wait_until_back(client)
    assert client.get(path).text == document


def behind_https(classroom: Classroom, ports: dict[str, int], path: str, document: str) -> None:
    classroom.compose("--profile", "tls", "up", "-d", "--build")
    for service in ("torchwire", "proxy"):
        classroom.wait_until_healthy(service)
    assert published(classroom.inspect("proxy")) == ["8443/tcp"]
    is_closed(classroom, "proxy", classroom.inside("proxy", "id", "-u").strip())
    authority = classroom.inside("proxy", "cat", "/data/caddy/pki/authorities/local/root.crt")
    trusting = ssl.create_default_context(cadata=authority)
    with httpx.Client(base_url=f"https://{own_address()}:{ports['TLS_PORT']}", verify=trusting, timeout=60) as client:
        client.headers["Host"] = NAME
        named = {"sni_hostname": NAME}  # the certificate is checked for this name
        answer = client.post("/api/v1/forward", json={"network": LENET["network"]}, extensions=named)
        assert answer.json()["totals"]["parameters"] == 81_290
        assert client.get(path, extensions=named).text == document
        page = client.get("/", extensions=named).text
        [script] = re.findall(r'<script[^>]* src="([^"]+)"', page)
        assert client.get(script, extensions=named).status_code == 200
    with httpx.Client() as stranger, pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        stranger.get(f"https://{own_address()}:{ports['TLS_PORT']}/", extensions=named)


def write_size() -> None:
    """The images' sizes into docs/classroom.md."""
    server, proxy = (image_size(image) / 1e9 for image in ("torchwire", "torchwire-proxy"))
    assert server < 2.5, "torch came with libraries for GPUs"
    size = f"On disk the server's image has {server:.2f} GB, the proxy's {proxy:.2f} GB, their base images included.\n"
    write_section("classroom.md", "size", size)
