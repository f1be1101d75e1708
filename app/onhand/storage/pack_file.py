"""Pack files: zip without compression, read with distrust and written in one step."""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import zipfile
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from onhand.domain.errors import ModelMissing, OutputUnwritable
from onhand.domain.model_errors import PackDamaged
from onhand.domain.packs import MODELS, MOST_MODELS, MOST_OTHERS, SIGNATURE_BYTES, SUFFIX
from onhand.domain.progress import Progress, ignore_progress
from onhand.storage.safe_files import failures_as, is_file, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.services.pack_ports import Entry

BLOCK_BYTES = 1 << 20

END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_BYTES = 20
"""Records at the end of a zip file; those of zip64 stand in front of the older one."""

DIRECTORY_MOST = 2_000_000
"""Bytes of the list of entries; it is read at once."""

ENTRIES_MOST = MOST_MODELS + MOST_OTHERS + 3

ENCRYPTED = 1
EPOCH = (1980, 1, 1, 0, 0, 0)
"""No times are told: a pack says nothing of its maker's machine."""

_DAMAGE = (zipfile.BadZipFile, ValueError, LookupError, EOFError, RuntimeError)
"""What the zip library raises for a file that is not what it says."""


class PackFiles:
    """The pack port over the file system."""

    def is_pack(self, path: Path) -> bool:
        """Whether a file is one, by its name or its beginning."""
        if not is_file(path):
            return False
        if path.suffix.lower() == SUFFIX:
            return True
        try:
            with path.open("rb") as file:
                return file.read(4) == b"PK\x03\x04"
        except OSError:
            return False

    @contextmanager
    def open(self, path: Path) -> Iterator[PackReader]:
        """Open a pack.

        Raises:
            ModelMissing: there is no such file.
            PackDamaged: it is no pack.
        """
        if not is_file(path):
            raise ModelMissing(f"there is no file {path}")
        with ExitStack() as opened:
            with _told(path):
                file = opened.enter_context(path.open("rb"))
                seal = _seal(file)
                archive = opened.enter_context(zipfile.ZipFile(file))
                reader = PackReader(path, file, archive, seal)
            yield reader

    def write(
        self,
        path: Path,
        entries: Sequence[Entry],
        seal: Callable[[bytes], bytes],
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> None:
        """Write a pack in one step; `seal` signs the digest of everything before the seal.

        Raises:
            OutputUnwritable, DiskFull: nothing is left of it.
            Cancelled: likewise; the user stopped it.
        """
        part = path.with_name(f".{path.name}.part")
        total, done = sum(entry.size for entry in entries), 0
        with (
            failures_as(OutputUnwritable, path),
            replacing(path, part, mode=0o644) as file,
        ):
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for entry in entries:
                    info = zipfile.ZipInfo(entry.name, EPOCH)
                    info.external_attr = 0o644 << 16
                    large = entry.name.startswith(MODELS)
                    with archive.open(info, "w", force_zip64=large) as target:
                        for block in entry.blocks:
                            cancel.raise_if_cancelled()
                            target.write(block)
                            done += len(block)
                            on_progress(Progress(done=done, total=total))
                archive.comment = bytes(SIGNATURE_BYTES)
            file.flush()
            with part.open("rb") as written:
                digest = _digest(written, cancel)
            file.seek(-SIGNATURE_BYTES, os.SEEK_END)
            file.write(seal(digest))


class PackReader:
    """An open pack. Its entries are named once each, plain, and as long as they say."""

    def __init__(
        self, path: Path, file: BinaryIO, archive: zipfile.ZipFile, seal: bytes
    ) -> None:
        self._path = path
        self._file = file
        self._archive = archive
        self._seal = seal
        self._entries = _entries(archive, os.fstat(file.fileno()).st_size)

    @property
    def seal(self) -> bytes:
        """The signature of the whole."""
        return self._seal

    def entries(self) -> dict[str, int]:
        """The sizes of its files, by name."""
        return dict(self._entries)

    def small(self, name: str, most: int) -> bytes:
        """A small file, whole."""
        if self._entries.get(name, most + 1) > most:
            raise PackDamaged(f"{name} is missing, or far too long")
        return b"".join(self.blocks(name))

    def blocks(self, name: str) -> Iterator[bytes]:
        """A large file, piece by piece."""
        with _told(self._path):
            if name not in self._entries:
                raise PackDamaged(f"{name} is missing")
            with self._archive.open(name) as source:
                while block := source.read(BLOCK_BYTES):
                    yield block

    def sha256(
        self, cancel: CancelToken, on_progress: OnProgress = ignore_progress
    ) -> bytes:
        """The digest of everything but the seal; progress counts bytes."""
        with _told(self._path), self._path.open("rb") as file:
            return _digest(file, cancel, on_progress)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Failures of the zip library in our own words."""
    try:
        yield
    except _DAMAGE as error:
        raise PackDamaged(f"{path.name}: {error}") from error
    except (OSError, struct.error, OverflowError) as error:
        raise PackDamaged(f"{path.name} cannot be read ({error})") from error


def _seal(file: BinaryIO) -> bytes:
    """The seal, which is the archive's comment; sees that the list of entries is small."""
    size = file.seek(0, os.SEEK_END)
    back = END.size + SIGNATURE_BYTES
    if size < back:
        raise PackDamaged("it is too short")
    file.seek(-back, os.SEEK_END)
    end = END.unpack(file.read(END.size))
    seal = file.read(SIGNATURE_BYTES)
    if end[0] != b"PK\x05\x06" or end[7] != SIGNATURE_BYTES:
        raise PackDamaged("it does not end as packs do")
    entries, length = end[4], end[5]
    behind = back + LOCATOR_BYTES + END_64.size
    if size >= behind:
        file.seek(-behind, os.SEEK_END)
        end_64 = END_64.unpack(file.read(END_64.size))
        if end_64[0] == b"PK\x06\x06":
            entries, length = end_64[7], end_64[8]
    if length > DIRECTORY_MOST or entries > ENTRIES_MOST:
        raise PackDamaged(f"it claims to have {entries} files")
    file.seek(0)
    return seal


def _entries(archive: zipfile.ZipFile, size: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for info in archive.infolist():
        mode = info.external_attr >> 16
        plain = (
            info.filename != ""
            and info.compress_type == zipfile.ZIP_STORED
            and info.compress_size == info.file_size
            and not info.flag_bits & ENCRYPTED
            and not info.filename.endswith("/")
            and stat.S_IFMT(mode) in (0, stat.S_IFREG)
        )
        if not plain:
            raise PackDamaged(f"{info.filename[:100]!r} is no plain file")
        if info.filename in found or info.orig_filename != info.filename:
            raise PackDamaged(f"{info.filename[:100]!r} stands in it twice")
        found[info.filename] = info.file_size
    if sum(found.values()) > size:
        raise PackDamaged("its files are longer than itself")
    return found


def _digest(
    file: BinaryIO, cancel: CancelToken, on_progress: OnProgress = ignore_progress
) -> bytes:
    total = os.fstat(file.fileno()).st_size - SIGNATURE_BYTES
    digest, left = hashlib.sha256(), total
    while left > 0 and (block := file.read(min(BLOCK_BYTES, left))):
        cancel.raise_if_cancelled()
        digest.update(block)
        left -= len(block)
        on_progress(Progress(done=total - left, total=total))
    return digest.digest()
