"""What gets and keeps models, and the stand-in that the window is tested with."""

from __future__ import annotations

import pytest

from fakes.net import Getting, spec_of
from fakes.shelf import FakeDownloads, FakeKeep, FakeLadder
from onhand.domain.errors import ModelMissing
from onhand.domain.model_errors import ModelUnknown, NetworkFailed
from onhand.domain.progress import Cancelled, CancelToken, ignore_progress
from onhand.domain.receipts import CHUNK_BYTES
from onhand.domain.transfers import TransferState

MODEL = "smaller-0.5b"
DATA = b"GGUF" + bytes(3 * CHUNK_BYTES)


class Real:
    """The real thing over a network that is none."""

    def __init__(self, folder) -> None:
        self._getting = Getting(folder, spec_of(DATA, MODEL), data=DATA)
        self.downloads, self.keep = self._getting.downloads, self._getting.keep

    def fail(self, error):
        self._getting.fetcher.failing = error

    def cost(self):
        self._getting.metering.metered = True


class Fake:
    """The stand-in."""

    def __init__(self, _) -> None:
        ladder = FakeLadder()
        self.downloads = FakeDownloads(ladder)
        self.keep = FakeKeep(ladder, self.downloads)

    def fail(self, error):
        self.downloads.failing = error

    def cost(self):
        self.downloads.costs = True


@pytest.fixture(params=[Real, Fake], ids=["real", "fake"])
def shelf(request, tmp_path):
    return request.param(tmp_path / "data")


def download(shelf, told=None, cancel=None):
    listener = told.append if told is not None else ignore_progress
    return shelf.downloads(MODEL, cancel or CancelToken(), listener)


def stopped(shelf, told):
    cancel = CancelToken()

    def on_transfer(transfer):
        told.append(transfer)
        if transfer.state is TransferState.RUNNING:
            cancel.cancel()

    with pytest.raises(Cancelled):
        shelf.downloads(MODEL, cancel, on_transfer)


def test_a_download_tells_how_it_stands_until_it_is_done(shelf):
    told = []
    model = download(shelf, told)
    assert model.id == MODEL
    states = [each.state for each in told]
    assert TransferState.RUNNING in states
    assert states[-1] is TransferState.DONE
    assert told[-1].done == told[-1].total > 0
    assert {each.model for each in told} == {MODEL}
    assert shelf.downloads.unfinished() == []


def test_what_was_stopped_is_unfinished_and_goes_on(shelf):
    told = []
    stopped(shelf, told)
    assert told[-1].state is TransferState.PAUSED
    (left,) = shelf.downloads.unfinished()
    assert (left.model, left.state) == (MODEL, TransferState.PAUSED)
    assert 0 < left.done < left.total
    assert download(shelf).id == MODEL
    assert shelf.downloads.unfinished() == []


def test_what_is_given_up_frees_its_room(shelf):
    stopped(shelf, [])
    assert shelf.downloads.discard(MODEL) > 0
    assert shelf.downloads.unfinished() == []
    assert shelf.downloads.discard(MODEL) == 0


def test_what_fails_says_why_and_can_be_gone_on_with(shelf):
    told = []
    shelf.fail(NetworkFailed("503"))
    with pytest.raises(NetworkFailed):
        download(shelf, told)
    assert told[-1].state is TransferState.FAILED
    assert "503" in told[-1].reason
    assert [each.model for each in shelf.downloads.unfinished()] == [MODEL]
    shelf.fail(None)
    assert download(shelf).id == MODEL


def test_what_the_catalogue_does_not_know_is_refused(shelf):
    with pytest.raises(ModelUnknown):
        shelf.downloads("huge-9t", CancelToken(), ignore_progress)
    with pytest.raises(ModelUnknown):
        shelf.downloads.discard("huge-9t")


def test_money_is_asked_about_where_bytes_cost_some(shelf):
    assert not shelf.downloads.must_ask()
    shelf.cost()
    assert shelf.downloads.must_ask()


def test_what_is_here_is_verified_and_removed_once(shelf):
    download(shelf)
    far = []
    found = shelf.keep.verify(MODEL, CancelToken(), far.append)
    assert (found.ok, found.damaged, found.known) == (True, 0, True)
    assert far
    assert shelf.keep.remove(MODEL) > 0
    with pytest.raises(ModelMissing):
        shelf.keep.remove(MODEL)
    with pytest.raises(ModelMissing):
        shelf.keep.verify(MODEL, CancelToken(), ignore_progress)
