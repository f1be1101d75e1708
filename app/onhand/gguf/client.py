"""Asks a child process what the header of a model file says."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import msgspec

from onhand.child_process import ChildGone, ChildProcess
from onhand.domain.errors import ModelMissing, ModelUnusable
from onhand.domain.messages import Garbled, decoded
from onhand.gguf.protocol import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from onhand.domain.model_header import ModelHeader

_REPLIES: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)

PATIENCE = 30.0
"""Seconds after which a child that has not answered is ended."""


class HeaderReader:
    """The header port over a process for each file."""

    def __init__(self, argv: Sequence[str], *, patience: float = PATIENCE) -> None:
        """`argv` starts a child; the path of the file is added to it."""
        self._argv = tuple(argv)
        self._patience = patience

    def __call__(self, path: Path) -> ModelHeader:
        """What the header of a file says; takes a tenth of a second.

        Raises:
            ModelMissing: the file is not there.
            ModelUnusable: it is no whole GGUF file of a single model.
        """
        if not path.exists():
            raise ModelMissing(f"there is no file {path}")
        try:
            with closing(ChildProcess.start([*self._argv, str(path)])) as child:
                # The answer is shorter than what a pipe holds: the child ends by itself.
                ended = child.wait(self._patience)
                if not ended:
                    child.kill()
                line = child.read_line()
                how = child.exit_status
        except ChildGone as error:
            raise ModelUnusable(f"{path.name}: its header cannot be read") from error
        if not ended:
            how = f"it took over {self._patience:.0f} seconds"
        return _header(path.name, line, how)


def _header(name: str, line: bytes | None, how: str) -> ModelHeader:
    try:
        reply = decoded(line or b"", _REPLIES)
    except Garbled as error:
        raise ModelUnusable(f"{name}: reading its header failed ({how})") from error
    if reply.header is None:
        raise ModelUnusable(f"{name}: {reply.reason}")
    return reply.header
