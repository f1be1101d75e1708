"""Asking a cloud model: nothing unseen, nothing beyond a limit, everything checked."""

from __future__ import annotations

import dataclasses
import gc
import types
from decimal import Decimal

import msgspec
import pytest

from fakes.cloud import PROVIDER, CloudBench
from fakes.providers import KEY, FakeCloud
from fakes.stores import FakeHistory, FakeSettings
from fakes.tasks import EVERY_TASK
from onhand.bootstrap import open_services
from onhand.domain.cloud import Price, Provider
from onhand.domain.cloud_errors import (
    CloudBusy,
    CloudOff,
    CloudTimedOut,
    HostForbidden,
    MaskPatternUnusable,
    OverBudget,
    PayloadUnseen,
    PriceUnknown,
    ProviderKeyless,
    ProviderUnknown,
    ReplyUnusable,
)
from onhand.domain.cloud_requests import trial_of
from onhand.domain.errors import DataDamaged, DiskFull, EmptyText, ModelMissing
from onhand.domain.escalation import Track
from onhand.domain.progress import Cancelled, CancelToken
from onhand.domain.settings import Settings
from onhand.domain.tasks import Classify, Label, Rewrite, Summarise
from onhand.host import Paths
from onhand.net.cloud_client import CloudClient
from onhand.services.cloud_track import track_of
from onhand.services.escalate import Decision, Escalate
from onhand.services.run_task import Ran

SORT = Classify(
    instruction="Which?",
    name="Sort",
    labels=(Label(name="billing"), Label(name="technical")),
)
TEXT = "Ada Lovelace, ada@mail.example.org, was charged twice."


class Bench(CloudBench):
    def __init__(self, **changes) -> None:
        super().__init__()
        self.settings = FakeSettings(Settings(**{"cloud": True} | changes))
        self.history = FakeHistory()
        self.masks.people = ["Ada Lovelace"]
        self.escalate = self.services(self.settings, self.history, self.keep).escalate

    def keep(self, record) -> Ran:
        return Ran(record=self.history.get(self.history.add(record)))

    def draft(self, provider=PROVIDER, text=TEXT):
        return self.escalate.draft(SORT, text, provider, CancelToken())

    def send(self, draft=None, off=(), **changes):
        draft = draft or self.draft()
        shown = draft.payload(frozenset(off)).shown
        decision = Decision(**{"shown": shown, "off": frozenset(off)} | changes)
        return self.escalate.send(draft, decision, CancelToken())

    @property
    def costs(self):
        return [(each.reserved, each.cost, each.settled) for each in self.spending.all()]


def test_an_answer_is_kept_with_its_receipt_and_the_text_as_it_was():
    bench = Bench()
    record = bench.send().record
    [approved] = bench.cloud.sent
    assert b"Ada Lovelace" not in approved.payload.body
    assert b"[PERSON_1], [EMAIL_1], was charged twice." in approved.payload.body
    outcome = record.outcome
    assert (record.text, record.id) == (TEXT, 1)
    assert (outcome.answer.label, outcome.route) == ("billing", "cloud")
    assert (outcome.model, outcome.device) == ("fake-1", "api.example.org")
    assert (outcome.confidence, outcome.lane) == (None, "check")
    receipt = outcome.receipt
    assert receipt.digest == approved.payload.digest
    assert (receipt.sent, receipt.received) == (len(approved.payload.body), 100)
    assert (receipt.masks, receipt.cost, receipt.exact) == (2, 50 + 5 * 7, True)
    [row] = bench.spending.all()
    assert (row.cost, row.settled, row.digest) == (85, True, receipt.digest)
    assert row.reserved == len(approved.payload.body) + 5 * approved.payload.most


def judge(bench, *labels):
    """Send the text some times, and judge each answer."""
    for label in labels:
        record = bench.send().record
        bench.history.correct(record.id, label, record.at)


def test_how_a_cloud_model_fared_at_a_task_is_told_once_enough_was_judged():
    bench = Bench()
    judge(bench, "billing", "technical", "billing", "billing")
    assert bench.draft().track is None
    judge(bench, "billing")
    assert bench.draft().track == Track(judged=5, right=4)
    other = msgspec.structs.replace(PROVIDER, model="another-model")
    assert bench.draft(other).track is None


def test_only_answers_of_a_cloud_model_to_just_this_task_tell_how_it_fared():
    bench = Bench()
    judge(bench, *["billing"] * 5)
    kept = bench.history.get(1)
    here = dataclasses.replace(kept.outcome, route="local", model=PROVIDER.model)
    bench.history.add(dataclasses.replace(kept, id=0, outcome=here))
    changed = dataclasses.replace(SORT, instruction="Which of both?")
    assert bench.draft().track == Track(judged=5, right=5)
    assert bench.escalate.draft(changed, TEXT, PROVIDER, CancelToken()).track is None


