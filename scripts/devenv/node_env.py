"""Node packages (prettier, one stripped library), with the wheel's own Node."""

import os
import shutil

from common import (
    NODE,
    REQUIREMENTS,
    VENV,
    digest,
    empty_folder,
    is_current,
    mark_current,
    run,
    say,
)


def ensure_node():
    manifest = REQUIREMENTS / "package.json"
    lock = REQUIREMENTS / "package-lock.json"
    key = digest(manifest, lock, str(NODE))
    if is_current("node", key):
        return
    say("Installing Node packages")
    empty_folder(NODE)
    for file in (manifest, lock):
        shutil.copy(file, NODE)
    path = os.pathsep.join([str(VENV / "bin"), os.environ["PATH"]])
    run(
        [VENV / "bin/npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "the Node packages could not be downloaded; check the network and npm's"
        " own configuration.",
        cwd=NODE,
        env={**os.environ, "PATH": path},
    )
    mark_current("node", key)
