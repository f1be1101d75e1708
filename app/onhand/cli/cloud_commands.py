"""`cloud add`, `list`, `test`, `remove`: the cloud models that the user has added."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from onhand.cli.passphrases import has_terminal
from onhand.domain.cloud import Provider, dollars
from onhand.domain.cloud_errors import ProviderInvalid, ProviderKeyless, ReplyUnusable
from onhand.domain.errors import InputUnreadable
from onhand.domain.progress import CancelToken
from onhand.services.reading import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from onhand.cli.arguments import Arguments
    from onhand.cli.output import Output
    from onhand.domain.cloud import PostState
    from onhand.services.bundle import Services

LARGEST = 4096
"""Bytes beyond which a file holds no key."""


def add(arguments: Arguments, services: Services, output: Output) -> int:
    """Add a cloud model."""
    models = services.cloud.models
    provider = _described(arguments, models.described(arguments.name))
    key = ""
    if provider.keyed:
        key = _key_for(arguments, provider.name, here=models.has_key(provider.name))
    kept = models.add(provider, key)
    output.remark(f"Added {provider.name}: {provider.model} at {provider.host}.")
    if provider.price is None:
        output.remark("Nobody has told what it costs; --price READ/WRITTEN does.")
    elif provider.price.as_of:
        output.remark(
            f"Its price is of {provider.price.as_of}; look whether it still holds."
        )
    if not kept:
        output.warn(
            "There is no keyring here: the key was not kept. Give it each time with"
            " --key-file."
        )
    if not services.settings.load().cloud:
        output.remark("'onhand settings set cloud yes' turns cloud models on.")
    return 0


def show(_: Arguments, services: Services, output: Output) -> int:
    """List the cloud models."""
    models = services.cloud.models
    added = models.added()
    names = {each.name for each in added}
    known = [each for each in models.providers.known() if each.name not in names]
    if output.as_json:
        for each, is_added in [(each, True) for each in added] + [
            (each, False) for each in known
        ]:
            output.object(_object(each, added=is_added))
        return 0
    if not added:
        output.remark("No cloud model was added yet. These are known:")
    output.table(
        ("name", "added", "host", "model", "dollars a million tokens, read/written"),
        [
            (
                each.name,
                "yes" if each in added else "no",
                each.host,
                each.model,
                _price(each),
            )
            for each in [*added, *known]
        ],
    )
    return 0


def test(arguments: Arguments, services: Services, output: Output) -> int:
    """See whether a cloud model answers."""
    escalate = services.cloud.escalate
    provider = escalate.provider(arguments.name)
    hold_key(arguments, services, provider)
    wait = waiting(output)

    def tell(state: PostState) -> None:
        if state.sending:
            output.remark(
                f"Sending {state.sending} bytes without any text of yours to"
                f" {provider.host}."
            )
        wait(state)

    reply = escalate.test(provider, CancelToken(), tell)
    if '"label"' not in reply.text:
        raise ReplyUnusable("it answered, but not in JSON; try --shape object or words")
    if output.as_json:
        output.object({"name": provider.name, "ok": True, **_counts(asdict(reply))})
    output.remark(f"{provider.name} answers: {reply.bytes} bytes came back.")
    return 0


def remove(arguments: Arguments, services: Services, output: Output) -> int:
    """Remove a cloud model and its key."""
    services.cloud.models.remove(arguments.name)
    output.remark(f"Removed {arguments.name}, and its key.")
    return 0


def hold_key(arguments: Arguments, services: Services, provider: Provider) -> None:
    """Take the key that a command was given, for as long as it runs.

    Raises:
        ProviderKeyless: the file holds none.
    """
    if arguments.key_file is not None:
        services.cloud.models.keys.hold(provider.name, _key_in(arguments.key_file))


def waiting(output: Output) -> Any:  # noqa: ANN401 - what is told of a request
    """Tells when a request has to wait."""

    def tell(state: PostState) -> None:
        if state.pause:
            output.remark(f"{state.reason}: trying again in {state.pause:.1f} s")

    return tell


def _described(arguments: Arguments, known: Provider | None) -> Provider:
    given: dict[str, Any] = {
        "api": arguments.api,
        "url": arguments.url or None,
        "model": arguments.cloud_model or None,
        "price": arguments.price,
        "shape": arguments.shape,
        "limit": arguments.limit_name or None,
        "key_header": arguments.key_header or None,
        "counts": False if arguments.no_count else None,
        "keyed": _keyed(arguments),
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if known is not None:
        return msgspec.structs.replace(known, **changes)
    missing = [name for name in ("api", "url", "model") if name not in changes]
    if missing:
        options = {"api": "--api", "url": "--url", "model": "--cloud-model"}
        wanted = ", ".join(options[each] for each in missing)
        raise ProviderInvalid(f"'{arguments.name}' is not known; give {wanted}")
    return Provider(name=arguments.name, **changes)


def _keyed(arguments: Arguments) -> bool | None:
    if arguments.no_key:
        return False
    return None if arguments.key_file is None else True


def _key_for(arguments: Arguments, name: str, *, here: bool) -> str:
    """A key; "" where the one that is here shall stay."""
    if arguments.key_file is not None:
        return _key_in(arguments.key_file)
    if not has_terminal():
        if here:
            return ""
        raise ProviderKeyless(f"{name}: give it with --key-file, or say --no-key")
    from getpass import getpass  # noqa: PLC0415 - rarely needed

    try:
        stays = " (Enter: it stays)" if here else ""
        return getpass(f"Key for {name}{stays}: ", stream=sys.stderr)
    except (EOFError, OSError) as error:
        raise ProviderKeyless(name) from error


def _key_in(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        key = read_text(content).text.strip()
    except (OSError, InputUnreadable) as error:
        raise ProviderKeyless(f"{path} cannot be read") from error
    if not key or len(content) > LARGEST:
        raise ProviderKeyless(f"{path} holds no key")
    return key


def _object(provider: Provider, *, added: bool) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(provider)
    return {**told, "host": provider.host, "added": added}


def _price(provider: Provider) -> str:
    price = provider.price
    if price is None:
        return "unknown"
    when = f" ({price.as_of})" if price.as_of else ""
    return f"{price.read}/{price.written}{when}"


def _counts(reply: dict[str, Any]) -> dict[str, Any]:
    return {name: reply[name] for name in ("read", "written", "bytes")}


def amount(cost: int | None) -> str:
    """Money for people."""
    return "unknown" if cost is None else dollars(cost)
