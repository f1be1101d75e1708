"""A Debian with an old C library, in a folder, in which packages are built.

Whatever is linked asks for the C library that it was linked to, or a newer one. So Python,
OpenSSL and the engine are made for an old one here, from sources that still get repairs.
Each step leaves a note of what it made; a second call goes on where the first one ended.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tomllib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from building import Unbuildable
from building.bare_root import BareRoot, debootstrapped
from building.folder import epoch
from building.old_engine import WHEELS, build_engine, engine_origin
from building.tools import run, tool

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from building.bare_root import Done

PLAN = Path("packaging", "build_root.toml")
PYTHON = "/opt/python"
UV = "/opt/uv"
ENVIRONMENT = "/opt/onhand"
WORK = "/build"
CACHE = f"{WORK}/cache"
PROJECT = "/onhand"
"""Where the working copy is seen in the root, so that its own place tells in no package."""

STEPS = ("folder", "check", "sbom", "deb", "rpm")
HANDED_ON = ("UV_", "PIP_", "SSL_CERT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""How variables begin that say where packages come from."""

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

BUILD_OPENSSL = """
cd {work}/openssl
export SOURCE_DATE_EPOCH="$(dpkg-parsechangelog -STimestamp)"
machine="$(gcc -print-multiarch)"
./Configure --prefix=/usr --openssldir=/usr/lib/ssl --libdir="lib/$machine" shared \
    no-idea no-mdc2 no-rc5 no-zlib no-ssl3 no-ssl3-method no-tests \
    -ffile-prefix-map={work}/=
# One after the other: asked for both, it runs a make for each, and these meet in one file.
make -s -j{jobs} build_libs
make -s -j{jobs} build_modules
tree={work}/libssl3
rm -rf "$tree"
make -s DESTDIR="$tree" install_dev install_modules
mkdir -p "$tree/DEBIAN" "$tree/usr/share/doc/libssl3"
cp debian/copyright "$tree/usr/share/doc/libssl3/copyright"
cat > "$tree/DEBIAN/control" <<END
Package: libssl3
Version: $(dpkg-parsechangelog -SVersion)
Architecture: $(dpkg --print-architecture)
Maintainer: nobody <nobody@localhost>
Description: OpenSSL, built from Debian's sources to be carried by a package
END
dpkg-deb --build "$tree" {work}/libssl3.deb
dpkg -i {work}/libssl3.deb
ldconfig
"""
"""A package, so that it is known where the libraries come from; not Debian's own build, as
thousands of manuals take longer than all the rest."""

BUILD_PYTHON = """
cd {work}/{package}
export SOURCE_DATE_EPOCH="$(dpkg-parsechangelog -STimestamp)"
# Debian compiles Expat's module into Python; one of its patches takes that for granted.
export LIBEXPAT_CFLAGS=-DPy_BUILD_CORE_MODULE
./configure --prefix={python} --enable-shared --without-ensurepip --disable-test-modules \
    --with-system-expat CFLAGS="-ffile-prefix-map={work}/=" \
    LDFLAGS="-Wl,-rpath,{python}/lib"
make -j{jobs}
# An older one would stay where the new one has nothing, and its links stop the rest.
rm -rf {python}
make install
for module in _bz2 _ctypes _hashlib _lzma _sqlite3 _ssl _uuid pyexpat zlib; do
    {python}/bin/python{version} -c "import $module"
done
"""


def make_root(root: Path, folder: Path) -> None:
    """Make it, or finish it; `root` is the working copy.

    Raises:
        Unbuildable: this is not Linux with an administrator, a tool is missing, a source is
            not what was pinned or has gone, or something does not compile.
    """
    if os.geteuid() != 0:
        raise Unbuildable("a root is made by an administrator: call it by sudo")
    folder = folder.resolve()
    plan = read_plan(root)
    debootstrapped(plan["suite"], folder)
    debian = BareRoot(folder)
    notes = Notes(folder)
    made = root_steps(root, plan)
    notes.once("packages", made["packages"], lambda: _install(debian, plan))
    for name in plan["source"]:
        notes.once(name, made[name], partial(_built, debian, plan, name))
    wanted = _uv_version()
    notes.once("uv", wanted, lambda: _bring_uv(folder, wanted))
    notes.once("engine", made["engine"], lambda: _new_engine(root, folder))
    print(f"build: {folder}")