def test_a_history_that_cannot_be_read_stops_no_request():
    def judged(task):
        raise DataDamaged(f"in a test of {task.name}")

    assert track_of(SORT, PROVIDER.model, judged) is None


def test_texts_that_a_cloud_model_wrote_tell_nothing():
    bench = Bench()
    for each in EVERY_TASK:
        if isinstance(each, Rewrite | Summarise):
            assert bench.escalate.draft(each, TEXT, PROVIDER, CancelToken()).track is None


def test_a_mask_that_is_taken_off_sends_its_words():
    bench = Bench()
    bench.send(off=["[PERSON_1]"])
    body = bench.cloud.sent[0].payload.body.decode()
    assert "Ada Lovelace, [EMAIL_1]" in body


def test_nothing_else_than_what_was_shown_is_sent():
    bench = Bench()
    draft = bench.draft()
    with pytest.raises(PayloadUnseen):
        bench.send(draft, shown=draft.payload(frozenset({"[PERSON_1]"})).shown)
    with pytest.raises(PayloadUnseen):
        bench.send(draft, shown="")
    assert bench.cloud.sent == []
    assert bench.costs == []


def test_drawing_up_sends_nothing_whatever_it_finds():
    bench = Bench()
    bench.draft()
    bench.masks.failing = ModelMissing("none")
    draft = bench.draft()
    assert isinstance(draft.unnamed, ModelMissing)
    assert [each.name for each in draft.masks] == ["[EMAIL_1]"]
    assert bench.cloud.sent == []


def test_the_lists_of_the_user_and_of_the_organisation_are_masked():
    bench = Bench(masked_words="charged", organisation_words="Twice, nowhere")
    masked = bench.draft().masked()
    assert masked.text == "[PERSON_1], [EMAIL_1], was [WORD_1] [WORD_2]."


def test_the_patterns_of_the_organisation_are_masked_under_their_names():
    bench = Bench(organisation_patterns=r"DEED=char\w+; TIMES=(?i)TWICE")
    draft = bench.draft()
    assert draft.masked().text == "[PERSON_1], [EMAIL_1], was [DEED_1] [TIMES_1]."
    assert "charged" not in draft.payload().shown
    assert {each.kind.covers for each in draft.masks} >= {"pattern of the organisation"}


def test_nothing_is_drawn_up_while_a_pattern_of_the_organisation_cannot_be_used():
    bench = Bench(organisation_patterns="GOOD=a; BAD=(?=a)b")
    with pytest.raises(MaskPatternUnusable, match=r"BAD: .*\(\?="):
        bench.draft()
    assert bench.cloud.sent == []


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"cloud": False}, CloudOff),
        ({"cloud_hosts": "other.example"}, HostForbidden),
    ],
)
def test_what_is_not_allowed_is_neither_drawn_up_nor_sent(changes, failure):
    bench = Bench()
    draft = bench.draft()
    bench.settings.save(dataclasses.replace(bench.settings.load(), **changes))
    with pytest.raises(failure):
        bench.draft()
    with pytest.raises(failure):
        bench.send(draft)
    with pytest.raises(failure):
        bench.escalate.test(PROVIDER, CancelToken())
    assert bench.cloud.sent == []


def test_a_list_of_hosts_lets_those_below_through_and_goes_to_the_helper():
    bench = Bench(cloud_hosts="Example.org, b.example")
    bench.send()
    assert bench.cloud.ways[0].hosts == ("example.org", "b.example")
    assert Bench().escalate.provider().host == "api.example.org"


def test_without_a_key_nothing_is_sent_and_nothing_set_aside():
    bench = Bench()
    bench.keyring.kept.clear()
    with pytest.raises(ProviderKeyless):
        bench.send()
    assert (bench.cloud.sent, bench.costs) == ([], [])


def test_the_key_goes_with_the_request_and_shows_nowhere():
    bench = Bench()
    ran = bench.send()
    [way] = bench.cloud.ways
    assert way.key == KEY
    shown = repr((way, ran, bench.cloud.sent, bench.keys, bench.spending.all()))
    assert KEY not in shown


def test_what_could_cost_more_than_a_limit_is_not_sent():
    worst = Bench().draft().payload().worst_cost
    cents = worst // 10_000 + 1
    for name in ("cloud_message_cents", "cloud_month_cents"):
        bench = Bench(**{name: cents})
        expensive = _priced(Price(read=Decimal(1000), written=Decimal(5000)))
        with pytest.raises(OverBudget):
            bench.send(bench.draft(expensive))
        assert (bench.cloud.sent, bench.costs) == ([], [])
        bench.send()


