"""One of Dagster's services as a process: ``python -m … code-server|webserver|daemon SOCKET ARGUMENTS``."""

import importlib
import signal
import socket
import sys
import time

from tmdb_assets.settings import Settings

_MODULES = {
    "code-server": "dagster._cli",
    "webserver": "dagster_webserver.cli",
    "daemon": "dagster._daemon.cli",
}
_POLL_SECONDS = 0.05


def main() -> None:
    """Run a service; all but the code server import what they need, and then wait for its socket.

    One after the other they would take twice as long; together, without waiting, they would complain.
    """
    service, address, *arguments = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's background process ignores it
    run = importlib.import_module(_MODULES[service]).main
    _open_instance()
    if service != "code-server":
        _wait_for(address)
    sys.argv[1:] = arguments
    run()


def _open_instance() -> None:
    """Make the instance's databases before Dagster opens them: nobody else makes them meanwhile."""
    from tmdb_assets.commands.instance import shared_instance  # noqa: PLC0415 -- after what takes long

    with shared_instance(Settings.load().data):
        pass


def _wait_for(address: str) -> None:
    while True:
        with socket.socket(socket.AF_UNIX) as code_server:
            try:
                code_server.connect(address)
            except OSError:
                time.sleep(_POLL_SECONDS)
            else:
                return


if __name__ == "__main__":
    main()
