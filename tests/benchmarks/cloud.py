"""Asking cloud models, at length, against a provider of its own on this machine.

    uv run --no-sync python tests/benchmarks/cloud.py

1. 200 requests made of what breaks texts: the bytes that were shown are those that came.
2. 200 processes that spend are killed at random moments: no limit is passed.
3. A provider that answers 401, 402, 429, 529, garbage, half a stream, or hangs: the
   verdict, the tries, the seconds it took with the patience of the program, and what counts
   as spent.
4. Stopping: seconds from the click to the end, over 20 requests under way.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from decimal import Decimal
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

from fakes.providers import KEY, FakeProvider  # noqa: E402
from fakes.tasks import QUEUE  # noqa: E402
from onhand.bootstrap import open_services  # noqa: E402
from onhand.domain.cloud import Price  # noqa: E402
from onhand.domain.errors import AppError  # noqa: E402
from onhand.domain.progress import Cancelled, CancelToken  # noqa: E402
from onhand.domain.settings import Settings  # noqa: E402
from onhand.host import Paths  # noqa: E402
from onhand.services.escalate import Decision  # noqa: E402

STOPS = 20
OVERLOADED = b'{"error": {"type": "overloaded_error"}}'


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Do all four."""
    for name, file in (
        ("ONHAND_FUZZED", "net/test_cloud_life.py"),
        ("ONHAND_CRASHES", "storage/test_cloud_files.py"),
    ):
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", str(TESTS / file)],
            env={**os.environ, name: "200"},
            capture_output=True,
            text=True,
            check=False,
            cwd=TESTS.parent,
        )
        told = done.stdout.strip().splitlines()[-1]
        say(f"{name} = 200: {told} ({time.monotonic() - began:.0f} s in all)")
    with tempfile.TemporaryDirectory() as folder, FakeProvider() as provider:
        nowhere = str(Path(folder) / "no-model.gguf")
        with open_services(Paths.of(Path(folder) / "data"), model=nowhere) as services:
            limits = {"cloud_message_cents": 0, "cloud_month_cents": 0}
            services.settings.save(Settings(cloud=True, keep_history=False, **limits))
            price = Price(read=Decimal(1), written=Decimal(5))
            services.cloud.models.add(provider.provider(price=price), KEY)
            provider.says = f'{{"label": "{QUEUE.answers[0]}"}}'
            troubles(services, provider)
            stops(services, provider)


def ask(services, cancel: CancelToken) -> None:
    """One request."""
    escalate = services.cloud.escalate
    draft = escalate.draft(QUEUE, "I was charged twice", escalate.provider(), CancelToken())
    escalate.send(draft, Decision(shown=draft.payload().shown), cancel)


def troubles(services, provider: FakeProvider) -> None:
    """Each kind of trouble, with the patience of the program."""
    say(f"{'trouble':22}{'verdict':20}{'tries':>6}{'seconds':>9}{'spent':>8}")
    cases = {
        "none": {},
        "401": {"statuses": [(401, {}, b"")] * 9},
        "402": {"statuses": [(402, {}, b"")] * 9},
        "429, Retry-After 2": {"statuses": [(429, {"Retry-After": "2"}, b"")] * 9},
        "429, Retry-After 60": {"statuses": [(429, {"Retry-After": "60"}, b"")] * 9},
        "429, once": {"statuses": [(429, {}, b"")]},
        "529": {"statuses": [(529, {}, OVERLOADED)] * 9},
        "garbage": {"garbage": b"data: {garbage\n\n"},
        "half a stream": {"cut": 2},
        "hangs": {"hang": 200.0},
        "never ends": {"pace": 1.0},
    }
    for name, trouble in cases.items():
        for key, value in trouble.items():
            setattr(provider.trouble, key, value)
        says, provider.says = (
            provider.says,
            "x" * 2000 if name == "never ends" else provider.says,
        )
        posted, began, verdict = len(provider.posted), time.monotonic(), "answered"
        spent = services.cloud.usage().rows
        before = sum(each.cost for each in spent)
        try:
            ask(services, CancelToken())
        except AppError as error:
            verdict = error.code
        took = time.monotonic() - began
        cost = sum(each.cost for each in services.cloud.usage().rows) - before
        tries = len(provider.posted) - posted
        say(f"{name:22}{verdict:20}{tries:6}{took:9.1f}{cost:8}")
        provider.trouble.__init__()  # type: ignore[misc]
        provider.says = says


def stops(services, provider: FakeProvider) -> None:
    """How long stopping takes."""
    provider.trouble.hang = 200.0
    took = []
    for _ in range(STOPS):
        cancel, posted, clicked = CancelToken(), len(provider.posted), []

        def click(cancel=cancel, posted=posted, clicked=clicked) -> None:
            while len(provider.posted) == posted:
                time.sleep(0.005)
            clicked.append(time.monotonic())
            cancel.cancel()

        clicker = threading.Thread(target=click)
        clicker.start()
        try:
            ask(services, cancel)
        except Cancelled:
            clicker.join()
            took.append(time.monotonic() - clicked[0])
    took.sort()
    say(
        f"stopped {len(took)} of {STOPS}: median {1000 * took[len(took) // 2]:.0f} ms, "
        f"longest {1000 * took[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
