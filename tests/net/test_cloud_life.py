"""Asking a cloud model with everything real but the provider, which is on this machine.

What was shown is what the provider gets; the key and the text are in no file that is left.
"""

from __future__ import annotations

import os
import random
import time
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest

from fakes.keyrings import FakeKeyring
from fakes.providers import KEY, FakeProvider
from fakes.tasks import EVERY_TASK, QUEUE
from onhand.bootstrap import open_services
from onhand.domain.cloud import Price, Shape
from onhand.domain.cloud_errors import ReplyUnusable
from onhand.domain.progress import CancelToken
from onhand.domain.settings import Settings
from onhand.host import Paths
from onhand.services.escalate import Decision
from onhand.storage.vault import Trust, Vault

pytestmark = [pytest.mark.e2e, pytest.mark.net]

FUZZED = int(os.environ.get("ONHAND_FUZZED", "4"))
"""200 in full, which takes some minutes."""

CANARY = "Canary Quibblesworth"
PIECES = (
    "Grüße", "\u202eright to left\u202c", "\u200b", "\x00\x1b[31m", "🎉👩‍👩‍👧", "\xa0",
    "\\u0041",
    '"}]}', "[PERSON_1]", "[EMAIL_2]", "\n\n", "a@b.example", "+49 30 1234567", "\ud800",
    "\r\n", "\t", "4111 1111 1111 1111", "\ufdd0", "\u2028", "x" * 400, "中文", "e\u0301",
)  # fmt: skip


@pytest.fixture
def provider():
    with FakeProvider() as provider:
        yield provider


@pytest.fixture
def services(tmp_path, provider):
    paths = Paths.of(tmp_path / "data")
    vault = Vault(paths.keys, Trust(keyring=FakeKeyring()))
    nowhere = str(tmp_path / "no-model.gguf")
    with open_services(paths, model=nowhere, vault=vault) as services:
        services.settings.save(Settings(cloud=True, masked_words=CANARY))
        added = provider.provider(price=Price(read=Decimal(1), written=Decimal(5)))
        assert not services.cloud.models.add(added, KEY)  # there is no keyring here
        yield services


def asked(services, task, text, provider, off=()):
    """What was shown, and what came of sending it."""
    draft = services.cloud.escalate.draft(task, text, provider, CancelToken())
    names = frozenset(each.name for each in draft.masks if each.name in off)
    shown = draft.payload(names).shown
    decision = Decision(shown=shown, off=names)
    try:
        return shown, services.cloud.escalate.send(draft, decision, CancelToken())
    except ReplyUnusable:
        return shown, None


def test_what_the_provider_gets_is_what_was_shown(services, provider):
    dice = random.Random(40)  # noqa: S311
    provider.says = '{"text": "ok", "label": "billing", "fields": {}, "labels": []}'
    for number in range(FUZZED):
        text = "".join(dice.choice(PIECES) for _ in range(dice.randint(1, 12))) + "."
        described = provider.provider(
            price=Price(read=Decimal(0), written=Decimal(0)),
            shape=dice.choice(list(Shape)),
        )
        off = [f"[{dice.choice(['EMAIL', 'PHONE', 'CARD'])}_1]"]
        shown, _ = asked(services, dice.choice(EVERY_TASK), text, described, off)
        assert len(provider.posted) == number + 1
        assert provider.posted[-1].body == shown.encode()
    assert sum(each.sent for each in services.prove.attempts()) == sum(
        len(each.body) for each in provider.posted
    )


def test_the_key_and_the_text_are_in_no_file_that_is_left(services, provider, tmp_path):
    text = f"{CANARY} was charged twice."
    _, ran = asked(services, QUEUE, text, services.cloud.escalate.provider())
    assert ran is None or ran.record.outcome.route == "cloud"
    provider.trouble.statuses = [(401, {}, KEY.encode())]
    services.cloud.models.keys.hold("fake", KEY)
    with pytest.raises(Exception, match="key"):
        asked(services, QUEUE, text, services.cloud.escalate.provider())
    bundle = tmp_path / "bundle.zip"
    services.report([], bundle)
    with zipfile.ZipFile(bundle) as packed:
        held = [packed.read(name) for name in packed.namelist()]
    held += [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(held) > 5
    assert all(KEY.encode() not in each for each in held)
    assert all(CANARY.encode() not in each for each in held if b"masked_words" not in each)
    assert CANARY.encode() not in b"".join(each.body for each in provider.posted)


def test_an_answer_is_found_again_with_its_receipt(services, provider):
    provider.says = f'{{"label": "{QUEUE.answers[0]}"}}'
    _, ran = asked(
        services, QUEUE, "I was charged twice", services.cloud.escalate.provider()
    )
    record = services.history.get(ran.record.id)
    assert record.outcome.receipt == ran.record.outcome.receipt
    assert record.outcome.receipt.cost == 85
    [row] = services.cloud.usage().rows
    assert (row.requests, row.local, row.cost) == (1, 0, 85)
    assert replace(row).share_local == 0.0


def test_nothing_is_sent_before_it_is_decided(services, provider):
    escalate = services.cloud.escalate
    for task in EVERY_TASK:
        escalate.draft(task, "a text", escalate.provider(), CancelToken())
    services.cloud.usage()
    time.sleep(0.2)
    assert provider.posted == []
    assert services.prove.attempts() == []
