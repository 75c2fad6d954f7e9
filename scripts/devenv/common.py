"""Paths and helpers shared by the steps of the development environment.

Standard library only: this runs before anything is installed.
"""

import fcntl
import hashlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / ".dev"
VENV = DEV / "venv"
OCA = DEV / "oca"
OCA_COMPAT = DEV / "oca-compat"
NODE = DEV / "node"
ODOO = DEV / "odoo"
REQUIREMENTS = ROOT / "requirements"


def die(message):
    """Stop with one sentence on standard error and a non-zero exit."""
    sys.exit(f"Error: {message}")


def say(message):
    print(f"==> {message}", file=sys.stderr, flush=True)


def run(command, failure, **kwargs):
    """Run a command quietly; on failure keep its output and stop with ``failure``."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **kwargs,
        )
    except FileNotFoundError:
        die(failure)
    if done.returncode:
        log = DEV / "log/setup.log"
        log.parent.mkdir(exist_ok=True)
        log.write_text(f"{' '.join(map(str, command))}\n{done.stdout}")
        die(f"{failure} What the command printed is in {log.relative_to(ROOT)}.")
    return done.stdout


def digest(*parts):
    """Fingerprint of strings and files, the inputs of a step."""
    result = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        result.update(hashlib.sha256(content).digest())
    return result.hexdigest()


def tree_digest(*folders):
    """Fingerprint of every file below the folders, names included."""
    files = sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )
    names = [path.relative_to(ROOT) for path in files]
    return digest(*names, *files)


def is_current(name, key):
    """Whether a step was completed with these inputs; otherwise it is open again."""
    stamp = DEV / "stamps" / name
    if stamp.exists() and stamp.read_text() == key:
        return True
    stamp.unlink(missing_ok=True)
    return False


def mark_current(name, key):
    stamp = DEV / "stamps" / name
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)


def empty_folder(path):
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


@contextmanager
def exclusive(name=""):
    """Let one command at a time change the environment, or what is named of it."""
    with ExitStack() as stack:
        try:
            (DEV / "locks").mkdir(parents=True, exist_ok=True)
            path = DEV / "locks" / (name or "environment")
            lock = stack.enter_context(open(path, "w"))
        except PermissionError:
            die(f"{DEV} belongs to another user: remove it, or work as that user.")
        for attempt in itertools.count():
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if attempt == 20:
                say(f"Waiting for another command to set up {name}".rstrip())
            time.sleep(0.1)
        yield


def read_server_pid(folder):
    """The process that a database server's data folder names, if it names one."""
    try:
        pid = int((folder / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, IndexError, ValueError):
        return None
    # other numbers mean groups of processes where they are signalled
    return pid if pid > 0 else None


def is_server(pid, folder):
    """Whether a process is the database server of a data folder: it works in there.

    After a power cut the folder may name a process of somebody else. Where there is no
    /proc to look at, it is believed.
    """
    if not Path("/proc/self").exists():
        return True
    process = Path("/proc", str(pid))
    try:
        return (process / "cwd").samefile(folder)
    except PermissionError:
        # a container may keep root from looking into the processes of others
        with suppress(OSError):
            command = (process / "cmdline").read_bytes().split(b"\0")
            return os.fsencode(folder.resolve()) in command
    except OSError:
        pass
    return False


def stop_server(folder, seconds=30):
    """Stop the database server of a data folder, if it runs, and wait for it."""
    pid = read_server_pid(folder)
    if not (pid and is_server(pid, folder)):
        return
    # gone meanwhile, or of another user
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGINT)
        end = time.monotonic() + seconds
        while is_server(pid, folder) and time.monotonic() < end:
            os.kill(pid, 0)
            time.sleep(0.1)


def is_root():
    return os.geteuid() == 0


def apt_install(package, purpose):
    """Install a Debian package when root; otherwise say how to."""
    remedy = f"{purpose}: install it with 'apt install {package}' as root."
    if not is_root() or not shutil.which("apt-get"):
        die(remedy)
    say(f"Installing Debian's {package}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-q"], remedy, env=env)
    run(
        ["apt-get", "install", "-yq", "--no-install-recommends", package],
        remedy,
        env=env,
    )
