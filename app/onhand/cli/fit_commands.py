"""`models list` and `models try`: what is here, what fits, and how fast it is."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from onhand.cli.wording import duration, size, transfer_line, transfer_object
from onhand.domain.errors import ModelMissing
from onhand.domain.fit import PAGE_WORDS
from onhand.domain.progress import CancelToken
from onhand.services.keep_models import Condition

if TYPE_CHECKING:
    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.catalog import ModelSpec
    from onhand.domain.fit import Fit
    from onhand.services.bundle import Services
    from onhand.services.ports import InstalledModel


def try_model(arguments: Arguments, services: Services, output: Output) -> int:
    """Measure a model in an engine of its own, and tell how fast it is here."""
    model = services.models.as_used(arguments.wanted)
    output.remark(f"Loading {model.id}, reading a page and writing with it.")
    with output.progress("rounds") as on_progress:
        fit = services.fit.measure(arguments.wanted, CancelToken(), on_progress)
    measured = services.fit.measured(arguments.wanted)
    if output.as_json:
        told: dict[str, Any] = {"model": model.id} | fit_object(fit)
        if measured is not None:
            told |= {
                "load_seconds": round(measured.load, 3),
                "read_speed": round(measured.read, 1),
                "write_speed": round(measured.write, 1),
                "memory": measured.memory,
                "rung": measured.rung,
            }
        output.object(told)
        return 0
    if fit.page_seconds is not None:
        output.line(f"{model.id}: a page takes about {duration(fit.page_seconds)} here.")
    if measured is not None:
        output.line(
            f"It was ready after {duration(measured.load)}, reads {measured.read:.0f} and"
            f" writes {measured.write:.1f} tokens a second on {measured.rung}, and takes"
            f" {size(measured.memory)} of memory."
        )
    output.line(f"A page is {PAGE_WORDS} words, with an answer of a sentence or two.")
    for reason in fit.reasons:
        output.line(reason)
    return 0


def list_models(arguments: Arguments, services: Services, output: Output) -> int:
    """List the models, smallest first, with what fits the memory that is free now."""
    here = services.models.installed()
    used: InstalledModel | None = None
    layout = ""
    with suppress(ModelMissing):
        used = services.models.original()
        layout = services.models.current().layout
    if used is not None and used.path not in {model.path for model in here}:
        here = [*here, used]
    rows = [_here(model, services, used, layout) for model in here]
    if arguments.all:
        known = {model.id for model in here}
        rows += [
            _away(spec, services) for spec in services.fit.known() if spec.id not in known
        ]
    waiting = services.downloads.unfinished()
    if output.as_json:
        for row in (*rows, *map(transfer_object, waiting)):
            output.object(row)
        return 0
    for each in waiting:
        output.remark(
            f"{transfer_line(each)}; 'onhand models download {each.model}' goes on."
        )
    if not rows:
        output.warn("There is no model on this machine.")
        return ModelMissing.exit_code
    output.table(
        ("model", "used", "tier", "size", "fit", "a page", "licence", "trust", "file"),
        [
            (
                row["model"],
                " ".join(("yes", row["layout"] or "")).strip() if row["used"] else "",
                row["tier"],
                size(row["bytes"]),
                row["fit"],
                "" if row["page_seconds"] is None else duration(row["page_seconds"]),
                row["licence"],
                _told(row["condition"]) or row["trust"] or "",
                row["path"] or "not here",
            )
            for row in rows
        ],
    )
    return 0


def _told(condition: str | None) -> str:
    """What a look at a file tells, where it tells anything to worry about."""
    worries = {Condition.CHANGED: "changed: verify it", Condition.DAMAGED: "damaged"}
    return "" if condition is None else worries.get(Condition(condition), "")


def model_object(model: InstalledModel) -> dict[str, Any]:
    """A model of this machine as JSON."""
    return {
        "model": model.id,
        "title": model.title,
        "tier": model.tier,
        "bytes": model.bytes,
        "licence": model.licence,
        "path": str(model.path),
    }


def fit_object(fit: Fit) -> dict[str, Any]:
    """Whether a model fits, as JSON; sizes in bytes."""
    return {
        "fit": str(fit.verdict),
        "needs": fit.needs,
        "free": fit.free,
        "reasons": list(fit.reasons),
        "page_seconds": None if fit.page_seconds is None else round(fit.page_seconds, 3),
    }


def _here(
    model: InstalledModel, services: Services, used: InstalledModel | None, layout: str
) -> dict[str, Any]:
    in_use = used is not None and used.path == model.path
    trust = services.describe_models.trust(model)
    return (
        model_object(model)
        | {
            "used": in_use,
            "layout": layout if in_use and layout else None,
            "trust": str(trust)
            if (trust := services.describe_models.trust(model))
            else None,
            "condition": str(services.keep_models.condition(model)),
        }
        | fit_object(services.fit.estimate(services.models.in_layout(model)))
    )


def _away(spec: ModelSpec, services: Services) -> dict[str, Any]:
    return {
        "model": spec.id,
        "title": spec.title,
        "tier": str(spec.tier),
        "bytes": spec.bytes,
        "licence": spec.licence,
        "path": None,
        "used": False,
        "layout": None,
        "trust": None,
        "condition": None,
    } | fit_object(services.fit.estimate(spec))
