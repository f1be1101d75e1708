"""Decoded prefixes in files: whole, unchanged and of this model, or as if never written.

llama.cpp reads a state with little distrust, so it gets to see none that this program did
not write itself, for just these tokens. A file is

    MAGIC | identity (32 bytes) | length (8) | nonce (12) | the state | tag (16)

with the identity a keyed digest of what decoded what (BLAKE2b, RFC 7693), and the state
encrypted and authenticated, together with all in front of it, with AES-256-GCM (NIST SP
800-38D). The key lies elsewhere. While a state is tried its file has another name: one
that ends the process is not there at the next start.

Everything here is a cache. What cannot be read or written is told in the log, without what
it holds, and is no failure.
"""

# ruff: noqa: PLC0415 - cryptography is loaded when a state is read or written

from __future__ import annotations

import hashlib
import logging
import math
import os
import struct
import sys
from array import array
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    from onhand.domain.primitives import PrefixCache

MAGIC = b"onhand prefix 2\n"
"""What a file begins with; its number changes with the form."""

DIGEST = 32
"""Bytes of the identity."""

NONCE = 12
TAG = 16
BLOCK = 16
"""Bytes, as AES-GCM has them."""

LARGEST = 128 << 20
"""Bytes that a state may have."""

ROOM = 256 << 20
"""Bytes that all files together may take; the least recently used goes first."""

MOST = 64
"""Files that are kept at most."""

OF_FREE = 0.1
"""Share of the free space on the disk that a file may take: others need it more."""

CHUNK = 1 << 20
"""Bytes written between two looks whether something else is wanted."""

STALE = 3600.0
"""Seconds after which a file that nobody finished is one that nobody will."""

SAVED, TRIED, PART = ".prefix", ".trying", ".part"

_LENGTH = struct.Struct("<Q")
_HEADER = len(MAGIC) + DIGEST + _LENGTH.size + NONCE
_READ: int = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe under this name has no end to wait for
)
_CREATE: int = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)

_log = logging.getLogger(__name__)