def build_inside(root: Path, folder: Path, steps: Sequence[str]) -> None:
    """Do steps of `packaging/build` in the root, with this working copy.

    Raises:
        Unbuildable: there is no such root, or no such step, or one fails.
    """
    if unknown := [step for step in steps if step not in STEPS]:
        raise Unbuildable(f"{unknown[0]} is not done in a root; {', '.join(STEPS)} are")
    folder = folder.resolve()
    notes = Notes(folder)
    for step, made in root_steps(root, read_plan(root)).items():
        if not notes.has(step, made):
            raise Unbuildable(
                f"{folder} is no root for these pins ({step}):"
                f" 'packaging/build root {folder}' makes it"
            )
    debian = BareRoot(folder, shown={root: PROJECT})
    environment = _environment(root, read_plan(root)["python"])
    _stream(
        debian, [f"{UV}/bin/uv", "sync", "--no-dev", "--group", "packaging"], environment
    )
    for step in steps:
        _stream(debian, [f"{ENVIRONMENT}/bin/python", "packaging/build", step], environment)


def read_plan(root: Path) -> dict[str, Any]:
    """What the root is made from."""
    return tomllib.loads((root / PLAN).read_text(encoding="utf-8"))


def root_steps(root: Path, plan: Mapping[str, Any]) -> dict[str, str]:
    """What a root has to be made of, by step."""
    return {
        "packages": repr(plan["packages"]),
        **{
            name: f"{source['version']}\n{_recipe(name)}"
            for name, source in plan["source"].items()
        },
        "engine": engine_origin(root),
    }


class Notes:
    """What has been made in a root."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / WORK.lstrip("/") / "made"

    def has(self, step: str, what: str) -> bool:
        """Whether a step was done, and made this."""
        note = self._folder / step
        return note.is_file() and note.read_text(encoding="utf-8") == what

    def once(self, step: str, what: str, make: Callable[[], None]) -> None:
        """Do a step unless it has made this already."""
        if self.has(step, what):
            return
        print(f"build: {step} …", flush=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        # A step that fails has taken away what was there.
        (self._folder / step).unlink(missing_ok=True)
        make()
        (self._folder / step).write_text(what, encoding="utf-8")


def check_sums(folder: Path, sums: Mapping[str, str]) -> None:
    """Whether these files are in the folder, byte for byte.

    Raises:
        Unbuildable: one is missing, or is another one.
    """
    for name, wanted in sums.items():
        path = folder / name
        if not path.is_file():
            raise Unbuildable(f"{name} did not come; {PLAN} names it")
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            raise Unbuildable(f"{name} is not the file whose sum stands in {PLAN}")


def source_lines(mirror: str, plan: Mapping[str, Any]) -> str:
    """Where apt takes packages and sources from; repairs lie beside the mirror."""
    suite, sources = plan["suite"], plan["sources"]
    return "".join(
        f"{kind} {mirror}{place} {name}{place} main\n"
        for kind, name in (("deb", suite), ("deb-src", sources))
        for place in ("", "-security")
    )


def _install(debian: BareRoot, plan: Mapping[str, Any]) -> None:
    apt = debian.folder / "etc" / "apt" / "sources.list"
    mirror = apt.read_text(encoding="utf-8").split()[1]
    apt.write_text(source_lines(mirror, plan), encoding="utf-8")
    shutil.copy("/etc/resolv.conf", debian.folder / "etc" / "resolv.conf")
    wanted = " ".join(plan["packages"])
    _must(
        debian,
        "apt-get update -qq\napt-get upgrade -qq -y\n"
        f"apt-get install -qq -y --no-install-recommends {wanted}\napt-get clean\n",
    )
    # Where a proxy looks into connections, this machine knows its authority.
    if CERTIFICATES.is_file():
        shutil.copy(CERTIFICATES, debian.folder / str(CERTIFICATES).lstrip("/"))


def _built(debian: BareRoot, plan: Mapping[str, Any], name: str) -> None:
    """Fetch a source, look at its sums, unpack it with Debian's patches, and build it."""
    source = dict(plan["source"][name])
    version = source.pop("version")
    wanted = f"{name}={version}"
    place = f"{WORK}/sources"
    debian.inside(place).mkdir(parents=True, exist_ok=True)
    fetched = _done(debian, f"cd {place} && apt-get source --download-only -qq {wanted}")
    if fetched.status:
        raise Unbuildable(
            f"{plan['sources']} has no {wanted} any more, or cannot be reached; for a newer"
            f" one correct version and sums in {PLAN}: {fetched.output[-500:]}"
        )
    check_sums(debian.inside(place), source)
    described = f"{place}/{name}_{version}.dsc"
    shutil.rmtree(debian.inside(f"{WORK}/{name}"), ignore_errors=True)
    _must(debian, f"dpkg-source --extract {described} {WORK}/{name}")
    _must(
        debian,
        _recipe(name).format(
            work=WORK, package=name, python=PYTHON, version=plan["python"],
            jobs=os.cpu_count() or 1,
        ),
    )  # fmt: skip
    shutil.rmtree(debian.inside(f"{WORK}/{name}"))


