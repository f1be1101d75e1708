"""`doctor`: what works here, what does not, and what was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.bundle import Services


def examine(arguments: Arguments, services: Services, output: Output) -> int:
    """Tell what was found, a line each; the exit code is that of the first failure.

    With `--bundle` what was found goes into a file too.
    """
    code, findings = 0, []
    for finding in services.examine():
        findings.append(finding)
        error = finding.error
        if output.as_json:
            output.object(
                {
                    "name": finding.name,
                    "ok": error is None,
                    "told": finding.told,
                    "code": error.code if error else None,
                    "hint": error.hint if error else None,
                }
            )
        else:
            mark = ("!! " if finding.warning else "no ") if error else "ok "
            output.line(f"{mark} {finding.name}: {finding.told}")
            if error is not None:
                output.line(f"    {error.hint}")
        if error is not None and not finding.warning:
            code = code or error.exit_code
    if arguments.bundle is not None:
        services.report(findings, arguments.bundle)
        output.remark(
            f"{arguments.bundle} is written. It holds nothing that you wrote; look into it"
            " before you pass it on."
        )
    return code
