"""The contracts in pyproject.toml bite: each is broken once on purpose, in a copy."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from importlinter.cli import lint_imports

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "app" / "onhand"
SETTINGS = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))[
    "tool"
]
CONTRACTS = {each["id"]: each["name"] for each in SETTINGS["importlinter"]["contracts"]}
BANNED = SETTINGS["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]


class Injection(NamedTuple):
    """A line that somebody might write, and the contract that must catch it."""

    contract: str
    module: str
    line: str


UNSPOILT = Injection("", "__init__.py", "")
INJECTIONS = [
    Injection("rings", "ui/jobs.py", "import onhand.storage.history"),
    Injection("rings", "cli/output.py", "import onhand.ui.jobs"),
    Injection("rings", "engine/client.py", "import onhand.storage.history"),
    Injection("rings", "policies/system.py", "import onhand.host"),
    Injection("rings", "child_process.py", "import onhand.host"),
    Injection("rings", "sandbox.py", "import onhand.child_process"),
    Injection("rings", "services/ports.py", "import onhand.child_process"),
    Injection("rings", "domain/tasks.py", "import onhand.services.ports"),
    Injection("rings", "helpers.py", ""),
    Injection("acyclic", "domain/errors.py", "import onhand.domain.tasks"),
    Injection("parent-end", "engine/client.py", "import onhand.engine.server"),
    Injection("child-end", "engine/server.py", "import onhand.engine.connection"),
    Injection("child-end", "engine/protocol.py", "import onhand.engine.client"),
    Injection("header-ends", "gguf/client.py", "import onhand.gguf.main"),
    Injection("no-llama-here", "bootstrap.py", "import onhand.engine.main"),
    Injection("no-llama-here", "engine/client.py", "import onhand.engine.llama.score"),
    Injection("llama", "engine/server.py", "import llama_cpp"),
    Injection("arrays", "engine/server.py", "import numpy"),
    Injection("system", "storage/model_files.py", "import psutil"),
    Injection("languages", "services/writing.py", "import gcld3"),
    Injection("identifiers", "services/extracting.py", "import stdnum"),
    Injection("identifiers", "ui/text_files.py", "import phonenumbers"),
    Injection("identifiers", "services/finding_masks.py", "import re2"),
    Injection("signatures", "storage/model_files.py", "import cryptography"),
    Injection("parsers", "ui/text_files.py", "import pypdf"),
    Injection("parsers", "cli/given.py", "import mailparser_reply"),
    Injection("parsers", "services/reading.py", "import compressed_rtf"),
    Injection("tables", "ui/text_files.py", "import openpyxl"),
    Injection("tables", "tables/making.py", "import arro3"),
    Injection("table-ends", "tables/client.py", "import onhand.tables.main"),
    Injection("table-ends", "tables/making.py", "import onhand.tables.parquet_making"),
    Injection("worker-ends", "worker/client.py", "import onhand.worker.main"),
    Injection("qt", "host.py", "from PySide6.QtCore import QStandardPaths"),
    Injection("sql", "ui/jobs.py", "import sqlite3"),
    Injection("sql", "cli/output.py", "import sqlite_utils"),
    Injection("sql", "services/ports.py", "import sqlcipher3"),
    Injection("keys", "cli/output.py", "import keyring"),
    Injection("signatures", "engine/llama/prefixes.py", "import cryptography"),
    Injection("processes", "engine/client.py", "import subprocess"),
    Injection("processes", "host.py", "from subprocess import Popen"),
    Injection("threads", "services/run_batch.py", "import threading"),
    Injection("threads", "storage/history.py", "from threading import Thread"),
    Injection("no-other-workers", "engine/server.py", "import multiprocessing"),
    Injection("no-other-workers", "cli/output.py", "import concurrent.futures"),
    Injection("network", "child_process.py", "import socket"),
    Injection("network", "engine/llama/score.py", "import http.client"),
    Injection("network", "__main__.py", "import asyncio"),
    Injection("network", "net/client.py", "import httpx2"),
    Injection("network", "net/hub.py", "import hf_xet"),
    Injection("no-network-here", "model_wiring.py", "import onhand.net.main"),
    Injection("cluster", "net/hub.py", "import distributed"),
    Injection("cluster-ends", "cluster/client.py", "import onhand.cluster.dask_side"),
    Injection("net-parent-end", "net/client.py", "import onhand.net.hub"),
    Injection("net-child-end", "net/server.py", "import onhand.net.client"),
    Injection("threads", "net/client.py", "import threading"),
    Injection("no-network-here", "cloud_wiring.py", "import onhand.net.providers"),
    Injection("net-parent-end", "net/cloud_client.py", "import onhand.net.posting"),
    Injection("net-child-end", "net/posting.py", "import onhand.net.cloud_client"),
    Injection("cloud", "services/run_task.py", "import onhand.services.cloud_ports"),
    Injection("cloud", "ui/work_page.py", "import onhand.services.cloud_ports"),
    Injection("cloud", "bootstrap.py", "import onhand.net.cloud_client"),
    Injection(
        "cloud-unreachable", "services/run_batch.py", "import onhand.services.escalate"
    ),
    Injection(
        "cloud-unreachable", "services/answering.py", "import onhand.services.bundle"
    ),
    Injection("network", "net/posting.py", "import httpx2"),
    Injection("pure-core", "domain/tasks.py", "import sqlite3"),
    Injection("pure-core", "services/run_task.py", "import shutil"),
]


class Outcome(NamedTuple):
    """Exit status and report of one run of the linter."""

    status: int
    report: str


def spoil_and_lint(injections: list[Injection]) -> list[Outcome]:
    """Make each injection, lint, take it back; the current folder holds the package."""
    outcomes = []
    for injection in injections:
        module = Path("onhand", injection.module)
        before = module.read_bytes() if module.exists() else None
        module.write_bytes((before or b"") + f"\n{injection.line}\n".encode())
        with contextlib.redirect_stdout(io.StringIO()) as report:
            contracts = (injection.contract,) if injection.contract else ()
            status = lint_imports("../pyproject.toml", contracts, no_logo=True)
        outcomes.append(Outcome(status, report.getvalue()))
        module.unlink() if before is None else module.write_bytes(before)
    return outcomes


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with a copy of the package, to be spoilt."""
    folder = tmp_path_factory.mktemp("contracts")
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "app", folder / "app", ignore=skipped)
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def outcomes(copy: Path) -> dict[Injection, Outcome]:
    """What the linter says of each injection, and of the copy as it is.

    All run in one child, which finds the package in its current folder and nowhere else.
    """
    argv = [sys.executable, __file__]
    asked = json.dumps([UNSPOILT, *INJECTIONS])
    done = subprocess.run(
        argv, cwd=copy / "app", input=asked, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answers = (Outcome(*each) for each in json.loads(done.stdout))
    return dict(zip([UNSPOILT, *INJECTIONS], answers, strict=True))


def banned_uses(folder: Path, *options: str) -> list[dict[str, str]]:
    """What ruff says of the use of banned names."""
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent))
    assert ruff, "ruff belongs to the environment"
    argv = [ruff, "check", "--no-cache", "--select", "TID251", *options]
    argv += ["--output-format", "json", "app"]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    return json.loads(done.stdout)


