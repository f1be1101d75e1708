"""The command line, read: what a person wants; no command is loaded for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.cli.arguments import Arguments, read_arguments
from onhand.domain.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.cli.output import Output


def read_or_exit(argv: Sequence[str]) -> Arguments:
    """What a command line asks for.

    Raises:
        SystemExit: help or the version were wanted, and are printed, or nothing can be made
            of it.
    """
    try:
        arguments = read_arguments(argv)
        if arguments.version:
            _tell_version(_output(argv))
            raise SystemExit(0)
    except AppError as error:
        _output(argv).failure(error)
        raise SystemExit(error.exit_code) from None
    return arguments


def _output(argv: Sequence[str]) -> Output:
    from onhand.cli.output import Output  # noqa: PLC0415 - slow, and a window needs none

    return Output.standard(as_json="--json" in argv, quiet=False)


def _tell_version(output: Output) -> None:
    from importlib.metadata import version  # noqa: PLC0415 - slow, and only needed here

    output.line(f"onhand {version('onhand')}")
