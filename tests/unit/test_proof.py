"""The proof page and the ledger: complete, inert, and honest where nothing is enforced."""

from __future__ import annotations

import dataclasses
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.command_line import Desk
from fakes.policies import READERS
from onhand.bootstrap import open_services
from onhand.domain.errors import OutputUnwritable
from onhand.domain.fetching import Attempt, Outcome
from onhand.domain.policies import NO_POLICIES, read_policies
from onhand.domain.proof import REPEAT, ModelProof, Proof, page
from onhand.host import Paths
from onhand.storage.ledger_file import LedgerFile
from onhand.storage.report_file import digest, save_new
from onhand.ui.paper import as_pdf


def line(**parts):
    """A line of a ledger."""
    whole = {
        "id": "1",
        "at": "2026-03-01T12:00:00+01:00",
        "host": "models.example:443",
        "reason": "download tiny.gguf",
        "allowed": True,
        "outcome": Outcome.DONE,
        "bytes": 1_000_000,
    }
    return Attempt(**{**whole, **parts})


REFUSED = line(
    host="elsewhere.example:443", allowed=False, outcome=Outcome.REFUSED, bytes=0
)
PROOF = Proof(
    at="2026-03-01 12:00",
    about=[("program", "Onhand 1")],
    connections=[line(), REFUSED],
    sandbox="enforced: the system refuses the engine every network connection",
    enforced=True,
    documents="enforced",
    documents_enforced=True,
    policies=NO_POLICIES,
    models=[ModelProof(name="Tiny", file="tiny.gguf", bytes=5, sha256="ab" * 32)],
)


class Reader(HTMLParser):
    """Tags, and what they would load."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.loads += [value for name, value in attrs if name in {"src", "href", "data"}]

    def handle_data(self, data):
        self.words.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    return reader


def test_the_page_says_what_was_fetched_sent_and_refused():
    text = " ".join(read(page(PROOF)).words)
    assert "Sent: 0 bytes of text." in text
    asked = line(reason="cloud model work", sent=1234)
    told = page(dataclasses.replace(PROOF, connections=[line(), asked, REFUSED]))
    assert "Sent: 1,234 bytes in 1 requests to cloud models" in told
    assert "0 bytes of text" not in told
    assert "Fetched: 1,000,000 bytes in 1 connections; 1 more were refused." in text
    for words in ("models.example:443", "download tiny.gguf", "elsewhere.example:443"):
        assert words in text
    assert "is enforced by the system" in text
    assert "ab" * 32 in text
    for _, command in REPEAT:
        assert command in text


def test_the_page_is_honest_where_nothing_is_enforced():
    proof = dataclasses.replace(PROOF, enforced=False, sandbox="not enforced here: why")
    text = " ".join(read(page(proof)).words)
    assert "is not enforced here by the system" in text
    assert "not enforced here: why" in text


def test_the_page_of_a_fresh_machine_says_none_of_each():
    text = page(dataclasses.replace(PROOF, connections=[], models=[]))
    assert "None was ever attempted." in text
    assert "There is no model on this computer." in text
    assert "No organisation has fixed" in text


def test_the_page_lists_the_policies_in_force(tmp_path):
    held = read_policies(READERS["linux"](tmp_path, {"RequireSandbox": True}).read())
    text = page(dataclasses.replace(PROOF, policies=held))
    assert "RequireSandbox" in text
    assert "site.json" in text


@given(st.text(), st.text())
def test_no_name_can_put_anything_into_the_page(host, name):
    model = ModelProof(name=name, file=name, bytes=1, sha256="")
    proof = dataclasses.replace(PROOF, connections=[line(host=host)], models=[model])
    made = read(page(proof))
    assert made.tags == read(page(PROOF)).tags
    assert made.loads == []


def test_the_page_becomes_a_pdf_with_the_same_words(qapp, tmp_path):
    content = as_pdf(page(PROOF))
    assert content.startswith(b"%PDF-")
    assert len(content) > 10_000


def test_the_ledger_is_listed(tmp_path, monkeypatch):
    desk = Desk(monkeypatch, tmp_path / "desk")
    assert "No connection was ever attempted." in desk.run("ledger").err
    desk.attempts = [line(), REFUSED]
    assert desk.run("ledger").out.splitlines()[1].split("\t")[1:5] == [
        "elsewhere.example:443",
        "download tiny.gguf",
        "no",
        "refused",
    ]
    first = desk.run("ledger --json").objects[0]
    wanted = msgspec.structs.asdict(line())
    del wanted["id"]
    assert first == wanted


def test_a_proof_is_written_with_digests_and_sandbox(tmp_path, monkeypatch):
    desk = Desk(monkeypatch, tmp_path / "desk")
    assert desk.run("ledger --proof proof.html").code == 0
    text = desk.pages["proof.html"]
    assert "digest of tiny.gguf" in text
    assert "not enforced here: it did not say" in text


def test_a_proof_of_another_kind_is_refused(tmp_path, monkeypatch):
    said = Desk(monkeypatch, tmp_path / "desk").run("ledger --proof proof.docx")
    assert said.code == 2
    assert "proof.docx" in said.err


def test_a_digest_is_that_of_the_file(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert digest(tmp_path / "a").startswith("ba7816bf8f01cfea")
    assert digest(tmp_path / "gone") == ""


def test_a_page_replaces_no_file(tmp_path):
    save_new(tmp_path / "a.html", b"one")
    with pytest.raises(OutputUnwritable, match="there already"):
        save_new(tmp_path / "a.html", b"two")
    assert (tmp_path / "a.html").read_bytes() == b"one"


def test_the_program_shows_what_stands_in_its_ledger(tmp_path):
    paths = Paths.of(tmp_path)
    LedgerFile(paths.ledger).write(line())
    with open_services(paths) as services:
        assert services.prove.attempts() == [line()]
