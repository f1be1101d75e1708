"""What control groups leave to this process, from files as Linux has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onhand.machine.control_groups import Allowance, allowance
from onhand.machine.memory import killed_for_memory

V1 = "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
V2 = "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"


def write(root, files):
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def test_without_groups_nothing_limits(tmp_path):
    assert allowance(tmp_path) is None
    write(tmp_path, {"proc/self/mountinfo": V2, "proc/self/cgroup": "0::/a\n"})
    assert allowance(tmp_path) is None


def test_version_2_counts_pages_that_can_be_read_again_as_free(tmp_path):
    write(
        tmp_path,
        {
            "proc/self/mountinfo": V2,
            "proc/self/cgroup": "0::/a\n",
            "sys/fs/cgroup/a/memory.max": "1000\n",
            "sys/fs/cgroup/a/memory.current": "700\n",
            "sys/fs/cgroup/a/memory.stat": "anon 300\ninactive_file 400\n",
            "sys/fs/cgroup/a/memory.swap.max": "50\n",
        },
    )
    assert allowance(tmp_path) == Allowance(limit=1000, free=700, swap=50)


def test_version_1_has_the_largest_number_for_no_limit(tmp_path):
    files = {
        "proc/self/mountinfo": V1,
        "proc/self/cgroup": "4:memory:/a\n0::/\n",
        "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "9223372036854771712\n",
        "sys/fs/cgroup/memory/a/memory.usage_in_bytes": "600\n",
        "sys/fs/cgroup/memory/a/memory.stat": "inactive_file 1\ntotal_inactive_file 100\n",
    }
    write(tmp_path, files)
    assert allowance(tmp_path) is None
    (tmp_path / "sys/fs/cgroup/memory/a/memory.limit_in_bytes").write_text("1000\n")
    found = allowance(tmp_path)
    assert (found.limit, found.free) == (1000, 500)


def test_the_narrowest_of_all_groups_around_counts(tmp_path):
    files = {"proc/self/mountinfo": V2, "proc/self/cgroup": "0::/a/b/c\n"}
    for group, limit in (("a", "500"), ("a/b", "max"), ("a/b/c", "900")):
        files[f"sys/fs/cgroup/{group}/memory.max"] = limit
        files[f"sys/fs/cgroup/{group}/memory.current"] = "450"
    write(tmp_path, files)
    found = allowance(tmp_path)
    assert (found.limit, found.free) == (500, 50)


@pytest.mark.parametrize("path", ["/docker/x/in", "/elsewhere", "/../up"])
def test_a_container_that_shows_a_part_of_the_tree_alone(tmp_path, path):
    mount = V2.replace(" / /sys", " /docker/x /sys")
    files = {"proc/self/mountinfo": mount, "proc/self/cgroup": f"0::{path}\n"}
    for group in ("", "in/"):
        files[f"sys/fs/cgroup/{group}memory.max"] = "800" if not group else "700"
        files[f"sys/fs/cgroup/{group}memory.current"] = "0"
    write(tmp_path, files)
    assert allowance(tmp_path).limit == (700 if path.endswith("/in") else 800)


@given(st.binary(max_size=200), st.binary(max_size=100))
def test_whatever_stands_in_the_files_is_no_failure(tmp_path_factory, mounts, groups):
    root = tmp_path_factory.mktemp("root")
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/mountinfo").write_bytes(V2.encode() + mounts)
    (root / "proc/self/cgroup").write_bytes(b"0::/" + groups)
    allowance(root)


def test_what_the_system_ended_for_memory_is_counted(tmp_path):
    counters = tmp_path / "vmstat"
    assert killed_for_memory(counters) == 0
    counters.write_text("nr_free_pages 1\noom_kill 3\n")
    assert killed_for_memory(counters) == 3
