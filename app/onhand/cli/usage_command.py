"""`usage`: what was done here, what went to cloud models, and what it cost."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from onhand.cli.cloud_commands import amount
from onhand.domain.cloud import DOLLAR

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
            output.object(_object(row))
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
            "saved",
        ),
        [_cells(row) for row in usage.rows],
    )
    if usage.compared:
        output.remark(
            f"'saved' is about how much more {usage.compared} would have cost for all of"
            " them; tokens of texts that stayed here are an estimate."
        )
    return 0


def _object(row: UsageRow) -> dict[str, Any]:
    # `cost` and `cost_of_all` are in millionths of a dollar, for those who read them so.
    return {
        **asdict(row),
        "share_local": row.share_local,
        "cost_dollars": _in_dollars(row.spent),
        "cost_of_all_dollars": _in_dollars(row.cost_of_all),
        "saved_dollars": _in_dollars(row.saved),
    }


def _in_dollars(millionths: int | None) -> float | None:
    return None if millionths is None else millionths / DOLLAR


def _cells(row: UsageRow) -> tuple[str, ...]:
    return (
        row.month,
        row.task,
        str(row.requests),
        f"{row.share_local:.0%}",
        f"{row.seconds:.1f}",
        str(row.tokens),
        _short(row.spent),
        _short(row.saved),
    )


def _short(millionths: int | None) -> str:
    """Money in as few columns as a month on a terminal leaves for it."""
    return amount(millionths).replace("less than ", "<")
