"""What the engine may use of the machine."""

from dataclasses import dataclass, replace

from studio.core.requests import Batch, Request


@dataclass(frozen=True)
class Machine:
    """What a person leaves to the engine.

    Attributes:
        device: what ``auto`` stands for in requests; ``auto``: the fastest there is.
        full_precision: nets are kept in float32 on every device, not in float16 where that is twice
            as fast.
        memory: bytes that the engine's process takes at most; 0: as many as there are.
    """

    device: str = "auto"
    full_precision: bool = False
    memory: int = 0

    def serve(self, request: Request) -> Request:
        """The request with its device; a cluster's workers are other machines."""
        elsewhere = isinstance(request, Batch) and request.cluster
        if request.device != "auto" or elsewhere:
            return request
        return replace(request, device=self.device)
