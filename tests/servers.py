# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S603 (the programs are the servers themselves)
"""Private servers for tests: a PostgreSQL and a Redis of our own, on a socket in a temporary folder.

Nothing that runs on the machine already is touched. Where a program is absent, the tests that need it are
skipped with the reason, or fail when BUURTBRUG_TEST_EVERYTHING=1.
"""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NoReturn

import pytest

PATIENCE = 30.0
"""How many seconds a server gets to start."""


def unavailable(reason: str) -> NoReturn:
    """Skip the test, or fail it where everything must be tested."""
    if os.environ.get("BUURTBRUG_TEST_EVERYTHING") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


class PostgreSql:
    """A PostgreSQL server without durability, listening on a Unix socket alone."""

    def __init__(self) -> None:
        """Start it. Skips the test where there is no PostgreSQL."""
        self._programs = _postgresql_programs()
        self._names = (f"test_{number}" for number in itertools.count(1))
        # Short: the path of a Unix socket has at most 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._as_user: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self._as_user = ["runuser", "-u", "postgres", "--"]
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        with (self.folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [
                    *self._as_user,
                    str(self._programs / "postgres"),
                    *("-D", str(data), "-k", str(self.folder), "-c", "listen_addresses="),
                    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
                    *("-c", "max_connections=200"),
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def url(self, name: str) -> str:
        """Return the address of a database of this server."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """Make a new database, a copy of the template, and return its name."""
        name = next(self._names)
        self._sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, and whoever is still connected to it."""
        self._sql(f'DROP DATABASE "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """End the server, and remove all that it kept."""
        # The first process may be `runuser`, which passes the signal on to the server.
        os.killpg(self._server.pid, signal.SIGTERM)
        _end(self._server)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._server.poll() is None:
            if self._try("pg_isready", "-h", self.folder).returncode == 0:
                return
            time.sleep(0.05)
        log = (self.folder / "log").read_text(errors="replace")
        self.stop()
        unavailable(f"PostgreSQL did not start:\n{log}")

    def _sql(self, statement: str) -> None:
        self._run("psql", "-h", self.folder, "-U", "postgres", "-q", "-X", "-c", statement)

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = self._try(program, *arguments)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stderr}")

    def _try(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self._as_user, str(self._programs / program), *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )


def _postgresql_programs() -> Path:
    """Return the folder of the newest PostgreSQL of Debian, or of the one on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path is None:
        unavailable("PostgreSQL is not installed (Debian: apt install postgresql)")
    return Path(on_path).resolve().parent


class RedisServer:
    """A Redis server that keeps nothing on the disk, listening on a Unix socket alone."""

    def __init__(self) -> None:
        """Start it. Skips the test where there is no Redis."""
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        if program is None:
            unavailable("Redis is not installed (Debian: apt install redis-server)")
        self.folder = Path(tempfile.mkdtemp(prefix="redis-"))
        socket = self.folder / "socket"
        self._server = subprocess.Popen(
            [program, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.url = f"unix://{socket}"
        deadline = time.monotonic() + PATIENCE
        while not socket.exists():
            if time.monotonic() > deadline or self._server.poll() is not None:
                self.stop()
                unavailable("Redis did not start")
            time.sleep(0.02)

    def stop(self) -> None:
        """End the server, and remove its folder."""
        self._server.terminate()
        _end(self._server)
        shutil.rmtree(self.folder, ignore_errors=True)


def _end(server: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a server that was told to end; do not wait for ever."""
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
