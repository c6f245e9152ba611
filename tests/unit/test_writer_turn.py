"""The writer's turn: one at a time, the urgent first, and nobody is forgotten."""

import random
import threading
import time

import pytest

from bot.store.writer import WriterTurn


class Line:
    """Threads that wait for a turn, in the order in which they came."""

    def __init__(self) -> None:
        self.turn = WriterTurn()
        self.order: list[str] = []
        self.threads: list[threading.Thread] = []

    def join(self, name: str, *, urgent: bool = False, seconds: float = 10.0) -> None:
        def wait() -> None:
            if self.turn.acquire(seconds, urgent=urgent):
                self.order.append(name)
                self.turn.release()
            else:
                self.order.append(f"{name} gave up")

        waiting = len(self.turn._urgent) + len(self.turn._others)
        self.threads.append(threading.Thread(target=wait))
        self.threads[-1].start()
        deadline = time.monotonic() + 5
        while len(self.turn._urgent) + len(self.turn._others) == waiting:
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def end(self) -> list[str]:
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()
        return self.order


def test_the_urgent_go_first_and_each_kind_in_order() -> None:
    line = Line()
    assert line.turn.acquire(1)
    for name, urgent in (("a", False), ("b", False), ("u", True), ("c", False), ("v", True)):
        line.join(name, urgent=urgent)
    line.turn.release()
    assert line.end() == ["u", "v", "a", "b", "c"]


def test_who_gives_up_is_passed_over() -> None:
    line = Line()
    assert line.turn.acquire(1)
    line.join("a", seconds=0.05)
    line.join("u", urgent=True, seconds=0.05)
    line.join("b")
    time.sleep(0.2)
    line.turn.release()
    assert sorted(line.end()[:2]) == ["a gave up", "u gave up"]
    assert line.order[2:] == ["b"]
    assert line.turn.acquire(0)


@pytest.mark.parametrize("urgent", [True, False])
def test_a_free_turn_is_had_at_once(urgent: bool) -> None:
    turn = WriterTurn()
    assert turn.acquire(0, urgent=urgent)
    assert not turn.acquire(0, urgent=urgent)
    turn.release()
    assert turn.acquire(0, urgent=not urgent)


def test_many_threads_that_come_and_give_up_never_hold_it_together_and_never_lose_it() -> None:
    turn, inside, had = WriterTurn(), [0], [0]
    together: list[int] = []

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(150):
            if turn.acquire(chance.choice((0.0, 0.0005, 0.002, 5.0)), urgent=chance.random() < 0.3):
                inside[0] += 1
                together.append(inside[0])
                if chance.random() < 0.2:
                    time.sleep(0.0005)
                had[0] += 1
                inside[0] -= 1
                turn.release()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert set(together) == {1}
    assert had[0] == len(together) > 400
    assert turn.acquire(0)


def test_who_was_overtaken_once_is_not_overtaken_again() -> None:
    for _ in range(200):
        line = Line()
        assert line.turn.acquire(1)
        line.join("a")
        line.turn.release()
        if not line.turn.acquire(0):
            line.end()
            continue  # the woken thread was faster
        deadline = time.monotonic() + 5
        while not line.turn._urgent:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        line.turn.release()
        had = line.turn.acquire(10)  # a has it first, however soon this thread asks
        assert had
        assert line.order == ["a"]
        return
    pytest.fail("the woken thread was always faster")
