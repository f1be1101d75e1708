"""The OpenAI-compatible server of llama-cpp-python, to stand for a cloud model.

It runs in an environment of its own, since what it needs beside llama-cpp-python is nothing
that the program needs; llama-cpp-python itself, with its kernels, is the program's.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import onhand
from fakes.starter import proven_rung

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDED = (
    "fastapi==0.165.0",
    "pydantic-settings==2.16.3",
    "PyYAML==6.0.3",
    "sse-starlette==3.7.0",
    "starlette-context==0.5.1",
    "uvicorn==0.54.0",
)
PATIENCE = 180
"""Seconds for it to load its model."""

# A portable build has its kernels in modules, which the server does not know to load.
LAUNCH = """
import os, runpy, sys
sys.path += sys.argv.pop(1).split(os.pathsep)
import llama_cpp
from onhand.domain.ladder import Rung
from onhand.engine.llama import backend
backend.load(Rung(variant=sys.argv.pop(1)))
sys.argv[0] = "llama_cpp.server"
runpy.run_module("llama_cpp.server", run_name="__main__", alter_sys=True)
"""


def environment(folder: Path) -> Path:
    """The interpreter of the server's environment, which is made if it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        uv = shutil.which("uv") or "uv"
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder], check=True)
        install = [uv, "pip", "install", "-q", "--python", python, *NEEDED]
        subprocess.run(install, check=True)
    return python


@contextmanager
def serving(
    model: Path, folder: Path, *, threads: int, context: int = 2048
) -> Iterator[str]:
    """A server with a model, ended at the end of the block; the address to be given."""
    port = _free_port()
    path = [sysconfig.get_path("purelib"), str(Path(onhand.__file__).parents[1])]
    options = {
        "model": model,
        "host": "127.0.0.1",
        "port": port,
        "n_ctx": context,
        "n_threads": threads,
        "n_threads_batch": threads,
        "logits_all": "false",
        "verbose": "false",
    }
    variant = proven_rung(model=model).variant
    argv = [environment(folder), "-c", LAUNCH, os.pathsep.join(path), variant]
    argv += [word for name, value in options.items() for word in (f"--{name}", value)]
    with (
        (folder / "server.log").open("w") as log,
        subprocess.Popen([*map(str, argv)], stdout=log, stderr=log) as process,
    ):
        try:
            _wait(process, port)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    begin = time.monotonic()
    while True:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None or time.monotonic() - begin > PATIENCE:
            raise RuntimeError("the server did not start; see server.log beside it")
        time.sleep(0.2)
