"""The net that learns: the gallery's, begun from the style whose result is nearest."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from typing import Any, cast

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from studio.core.catalogue import Weights
from studio.core.progress import Progress
from studio.core.words.said import say
from studio.engine.learn.lesson import CROP, Crops, Lesson
from studio.models import style
from studio.models._painters import Gallery
from studio.models._weights import load_net
from studio.nets.muon import Muon
from studio.nets.optimise import bf16_is_fast
from studio.nets.style_net import StyleNet

_RATE = 0.006  # as Muon takes it
_ADAM_SHARE = 0.3  # of it, for the scales and shifts of the style
_CLIP = 1.0  # norm of the gradient
_AVERAGE = 0.95  # share of the average that stays at each step
_SETTLING = 0.5  # share of the steps, the last, in which the rate falls to nothing


class Pupil:
    """A gallery of one style.

    Args:
        begun: weights of a gallery.
        title: of the style.
        id_: of the style.

    Attributes:
        hyper: its hyperparameters.
        gallery: the net; the moving average of its steps once it has learnt.
    """

    def __init__(self, begun: Weights, id_: str, title: str) -> None:
        self._begun = cast("Gallery", load_net(begun, style.SPEC))
        sizes = {k: v for k, v in begun.hyperparameters.items() if k != "apart"}
        self.hyper: Mapping[str, Any] = {**sizes, "styles": [{"id": id_, "title": title}]}
        self.gallery = cast("Gallery", style.build(self.hyper))

    def begin(self, lesson: Lesson, photo: Tensor, progress: Progress) -> None:
        """Takes over the net, and of the styles that which makes a photo most like the painting.

        Args:
            lesson: says what is like it.
            photo: (1, 3, H, W) in [0, 1].
            progress: told and asked at every style.
        """
        net, crop = self._begun.net, photo[:, :, :CROP, :CROP]
        net.to(photo.device)
        errors: list[Tensor] = []
        with torch.no_grad():
            for index, row in enumerate(torch.eye(net.styles, device=photo.device)):
                progress.report(index / net.styles, say("looking for the nearest style"))
                errors.append(lesson.unlikeness(net(crop, row[None])))
        nearest = net.alone(int(torch.stack(errors).argmin()))
        self.gallery.net.load_state_dict(nearest.state_dict())
        self.gallery.to(photo.device)

    def learn(
        self, lesson: Lesson, crops: Crops, share: Callable[[int], float], progress: Progress
    ) -> Iterator[int]:
        """Learns; the gallery is the average of the steps wherever it is left.

        Args:
            lesson: what is learnt.
            crops: to learn it on.
            share: of all that is to be done, in [0, 1], after so many steps; 1 ends it.
            progress: told and asked at every step.

        Yields:
            After each step how many were made.
        """
        net = StyleNet(**self._sizes()).to(next(self.gallery.parameters()).device)
        net.load_state_dict(self.gallery.net.state_dict())
        average = AveragedModel(
            self.gallery.net, multi_avg_fn=get_ema_multi_avg_fn(_AVERAGE), use_buffers=False
        )
        self.gallery.net = cast("StyleNet", average.module)
        average.update_parameters(net)  # the first one is copied
        optimizer = Muon(net, _RATE, adam_share=_ADAM_SHARE)
        ones = torch.ones(1, 1, device=next(net.parameters()).device)
        for step in count():
            done = share(step)
            progress.report(done, "learning")
            if done >= 1 or progress.enough():
                return
            crop = crops.next()
            optimizer.zero_grad()
            loss = lesson.loss(crop, self._painted(net, crop.photo.to(ones), ones))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), _CLIP)
            for group in optimizer.param_groups:
                group["lr"] = _RATE * min(1.0, (1 - done) / _SETTLING)
            optimizer.step()
            average.update_parameters(net)
            yield step + 1

    def _painted(self, net: StyleNet, photo: Tensor, ones: Tensor) -> Tensor:
        """In bfloat16 where that is quick: half the time, and the results are as good."""
        quick = bf16_is_fast(photo.device)
        with torch.autocast(photo.device.type, torch.bfloat16, enabled=quick):
            return net(photo, ones).float()

    def _sizes(self) -> dict[str, Any]:
        sizes = {k: v for k, v in self.hyper.items() if k not in {"styles", "hidden"}}
        return {"styles": 1, **sizes}

    @torch.no_grad()
    def paint(self, photo: Tensor) -> Tensor:
        """A photo (1, 3, H, W), both sides multiples of 4, in the style."""
        ones = torch.ones(1, 1, device=photo.device)
        return self.gallery.net.eval()(photo, ones)
