"""``tmdb-assets dev``: Dagster, and a fake TMDB where it is needed, as one program."""

import contextlib
import errno
import fcntl
import http.client
import os
import socket
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from pathlib import Path

import click

from tmdb_assets.commands.dagster_home import dagster_home
from tmdb_assets.commands.failures import FAILED, RunFailedError
from tmdb_assets.commands.processes import marked_processes
from tmdb_assets.commands.sources import DEMO_PORT, FilmSource, open_film_source
from tmdb_assets.commands.supervisor import StopSignals, Supervisor
from tmdb_assets.settings import Settings, SettingsError
from tmdb_assets.storage.folder import uploads_path

_LOGS = "service-logs"
"""Within the instance's folder; what lies in `logs` there, Dagster's telemetry sends away and deletes."""

_START_SECONDS = 120.0
_DEFINITIONS = "tmdb_assets.definitions"
_SERVICE = "tmdb_assets.commands.dagster_service"
_CODE_SERVER_WORKER = " api grpc "
_LEVEL = ("--log-level", "info")


def dev(*, port: int, host: str, allow_fake: bool) -> None:
    """Run until the user wants an end, or one of the services has ended.

    Raises
    ------
    SettingsError
        A port or the data folder is in use, or a setting is wrong; nothing was started.
    RunFailedError
        One of the services has ended by itself, or does not answer.
    """
    settings = Settings.load()
    stop = StopSignals()
    with _held(settings.data), contextlib.ExitStack() as stack:
        _make_sure_that_it_is_free(host, port)
        logs = dagster_home(settings.data) / _LOGS
        logs.mkdir(exist_ok=True)
        stack.enter_context(stop.noted())
        mark = stack.enter_context(marked_processes())
        fake_log = logs / "fake-tmdb.log"
        source = stack.enter_context(
            open_film_source(
                settings,
                allow_fake=allow_fake,
                claims=True,
                port=DEMO_PORT,
                log=fake_log,
            )
        )
        supervisor = Supervisor(mark, stop, worker=_CODE_SERVER_WORKER)
        stack.callback(supervisor.end)
        sockets = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tmdb-assets-")))
        _start_dagster(supervisor, sockets, logs, host=host, port=port)
        if source.fake:
            supervisor.add("fake TMDB", source.fake, fake_log)
        address = f"http://{_reachable(host)}:{port}"
        if _wait_until_served(supervisor, address, logs):
            _say_where(source, address, logs)
            while supervisor.watch():
                pass
        click.echo("Ending ...", err=True)


def _start_dagster(supervisor: Supervisor, sockets: Path, logs: Path, *, host: str, port: int) -> None:
    code = str(sockets / "code")
    workspace = sockets / "workspace.yaml"
    workspace.write_text(
        f"load_from: [{{grpc_server: {{socket: '{code}', location_name: {_DEFINITIONS}}}}}]\n",
        encoding="utf-8",
    )
    arguments = {
        "code-server": ("code-server", "start", "--socket", code, "--module-name", _DEFINITIONS, *_LEVEL),
        "webserver": ("--workspace", str(workspace), "--host", host, "--port", str(port)),
        "daemon": ("run", "--workspace", str(workspace), *_LEVEL),
    }
    for service, given in arguments.items():
        supervisor.start(
            f"Dagster {service.replace('-', ' ')}",
            ("-m", _SERVICE, service, code, *given),
            logs / f"{service}.log",
        )


def _wait_until_served(supervisor: Supervisor, address: str, logs: Path) -> bool:
    """Return whether the UI answers; False when the user wants an end first."""
    deadline = time.monotonic() + _START_SECONDS
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while supervisor.watch(seconds=0.05):
        with contextlib.suppress(urllib.error.URLError, http.client.HTTPException, OSError):
            directly.open(f"{address}/server_info", timeout=1).close()
            return True
        if time.monotonic() > deadline:
            raise RunFailedError(
                f"Dagster does not answer after {_START_SECONDS:.0f} seconds; its logs are in {logs}.",
                exit_code=FAILED,
            )
    return False


def _say_where(source: FilmSource, address: str, logs: Path) -> None:
    uploads = uploads_path(source.settings).absolute()
    uploads.mkdir(exist_ok=True)
    films = (
        f"invented, from the fake TMDB on {source.settings.base_url}"
        if source.fake
        else f"from {source.settings.effective_base_url}, with your key"
    )
    click.secho(f"Dagster is up: {address}", bold=True)
    click.echo(f"Uploads:  drop a CSV into {uploads}")
    click.echo(f"Films:    {films}")
    if source.fake and f":{DEMO_PORT}/" not in str(source.settings.base_url):
        click.echo(
            f"          port {DEMO_PORT} is taken, so films of earlier runs may be without their posters"
        )
    click.echo(f"Logs:     {logs} ; warnings are shown here")
    click.echo("Ctrl-C ends all.")


@contextlib.contextmanager
def _held(data: Path) -> Generator[None]:
    """Keep a second one away from the data folder."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        folder = os.open(data, os.O_RDONLY)
    except OSError as error:
        raise SettingsError(f"{data} cannot hold data ({error.strerror}): name another folder.") from None
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"Another `tmdb-assets dev` is running over {data}: end it, or name another folder with "
                "TMDB_ASSETS_DATA."
            ) from None
        yield
    finally:
        os.close(folder)


def _make_sure_that_it_is_free(host: str, port: int) -> None:
    try:
        socket.create_server((host, port), family=_family(host)).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = f"Port {port} is in use: end what uses it, or choose another with --port."
        else:
            why = f"{host} cannot be listened on ({error.strerror or error}): choose another with --host."
        raise SettingsError(why) from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", ""} else f"[{host}]" if ":" in host else host  # noqa: S104 -- compared