class PrefixFiles:
    """The files in a folder that one model can go on from. Use it from one thread only."""

    def __init__(self, cache: PrefixCache, maker: bytes) -> None:
        """`maker` stands for everything but the tokens that decides what a state is."""
        self._folder = Path(cache.folder)
        self._key = cache.key
        self._maker = maker

    def take(self, tokens: Sequence[int]) -> memoryview | None:
        """The state behind some tokens; None where there is none that can be trusted.

        The file is out of the way until `put_back`.
        """
        marked = self._path(tokens, TRIED)
        try:
            self._path(tokens, SAVED).replace(marked)
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("a saved prefix is not used: %s", error.strerror)
            return None
        try:
            state = self._decrypted(marked, tokens)
        except OSError as error:
            _log.warning("a saved prefix cannot be read: %s", error.strerror)
            state = None
        if state is None:
            _log.warning("a saved prefix was dropped")
            self.drop(tokens)
        return state

    def put_back(self, tokens: Sequence[int], *, touch: bool) -> None:
        """Give a file that was taken its name again, since its state does no harm.

        Args:
            tokens: those it was taken for.
            touch: whether it shall be seen that it was used.
        """
        marked = self._path(tokens, TRIED)
        with suppress(OSError):
            if touch:
                os.utime(marked)
            marked.replace(self._path(tokens, SAVED))

    def drop(self, tokens: Sequence[int]) -> None:
        """Remove a file that was taken, by this process or by one that did not survive."""
        with suppress(OSError):
            self._path(tokens, TRIED).unlink()

    def write(
        self, tokens: Sequence[int], state: memoryview, go_on: Callable[[], bool]
    ) -> bool:
        """Write a state, as far as there is room for it, and remove what is too much.

        Returns:
            False where `go_on` broke it off; nothing is left of it then.
        """
        part = self._folder / f"{self._name(tokens)}.{os.getpid()}{PART}"
        try:
            if not self._fits(len(state)):
                return True
            whole = self._write(part, tokens, state, go_on)
            if whole:
                part.replace(self._path(tokens, SAVED))
                self.drop(tokens)
                self._trim()
        except OSError as error:
            _log.warning("a prefix is not saved: %s", error.strerror)
            whole = True
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return whole

    def _write(
        self,
        part: Path,
        tokens: Sequence[int],
        state: memoryview,
        go_on: Callable[[], bool],
    ) -> bool:
        """Write a file under its first name; it need not reach the disk before it is used.

        Whatever a crash of the machine leaves of it, the tag tells.
        """
        nonce = os.urandom(NONCE)
        header = self._header(tokens, len(state)) + nonce
        encryptor = self._cipher(nonce).encryptor()
        encryptor.authenticate_additional_data(header)
        piece = memoryview(bytearray(CHUNK + BLOCK))
        with os.fdopen(os.open(part, _CREATE, 0o600), "wb", buffering=0) as file:
            if not go_on():
                return False
            _write_all(file.fileno(), memoryview(header))
            for at in range(0, len(state), CHUNK):
                if not go_on():
                    return False
                size = encryptor.update_into(state[at : at + CHUNK], piece)
                _write_all(file.fileno(), piece[:size])
            encryptor.finalize()
            _write_all(file.fileno(), memoryview(encryptor.tag))
        return True

    def _decrypted(self, path: Path, tokens: Sequence[int]) -> memoryview | None:
        """The state in a file, if each of its bytes is as it was written."""
        from cryptography.exceptions import InvalidTag

        with os.fdopen(os.open(path, _READ), "rb", buffering=0) as file:
            length = os.fstat(file.fileno()).st_size - _HEADER - TAG
            if not 0 < length <= LARGEST:
                return None
            header = file.read(_HEADER)
            if header[:-NONCE] != self._header(tokens, length):
                return None
            decryptor = self._cipher(header[-NONCE:]).decryptor()
            decryptor.authenticate_additional_data(header)
            state = memoryview(bytearray(length + BLOCK))
            at = 0
            while at < length:
                piece = file.read(min(CHUNK, length - at))
                if not piece:
                    return None
                at += decryptor.update_into(piece, state[at : at + len(piece) + BLOCK])
            try:
                decryptor.finalize_with_tag(file.read(TAG))
            except (InvalidTag, ValueError):
                return None
            return state[:length]

    def _cipher(self, nonce: bytes) -> Cipher[modes.GCM]:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        return Cipher(
            algorithms.AES(self._digest(b"encryption").digest()), modes.GCM(nonce)
        )

    def _fits(self, size: int) -> bool:
        return size <= min(LARGEST, OF_FREE * _free_space(self._folder))

    def _trim(self) -> None:
        """Keep to `ROOM` and `MOST`; the file that was just written is the newest."""
        found = [
            (file.stat().st_mtime, file.stat().st_size, file)
            for file in self._folder.iterdir()
            if file.suffix in {SAVED, TRIED, PART}
        ]
        found.sort(reverse=True)
        total = 0
        for number, (time, size, file) in enumerate(found):
            total += size
            left = file.suffix != SAVED and found[0][0] - time > STALE
            if total > ROOM or number >= MOST or left:
                file.unlink(missing_ok=True)

    def _header(self, tokens: Sequence[int], length: int) -> bytes:
        return MAGIC + self._identity(tokens) + _LENGTH.pack(length)

    def _identity(self, tokens: Sequence[int]) -> bytes:
        digest = self._digest(b"identity")
        digest.update(self._maker)
        digest.update(array("i", tokens))
        return digest.digest()

    def _digest(self, purpose: bytes) -> hashlib.blake2b:
        return hashlib.blake2b(key=self._key, digest_size=DIGEST, person=purpose)

    def _name(self, tokens: Sequence[int]) -> str:
        return self._identity(tokens).hex()

    def _path(self, tokens: Sequence[int], suffix: str) -> Path:
        return self._folder / f"{self._name(tokens)}{suffix}"


if sys.platform == "win32":

    def _free_space(_folder: Path) -> float:
        """Bytes; asking for them there would take a library that takes long to load."""
        return math.inf
else:

    def _free_space(folder: Path) -> float:
        """Bytes that this user may still write."""
        found = os.statvfs(folder)
        return float(found.f_bavail * found.f_frsize)


def _write_all(descriptor: int, data: memoryview) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
