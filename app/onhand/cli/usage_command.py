"""`usage`: what was done here, what went to cloud models, and what it cost."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from onhand.cli.cloud_commands import amount

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.usage import UsageRow
    from onhand.services.bundle import Services


def tell(_: Arguments, services: Services, output: Output) -> int:
    """Tell it, per task and month."""
    usage = services.cloud.usage()
    if usage.unread is not None:
        output.warn(f"onhand: the history was not counted. {usage.unread}")
        output.warn(f"  {usage.unread.hint}")
    if output.as_json:
        for row in usage.rows:
            output.object({**asdict(row), "share_local": row.share_local})
        return 0
    if not usage.rows:
        output.remark("Nothing was done yet.")
        return 0
    output.table(
        (
            "month",
            "task",
            "requests",
            "local",
            "seconds",
            "tokens",
            "cost",
            "all in a cloud",
        ),
        [_cells(row) for row in usage.rows],
    )
    if usage.compared:
        output.remark(
            f"'all in a cloud' is about what {usage.compared} would have cost for all of"
            " them; tokens of texts that stayed here are an estimate."
        )
    return 0


def _cells(row: UsageRow) -> tuple[str, ...]:
    cost = amount(row.cost) if row.cost or not row.unpriced else "unknown"
    return (
        row.month,
        row.task,
        str(row.requests),
        f"{row.share_local:.0%}",
        f"{row.seconds:.1f}",
        str(row.tokens),
        cost,
        amount(row.cost_of_all),
    )
