"""A program whose client is sent what its argument says; it prints by how many kB that raised its memory."""

import asyncio
import gzip
import resource
import sys
import zlib
from collections.abc import Callable

from tmdb_assets.tmdb import AsyncTMDBClient, RetryPolicy, TMDBClient, TransportError
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer, reply

MEGABYTE = 1_000_000


def bomb(megabytes: int) -> bytes:
    """Compress so many megabytes of blanks, without ever holding them."""
    packer = zlib.compressobj(wbits=31)
    return b"".join([packer.compress(b" " * MEGABYTE) for _ in range(megabytes)]) + packer.flush()


def sent(encoding: str, body: bytes) -> Callable[[Peer], None]:
    """Send a compressed body."""
    return lambda peer: peer.send(reply(body, "200 OK", f"Content-Encoding: {encoding}"))


def flood(peer: Peer) -> None:
    """Send a gigabyte, or as much as the client takes."""
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", *[b" " * MEGABYTE] * 1000)


def act_for(what: str) -> Callable[[Peer], None]:
    """Return what the server does."""
    if what == "bomb":
        return sent("gzip", bomb(300))
    if what == "bomb in a bomb":
        return sent("gzip, gzip", gzip.compress(bomb(300)))
    if what == "bombs in a row":
        return sent("gzip", bomb(40) * 10)
    return flood


def peak() -> int:
    """Return the most memory that there was so far, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def swallow(url: str) -> None:
    """Ask with the async client."""
    async with AsyncTMDBClient(base_url=url) as client:
        await client.movies.details(1)


def main(kind: str, what: str) -> None:
    """Ask once for what is harmless, then for what is not."""
    act = act_for(what)
    with OddServer() as harmless, OddServer(act) as server:
        for url in (harmless.url, server.url):
            before = peak()
            try:
                if kind == "async":
                    asyncio.run(swallow(url))
                else:
                    with TMDBClient(base_url=url, retry=RetryPolicy()) as client:
                        client.movies.details(1)
            except TransportError as error:
                sys.stdout.write(f"{peak() - before} {len(server.targets)} {error}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