def test_the_package_keeps_every_contract(outcomes):
    status, report = outcomes[UNSPOILT]
    assert status == 0, report
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in report


def test_every_contract_is_broken_below():
    assert {injection.contract for injection in INJECTIONS} == set(CONTRACTS)


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda each: f"{each[0]} {each[1]}")
def test_a_forbidden_import_breaks_its_contract(outcomes, injection):
    exists = (PACKAGE / injection.module).exists()
    assert exists == bool(injection.line), "this injection needs another module"
    status, report = outcomes[injection]
    assert status == 1
    name = re.escape(CONTRACTS[injection.contract])
    assert re.search(rf"^{name} BROKEN", report, re.MULTILINE), report


def test_every_banned_name_is_caught_however_it_is_written(copy):
    spoilt = copy / "app" / "onhand" / "spoilt"
    spoilt.mkdir()
    expected = {}
    for number, name in enumerate(BANNED):
        root, _, last = name.rpartition(".")
        forms = [f"import {name.split('.')[0]}\n\n{name}\n"]
        forms += [
            f"from {root} import {last}\n" if root else f"from {name} import anything\n"
        ]
        for form, text in enumerate(forms):
            path = spoilt / f"use_{number}_{form}.py"
            path.write_text(text, encoding="utf-8")
            expected[path.name] = f"`{name}` is banned"
    try:
        found = {Path(use["filename"]).name: use["message"] for use in banned_uses(copy)}
    finally:
        shutil.rmtree(spoilt)
    missed = [
        name for name, message in expected.items() if message not in found.get(name, "")
    ]
    assert missed == []


def test_no_exception_lets_anything_reach_the_network():
    uses = banned_uses(
        REPOSITORY, "--ignore-noqa", "--config", "lint.per-file-ignores = {}"
    )
    assert [use for use in uses if "network" in use["message"]] == []


if __name__ == "__main__":
    asked = [Injection(*each) for each in json.load(sys.stdin)]
    json.dump(spoil_and_lint(asked), sys.stdout)