def _recipe(name: str) -> str:
    return BUILD_PYTHON if name.startswith("python") else BUILD_OPENSSL


def _uv_version() -> str:
    argv = [tool("uv"), "--version"]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    return said.split()[1]


def _bring_uv(folder: Path, version: str) -> None:
    target = folder / UV.lstrip("/")
    shutil.rmtree(target, ignore_errors=True)
    run([tool("uv"), "pip", "install", "--target", str(target), f"uv=={version}"])


def _new_engine(root: Path, folder: Path) -> None:
    build_engine(root, folder)
    # A wheel that was compiled anew has the name of the old one, which uv would take again.
    for old in (ENVIRONMENT, CACHE):
        shutil.rmtree(folder / old.lstrip("/"), ignore_errors=True)


def _environment(root: Path, python: str) -> dict[str, str]:
    return {
        **{
            key: value
            for key, value in os.environ.items()
            if key.upper().startswith(HANDED_ON)
        },
        "HOME": WORK,
        "SOURCE_DATE_EPOCH": str(epoch(root)),
        "UV_CACHE_DIR": CACHE,
        "UV_FIND_LINKS": WHEELS,
        "UV_PROJECT_ENVIRONMENT": ENVIRONMENT,
        "UV_PYTHON": f"{PYTHON}/bin/python{python}",
        "UV_PYTHON_DOWNLOADS": "never",
    }


def _stream(debian: BareRoot, argv: Sequence[str], environment: dict[str, str]) -> None:
    """Run a command in the working copy, and show what it says."""
    there = ["sh", "-c", f'cd {PROJECT} && exec "$@"', "sh", *argv]
    done = subprocess.run(
        debian.argv(there, network=True),
        env=debian.environment(environment),
        check=False,
    )
    if done.returncode:
        raise Unbuildable(f"{' '.join(argv[-2:])} failed in {debian.folder}; see above")


def _done(debian: BareRoot, script: str) -> Done:
    return debian.run(["sh", "-ec", script], network=True, env={"HOME": WORK})


def _must(debian: BareRoot, script: str) -> None:
    done = _done(debian, script)
    if done.status:
        raise Unbuildable(f"in {debian.folder}: {done.output[-2000:]}")
