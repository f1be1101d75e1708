"""The proof page: what a security officer wants to know, as a page for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from onhand.domain.fetching import Attempt
from onhand.domain.policies import Policies

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, kw_only=True)
class ModelProof:
    """A model file as it lies on the disk; `sha256` "" where it could not be read."""

    name: str
    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What is known on this machine at one moment.

    Attributes:
        about: name and value of what is so: program, system, processor.
        sandbox: whether the system keeps the engine off the network, in words.
        enforced: whether it does.
        documents: the same of what takes documents apart.
        documents_enforced: likewise.
    """

    at: str
    about: Sequence[tuple[str, str]]
    connections: Sequence[Attempt]
    sandbox: str
    enforced: bool
    documents: str
    documents_enforced: bool
    policies: Policies
    models: Sequence[ModelProof]


_CLASSIFY = 'onhand classify "I was charged twice" --label billing --label technical'
_COUNT = "grep -cE 'AF_INET6?|AF_PACKET' trace.txt"
REPEAT = (
    (
        "See what the program and its engine ask of the network (Linux); it must print 0.",
        f"strace -f -e trace=%network -o trace.txt {_CLASSIFY}\n{_COUNT}",
    ),
    (
        "Take the network away altogether (Linux). The answer must come all the same.",
        f"unshare -rn {_CLASSIFY}",
    ),
    (
        "See the filter on a running engine (Linux). It must say 2.",
        "grep Seccomp: /proc/$(pgrep -f 'onhand engine' | head -1)/status",
    ),
    ("See connections and policies again.", "onhand ledger\nonhand policy show"),
    ("Compare a model file with its checksum above.", "sha256sum FILE"),
)
"""How to test it oneself: what for, and the commands."""

_STYLE = """
body { font-family: sans-serif; font-size: 11pt; }
h1 { font-size: 20pt; } h2 { font-size: 14pt; margin-top: 18pt; }
th, td {
  text-align: left; border-bottom: 1px solid #bbbbbb;
  padding-top: 4px; padding-bottom: 4px; padding-left: 10px; padding-right: 10px;
}
pre, code { font-family: monospace; font-size: 9pt; }
"""

_PAPER = "body { color: #1a1a1a; }"


def page(proof: Proof, *, on_paper: bool = True) -> str:
    """The proof as one HTML page that loads nothing from anywhere.

    Args:
        proof: what stands in it.
        on_paper: dark on white; otherwise in the colours of whoever shows it.
    """
    body = "".join(
        (
            f"<h1>What left this computer</h1><p>Onhand, {escape(proof.at)}</p>",
            _short(proof),
            _about(proof),
            "<h2>Connections</h2>",
            _connections(proof.connections),
            "<h2>What keeps the engine off the network</h2>",
            f"<p>Sandbox: {escape(proof.sandbox)}.</p>",
            f"<p>Documents: {escape(proof.documents)}.</p>",
            "<h2>Policies</h2>",
            _policies(proof.policies),
            "<h2>Models</h2>",
            _models(proof.models),
            "<h2>Repeat the test</h2>",
            *(
                f"<p>{escape(told)}</p><pre>{escape(command)}</pre>"
                for told, command in REPEAT
            ),
            _limits(),
        )
    )
    style = _STYLE + _PAPER if on_paper else _STYLE
    head = f'<meta charset="utf-8"><title>Onhand</title><style>{style}</style>'
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'
    )


def _short(proof: Proof) -> str:
    made = [each for each in proof.connections if each.allowed]
    fetched = sum(each.bytes for each in made)
    refused = len(proof.connections) - len(made)
    walls = _enforced(proof.enforced)
    others = _enforced(proof.documents_enforced)
    return (
        "<h2>In short</h2><ul>"
        f"<li>{_sent(made)}</li>"
        f"<li>Fetched: {fetched:,} bytes in {len(made):,} connections;"
        f" {refused:,} more were refused.</li>"
        f"<li>That the engine cannot open a connection {walls} by the system.</li>"
        f"<li>That a document cannot make its reader open one {others} by the system.</li>"
        "</ul>"
    )


def _sent(made: Sequence[Attempt]) -> str:
    sent = sum(each.sent for each in made)
    if not sent:
        return (
            "Sent: 0 bytes of text. The net helper alone opens connections; it asks for"
            " model files by their names, and is given no text."
        )
    times = sum(each.sent > 0 for each in made)
    return (
        f"Sent: {sent:,} bytes in {times:,} requests to cloud models, each of which was"
        " shown to somebody to the last byte before it was sent. The net helper alone"
        " opens connections; for everything else it is given no text."
    )


def _enforced(holds: bool) -> str:
    return "is enforced" if holds else "is not enforced here"


def _about(proof: Proof) -> str:
    return _table(("", ""), proof.about)


def _connections(connections: Sequence[Attempt]) -> str:
    if not connections:
        return "<p>None was ever attempted.</p>"
    rows = [
        (
            each.at,
            each.host,
            each.reason,
            "allowed" if each.allowed else "refused",
            each.outcome,
            f"{each.bytes:,}",
            f"{each.sent:,}",
        )
        for each in connections
    ]
    columns = ("time", "host", "reason", "", "outcome", "bytes fetched", "bytes sent")
    return _table(columns, rows)


def _policies(policies: Policies) -> str:
    held = [*policies.managed.values(), *policies.recommended.values()]
    if not held:
        return "<p>No organisation has fixed or recommended a setting here.</p>"
    rows = [(each.key.name, str(each.value), each.level, each.place) for each in held]
    return _table(("policy", "value", "level", "place"), rows)


def _models(models: Sequence[ModelProof]) -> str:
    if not models:
        return "<p>There is no model on this computer.</p>"
    rows = [
        (each.name, each.file, f"{each.bytes:,}", each.sha256 or "could not be read")
        for each in models
    ]
    return _table(("model", "file", "bytes", "SHA-256, as it lies on the disk"), rows)


def _limits() -> str:
    return (
        "<h2>What this page does not show</h2><p>It was written by the program that it is"
        " about; the tests above do not depend on it. The sandbox closes the network, not"
        " the user's files, nor services of this computer that listen on local sockets."
        " What you copy or export yourself is beyond it. The net helper is not in the"
        " sandbox; it runs only while a model is fetched. A connection is written down"
        " before it is made; those of other programs are not listed.</p>"
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    lines = "".join(
        f"<tr>{''.join(f'<td>{escape(each)}</td>' for each in row)}</tr>" for row in rows
    )
    return f"<table cellspacing='0'><tr>{head}</tr>{lines}</table>"
