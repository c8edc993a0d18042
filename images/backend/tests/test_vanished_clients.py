"""The connection of a client that vanishes, with its node or its radio link, ends within a minute."""

from __future__ import annotations

import itertools
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gunicorn_server import Gunicorn, until
from raw_client import HEAD
from servers import free_port

_numbers = itertools.count(os.getpid())
MINUTE = 60
# A socket of another network, created by a child process in that network, for use by this process.
CLIENT = """
import socket, sys, time
sockets = []
for first in sys.argv[3:]:
    client = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    client.sendall(first.encode("latin-1"))
    sockets.append(client)
print("connected", flush=True)
time.sleep(600)
"""


class Network:
    """A separate host, connected to this one by a cable that can be cut. Needs root."""

    server, client = "198.18.255.1", "198.18.255.2"  # of the networks for benchmarks (RFC 2544)

    def __init__(self) -> None:
        number = next(_numbers)
        self.name, self._ends = f"hankki-test-{number}", (f"hk{number % 10**8}a", f"hk{number % 10**8}b")
        here, there = self._ends
        _run("ip", "netns", "add", self.name)
        _run("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", self.name)
        _run("ip", "address", "add", f"{self.server}/30", "dev", here)
        _run("ip", "link", "set", here, "up")
        _run("ip", "-netns", self.name, "address", "add", f"{self.client}/30", "dev", there)
        _run("ip", "-netns", self.name, "link", "set", there, "up")

    def cut(self) -> None:
        _run("ip", "-netns", self.name, "link", "set", self._ends[1], "down")

    def remove(self) -> None:
        _run("ip", "link", "delete", self._ends[0])
        _run("ip", "netns", "delete", self.name)


@pytest.fixture
def network() -> Iterator[Network]:
    network = Network()
    yield network
    network.remove()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a network to cut")
def test_connection_of_a_vanished_client_ends_within_a_minute(env: dict[str, str], network: Network) -> None:
    port = free_port()
    gunicorn = Gunicorn(env, "--bind", f"{network.server}:{port}", "--keep-alive", "3600", workers=1)
    # Idle, silent, and during a response that the client does not read.
    requests = (HEAD, "", 300 * HEAD.replace(b"tags", b"recipes"))
    arguments = [part if isinstance(part, str) else part.decode() for part in requests]
    command = ["python3", "-c", CLIENT, network.server, str(port), *arguments]
    client = subprocess.Popen(
        ["ip", "netns", "exec", network.name, *command], stdout=subprocess.PIPE, text=True
    )
    try:
        assert client.stdout.readline() == "connected\n"
        until(lambda: _connections(network.client) >= 2)
        network.cut()
        cut = time.monotonic()
        while _connections(network.client):
            assert time.monotonic() - cut < MINUTE
            time.sleep(0.5)
        assert time.monotonic() - cut > 5  # the cut ended them
        assert gunicorn.request("GET", "/healthz/live").status == 200
    finally:
        client.kill()
        client.communicate()
        gunicorn.remove()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


def _connections(client: str) -> int:
    """The number of the server's connections to that address, from the kernel."""
    address = "".join(f"{int(part):02X}" for part in reversed(client.split(".")))
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(line.split()[2].startswith(f"{address}:") for line in lines)
