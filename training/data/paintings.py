"""The paintings that are learnt: those of `style/gallery`, or anybody's."""

import re
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from torch import Tensor

from studio.core.errors import StudioError
from training.data.photos import fit_short_side, photos_of, to_tensor

PAINTING_SIDE = 512  # short side in px at which a painting is looked at


@dataclass(frozen=True)
class Work:
    """A painting: the style's id, its title, and its file where the id does not tell it."""

    id: str
    title: str
    file: str = ""

    def path(self, data: Path) -> Path:
        """Its file in the folder of all data."""
        return data / (self.file or f"paintings/{self.id.replace('-', '_')}.jpg")

    def pixels(self, data: Path) -> Tensor:
        """The painting at the size at which it is looked at: (1, 3, H, W) in [0, 1]."""
        with Image.open(self.path(data)) as image:
            return to_tensor(fit_short_side(image.convert("RGB"), PAINTING_SIDE, 4))[None]


# A new painting goes to the end of the list: runs and weights know a style by its row.
GALLERY = (
    Work("vangogh-starry-night-1889-hires", "The Starry Night, Van Gogh, 1889"),
    Work("hokusai-great-wave-1831", "The Great Wave, Hokusai, 1831"),
    Work("munch-the-scream-1893", "The Scream, Munch, 1893"),
    Work("kandinsky-composition-vii-1913", "Composition VII, Kandinsky, 1913"),
    Work("picabia-udnie-1913", "Udnie, Picabia, 1913"),
    Work("monet-water-lilies-1919", "Water Lilies, Monet, 1919"),
    Work("sakai-hoitsu-flowers", "Flowering Cherry, Sakai Hōitsu"),
    Work("leger-contrast-of-forms-1913", "Contrast of Forms, Léger, 1913"),
    Work("turner-shipwreck-minotaur", "Wreck of the Minotaur, Turner"),
    Work("vangogh-wheat-field", "Wheat Field with Cypresses, Van Gogh"),
    Work("delaunay-metzinger-1906", "Portrait of Metzinger, Delaunay, 1906"),
    Work("matisse-woman-with-hat-1905", "Woman with a Hat, Matisse, 1905"),
    Work("vangogh-houses", "Thatched Cottages, Van Gogh, 1890"),
    Work("vangogh-olive", "Olive Trees, Van Gogh, 1889"),
    Work("vangogh-self", "Self-Portrait with Straw Hat, Van Gogh, 1887"),
    Work("monet-san-giorgio-1908", "San Giorgio Maggiore at Dusk, Monet, 1908", "monet/00164.jpg"),
    Work("monet-grainstack-1891", "Grainstack at Sunset, Monet, 1891", "monet/00136.jpg"),
    Work("monet-irises-1917", "Yellow Irises, Monet, 1917", "monet/00047.jpg"),
)


def works_of(folder: Path | None) -> tuple[Work, ...]:
    """The paintings of a folder, each called as its file is; without a folder, the gallery."""
    if folder is None:
        return GALLERY
    works: dict[str, Work] = {}
    for path in photos_of(folder):
        id_ = re.sub(r"\W+", "-", path.stem.lower()).strip("-")
        if not id_ or id_ in works:
            raise StudioError(f"{path} needs a name of its own", "rename it")
        works[id_] = Work(id_, path.stem, str(path.resolve()))
    return tuple(works.values())
