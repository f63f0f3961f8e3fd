"""Writes the weights of a run and their pictures, and measures them.

python -m training.export style --folder runs/1-style --name gallery
python -m training.export faces --folder runs/my-digits
"""

import argparse

from training.export import enhance, faces, repair, sketch, style, style_any, translate
from training.lib.export import add_arguments
from training.lib.script import script

_MODELS = {
    "style": (style.add_arguments, style.export),
    "style_any": (style.add_photos, style_any.export),
    "enhance": (enhance.add_arguments, enhance.export),
    "repair": (repair.add_arguments, repair.export),
    "sketch": (sketch.add_arguments, sketch.export),
    "translate": (translate.add_arguments, translate.export),
    "faces": (faces.add_arguments, faces.export),
}


@script
def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="training.export", description="Weights of a run.")
    models = parser.add_subparsers(required=True, metavar="MODEL")
    for name, (add_own, export) in _MODELS.items():
        one = models.add_parser(name, help=f"of training/{name}.py")
        add_arguments(one)
        add_own(one)
        one.set_defaults(export=export)
    args = parser.parse_args()
    args.export(args)


if __name__ == "__main__":
    main()
