"""The front that the engine's tests ask and listen through."""

import queue
from collections.abc import Callable, Iterator

import pytest

from studio.core.catalogue import Catalogue
from studio.core.events import TERMINAL, Event
from studio.core.requests import Request
from studio.engine.engine import Engine


class Front:
    """Submits and waits; may answer an event the moment it is told."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.at: Callable[[Event], None] = lambda _: None
        self.engine = Engine(self._tell, catalogue)

    def run(self, request: Request) -> list[Event]:
        self.engine.submit(request)
        return self.until(TERMINAL)

    def until(self, kind: type | tuple[type, ...]) -> list[Event]:
        seen = [self.events.get(timeout=120)]
        while not isinstance(seen[-1], kind):
            seen.append(self.events.get(timeout=120))
        return seen

    def _tell(self, event: Event) -> None:
        self.at(event)
        self.events.put(event)


@pytest.fixture
def front(catalogue: Catalogue) -> Iterator[Front]:
    front = Front(catalogue)
    yield front
    front.engine.close()
