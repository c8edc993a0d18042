"""Slow, silent and half-sent clients, in a separate process.

    python bench/slow_clients.py PORT [--host 127.0.0.1] [--silent 500] [--half-sent 200] [--trickling 20]

- silent: connects and sends nothing.
- half-sent: sends half of a request's head.
- trickling: sends the body of a request, one byte per second.

A client whose connection the server closes connects again within a second. Runs until it is terminated.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

HALF = b"GET /api/v1/recipes HTTP/1.1\r\nHost: hankki\r\nX-Half: "
BODY = (
    b"POST /api/v1/auth/login HTTP/1.1\r\nHost: hankki\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1000\r\n\r\n"
)
CONNECT_SECONDS = 3.0


@contextlib.contextmanager
def beside(port: int, silent: int = 500, half_sent: int = 200, trickling: int = 20) -> Iterator[None]:
    """Run the clients until the context ends."""
    numbers = ("--silent", silent, "--half-sent", half_sent, "--trickling", trickling)
    process = subprocess.Popen([sys.executable, __file__, str(port), *map(str, numbers)])
    try:
        time.sleep(CONNECT_SECONDS)
        yield
    finally:
        process.terminate()
        process.wait()


async def _client(host: str, port: int, first: bytes, *, trickles: bool) -> None:
    while True:
        await asyncio.sleep(random.random())  # noqa: S311
        with contextlib.suppress(OSError):  # the server has closed the connection: connect again
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(first)
            try:
                if trickles:
                    await _trickle(reader, writer)
                else:
                    await reader.read()
            finally:
                writer.close()


async def _trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    closed = asyncio.create_task(reader.read())
    while not (await asyncio.wait([closed], timeout=1))[0]:
        writer.write(b" ")
    await closed  # raises the error of a reset connection


async def _run(options: argparse.Namespace) -> None:
    async with asyncio.TaskGroup() as clients:
        for number, first, trickles in (
            (options.silent, b"", False),
            (options.half_sent, HALF, False),
            (options.trickling, BODY, True),
        ):
            for _ in range(number):
                clients.create_task(_client(options.host, options.port, first, trickles=trickles))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("port", type=int)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--silent", type=int, default=500)
    parser.add_argument("--half-sent", type=int, default=200)
    parser.add_argument("--trickling", type=int, default=20)
    return parser.parse_args()


if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(_run(_options()))
