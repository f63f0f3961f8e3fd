"""A look in words, for where its controls cannot be seen."""

from collections.abc import Sequence
from pathlib import PureWindowsPath

from studio.core.controls import (
    AUTO,
    Choice,
    Control,
    Mask,
    Painting,
    Settings,
    Slider,
    Switch,
    Value,
)
from studio.core.values import paintings
from studio.core.values.masks import is_content
from studio.core.words.tongue import number, tr


def describe(controls: Sequence[Control], settings: Settings) -> str:
    """Such as ``Noise auto · Grain 10 % · Mask sky.png``; switches that are off are left out."""
    words = [_describe(control, settings[control.name]) for control in controls]
    return " · ".join(each for each in words if each)


def mask_words(mask: str) -> str:
    """What a mask is called: painted, or by its file's name; empty where there is none."""
    return tr("painted") if is_content(mask) else PureWindowsPath(mask).name


def painting_words(painting: str) -> str:
    """What a painting is called: by its file's name, or chosen; empty where there is none."""
    return tr("chosen") if paintings.is_content(painting) else PureWindowsPath(painting).name


def _describe(control: Control, value: Value) -> str:
    match control:
        case Slider():
            return f"{control.label} {_number(control, value)}"
        case Switch():
            return control.label if value else ""
        case Choice():
            return f"{control.label} {_options(control, str(value))}"
        case Mask():
            name = mask_words(str(value))
            return f"{control.label} {name}" if name else ""
        case Painting():
            name = painting_words(str(value))
            return f"{control.label} {name}" if name else ""


def _number(control: Slider, value: Value) -> str:
    if value == AUTO:
        return tr("auto")
    share = float(value)
    if not control.unit and control.minimum >= 0 and control.maximum <= 1:
        return f"{100 * share:.0f} %"
    return f"{number(share)} {control.unit}".rstrip()


def _options(control: Choice, value: str) -> str:
    titles = {option.id: option.title.partition(", ")[0] for option in control.options}
    shares = control.shares(value)
    if len(shares) == 1:
        return titles[next(iter(shares))]
    return tr(" and ").join(f"{titles[name]} {share:.0%}" for name, share in shares.items())