def test_a_month_is_full_when_what_is_set_aside_fills_it():
    bench = Bench(cloud_month_cents=1, cloud_message_cents=0)
    bench.cloud.reply = dataclasses.replace(bench.cloud.reply, read=None)
    before = bench.escalate.left()
    worst = bench.draft().payload().worst_cost
    for _ in range(10_000 // worst):
        bench.send()
    with pytest.raises(OverBudget):
        bench.send()
    assert len(bench.costs) > 1
    assert before == 10_000
    assert 0 <= bench.escalate.left() < bench.draft().payload().worst_cost
    assert sum(cost for _, cost, _ in bench.costs) <= 10_000
    assert not bench.history.get(1).outcome.receipt.exact


def test_without_a_price_a_limit_cannot_be_kept():
    unpriced = _priced(None)
    with pytest.raises(PriceUnknown):
        Bench().send(Bench().draft(unpriced))
    bench = Bench(cloud_message_cents=0, cloud_month_cents=0)
    outcome = bench.send(bench.draft(unpriced)).record.outcome
    assert outcome.receipt.cost is None
    assert bench.costs == [(None, None, True)]
    assert bench.escalate.left() is None


@pytest.mark.parametrize(
    ("failure", "free"),
    [(CloudBusy(), True), (CloudTimedOut(), False), (DiskFull(), True)],
)
def test_a_request_without_an_answer_counts_as_far_as_it_may_have_cost(failure, free):
    bench = Bench()
    bench.cloud.failing = failure
    with pytest.raises(type(failure)):
        bench.send()
    [(reserved, cost, settled)] = bench.costs
    assert (cost, settled) == (0 if free else reserved, True)
    assert bench.history.search("", kind=None, limit=9, before=None) == []


def test_one_that_was_stopped_counts_in_full():
    bench = Bench()
    bench.cloud.failing = Cancelled()
    with pytest.raises(Cancelled):
        bench.send()
    [(reserved, cost, settled)] = bench.costs
    assert (cost, settled) == (reserved, False)


def test_an_answer_that_was_paid_for_is_not_lost_where_that_cannot_be_written():
    bench = Bench()
    bench.spending.failing = DiskFull()
    record = bench.send().record
    assert record.outcome.answer.label == "billing"
    [(reserved, cost, settled)] = bench.costs
    assert (cost, settled) == (reserved, False)
    bench.cloud.failing = CloudBusy()
    with pytest.raises(CloudBusy):
        bench.send()


def test_an_answer_that_cannot_be_used_is_paid_for_and_not_kept():
    bench = Bench()
    bench.cloud.says = '{"label": "invented"}'
    with pytest.raises(ReplyUnusable):
        bench.send()
    assert bench.costs[0][1:] == (85, True)
    assert bench.history.search("", kind=None, limit=9, before=None) == []


def test_in_private_nothing_is_kept_but_what_it_cost():
    bench = Bench()
    ran = bench.send(private=True)
    assert ran.record.id == 0
    assert bench.history.search("", kind=None, limit=9, before=None) == []
    [row] = bench.spending.all()
    assert row.task_id == ""


def test_an_empty_text_and_an_unknown_model_are_told():
    with pytest.raises(EmptyText):
        Bench().draft(text=" \n")
    with pytest.raises(ProviderUnknown):
        Bench().escalate.provider("another")
    nobody = Bench()
    nobody.providers.kept.clear()
    with pytest.raises(ProviderUnknown):
        nobody.escalate.provider()


def test_a_trial_sends_nothing_of_the_user():
    bench = Bench()
    assert bench.escalate.test(PROVIDER, CancelToken()).text == bench.cloud.says
    [approved] = bench.cloud.sent
    assert approved.payload == trial_of(PROVIDER)
    assert b"Ada" not in approved.payload.body


@pytest.mark.parametrize("task", EVERY_TASK, ids=lambda each: type(each).__name__)
def test_every_kind_of_task_can_be_drawn_up(task):
    bench = Bench()
    draft = bench.escalate.draft(task, TEXT, PROVIDER, CancelToken())
    assert "[PERSON_1]" in draft.payload().shown


def test_running_tasks_and_batches_reach_no_cloud_model(tmp_path):
    """Walks everything that can be reached from them, in the program as it is built."""
    with open_services(Paths.of(tmp_path / "data")) as services:
        for each in (
            services.run_task,
            services.run_batch,
            services.try_batch,
            services.evaluate,
            services.compare,
            services.teach,
            services.learn,
            services.distil,
            services.on_cluster,
        ):
            assert _reachable(each, (CloudClient, Escalate, FakeCloud)) == []
        assert _reachable(services.cloud, (CloudClient,)) != []


def _priced(price):
    changed: Provider = msgspec.structs.replace(PROVIDER, price=price)
    return changed


def _reachable(root, kinds):
    """The objects of these kinds that attributes, containers and closures lead to."""
    seen, waiting, found = set(), [root], []
    skipped = (type, types.ModuleType, types.FrameType, types.BuiltinFunctionType)
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, skipped):
            continue
        seen.add(id(each))
        if isinstance(each, kinds):
            found.append(each)
        if isinstance(each, types.FunctionType):
            waiting += [cell.cell_contents for cell in each.__closure__ or ()]
            waiting += list(each.__defaults__ or ())
            continue
        waiting += gc.get_referents(each)
    return found
