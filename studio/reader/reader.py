"""Takes wishes for what files hold, and sees to it that each is answered, whatever becomes of it.

What is awaited goes first; what may wait is begun only while nothing else is being done, so that
it finds decoded what somebody waited for. No file is read by two wishes at a time.

When the process dies, what it was doing is done once more, each alone: what then ends it again is
refused, and costs nothing else.
"""

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from studio.core.words.said import say
from studio.reader.orders import (
    Died,
    Drafted,
    Hear,
    Order,
    Read,
    Refused,
    Stop,
    Told,
    Urgency,
    Wish,
)

_TRIES = 2  # how often a wish may be begun while the process dies
_HINT = say("the file may be damaged: get it again, or save it in another format")
_UNSTARTABLE = say("the studio's reader does not start; `studio apply` in a terminal says why")

Tell = Callable[[Told], None]
GiveUp = Callable[[], None]


class Worker(Protocol):
    """Does orders: `Process` elsewhere, `Desk` here."""

    def start(self) -> None:
        """Starts again after it has died."""
        ...

    def send(self, order: Order) -> None:
        """Takes an order."""
        ...

    def close(self) -> None:
        """Ends; nothing is told any more once it has returned."""
        ...


@dataclass(eq=False)
class _Asked:
    """A wish that has not been answered."""

    number: int
    wish: Wish
    urgency: Urgency
    tell: Tell
    deaths: int = 0
    given_up: bool = False

    @property
    def awaited(self) -> bool:
        return self.urgency is Urgency.AWAITED


class Reader:
    """Answers wishes.

    Args:
        make_worker: makes what does them.
    """

    def __init__(self, make_worker: Callable[[Hear], Worker]) -> None:
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()  # guards all that follows; never held while telling
        self._waiting: list[_Asked] = []
        self._begun: dict[int, _Asked] = {}
        self._is_open = True
        self._dead = False
        with self._lock:  # which it waits for, should it die at once
            self._worker = make_worker(self._hear)

    def ask(self, wish: Wish, urgency: Urgency, tell: Tell) -> GiveUp:
        """Asks for something.

        Args:
            wish: for what.
            urgency: how soon.
            tell: takes the answers, the last of which is a `Done` or `Refused`; called on a thread
                of the reader.

        Returns:
            What gives the wish up: it is not answered any more.
        """
        asked = _Asked(next(self._numbers), wish, urgency, tell)
        with self._lock:
            is_dead = self._dead
            if self._is_open and not is_dead:
                self._waiting.append(asked)
                self._begin()
        if is_dead:
            tell(_refusal(asked, say("it does not start")))
        return lambda: self._give_up(asked)

    def close(self) -> None:
        """Ends it; nothing is told any more."""
        with self._lock:
            self._is_open = False
            self._waiting.clear()
            for asked in self._begun.values():
                asked.given_up = True
        self._worker.close()

    def _give_up(self, asked: _Asked) -> None:
        with self._lock:
            asked.given_up = True
            if asked in self._waiting:
                self._waiting.remove(asked)
            elif asked.number in self._begun:
                self._worker.send(Stop(asked.number))

    def _begin(self) -> None:
        """Begins all that may be begun."""
        while (asked := self._next()) is not None:
            self._waiting.remove(asked)
            self._begun[asked.number] = asked
            self._worker.send(Read(asked.number, asked.wish))

    def _next(self) -> _Asked | None:
        begun = list(self._begun.values())
        if any(each.deaths for each in begun):
            return None
        busy = any(each.awaited for each in begun)
        files = {each.wish.path for each in begun}
        for asked in sorted(self._waiting, key=lambda each: each.urgency):
            alone = asked.deaths or not asked.awaited
            if not (begun if alone else busy) and asked.wish.path not in files:
                return asked
        return None

    def _hear(self, told: Told | Died) -> None:
        with self._lock:
            if not self._is_open:
                return
            answers = self._lose(told) if isinstance(told, Died) else self._take(told)
            self._begin()
        for tell, answer in answers:
            tell(answer)

    def _take(self, told: Told) -> list[tuple[Tell, Told]]:
        asked = self._begun.get(told.number)
        if asked is None:
            return []
        if not isinstance(told, Drafted):
            del self._begun[told.number]
        return [] if asked.given_up else [(asked.tell, told)]

    def _lose(self, died: Died) -> list[tuple[Tell, Told]]:
        """The process has died."""
        lost = [asked for asked in self._begun.values() if not asked.given_up]
        self._begun.clear()
        if died.for_good:
            self._dead = True
            lost, self._waiting = [*lost, *self._waiting], []
        else:
            self._worker.start()
        answers: list[tuple[Tell, Told]] = []
        for asked in lost:
            asked.deaths += died.hung is None
            if died.for_good or asked.number == died.hung or asked.deaths >= _TRIES:
                answers.append((asked.tell, _refusal(asked, died.reason, dead=died.for_good)))
            else:
                self._waiting.insert(0, asked)
        return answers


def _refusal(asked: _Asked, reason: str, *, dead: bool = False) -> Refused:
    path: Path = asked.wish.path
    hint = _UNSTARTABLE if dead else _HINT
    return Refused(
        asked.number,
        say("{path} cannot be opened: its decoder stopped ({reason})", path=path, reason=reason),
        hint,
    )
