"""A program that is interrupted, as by Ctrl-C, while a sync client waits; its argument says for what."""

import signal
import socket
import sys
import threading
from collections.abc import Callable

from tmdb_assets.tmdb import ProcessLimiter, RetryPolicy, TMDBClient, endpoints
from tmdb_assets_tests.tmdb.odd_server import OddServer, Peer, reply, wait_until


def silent(peer: Peer) -> None:
    """Say nothing."""
    peer.wait_for_hangup()


def busy(peer: Peer) -> None:
    """Ask to come later."""
    peer.send(reply(b"", "503 Service Unavailable"))
    peer.is_kept = True


def answer_the_first(peer: Peer) -> None:
    """Answer for the first film, and say nothing to whoever asks for another one."""
    (Peer.answer if "/movie/1?" in peer.target else silent)(peer)


def say_when(holds: Callable[[], bool]) -> None:
    """Say it as soon as a condition holds, so that Ctrl-C be pressed then."""

    def say() -> None:
        wait_until(holds)
        sys.stdout.write("waiting\n")
        sys.stdout.flush()

    threading.Thread(target=say, daemon=True).start()


def consume(client: TMDBClient, server: OddServer) -> None:
    """Be interrupted outside of the stream, in what is done with its values."""
    for _ in client.stream(map(endpoints.movies.details, range(1, 1000))):
        say_when(lambda: len(server.targets) > 8)
        threading.Event().wait()


def main(what: str) -> None:
    """Wait for it."""
    limiter = ProcessLimiter(1000)
    acts = {"pause": busy, "consumer": answer_the_first}
    with socket.create_server(("127.0.0.1", 0), backlog=0) as nobody:
        queue = [socket.socket() for _ in range(3)]
        for each in queue:
            each.settimeout(0)
            each.connect_ex(nobody.getsockname())
        server = OddServer(acts.get(what, silent))
        server.__enter__()
        url = server.url if what != "connection" else f"http://127.0.0.1:{nobody.getsockname()[1]}/3"
        if what == "slot":
            limiter.push(50)
        client = TMDBClient(
            base_url=url, limiter=limiter, max_concurrent=8, retry=RetryPolicy(first_wait=20), timeout=25
        )
        if what == "consumer":
            consume(client, server)
        say_when(lambda: threading.active_count() > 10 if what != "one" else bool(server.targets))
        if what == "one":
            client.movies.details(1)
        client.get_batch_movie_details(range(1, 50))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's background process ignores it
    main(sys.argv[1])
