"""A PostgreSQL that lives as long as a run of the tests: `python postgres_server.py FOLDER OWNER_PID`.

Makes a cluster in FOLDER, prints "ready" when it answers on a socket there, and ends and removes everything when FOLDER's
owner ends, however that happens: the kernel tells, also of a `kill -9`. No port is opened. As root everything runs as
the user `postgres`, since PostgreSQL refuses to run as root.
"""

import os
import select
import shutil
import subprocess
import sys
from pathlib import Path

SETTINGS = {
    "listen_addresses": "''",
    # Nothing here outlives the tests, so nothing waits for a disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    # A test that forgets a lock fails instead of waiting for ever; none is timed by it.
    "lock_timeout": "60s",
    "deadlock_timeout": "100ms",
}
ROLE = "pomost"


def programs() -> Path:
    """Return the folder of the newest PostgreSQL's programs."""
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(versions, key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    if found is None:
        raise SystemExit("There is no initdb: install the package postgresql (ops/system-packages does).")
    return Path(found).resolve().parent


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs, unprivileged; a failure shows what it said."""
    user = "postgres" if os.geteuid() == 0 else None
    done = subprocess.run(
        [programs() / program, *arguments],
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd="/",
        # The server keeps the inherited output open, so that a pipe here would never end.
        stdout=subprocess.DEVNULL,
        stderr=sys.stderr,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{program} ended with {done.returncode}.")


def main(folder: Path, owner: int) -> None:
    """Serve from `folder` until the process `owner` is gone."""
    ends = os.pidfd_open(owner)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")
    try:
        run("initdb", "--no-sync", "-D", data, "-A", "trust", "-U", ROLE, "-E", "UTF8", "--locale=C.UTF-8")
        with (folder / "data" / "postgresql.conf").open("a") as conf:
            settings = SETTINGS | {"unix_socket_directories": f"'{folder}'"}
            conf.writelines(f"{name} = {value}\n" for name, value in settings.items())
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "start")
        print("ready", flush=True)
        select.select([ends], [], [])
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
