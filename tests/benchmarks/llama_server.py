"""llama-server to measure against: built from the sources of the engine, and run.

    python tests/benchmarks/llama_server.py FOLDER      # builds there, prints the path

The sources are those that the installed llama-cpp-python was built from, so both sides run
the same kernels. It takes as long as the engine's own build.
"""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

OPTIONS = (
    *("-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=OFF", "-DGGML_NATIVE=ON"),
    *("-DLLAMA_BUILD_TESTS=OFF", "-DLLAMA_BUILD_EXAMPLES=OFF", "-DLLAMA_BUILD_APP=OFF"),
    *("-DLLAMA_OPENSSL=OFF", "-DLLAMA_USE_PREBUILT_UI=OFF"),
)
NO_TILES = ("-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16")
"""Some processors advertise AMX and cannot run it."""

FLAGS = (
    *("--parallel", "1", "--cache-prompt", "--cache-ram", "0"),
    *("--no-webui", "--no-warmup"),
)
"""It keeps the prompt of the last request, but not every text that it ever read: each text
is asked about more than once here, and by users just once.
"""
PATIENCE = 120


def build(folder: Path) -> Path:
    """Build llama-server in a folder, unless it is there; its path."""
    server = folder / "build" / "bin" / "llama-server"
    if server.exists():
        return server
    folder.mkdir(parents=True, exist_ok=True)
    library = "llama-cpp-python"
    wanted = f"{library}=={version(library)}"
    with tempfile.TemporaryDirectory() as scratch:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary"]
        # Of ":all:" its build tools would be compiled as well.
        subprocess.run([*pip, library, "-d", scratch, wanted], check=True)
        with tarfile.open(next(Path(scratch).glob("*.tar.gz"))) as archive:
            archive.extractall(folder / "source", filter="data")
    source = next((folder / "source").glob("*/vendor/llama.cpp"))
    options = [*OPTIONS]
    with suppress(OSError):
        if "amx_tile" in Path("/proc/cpuinfo").read_text():
            options += [
                f"-DCMAKE_{each}_FLAGS={' '.join(NO_TILES)}" for each in ("C", "CXX")
            ]
    target = ["-B", str(folder / "build"), "-G", "Ninja"]
    cmake = shutil.which("cmake") or "/usr/bin/cmake"
    subprocess.run([cmake, "-S", str(source), *target, *options], check=True)
    made = ["--build", str(folder / "build"), "--target", "llama-server"]
    subprocess.run([cmake, *made], check=True)
    return server


class Peer:
    """A running llama-server, asked over one connection that is kept."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def ready(self) -> bool:
        """Whether its model is loaded."""
        try:
            self._connection.request("GET", "/health")
            return self._connection.getresponse().read() is not None and self._ok()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return False

    def _ok(self) -> bool:
        self._connection.request("GET", "/health")
        answer = self._connection.getresponse()
        answer.read()
        return answer.status == http.client.OK

    def chat(self, system: str, user: str, *, limit: int, **more: Any) -> str:
        """What it answers, greedily."""
        body = {
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": user},
            ],
            "temperature": 0,
            "max_tokens": limit,
            "cache_prompt": True,
            **more,
        }
        try:
            answer = self._post(json.dumps(body).encode())
        except ConnectionError:
            # It keeps a connection for some seconds only; a closed one opens by itself.
            self._connection.close()
            answer = self._post(json.dumps(body).encode())
        if "choices" not in answer:
            raise RuntimeError(answer)
        return answer["choices"][0]["message"]["content"]

    def _post(self, body: bytes) -> Any:
        headers = {"Content-Type": "application/json"}
        self._connection.request("POST", "/v1/chat/completions", body, headers)
        return json.loads(self._connection.getresponse().read())


@contextmanager
def running(server: Path, model: Path, *, port: int, threads: int) -> Iterator[Peer]:
    """A server with a model, ended at the end of the block."""
    argv = [str(server), "-m", str(model), "--port", str(port), "-c", "4096", *FLAGS]
    argv += ["--threads", str(threads), "--host", "127.0.0.1"]
    with subprocess.Popen(
        argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            peer = Peer(port)
            begin = time.monotonic()
            while not peer.ready():
                if process.poll() is not None or time.monotonic() - begin > PATIENCE:
                    raise RuntimeError(f"llama-server did not start: {' '.join(argv)}")
                time.sleep(0.2)
            yield peer
        finally:
            # It may be in the middle of an answer that nobody waits for any more.
            process.kill()


if __name__ == "__main__":
    sys.stdout.write(f"{build(Path(sys.argv[1]))}\n")
