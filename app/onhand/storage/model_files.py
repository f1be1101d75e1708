"""Model files: in the model folders, in the starter's wheel, or anywhere by their path."""

from __future__ import annotations

import logging
import os
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.catalog import Catalog, ModelKind, ModelSpec, read_catalog
from onhand.domain.errors import DataDamaged, ModelMissing
from onhand.services.ports import InstalledModel
from onhand.storage.safe_files import failures_as, is_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUFFIX = ".gguf"

_log = logging.getLogger(__name__)


class ModelFiles:
    """The model port over the catalogue and folders of GGUF files."""

    def __init__(self, *, catalog: Path, folders: Sequence[Path]) -> None:
        """`catalog` is `models.json`; of files with one id the first folder's counts."""
        self._catalog_path = catalog
        self._folders = tuple(folders)

    def installed(self) -> list[InstalledModel]:
        """All that are here, smallest first.

        Raises:
            DataDamaged: the catalogue is missing or not what it should be.
        """
        found: dict[str, InstalledModel] = {}
        for path in self._files():
            model = self._model(path)
            if model is not None:
                found.setdefault(model.id.casefold(), model)
        return sorted(found.values(), key=lambda model: (model.bytes, model.id))

    def known(self) -> tuple[ModelSpec, ...]:
        """All models of the catalogue, smallest first.

        Raises:
            DataDamaged: the catalogue is missing or not what it should be.
        """
        return self._catalog.models

    def find(self, wanted: str) -> InstalledModel:
        """The model with this id, unambiguous start of an id, or path.

        "" is the starter model, or the smallest where that is not here.

        Raises:
            ModelMissing: there is none, or the start fits several.
            DataDamaged: the catalogue is missing or not what it should be.
        """
        if _is_path(wanted):
            model = self._model(Path(wanted).expanduser().absolute())
            if model is None:
                raise ModelMissing(f"there is no file {wanted}")
            return model
        here = self.installed()
        if not wanted:
            return self._default(here)
        return self._named(wanted, here)

    def _default(self, here: list[InstalledModel]) -> InstalledModel:
        starters = {spec.id for spec in self._catalog.models if spec.distribution}
        # Nobody gets a model that they did not ask for, unless it is of the catalogue.
        able = [model for model in here if model.tier and model.kind == ModelKind.CHAT]
        for model in (*(each for each in able if each.id in starters), *able):
            return model
        raise ModelMissing("there is no model here yet")

    def _named(self, wanted: str, here: list[InstalledModel]) -> InstalledModel:
        key = wanted.casefold()
        fitting = [model for model in here if model.id.casefold().startswith(key)]
        exact = [model for model in fitting if model.id.casefold() == key]
        if len(exact or fitting) == 1:
            return (exact or fitting)[0]
        if fitting:
            raise ModelMissing(f"'{wanted}' fits {_listed(fitting)}")
        what = "is not downloaded" if self._catalog.fitting(wanted) else "is not known"
        raise ModelMissing(f"'{wanted}' {what}; here: {_listed(here) or 'no model'}")

    @cached_property
    def _catalog(self) -> Catalog:
        with failures_as(DataDamaged, self._catalog_path):
            return read_catalog(self._catalog_path.read_bytes())

    def _files(self) -> Iterator[Path]:
        for folder in self._folders:
            try:
                yield from sorted(folder.iterdir())
            except OSError:
                _log.info("a model folder is not there")
        for spec in self._catalog.models:
            if spec.distribution:
                yield from _distributed(spec)

    def _model(self, path: Path) -> InstalledModel | None:
        """The model in a file, or None where there is no such file."""
        if path.suffix.lower() != SUFFIX or not is_file(path):
            return None
        found = path.stat()
        size = found.st_size
        spec = self._catalog.by_file(path.name)
        if spec is None:
            return InstalledModel(
                id=path.name,
                title=path.stem,
                path=path,
                bytes=size,
                stamp=f"{size} {found.st_mtime_ns}",
            )
        return InstalledModel(
            id=spec.id,
            title=spec.title,
            path=path,
            bytes=size,
            tier=str(spec.tier),
            licence=spec.licence,
            languages=spec.languages or (),
            kind=str(spec.kind),
            # Another file is not loaded under this name.
            stamp=spec.sha256,
        )


def _distributed(spec: ModelSpec) -> Iterator[Path]:
    """Where an installed Python distribution has the file; it is never imported."""
    package = find_spec(spec.distribution.replace("-", "_"))
    folders = (package and package.submodule_search_locations) or ()
    usual = [Path(folder) / spec.file for folder in folders]
    yield from usual if any(map(is_file, usual)) else _recorded(spec)


def _recorded(spec: ModelSpec) -> Iterator[Path]:
    """Where the distribution's own list says that it lies."""
    # Loads the mail parser and more, while somebody may wait for the first window.
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415

    try:
        found = distribution(spec.distribution)
        files = found.files or []
    except (PackageNotFoundError, OSError):
        return
    for file in files:
        if file.name == spec.file:
            yield Path(str(found.locate_file(file)))


def _is_path(wanted: str) -> bool:
    separators = {os.sep, os.altsep or os.sep}
    return wanted.lower().endswith(SUFFIX) and (
        any(each in wanted for each in separators) or is_file(Path(wanted))
    )


def _listed(models: list[InstalledModel]) -> str:
    return ", ".join(model.id for model in models)
