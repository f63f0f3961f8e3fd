"""What is drawn, as a blurred picture of its kind: where its parts are, and how such things look.

Cootes, Edwards, Taylor, "Active Appearance Models" (1998): pictures are warped so that their
landmarks lie in one place; what then is left of their looks are a mean and principal components.
The landmarks of a drawing are found by a small convolutional net.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIDE = 64  # px, of drawings that landmarks are looked for in, and of the components
_CORNERS = 1.2  # that stay where they are, in halves of the side from the middle
_STIFF = 0.02  # how far a warp may miss a landmark, so that it stays smooth
_COARSE = 32  # px, at which a warp is computed
_STRAYING = 0.1  # standard deviations from a known look
_AROUND = 0.5  # of what lies around a picture, as a share of its side
_SOFT = 0.06  # size of its details, and how soon it is out of focus, likewise


class Appearance(nn.Module):
    """Draws a prototype after a drawing: its landmarks, with one of many looks.

    Places are (x, y) in [-1, 1], as of `torch.nn.functional.grid_sample`.

    Args:
        landmarks: P, how many.
        components: K of the looks.
        looks: M, how many are known.
    """

    def __init__(self, landmarks: int, components: int, looks: int) -> None:
        super().__init__()
        widths = (1, 24, 48, 64, 96)
        layers: list[nn.Module] = []
        for ins, outs in pairwise(widths):
            layers += [nn.Conv2d(ins, outs, 3, 2, 1, bias=False), nn.BatchNorm2d(outs), nn.ReLU()]
        hidden = nn.Linear(widths[-1] * (SIDE // 16) ** 2, 128)
        last = nn.Linear(128, 2 * landmarks)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.finder = nn.Sequential(*layers, nn.Flatten(), hidden, nn.ReLU(), last)
        self.register_buffer("points", torch.zeros(landmarks, 2))
        self.register_buffer("mean", torch.zeros(3, SIDE, SIDE))
        self.register_buffer("axes", torch.zeros(components, 3, SIDE, SIDE))
        self.register_buffer("looks", torch.zeros(looks, components))

    points: Tensor
    mean: Tensor
    axes: Tensor
    looks: Tensor

    def sizes(self) -> dict[str, int]:
        """What it was made with."""
        looks, components = self.looks.shape
        return {"landmarks": len(self.points), "components": components, "looks": looks}

    def find(self, ink: Tensor) -> Tensor:
        """Landmarks (N, P, 2) of drawings (N, 1, S, S) in [0, 1], 1 is ink."""
        small = F.interpolate(ink, (SIDE, SIDE), mode="bilinear", antialias=True)
        return self.points + self.finder(small).view(len(ink), -1, 2)

    def straightened(self, pictures: Tensor, points: Tensor) -> Tensor:
        """Pictures (N, 3, S, S) with landmarks (N, P, 2), these in their one place."""
        size = (2 * SIDE, 2 * SIDE)
        return F.avg_pool2d(warped(pictures, self.points.expand_as(points), points, size), 2)

    def look(self, pictures: Tensor, points: Tensor) -> Tensor:
        """The looks (N, K) of pictures (N, 3, S, S) with landmarks (N, P, 2)."""
        away = self.straightened(pictures, points) - self.mean
        return torch.einsum("nchw,kchw->nk", away, self.axes)

    def choose(self, count: int, generator: torch.Generator | None = None) -> Tensor:
        """Looks (count, K) near known ones, by a generator on the CPU."""
        which = torch.randint(len(self.looks), (count,), generator=generator)
        away = torch.randn(count, self.looks.shape[1], generator=generator)
        spread = self.looks.std(0, correction=0)
        return self.looks[which.to(self.looks.device)] + _STRAYING * spread * away.to(self.looks)

    def draw(self, looks: Tensor, points: Tensor, size: tuple[int, int]) -> Tensor:
        """Pictures (N, 3, H, W) of looks (N, K) with landmarks (N, P, 2) at a size (H, W)."""
        pictures = self.mean + torch.einsum("nk,kchw->nchw", looks, self.axes)
        return warped(pictures, points, self.points.expand_as(points), size)


def warped(pictures: Tensor, here: Tensor, there: Tensor, size: tuple[int, int]) -> Tensor:
    """Pictures (N, C, S, S) whose landmarks `there` (N, P, 2) have come `here`, at a size (H, W).

    Where they show what lay around the picture, that is out of focus. Computed in single
    precision, whatever the pictures have, and limited to [0, 1].
    """
    with torch.autocast(pictures.device.type, enabled=False):
        grid = _grid(here.float(), there.float(), size) / (1 + 2 * _AROUND)
        wide = _with_surroundings(pictures.float())
        found = F.grid_sample(
            wide, grid, mode="bicubic", padding_mode="border", align_corners=False
        )
    return found.clamp(0, 1).to(pictures)


def _with_surroundings(pictures: Tensor) -> Tensor:
    """Pictures (N, C, S, S) in the middle of larger ones: what their borders go over into."""
    side = pictures.shape[3]
    border, soft = round(_AROUND * side), max(1, round(_SOFT * side))
    wide = F.pad(pictures, (border,) * 4, mode="replicate")
    small = F.avg_pool2d(wide, soft, ceil_mode=True, count_include_pad=False)
    blurred = F.avg_pool2d(F.pad(small, (1,) * 4, mode="replicate"), 3, 1)
    blurred = F.interpolate(blurred, wide.shape[2:], mode="bicubic")
    line = torch.arange(wide.shape[3]).to(wide)
    outside = torch.maximum(border - line, line - (border + side - 1)).clamp(min=0)
    share = (torch.maximum(outside[:, None], outside) / soft).clamp(max=1)
    return wide + share * (blurred - wide)


def _grid(here: Tensor, there: Tensor, size: tuple[int, int]) -> Tensor:
    """By which `grid_sample` brings landmarks from `there` to `here`.

    Bookstein, "Principal Warps" (1989): a thin plate, bent until the landmarks fit.

    Args:
        here: (N, P, 2) in the result.
        there: (N, P, 2) in the source.
        size: (H, W) of the result in px.

    Returns:
        (N, H, W, 2).
    """
    corners = here.new_tensor([[-1, -1], [1, -1], [-1, 1], [1, 1]]) * _CORNERS
    corners = corners.expand(len(here), -1, -1)
    here, there = torch.cat([here, corners], 1), torch.cat([there, corners], 1)
    count = here.shape[1]
    flat = torch.cat([torch.ones_like(here[..., :1]), here], 2)
    system = here.new_zeros(len(here), count + 3, count + 3)
    system[:, :count, :count] = _bending(here, here) + _STIFF * torch.eye(count).to(here)
    system[:, :count, count:] = flat
    system[:, count:, :count] = flat.transpose(1, 2)
    wanted = torch.cat([there, there.new_zeros(len(there), 3, 2)], 1)
    weights = torch.linalg.solve(system, wanted)
    line = (torch.arange(_COARSE).to(here) + 0.5) * 2 / _COARSE - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    places = torch.stack([x, y], 2).view(1, -1, 2).expand(len(here), -1, -1)
    terms = torch.cat([_bending(places, here), torch.ones_like(places[..., :1]), places], 2)
    coarse = (terms @ weights).transpose(1, 2).view(-1, 2, _COARSE, _COARSE)
    return F.interpolate(coarse, size, mode="bicubic").permute(0, 2, 3, 1)


def _bending(a: Tensor, b: Tensor) -> Tensor:
    """Of a plate at (N, A, 2) by a load at (N, B, 2): (N, A, B)."""
    square = (a[:, :, None] - b[:, None]).square().sum(3)
    return square * (square + 1e-9).log()
