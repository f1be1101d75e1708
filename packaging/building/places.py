"""The files of a package for Linux, whatever kind it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from building import Unbuildable
from building.folder import FOLDER, epoch
from building.manuals import bash_completion, manual, zsh_completion
from building.sbom import LICENCES, SBOM

if TYPE_CHECKING:
    from pathlib import Path

    from building.debian import Tree

PLACE = "/usr/lib/onhand"
DOCUMENTS = "/usr/share/doc/onhand"
MODELS = "/usr/share/onhand/models"
POLICIES = "/etc/onhand/policies"

SUMMARY = "sorts, extracts, rewrites and shortens text, offline"
DESCRIPTION = (
    "A small language model runs on this computer and sorts text into labels,",
    "copies named fields out of it, rewrites it and shortens it. Text never",
    "leaves the machine: what works on it cannot open a connection.",
    "",
    "The command line needs nothing else. The window needs the libraries of a",
    "desktop, which are recommended. Models come in packages of their own, from",
    "a file, or by a download that a user asks for.",
)


def put_all(tree: Tree, root: Path, version: str, *, zsh: str) -> None:
    """Put everything into a tree; `zsh` is the folder for that shell's completions.

    Raises:
        Unbuildable: the folder or the bill of materials was not made.
    """
    _put_program(tree, root)
    _put_desktop(tree, root)
    _put_documents(tree, root, version)
    tree.put(f"{zsh}/_onhand", zsh_completion().encode())
    for kind in ("managed", "recommended"):
        tree.folder(f"{POLICIES}/{kind}")
    tree.folder(MODELS)


def _put_program(tree: Tree, root: Path) -> None:
    tree.copy_folder(root / FOLDER, PLACE)
    tree.copy(
        root / "packaging" / "linux" / "purge-user-data",
        f"{PLACE}/purge-user-data",
        runs=True,
    )
    for name in ("onhand", "onhand-desktop"):
        tree.link(f"/usr/bin/{name}", f"../lib/onhand/{name}")


def _put_desktop(tree: Tree, root: Path) -> None:
    linux = root / "packaging" / "linux"
    name = "com.onhand.Onhand"
    tree.copy(linux / f"{name}.desktop", f"/usr/share/applications/{name}.desktop")
    tree.copy(linux / f"{name}.metainfo.xml", f"/usr/share/metainfo/{name}.metainfo.xml")
    tree.copy(linux / f"{name}.xml", f"/usr/share/mime/packages/{name}.xml")
    icons = root / "packaging" / "icons" / "hicolor"
    for icon in sorted(icons.rglob("*.*")):
        tree.copy(icon, f"/usr/share/icons/hicolor/{icon.relative_to(icons).as_posix()}")


def _put_documents(tree: Tree, root: Path, version: str) -> None:
    tree.pack("/usr/share/man/man1/onhand.1.gz", manual(version, epoch(root)).encode())
    tree.link("/usr/share/man/man1/onhand-desktop.1.gz", "onhand.1.gz")
    tree.put("/usr/share/bash-completion/completions/onhand", bash_completion().encode())
    packaging = root / "packaging"
    tree.copy(root / "LICENSE", f"{DOCUMENTS}/copyright")
    tree.pack(f"{DOCUMENTS}/changelog.gz", (packaging / "CHANGELOG.md").read_bytes())
    tree.copy(packaging / "IT-GUIDE.md", f"{DOCUMENTS}/IT-GUIDE.md")
    tree.copy_folder(packaging / "policies", f"{DOCUMENTS}/policies")
    for made in (SBOM, LICENCES):
        if not (root / made).exists():
            raise Unbuildable(f"{made} is missing; 'packaging/build sbom' makes it")
    tree.copy(root / SBOM, f"{DOCUMENTS}/{SBOM.name}")
    tree.copy(root / LICENCES, f"{DOCUMENTS}/{LICENCES.name}")
