"""One bounded cache: what was used last stays, and a minute later nothing does."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from pagecache.store import Store, clear_all

TEXT = "x" * 1000
TEXT_BYTES = sys.getsizeof(TEXT)


def test_memory_is_bounded_and_what_was_used_last_stays():
    store = Store(max_bytes=3 * TEXT_BYTES)
    for number in range(3):
        store.put(number, TEXT)
    store.get(0)

    store.put(3, TEXT)

    assert store.get_many(range(4)) == [TEXT, None, TEXT, TEXT]
    assert store.size == 3 * TEXT_BYTES


def test_a_value_put_twice_counts_once():
    store = Store(max_bytes=3 * TEXT_BYTES)
    store.put("page", TEXT * 2)
    store.put("page", TEXT)

    assert (store.size, len(store)) == (TEXT_BYTES, 1)


def test_what_is_larger_than_the_store_is_not_kept_nor_what_it_replaces():
    store = Store(max_bytes=TEXT_BYTES)
    store.put("page", TEXT)

    assert store.put("page", TEXT + "!") == TEXT + "!"
    assert store.get("page") is None


def test_letters_that_take_two_bytes_count_as_two():
    store = Store(max_bytes=100_000)
    store.put("russian", "ы" * 1000)

    assert store.size > 2000


def test_the_number_of_items_is_bounded():
    store = Store(max_items=2)
    for number in range(3):
        store.put(number, number)

    assert store.get_many(range(3)) == [None, 1, 2]


def test_a_value_is_made_once_until_it_is_dropped_even_if_it_is_none():
    store, made = Store(max_items=2), []
    for _ in range(2):
        store.get_or_make("rules", lambda: made.append(1))
    assert made == [1]

    store.drop("rules")
    store.get_or_make("rules", lambda: made.append(2))

    assert made == [1, 2]


@pytest.mark.parametrize(("seconds", "kept"), [(59, "old"), (61, "new")])
def test_after_its_time_a_value_is_made_again(seconds, kept):
    now = [0.0]
    store = Store(max_items=2, ttl=60, timer=lambda: now[0])
    store.put("count", "old")
    now[0] = seconds

    assert store.get_or_make("count", lambda: "new") == kept


def test_without_time_to_live_nothing_is_kept():
    store = Store(max_items=2, ttl=0)

    assert store.get_or_make("count", lambda: 1) == 1
    assert store.get_or_make("count", lambda: 2) == 2


def test_one_function_empties_all_but_what_no_data_can_change():
    store, statements = Store(max_items=1), Store(max_items=1, is_emptied=False)
    store.put("page", "old")
    statements.put("topic", "SELECT")

    clear_all()

    assert (store.get("page"), statements.get("topic")) == (None, "SELECT")


def test_many_threads_at_once_keep_its_books():
    store = Store(max_bytes=10 * TEXT_BYTES)

    def use(number):
        for step in range(300):
            store.put((number * step) % 40, TEXT)
            store.get_many(range(40))
            store.drop(step % 40)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(use, range(8)))

    assert store.size == len(store) * TEXT_BYTES <= 10 * TEXT_BYTES
