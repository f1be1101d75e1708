"""The packages for Debian and Ubuntu: the program, and a model beside it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from building import Unbuildable
from building.checking import oldest_gcc, oldest_glibc, system_needs
from building.debian import Control, Tree, architecture
from building.elf import is_elf
from building.folder import FOLDER, epoch, files_of
from building.leftovers import SYSTEM_LIBRARIES
from building.places import DESCRIPTION, MODELS, SUMMARY, put_all
from building.versions import project_version

if TYPE_CHECKING:
    from collections.abc import Iterable

ZSH = "/usr/share/zsh/vendor-completions"

CORE = frozenset({"libc6", "libstdc++6", "libgcc-s1"})
"""What every command needs. All else is for the window, which names what it lacks."""

RENAMED = {"libglib2.0-0": "libglib2.0-0t64 | libglib2.0-0"}


def build_deb(root: Path) -> None:
    """Make the package of the program."""
    folder = root / FOLDER
    libraries = [each for each in files_of(folder) if is_elf(each)]
    version = project_version(root)
    control = Control(
        name="onhand",
        version=version,
        architecture=architecture(),
        summary=SUMMARY,
        description=DESCRIPTION,
        relations=relations(libraries),
    )
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree(Path(scratch, "tree"), epoch(root))
        put_all(tree, root, version, zsh=ZSH)
        scripts = {
            each.name: each.read_text(encoding="utf-8").replace("@VERSION@", version)
            for each in sorted((root / "packaging" / "linux" / "debian").iterdir())
        }
        package = tree.build(control, scripts, root / FOLDER.parent)
    print(f"build: {package}, {package.stat().st_size / 1e6:.1f} MB")


def build_model_deb(root: Path, file: Path) -> None:
    """Make a package of a model of the catalogue."""
    spec = model_of(root, file)
    control = Control(
        name=f"onhand-model-{spec['id'].replace('_', '-').lower()}",
        version="1",
        architecture="all",
        summary=f"the language model {spec['title']} for Onhand",
        description=(f"For all users of this computer, below {MODELS}.",),
        relations={"Enhances": "onhand"},
        packing="none",
    )
    with tempfile.TemporaryDirectory() as scratch:
        tree = Tree(Path(scratch, "tree"), epoch(root))
        tree.copy(file, f"{MODELS}/{spec['file']}")
        licence = root / "resources" / "licences" / f"{spec['licence']}.txt"
        if not licence.is_file():
            raise Unbuildable(f"the text of {spec['licence']} is not in resources/licences")
        tree.copy(licence, f"/usr/share/doc/{control.name}/copyright")
        package = tree.build(control, {}, root / FOLDER.parent)
    print(f"build: {package}, {package.stat().st_size / 1e6:.1f} MB")


def model_of(root: Path, file: Path) -> dict[str, str]:
    """What the catalogue says of a model file.

    Raises:
        Unbuildable: it does not know the file.
    """
    catalogue = json.loads((root / "models.json").read_text(encoding="utf-8"))
    for spec in catalogue["models"]:
        if spec["file"] == file.name:
            return dict(spec)
    raise Unbuildable(f"{file.name} is not in the catalogue")


def relations(libraries: Iterable[Path]) -> dict[str, str]:
    """What the package needs and recommends, from what its files need."""
    files = list(libraries)
    packages = {SYSTEM_LIBRARIES[name] for name in system_needs(files)}
    oldest = ".".join(map(str, oldest_glibc(files)))
    least = {
        "libc6": f"libc6 (>= {oldest})",
        "libstdc++6": f"libstdc++6 (>= {oldest_gcc(files)})",
        **RENAMED,
    }

    def listed(names: Iterable[str]) -> str:
        return ", ".join(least.get(each, each) for each in sorted(names))

    return {
        # Before it unpacks anything, dpkg refuses where these are too old.
        "Pre-Depends": listed(packages & CORE),
        "Recommends": f"{listed(packages - CORE)}, fonts-dejavu-core | fonts-noto-core",
    }
