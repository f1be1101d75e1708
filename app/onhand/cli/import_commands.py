"""`models import` and `models info`: bringing models in, and what is known about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onhand.cli.pack_commands import take_pack
from onhand.cli.wording import size
from onhand.domain.progress import CancelToken
from onhand.domain.trust import Trust
from onhand.services.import_models import Consent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.services.bundle import Services
    from onhand.services.describe_models import Description
    from onhand.services.import_models import Imported
    from onhand.services.ports import InstalledModel

CONTEXT = 4096
"""Tokens for which the memory that a model needs is told."""


def take(arguments: Arguments, services: Services, output: Output) -> int:
    """Copy models into the user's folder, compared with what is known about them."""
    if services.packs.take.is_pack(arguments.file):
        return take_pack(arguments, services, output)
    consent = Consent(sha256=arguments.sha256, unverified=arguments.unverified)
    with output.progress("importing") as on_progress:
        outcomes = services.import_models(
            arguments.file, consent, CancelToken(), on_progress
        )
    for each in outcomes:
        _tell(each, services, output)
    failed = [each.error for each in outcomes if each.error is not None]
    return failed[0].exit_code if failed else 0


def _tell(imported: Imported, services: Services, output: Output) -> None:
    if imported.error is not None:
        if output.as_json:
            output.object(
                {
                    "source": str(imported.source),
                    "model": None,
                    "error": {"code": imported.error.code, "detail": imported.error.detail},
                }
            )
        output.warn(f"onhand: {imported.source.name}: {imported.error}")
        output.warn(f"  {imported.error.hint}")
        return
    if imported.model is not None:
        tell_imported(imported.model, str(imported.source), services, output)


def tell_imported(
    model: InstalledModel, source: str, services: Services, output: Output
) -> None:
    """Say that a model is here now, and whether anybody vouches for it."""
    trust = services.describe_models.trust(model)
    if output.as_json:
        output.object(
            {
                "source": source,
                "model": model.id,
                "bytes": model.bytes,
                "trust": str(trust),
                "path": str(model.path),
                "error": None,
            }
        )
    else:
        output.line(f"{model.id}: {size(model.bytes)}, {trust}")
    if trust is Trust.UNVERIFIED:
        output.warn(unverified_remark(model.id))


def unverified_remark(name: str) -> str:
    """What is said of a model that nobody vouches for."""
    return f"{name} is unverified: it is not in the catalogue, and nobody vouches for it."


def remark_if_unverified(services: Services, output: Output) -> None:
    """Say so where the model that is about to answer is one that nobody vouches for."""
    model = services.models.original()
    if services.describe_models.trust(model) is Trust.UNVERIFIED:
        output.remark(unverified_remark(model.id))


def info(arguments: Arguments, services: Services, output: Output) -> int:
    """Tell everything that is known about a model."""
    found = services.describe_models(arguments.wanted)
    if output.as_json:
        output.object(_object(found))
    else:
        for name, value in _lines(found):
            output.line(f"{name}: {value}")
    if found.trust is Trust.UNVERIFIED and found.installed is not None:
        output.warn(unverified_remark(found.installed.id))
    return 0


def _object(found: Description) -> dict[str, Any]:
    spec, here, receipt, header = (
        found.spec, found.installed, found.receipt, found.header,
    )  # fmt: skip
    return {
        "model": spec.id if spec else here.id if here else None,
        "title": spec.title if spec else here.title if here else None,
        "kind": str(spec.kind) if spec else header.kind if header else None,
        "tier": str(spec.tier) if spec else None,
        "bytes": here.bytes if here else spec.bytes if spec else None,
        "sha256": spec.sha256 if spec else receipt.sha256 if receipt else None,
        "licence": spec.licence if spec else header.licence if header else None,
        "licence_url": spec.licence_url if spec else None,
        "parameters": spec.parameters if spec else header.parameters if header else None,
        "architecture": (
            spec.architecture if spec else header.architecture if header else None
        ),
        "quantisation": (
            spec.quantisation if spec else header.quantisation if header else None
        ),
        "context": spec.context if spec else header.context if header else None,
        "memory": spec.memory(min(CONTEXT, spec.context)) if spec else None,
        "chat_format": spec.chat_format and str(spec.chat_format) if spec else None,
        "languages": spec.languages if spec else None,
        "good_for": spec.good_for if spec else None,
        "source": str(spec.source) if spec else None,
        "repo": spec.repo if spec else None,
        "revision": spec.revision if spec else None,
        "path": str(here.path) if here else None,
        "own": found.own,
        "trust": str(found.trust) if found.trust else None,
        "receipt": (
            {
                "source": receipt.source,
                "at": receipt.at,
                "verified": receipt.verified,
                "chunks": len(receipt.chunks),
                "damaged": len(receipt.damaged),
            }
            if receipt
            else None
        ),
    }


def _lines(found: Description) -> Iterator[tuple[str, str]]:
    """The same for people; what is not known is left out."""
    known = _object(found)
    receipt = known.pop("receipt")
    languages = known.pop("languages")
    own = known.pop("own")
    for name in ("bytes", "memory"):
        known[name] = size(known[name]) if known[name] else None
    for name, value in known.items():
        if value not in (None, ""):
            yield name.replace("_", " "), str(value)
    if languages:
        yield "languages", ", ".join(languages)
    elif found.spec is not None and found.spec.language_claim:
        yield "languages", found.spec.language_claim
    if found.installed is None:
        yield "here", "no"
        return
    yield "here", "in your own folder" if own else "not in your own folder"
    if receipt:
        yield "came from", f"{receipt['source']}, {receipt['at']}"
