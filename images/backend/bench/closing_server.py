"""A server that closes connections after the same times as the API, and sends no response.

    python bench/closing_server.py PORT [--host 127.0.0.1]

Slow clients of this server do the same work as those of the API. The difference in the API's latency is then
the API's own work for them.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import time

# Seconds, as in app/waiting_worker.py and gunicorn.conf.py: to the first byte, between pieces, and in total.
KEEPALIVE, BETWEEN_PIECES, ARRIVAL = 75, 10, 20


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    patience, end = KEEPALIVE, float("inf")
    try:
        while await asyncio.wait_for(reader.read(65536), min(patience, end - time.monotonic())):
            patience, end = BETWEEN_PIECES, min(end, time.monotonic() + ARRIVAL)
    except (TimeoutError, OSError):
        pass
    finally:
        writer.close()


async def _run(options: argparse.Namespace) -> None:
    server = await asyncio.start_server(_serve, options.host, options.port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("port", type=int)
    parser.add_argument("--host", default="127.0.0.1")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(_run(parser.parse_args()))
