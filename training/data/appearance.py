"""Learns where the parts of a drawn cat are, and how cats look there; see `Appearance`."""

from pathlib import Path
from typing import cast

import numpy as np
import torch
from safetensors.torch import load_file, save
from torch import Tensor
from torch.nn import functional as F

from studio.core.catalogue import read_weights
from studio.core.files.disk import write_whole
from studio.models import sketch as model
from studio.models._weights import load_net
from studio.nets.appearance import SIDE, Appearance
from training.data.heads import Head, doodle_of, landmarks_of, varied
from training.data.pairs import some_move

_COMPONENTS = 80
_DOODLES = 5000  # that the landmarks are learnt from
_FINE = 96  # px, of these
_STEPS = 900
_BATCH = 64
_RATE = 3e-3
_MIRRORED = (1, 0, 2, 6, 7, 8, 3, 4, 5, 10, 9, 11)  # each landmark's other one


def load_appearance(path: Path) -> Appearance:
    """What `save_appearance` has written, frozen."""
    state = load_file(path)
    looks, components = state["looks"].shape
    net = Appearance(len(state["points"]), components, looks)
    net.load_state_dict(state)
    return net.requires_grad_(False).eval()


def appearance_of(weights: Path) -> Appearance | None:
    """That of weights; None where they have none."""
    net = cast("model.Sketcher", load_net(read_weights(weights), model.SPEC))
    return net.appearance


def save_appearance(net: Appearance, path: Path) -> None:
    """Writes it, into a folder that is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, save(net.state_dict()), overwrite=True)


def learn_appearance(photos: Tensor, heads: list[Head]) -> Appearance:
    """Some minutes' work.

    Args:
        photos: (N, 3, S, S) in [0, 1].
        heads: where their parts are.
    """
    places = torch.from_numpy(np.stack([landmarks_of(head) for head in heads])).float()
    components = min(_COMPONENTS, len(photos) - 1)
    net = Appearance(places.shape[1], components, len(photos))
    net.points.copy_(places.mean(0))
    straight = net.straightened(photos, places)
    net.mean.copy_(straight.mean(0))
    _, _, axes = torch.svd_lowrank((straight - net.mean).flatten(1), components, niter=4)
    net.axes.copy_(axes.T.view_as(net.axes))
    net.looks.copy_(net.look(photos, places))
    _learn_to_find(net, heads, np.random.default_rng(0))
    return net.requires_grad_(False).eval()


def _learn_to_find(net: Appearance, heads: list[Head], random: np.random.Generator) -> None:
    """Teaches the landmarks of drawings by code, of heads of any proportions."""
    varieties = [varied(heads, random) for _ in range(_DOODLES)]
    inks = np.stack([np.rint(255 * doodle_of(h, _FINE, random)) for h in varieties])
    drawn = torch.from_numpy(inks.astype(np.uint8))[:, None]
    places = torch.from_numpy(np.stack([landmarks_of(head) for head in varieties])).float()
    optimizer = torch.optim.Adam(net.finder.parameters(), _RATE)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, _STEPS)
    net.train()
    for _ in range(_STEPS):
        chosen = torch.from_numpy(random.integers(0, len(drawn), _BATCH))
        matrices = torch.stack([some_move(random) for _ in range(_BATCH)])
        grid = F.affine_grid(matrices, [_BATCH, 1, SIDE, SIDE], align_corners=False)
        shown = F.grid_sample(drawn[chosen].float() / 255, grid, align_corners=False)
        wanted = (places[chosen] - matrices[:, None, :, 2]).transpose(1, 2)
        wanted = torch.linalg.solve(matrices[:, :, :2], wanted).transpose(1, 2)
        if random.random() < 0.5:
            shown, wanted = shown.flip(3), (wanted * torch.tensor([-1, 1]))[:, _MIRRORED]
        loss = (net.find(shown) - wanted).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rate.step()
