"""How long from the command line to the answer, against the least that could be done.

    python tests/benchmarks/start_up.py [--times 7] [--at-most RATIO]

The least is a bare script that imports llama_cpp, loads the same build of the kernels and
the same file, and decodes the same tokens in the same batches. Both run by turns, warm; the
medians count. With --at-most it fails when the ratio is larger.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# The folder above this one, where the fakes are imported from in tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fakes.starter import STARTER, proven_rung
from fakes.stores import FakePriors
from onhand.domain.progress import CancelToken, ignore_progress
from onhand.domain.styles import CLASSIFY
from onhand.domain.tasks import Classify, Label
from onhand.engine.llama import backend
from onhand.engine.llama.bindings import native
from onhand.engine.llama.runtime import LlamaRuntime
from onhand.engine.main import SPINS
from onhand.engine.protocol import Load
from onhand.services.classifying import Classifier
from onhand.services.priors import Priors
from onhand.services.reading_parts import Reader

TEXT = "I was charged twice"
CONTEXT = 4096
LABELS = {"billing": "charges, refunds", "technical": "something is broken"}

BARE = """
import ctypes, json, sys
from pathlib import Path
import llama_cpp

told = json.loads(sys.argv[1])
folder = Path(llama_cpp.__file__).parent / "lib"
if told["kernels"]:
    load = ctypes.CDLL(str(folder / "libggml.so.0")).ggml_backend_load
    load.restype, load.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
    load(told["kernels"].encode())
llama_cpp.llama_backend_init()
model = llama_cpp.llama_model_load_from_file(
    told["model"].encode(), llama_cpp.llama_model_default_params()
)
parameters = llama_cpp.llama_context_default_params()
parameters.n_ctx = told["context"]
parameters.n_threads = parameters.n_threads_batch = told["threads"]
context = llama_cpp.llama_init_from_model(model, parameters)
batch = llama_cpp.llama_batch_init(512, 0, 1)
position = 0
for tokens, wanted in told["batches"]:
    batch.n_tokens = len(tokens)
    for index, token in enumerate(tokens):
        batch.token[index] = token
        batch.pos[index] = position
        batch.n_seq_id[index] = 1
        batch.seq_id[index][0] = 0
        batch.logits[index] = wanted[index]
        position += 1
    assert llama_cpp.llama_decode(context, batch) == 0
print(llama_cpp.llama_get_logits_ith(context, -1)[0])
"""


class Recorder(LlamaRuntime):
    """An engine in this process that writes down what it decodes."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[tuple[list[int], list[int]]] = []
        self._decode = native.llama_decode
        native.llama_decode = self._recorded

    def _recorded(self, context, batch):
        count = batch.n_tokens
        self.batches.append((batch.token[:count], batch.logits[:count]))
        return self._decode(context, batch)

    def score(self, request, cancel):
        """As the engine's client would."""
        return self.answer(request, self)

    def count(self, request, cancel):
        """As the engine's client would."""
        return self.answer(request, self)

    def on_text(self, text: str) -> None:
        """Nobody reads along."""

    def on_batch(self, tokens: int) -> None:
        """Nobody watches."""


def least() -> dict[str, object]:
    """What the bare script is told: the kernels that run here, and the batches."""
    rung = proven_rung()
    recorder = Recorder()
    recorder.load(
        Load(model=str(STARTER), rung=rung, context=CONTEXT, threads=0, prove=False)
    )
    task = Classify(
        instruction=CLASSIFY,
        labels=tuple(Label(name=name, meaning=what) for name, what in LABELS.items()),
    )
    classifier = Classifier(recorder, Reader(recorder))
    classifier.evidence(task, [TEXT], CancelToken(), ignore_progress)
    # What the labels are worth whatever the text is, which a first answer finds out too.
    Priors(FakePriors(), classifier).of(task, "starter", CancelToken(), keep=False)
    kernels = backend._variants().get(rung.variant, "")
    return {
        "kernels": str(kernels),
        "model": str(STARTER),
        "context": CONTEXT,
        "threads": len(os.sched_getaffinity(0)),
        "batches": recorder.batches,
    }


def seconds(argv: list[str]) -> float:
    """How long a command takes, from its start to its end."""
    begin = time.perf_counter()
    subprocess.run(argv, check=True, capture_output=True)
    return time.perf_counter() - begin


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--at-most", type=float, default=0.0)
    arguments = parser.parse_args()
    os.environ["GOMP_SPINCOUNT"] = str(SPINS)  # as the engine has it, for both
    told = least()
    labels = [f"--label={name}={what}" for name, what in LABELS.items()]
    with tempfile.TemporaryDirectory() as folder:
        onhand = [
            *(sys.executable, "-m", "onhand", "classify", TEXT, *labels),
            *("--private", "--quiet", "--data-dir", folder),
        ]
        bare = [sys.executable, "-c", BARE, json.dumps(told)]
        times: dict[str, list[float]] = {"onhand": [], "bare": []}
        for turn in range(arguments.times + 1):
            for name, argv in (("onhand", onhand), ("bare", bare)):
                spent = seconds(argv)
                if turn:  # the first fills caches, and tries the kernels
                    times[name].append(spent)
    tokens = sum(len(tokens) for tokens, _ in told["batches"])
    say(f"{tokens} tokens, {arguments.times} times each")
    for name, all_of in times.items():
        listed = " ".join(f"{each:.2f}" for each in sorted(all_of))
        say(f"{name:8} median {statistics.median(all_of):.2f} s   ({listed})")
    ratio = statistics.median(times["onhand"]) / statistics.median(times["bare"])
    say(f"ratio {ratio:.2f}")
    return int(bool(arguments.at_most) and ratio > arguments.at_most)


if __name__ == "__main__":
    sys.exit(main())
