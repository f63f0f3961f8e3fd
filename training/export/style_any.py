"""Style with any painting: what is measured, on paintings that were never trained on; a preview."""

from argparse import Namespace
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from studio.models import style
from studio.nets.any_style import AnyStyleNet, Manner
from training.data.paintings import Work
from training.data.photos import fit_short_side, to_tensor
from training.export.style import measure, metrics_of, photos_kept_aside
from training.lib.average import averaged_state
from training.lib.export import Export, run_card, run_config, sample
from training.style import GRAIN
from training.style_any import ASIDE

_CELL = 256  # px of a picture of the preview
_HYPER = {"stem": 32, "width": 80, "blocks": 5, "tail": 16, "hidden": 192, "grain": GRAIN}


@torch.no_grad()
def make_preview(
    net: AnyStyleNet, works: tuple[Work, ...], manners: dict[str, Manner], data: Path, path: Path
) -> None:
    """A photo in the manner of each painting, which hangs beside it."""
    photo = to_tensor(fit_short_side(sample("chelsea.png").crop((60, 0, 360, 300)), _CELL, 4))[None]
    sheet = Image.new("RGB", (len(works) * _CELL, _CELL))
    for column, work in enumerate(works):
        left = column * _CELL
        sheet.paste(_to_image(net.paint(photo, manners[work.id])), (left, 0))
        with Image.open(work.path(data)) as painting:
            small = fit_short_side(painting.convert("RGB"), _CELL // 4)
        sheet.paste(small.crop((0, 0, _CELL // 4, _CELL // 4)), (left + 8, 8))
    sheet.save(path.with_suffix(".webp"), quality=88)


def _to_image(picture: Tensor) -> Image.Image:
    return Image.fromarray((picture[0].permute(1, 2, 0) * 255).round().byte().numpy())


@torch.no_grad()
def export(args: Namespace) -> None:
    """Writes the weights of a run of `training/style_any.py` and their preview."""
    config = run_config(args)
    data: Path = config["data"]
    weights = Export(args, style.SPEC, run_card(config), "style_any")
    painter = style.AnyPainting(_HYPER).requires_grad_(False).eval()
    painter.net.load_state_dict(averaged_state(args.folder))
    net = painter.net
    paintings = {work.id: work.pixels(data) for work in ASIDE}
    manners = {name: net.look(painting) for name, painting in paintings.items()}
    aside = photos_kept_aside(data, None)[: args.photos]
    quality = measure(lambda photo, name: net.paint(photo, manners[name]), paintings, aside)
    if args.measure_only:
        return
    weights.write(painter, _HYPER, metrics_of(quality))
    make_preview(net, ASIDE, manners, data, weights.path)
