"""House rules that no linter knows."""

from __future__ import annotations

import ast
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import onhand.domain.model_errors  # noqa: F401 - its failures are looked at as well
from onhand.domain.errors import AppError, all_errors

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "app" / "onhand"
MODULES = sorted(PACKAGE.rglob("*.py"))
PURE_PACKAGES = {"domain": {"msgspec"}, "services": {"msgspec", "charset_normalizer"}}

# Written so that this file does not match itself.
LEAKS = re.compile(
    r"/[w]ork/|/[t]mp/[a-z]|/[r]oot/|/[h]ome/[a-z]|C:\\+[U]sers"
    r"|[p]ypi\.org|[p]ythonhosted\.org|[p]ypi\.python",
)
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X)\b")
PACKED = frozenset({".png", ".ico", ".icns", ".qm"})
"""Endings of files in which any three letters stand side by side by chance."""
VAGUE_NAMES = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imported_packages(path: Path) -> set[str]:
    """Top-level packages that a module imports anywhere in its text."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def repository_files() -> list[Path]:
    """Files that are in the repository, or would be after the next commit."""
    git = shutil.which("git")
    if git is None or not (REPOSITORY / ".git").exists():
        pytest.skip("not a git repository")
    argv = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(
        argv, cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    paths = {REPOSITORY / name for name in names.split("\0") if name}
    return sorted(path for path in paths if path.is_file())


def test_decisions_have_numbers_of_their_own_and_are_there_where_they_are_named():
    names = {path.name for path in (REPOSITORY / "app" / "decisions").glob("*.md")}
    assert len({name[:3] for name in names}) == len(names)
    for path in repository_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        assert set(re.findall(r"decisions/(\d{3}-[\w-]+\.md)", text)) <= names, path


def lines_with(pattern: re.Pattern[str], but: frozenset[str] = frozenset()) -> list[str]:
    found = []
    for path in repository_files():
        if path.suffix in but:
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.search(line):
                found.append(
                    f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()[:120]}"
                )
    return found


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_short_and_says_what_it_is(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(ast.parse(text))
    assert path.stem not in VAGUE_NAMES


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "__init__.py"], ids=named)
def test_a_package_file_holds_its_docstring_alone(path):
    body = ast.parse(path.read_text(encoding="utf-8")).body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)


def test_the_architecture_page_names_every_module():
    page = (REPOSITORY / "app" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = [named(path) for path in MODULES if path.name != "__init__.py"]
    assert [name for name in modules if f"`{name}`" not in page] == []


def test_the_architecture_page_names_no_module_that_is_gone():
    page = (REPOSITORY / "app" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rings = "|".join(sorted(path.name for path in PACKAGE.iterdir() if path.is_dir()))
    mentioned = re.findall(rf"`((?:{rings})/[\w/]+\.py)`", page)
    assert [name for name in mentioned if not (PACKAGE / name).exists()] == []


def test_the_core_imports_the_standard_library_and_pure_computation_only():
    for ring, others in PURE_PACKAGES.items():
        allowed = sys.stdlib_module_names | {"onhand"} | others
        for path in (PACKAGE / ring).rglob("*.py"):
            assert imported_packages(path) <= allowed, named(path)


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
def test_a_known_failure_says_what_happened_and_the_way_out(kind):
    assert {"code", "title", "hint"} <= vars(kind).keys()
    assert re.fullmatch(r"[a-z][a-z_]*", kind.code)
    assert not kind.title.endswith(".")
    assert kind.hint.endswith(".")
    # The window knows no commands; and a class with a way out of its own has both of them.
    assert not re.search(r"--\w|'onhand ", kind("").hint_in_window)
    assert "window_hint" in vars(kind) or not kind.window_hint
    assert kind.__doc__
    assert kind.exit_code > 0


def test_the_codes_of_failures_are_unique_and_lead_back_to_their_class():
    for kind in all_errors():
        assert type(AppError.from_code(kind.code, "")) is kind


def test_the_repository_names_no_machine_and_no_registry():
    assert lines_with(LEAKS) == []


def test_nothing_is_left_for_later():
    assert lines_with(UNFINISHED, but=PACKED) == []


def test_a_test_cannot_reach_the_network():
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        pytest.raises(AssertionError, match="refused"),
    ):
        datagrams.sendto(b"", ("127.0.0.1", 9))
    with socket.socket() as stream, pytest.raises(AssertionError, match="refused"):
        stream.connect(("127.0.0.1", 9))
    with pytest.raises(AssertionError, match="refused"):
        socket.create_connection(("localhost", 9))
