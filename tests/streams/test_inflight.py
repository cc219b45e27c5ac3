from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.inflight import InFlight


def test_nothing_is_committable_before_a_batch_has_finished():
    partition = InFlight()
    partition.start(0, 9)
    assert partition.committable is None


def test_only_the_finished_head_is_committable():
    #  0      10      20      30
    #  ├─ a ──┼─ b ───┼─ c ───┤
    partition = InFlight()
    a, b, c = partition.start(0, 9), partition.start(10, 19), partition.start(20, 29)
    partition.finish(c)
    partition.finish(b)
    assert partition.committable is None
    partition.finish(a)
    assert partition.committable == 30


def test_holes_in_the_offsets_are_passed_over():
    # A compacted topic:  ├─ a ─┤  (gone)  ├─ b ─┤
    partition = InFlight()
    a, b = partition.start(3, 9), partition.start(700, 709)
    partition.finish(a)
    assert partition.committable == 10
    partition.finish(b)
    assert partition.committable == 710


def test_a_batch_counts_once():
    partition = InFlight()
    a, _ = partition.start(0, 9), partition.start(10, 19)
    assert partition.finish(a)
    assert not partition.finish(a)


def test_a_finished_batch_behind_an_open_one_counts_once():
    partition = InFlight()
    _, b = partition.start(0, 9), partition.start(10, 19)
    assert partition.finish(b)
    assert not partition.finish(b)


def test_a_redelivery_replaces_what_was_in_flight():
    #  ├─ a ──┼─ b ───┤
    #  ├── again ──┤         after a seek back to 0, cut otherwise
    partition = InFlight()
    a, b = partition.start(0, 9), partition.start(10, 19)
    again = partition.start(0, 14)
    assert not partition.finish(a)
    assert not partition.finish(b)
    assert partition.committable is None
    assert partition.finish(again)
    assert partition.committable == 15


def test_a_redelivery_leaves_what_lies_before_it():
    partition = InFlight()
    a, _, again = partition.start(0, 9), partition.start(10, 19), partition.start(10, 14)
    partition.finish(again)
    assert partition.committable is None
    partition.finish(a)
    assert partition.committable == 15


def test_a_finished_batch_is_forgotten_when_it_comes_again():
    partition = InFlight()
    a, b = partition.start(0, 9), partition.start(10, 19)
    partition.finish(b)
    again = partition.start(10, 19)
    partition.finish(a)
    assert partition.committable == 10
    partition.finish(again)
    assert partition.committable == 20


def test_the_committable_offset_does_not_go_back_after_a_seek():
    partition = InFlight()
    partition.finish(partition.start(0, 99))
    partition.finish(partition.start(0, 9))
    assert partition.committable == 100


@given(
    sizes=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3)), min_size=1, max_size=12),
    data=st.data(),
)
def test_whatever_the_order_everything_below_the_committable_offset_is_finished(sizes, data):
    partition, batches, offset = InFlight(), [], 0
    for size, hole in sizes:
        batches.append(partition.start(offset + hole, offset + hole + size - 1))
        offset += hole + size
    finished = set()
    for batch in data.draw(st.permutations(batches)):
        before = partition.committable or 0
        assert partition.finish(batch)
        finished.add(batch)
        now = partition.committable or 0
        assert now >= before
        assert all(b in finished for b in batches if b.first < now)
    assert partition.committable == offset


@given(data=st.data())
def test_with_seeks_no_offset_is_committable_that_no_batch_finished(data):
    partition, position, handed, stored = InFlight(), 0, [], set()
    for _ in range(data.draw(st.integers(1, 25))):
        step = data.draw(st.sampled_from(["read", "finish", "seek"]))
        if step == "read":
            last = position + data.draw(st.integers(0, 4))
            handed.append(partition.start(position, last))
            position = last + 1
        elif step == "finish" and handed:
            batch = data.draw(st.sampled_from(handed))
            if partition.finish(batch):
                stored.update(range(batch.first, batch.last + 1))
        elif step == "seek":
            position = data.draw(st.integers(0, partition.committable or 0))
        assert set(range(partition.committable or 0)) <= stored
