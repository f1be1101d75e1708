"""The package for Fedora, openSUSE and their like, from the files of that for Debian."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from building import Unbuildable
from building.checking import oldest_cxx, oldest_glibc, system_needs
from building.deb import CORE
from building.debian import QUICKLY, Tree
from building.elf import is_elf
from building.folder import FOLDER, epoch, files_of
from building.leftovers import SYSTEM_LIBRARIES
from building.places import DESCRIPTION, SUMMARY, put_all
from building.versions import project_version

if TYPE_CHECKING:
    from collections.abc import Iterable

ZSH = "/usr/share/zsh/site-functions"

EVERYWHERE = frozenset({"/etc", "/usr", "/usr/bin", "/usr/lib", "/usr/share"})
"""Folders that every system has. Others may have several owners, and go with the last."""

SPEC = """\
%global debug_package %{{nil}}
%global __os_install_post %{{nil}}
%global _build_id_links none
%global _buildhost localhost
%global _binary_payload {payload}
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
Name: onhand
Version: {version}
Release: 1
Summary: {summary}
License: MIT
Vendor: The Onhand authors
AutoReqProv: no
{relations}

%description
{description}

%install
cp -a "{tree}/." "%{{buildroot}}/"

%postun
{postun}

%files -f "{listed}"
%defattr(-,root,root,-)
"""

POSTUN = """\
# 0: the package goes, and no newer one comes in its place.
asked=/etc/onhand/purge-user-data
if [ "$1" != 0 ] || { [ ! -e "$asked" ] && [ "$ONHAND_PURGE_USER_DATA" != 1 ]; }; then
    exit 0
fi
set -- purge
"""
"""Removing keeps policies and what users wrote, unless an administrator asked otherwise."""


@dataclass(frozen=True, kw_only=True)
class Spec:
    """What is filled into the recipe that rpmbuild takes."""

    version: str
    tree: Path
    listed: Path
    relations: tuple[str, ...]
    postun: str

    def text(self) -> str:
        """The recipe. Percent signs of ours would be macros, so there must be none."""
        return SPEC.format(
            payload="w1.gzdio" if QUICKLY in os.environ else "w6.xzdio",
            version=self.version,
            summary=SUMMARY,
            relations="\n".join(self.relations),
            description="\n".join(DESCRIPTION),
            tree=self.tree,
            listed=self.listed,
            postun=self.postun.replace("%", "%%"),
        )


def build_rpm(root: Path) -> None:
    """Make the package of the program.

    Raises:
        Unbuildable: rpmbuild is missing or fails.
    """
    libraries = [each for each in files_of(root / FOLDER) if is_elf(each)]
    version = project_version(root)
    removing = (root / "packaging" / "linux" / "debian" / "postrm").read_text("utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree(Path(scratch, "tree"), epoch(root))
        put_all(tree, root, version, zsh=ZSH)
        spec = Spec(
            version=version,
            tree=tree.finished(),
            listed=Path(scratch, "files"),
            relations=relations(libraries),
            postun=POSTUN + removing,
        )
        spec.listed.write_text("\n".join(listed(spec.tree)) + "\n", encoding="utf-8")
        package = packed(spec, Path(scratch), epoch(root))
        target = root / FOLDER.parent / package.name
        shutil.copyfile(package, target)
    print(f"build: {target}, {target.stat().st_size / 1e6:.1f} MB")


def relations(libraries: Iterable[Path]) -> tuple[str, ...]:
    """What the package needs and recommends: libraries by name, as all distributions do."""
    files = list(libraries)
    oldest = ".".join(map(str, oldest_glibc(files)))
    cxx = ".".join(map(str, oldest_cxx(files)))
    window = sorted(
        name for name in system_needs(files) if SYSTEM_LIBRARIES[name] not in CORE
    )
    return (
        f"Requires: libc.so.6(GLIBC_{oldest})(64bit)",
        f"Requires: libstdc++.so.6(GLIBCXX_{cxx})(64bit)",
        *(f"Recommends: {name}()(64bit)" for name in window),
    )


def listed(tree: Path) -> list[str]:
    """The files and folders of the package as rpmbuild wants them named."""
    found = []
    for each in sorted(tree.rglob("*")):
        place = f"/{each.relative_to(tree).as_posix()}"
        if each.is_symlink() or each.is_file():
            found.append(f'"{place}"')
        elif place not in EVERYWHERE:
            found.append(f'%dir "{place}"')
    return found


def packed(spec: Spec, scratch: Path, made: int) -> Path:
    """Make the package in a folder, as if at a time in seconds since 1970.

    Raises:
        Unbuildable: rpmbuild is missing or fails.
    """
    program = shutil.which("rpmbuild")
    if program is None:
        raise Unbuildable("there is no rpmbuild; on Debian the package 'rpm' brings it")
    recipe = scratch / "onhand.spec"
    recipe.write_text(spec.text(), encoding="utf-8")
    argv = [
        program,
        "-bb",
        "--quiet",
        "--define",
        f"_topdir {scratch / 'rpm'}",
        str(recipe),
    ]
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(made)}
    done = subprocess.run(argv, env=env, check=False, capture_output=True, text=True)
    packages = sorted(scratch.glob("rpm/RPMS/*/*.rpm"))
    if done.returncode or len(packages) != 1:
        raise Unbuildable(f"rpmbuild: {(done.stdout + done.stderr).strip()[-2000:]}")
    return packages[0]
