"""`ledger`: every connection that was attempted, and the page that proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.bundle import Services


def show(arguments: Arguments, services: Services, output: Output) -> int:
    """List the connections, or write the proof page."""
    if arguments.proof is not None:
        services.prove.save(arguments.proof)
        output.remark(f"The page is in {arguments.proof}.")
        return 0
    attempts = services.prove.attempts()
    if output.as_json:
        for each in attempts:
            output.object(
                {
                    "at": each.at,
                    "host": each.host,
                    "reason": each.reason,
                    "allowed": each.allowed,
                    "outcome": each.outcome,
                    "bytes": each.bytes,
                    "sent": each.sent,
                }
            )
        return 0
    if not attempts:
        output.remark("No connection was ever attempted.")
        return 0
    output.table(
        ("time", "host", "reason", "allowed", "outcome", "bytes", "sent"),
        [
            (
                each.at,
                each.host,
                each.reason,
                "yes" if each.allowed else "no",
                each.outcome,
                str(each.bytes),
                str(each.sent),
            )
            for each in attempts
        ],
    )
    return 0
