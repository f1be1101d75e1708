"""`update check`: whether a file is an update that may be installed here."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from onhand.domain.progress import CancelToken

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.bundle import Services


def check(arguments: Arguments, services: Services, output: Output) -> int:
    """Check it, and tell how it is installed."""
    with output.progress("checking") as on_progress:
        found = services.check_update(arguments.file.absolute(), CancelToken(), on_progress)
    if output.as_json:
        output.object(
            {
                "version": found.version,
                "installed": found.installed,
                "package": str(found.package),
                "signer": found.signer,
                "error": None,
            }
        )
        return 0
    output.line(f"{found.package.name}: onhand {found.version}, whole and signed")
    output.line(f"signed by {found.signer}")
    output.remark(f"Here is {found.installed}. This installs it:")
    output.remark(install_line(found.package))
    return 0


def install_line(package: Path) -> str:
    """What installs a package on the command line of its system."""
    path = shlex.quote(str(package))
    lines = {
        ".deb": f"sudo apt-get install {path}",
        ".rpm": f"sudo dnf install {path}",
        ".pkg": f"sudo installer -pkg {path} -target /",
        ".msi": f'msiexec /i "{package}"',
    }
    return lines.get(package.suffix.lower(), f'"{package}"')
