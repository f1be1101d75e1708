"""The program's entrances: commands, the window, and its own children."""

# ruff: noqa: PLC0415 - each entrance loads only what it needs

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from onhand.sandbox import refuse_core_dumps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.errors import AppError
    from onhand.domain.starts import Start
    from onhand.host import Paths
    from onhand.services.bundle import Archive, Services
    from onhand.services.first_screen import FirstScreen
    from onhand.services.shelf import Shelf
    from onhand.services.start_ports import Doorstep
    from onhand.storage.vault import Vault

ENGINE = "engine"
"""The command by which the program starts its engine; not for people."""

HEADER = "header"
"""The command by which the program reads the header of a model file; not for people."""

NET = "net"
"""The command by which the program starts its net helper; likewise."""
DOCUMENT = "document"
"""The command by which the program takes a document apart; likewise not for people."""
TABLE = "table"
"""The command by which the program reads a workbook; likewise not for people."""
CLUSTER = "cluster"
"""The command by which the program speaks to a cluster; likewise not for people."""

STOPPED = 130
"""The exit code after Ctrl+C."""


def main() -> NoReturn:
    """Run the command that stands on the command line; without one, open the window."""
    refuse_core_dumps()
    if sys.argv[1:2] == [ENGINE]:
        from onhand.engine.main import main as serve

        serve()
        sys.exit()
    if sys.argv[1:2] == [HEADER]:
        from onhand.gguf.main import main as read

        read(sys.argv[2])
        sys.exit()
    if sys.argv[1:2] == [NET]:
        from onhand.net.main import main as fetch

        fetch()
        sys.exit()
    if sys.argv[1:2] == [DOCUMENT]:
        from onhand.worker.main import main as take_apart

        take_apart(*sys.argv[2:])
        sys.exit()
    if sys.argv[1:2] == [TABLE]:
        from onhand.tables.main import main as read_table

        read_table(*sys.argv[2:])
    if sys.argv[1:2] == [CLUSTER]:
        from onhand.cluster.main import main as spread
        from onhand.cluster_worker import answer

        spread(answer)
        sys.exit()
    try:
        sys.exit(_run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(STOPPED)


def desktop() -> NoReturn:
    """Open the window, or run the command that stands on the command line."""
    main()


def _run(argv: Sequence[str]) -> int:
    from onhand.cli.on_screen import ON_SCREEN
    from onhand.cli.reading import read_or_exit
    from onhand.host import keep_standard_streams_apart

    keep_standard_streams_apart()
    arguments = read_or_exit(argv)
    if arguments.command and arguments.command not in ON_SCREEN:
        from onhand.cli.main import run

        return run(arguments, partial(_opened, arguments))
    return _open_window(arguments)


@contextmanager
def _opened(arguments: Arguments, *, engine_soon: bool) -> Iterator[Services]:
    from onhand.bootstrap import open_services, open_vault
    from onhand.cli.passphrases import Passphrases
    from onhand.host import Paths
    from onhand.logs import CrashFile

    paths = Paths.of(arguments.data_dir)
    vault = open_vault(paths, Passphrases(arguments))
    with (
        open_services(
            paths, model=arguments.model, engine_soon=engine_soon, vault=vault
        ) as services,
        CrashFile(paths.logs),
    ):
        yield services


def _desktop_openers(
    arguments: Arguments,
) -> tuple[
    Callable[[], AbstractContextManager[Services]],
    Callable[[], AbstractContextManager[Archive]],
    Callable[[], AbstractContextManager[Shelf]],
]:
    """What opens the services, the archive and the shelf of a window; they share one key.

    All are called on threads behind the window, which is seen before this is loaded.
    """
    vaults: dict[Path, Vault] = {}

    def vault(paths: Paths) -> Vault:
        from onhand.bootstrap import open_vault
        from onhand.cli.passphrases import Passphrases

        # The window has a dialog of its own; a file that was named is read as well.
        with_file = arguments.passphrase_file is not None
        made = open_vault(paths, Passphrases(arguments)) if with_file else open_vault(paths)
        return vaults.setdefault(paths.keys, made)  # in one step: both take the same

    def services() -> AbstractContextManager[Services]:
        from onhand.bootstrap import open_services
        from onhand.host import Paths

        paths = Paths.of(arguments.data_dir)
        return open_services(
            paths, model=arguments.model, engine_soon=True, vault=vault(paths)
        )

    def archive() -> AbstractContextManager[Archive]:
        from onhand.bootstrap import open_archive
        from onhand.host import Paths

        paths = Paths.of(arguments.data_dir)
        return open_archive(paths, vault(paths))

    def shelf() -> AbstractContextManager[Shelf]:
        from onhand.bootstrap import open_shelf
        from onhand.host import Paths

        paths = Paths.of(arguments.data_dir)
        return open_shelf(paths, vault(paths))

    return services, archive, shelf


def _first_screen(arguments: Arguments) -> FirstScreen:
    from onhand.first_wiring import first_screen
    from onhand.host import Paths

    return first_screen(Paths.of(arguments.data_dir), arguments.model)


def _open_window(arguments: Arguments) -> int:
    """Open the window or the quick panel, or have a running Onhand show it."""
    gc.disable()  # what is loaded stays; the window has it looked at again
    from onhand.domain.desktop_errors import NotAnswering
    from onhand.domain.errors import AppError, SystemLibraryMissing
    from onhand.host import Paths
    from onhand.storage.first_instance import FirstInstance

    start = _start_of(arguments)
    first = FirstInstance(Paths.of(arguments.data_dir).window)
    try:
        if not first.claim(start):
            return 0
        doorstep: FirstInstance | None = first
    except NotAnswering as error:
        return _told(arguments, error)
    except AppError:  # the window opens all the same, and tells what is wrong
        doorstep = None
    try:
        return _show(arguments, start, doorstep)
    except SystemLibraryMissing as error:
        return _told(arguments, error)
    finally:
        first.release()


def _told(arguments: Arguments, error: AppError) -> int:
    """Print why there is no window; returns the exit code."""
    _output(arguments).failure(error)
    return error.exit_code


def _output(arguments: Arguments) -> Output:
    from onhand.cli.output import Output

    return Output.standard(as_json=arguments.json, quiet=arguments.quiet)


def _start_of(arguments: Arguments) -> Start:
    from onhand.cli.on_screen import QUICK
    from onhand.domain.starts import Entrance, Start
    from onhand.host import activation_token

    return Start(
        entrance=Entrance.QUICK if arguments.command == QUICK else Entrance.WINDOW,
        file=str(arguments.opened.absolute()) if arguments.opened else "",
        private=arguments.private,
        token=activation_token(),
    )


def _show(arguments: Arguments, start: Start, doorstep: Doorstep | None) -> int:
    run_desktop = _with_qt()
    from onhand.host import Paths, find_data
    from onhand.language_wiring import language_in_force, translations_folder
    from onhand.logs import CrashFile
    from onhand.ui.opening import Opening

    paths = Paths.of(arguments.data_dir)
    with CrashFile(paths.logs):
        return run_desktop(
            *_desktop_openers(arguments),
            sys.argv[:1],
            Opening(
                start=start,
                doorstep=doorstep,
                guide=find_data() / "resources" / "guide",
                licences=find_data() / "licences.txt",
                tell_holds=_output(arguments).line if arguments.stopwatch else None,
                state=paths.window_state,
                make_first=partial(_first_screen, arguments),
                language=language_in_force(paths),
                translations=translations_folder(),
            ),
        )


def _with_qt() -> Callable[..., int]:
    """What opens the window.

    Raises:
        SystemLibraryMissing: this system cannot show one.
    """
    from onhand.host import as_missing_library, raise_if_no_screen

    raise_if_no_screen()
    try:
        from onhand.ui.imports import import_plainly

        import_plainly()
        from onhand.ui.application import run_desktop
    except ImportError as error:
        missing = as_missing_library(error)
        if missing is None:
            raise
        raise missing from error
    return run_desktop


if __name__ == "__main__":
    main()
