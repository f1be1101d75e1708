"""Whether, and where, a batch may be spread over a cluster."""

from __future__ import annotations

import dataclasses

import pytest

from fakes.policies import READERS
from fakes.stores import FakeSettings
from onhand.bootstrap import open_services
from onhand.domain.cluster_errors import ClusterOff
from onhand.domain.errors import UsageError
from onhand.domain.settings import Settings
from onhand.host import Paths
from onhand.services.on_cluster import CHUNKS_EACH, OnCluster, is_plain


class Runner:
    """Notes that it was closed."""

    closed = False

    def close(self):
        self.closed = True


@pytest.fixture
def opened():
    return []


@pytest.fixture
def on_cluster(opened):
    settings = FakeSettings()
    settings.save(dataclasses.replace(Settings(), allow_cluster=True))

    def open_runner(address, local):
        opened.append((address, local, Runner()))
        return opened[-1][-1]

    return OnCluster(
        settings=settings,
        open_runner=open_runner,
        run_batch=lambda runner, together: (runner, together),
    )


@pytest.mark.parametrize(
    ("where", "address", "local"),
    [
        ("node7:8786", "tcp://node7:8786", 0),
        ("tls://node7:8786", "tls://node7:8786", 0),
        ("tcp://[::1]:8786", "tcp://[::1]:8786", 0),
        ("local:2", "", 2),
    ],
)
def test_a_cluster_is_named_by_its_scheduler_or_made_here(
    on_cluster, opened, where, address, local
):
    with on_cluster(where) as (runner, together):
        assert not runner.closed
    assert opened == [(address, local, runner)]
    assert runner.closed
    assert together == CHUNKS_EACH * (local or 8)


@pytest.mark.parametrize(
    "where",
    ["", "node7", "local:", "local:0", "local:x", "local:65", "http://a:1", ":1", "a:b"],
)
def test_what_is_no_address_is_refused(on_cluster, opened, where):
    with pytest.raises(UsageError), on_cluster(where):
        pass
    assert opened == []


@pytest.mark.parametrize(
    ("where", "plain"),
    [
        ("node7:8786", True),
        ("tcp://10.0.0.7:8786", True),
        ("tls://node7:8786", False),
        ("127.0.0.1:8786", False),
        ("local:2", False),
    ],
)
def test_it_is_known_whether_texts_would_be_read_on_their_way(where, plain):
    assert is_plain(where) is plain


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_no_cluster_is_used_where_it_is_off_or_forbidden(tmp_path, reader):
    source = reader(tmp_path, {"AllowCluster": False})
    paths = Paths.of(tmp_path / "data")
    paths.data.mkdir()
    paths.settings.write_text('{"allow_cluster": true}')
    for policies in (source, None):
        with open_services(paths, policies=policies) as services:
            if policies is None:
                services.settings.save(Settings())
            with pytest.raises(ClusterOff), services.on_cluster("local:2"):
                pass
    assert not paths.ledger.exists()
