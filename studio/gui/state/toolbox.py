"""The weights on disk as the window knows them: tools, controls and first looks."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from studio.core.catalogue import Catalogue, Unusable, Weights
from studio.core.chains import CHAINS, Chain
from studio.core.controls import SHOW, Choice, Control, Mask, Painting, Settings, Value, complete
from studio.core.errors import StudioError
from studio.core.own_weights import is_own
from studio.core.requests import Step
from studio.gui.state.look import Look
from studio.gui.state.spoken import spoken
from studio.gui.state.stack import Stack
from studio.gui.state.stack import Step as OfStack
from studio.gui.state.tools import TOOLS, Tool, tool_of


@dataclass(frozen=True)
class Known:
    """Weights, their hash, and whether they are the person's own."""

    weights: Weights
    sha256: str
    own: bool


def scan(catalogue: Iterable[Weights]) -> "Toolbox":
    """Reads the headers and hashes the files; off the window's thread."""
    found = list(catalogue.scan() if isinstance(catalogue, Catalogue) else catalogue)
    usable = [each for each in found if isinstance(each, Weights) and has_tool(each)]
    usable.sort(key=lambda each: -len(_styles(each.controls)))  # a gallery goes first
    return Toolbox(
        tuple(Known(spoken(each), each.sha256, is_own(each)) for each in usable),
        tuple(each.error for each in found if isinstance(each, Unusable)),
    )


def last_or_first(choices: Sequence[tuple[str, str]], last: str) -> str:
    """The id of the weights that were used last, or of the first, of (id, title) of some."""
    known = [weights for weights, _ in choices]
    return last if last in known else known[0]


def has_tool(weights: Weights) -> bool:
    """Whether the window can work with weights: what takes no photo needs a page of its own."""
    return not weights.latent or tool_of(weights.model).has_page


def _styles(controls: Sequence[Control]) -> list[tuple[str, str]]:
    """(control's name, option's id) of every tile of a gallery."""
    choices = [c for c in controls if isinstance(c, Choice) and c.blends]
    return [(choice.name, option.id) for choice in choices for option in choice.options]


@dataclass(frozen=True)
class Toolbox:
    """What the window can work with.

    Attributes:
        known: weights.
        unusable: what is wrong with files that should be weights.
    """

    known: tuple[Known, ...] = ()
    unusable: tuple[StudioError, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.known)

    def __contains__(self, weights: str) -> bool:
        return any(each.weights.id == weights for each in self.known)

    @property
    def tools(self) -> list[Tool]:
        """Tools that have weights."""
        models = {each.weights.model for each in self.known}
        first = [tool for tool in TOOLS if tool.model in models]
        return first + [tool_of(m) for m in sorted(models - {tool.model for tool in TOOLS})]

    @property
    def photo_tools(self) -> list[Tool]:
        """Those of them that work on a photo."""
        return [tool for tool in self.tools if not tool.has_page]

    @property
    def takers(self) -> list[Tool]:
        """Those that take a picture, to work on or to begin with."""
        drawing = {each.weights.model for each in self.known if each.weights.latent}
        return [tool for tool in self.tools if tool.model not in drawing]

    def has_page(self, model: str) -> bool:
        """Whether a model's tool works on a page of its own."""
        return any(tool.model == model and tool.has_page for tool in self.tools)

    def by_pictures(self, model: str) -> bool:
        """Whether a model's weights are chosen by their pictures."""
        return any(tool.model == model and tool.by_pictures for tool in self.tools)

    def find(self, weights: str) -> Known:
        """The weights of an id."""
        return next(each for each in self.known if each.weights.id == weights)

    def title(self, weights: str) -> str:
        """Tool and title of weights, such as ``Enhance: Photo``."""
        if weights not in self:
            return weights
        found = self.find(weights).weights
        return f"{tool_of(found.model).title}: {found.title}"

    def model_of(self, weights: str) -> str:
        """Model of the weights of an id; empty where these are not there."""
        return self.find(weights).weights.model if weights in self else ""

    def controls(self, weights: str) -> Sequence[Control]:
        """What a person may set; nothing for weights that are not there."""
        return self.find(weights).weights.controls if weights in self else ()

    def beside(self, weights: str) -> list[tuple[str, str]]:
        """(id, title) of all weights of the same model; see `choices`."""
        return self.choices(self.find(weights).weights.model)

    def choices(self, model: str) -> list[tuple[str, str]]:
        """(id, title) of all weights of a model, ``a2b`` beside ``b2a``."""
        found = [k.weights for k in self.known if k.weights.model == model]
        found.sort(key=lambda each: sorted(each.path.stem.split("2")))
        titles = [each.title for each in found]
        alike = {title for title in titles if titles.count(title) > 1}
        return [
            (each.id, f"{each.title} ({each.path.stem})" if each.title in alike else each.title)
            for each in found
        ]

    def painting_control(self, weights: str) -> str:
        """Name of the control that takes a painting; empty: weights have none."""
        return next((c.name for c in self.controls(weights) if isinstance(c, Painting)), "")

    def lacks_painting(self, stack: Stack) -> bool:
        """Whether a step is on that takes a painting and has none."""
        names = ((look, self.painting_control(look.weights)) for look in stack.active)
        return any(name and not look.settings.get(name) for look, name in names)

    def painters(self, model: str) -> list[Weights]:
        """Those of a model's weights that take any painting."""
        found = [k.weights for k in self.known if k.weights.model == model]
        return [each for each in found if self.painting_control(each.id)]

    def learnt(self, model: str) -> list[Weights]:
        """Those of a model's weights that know one style alone, as they are learnt from one."""
        found = [k.weights for k in self.known if k.weights.model == model]
        return [each for each in found if len(self.thumbnails(each.id)) == 1]

    def gallery(self, model: str) -> Known:
        """That of a model's weights which knows most styles."""
        return next(known for known in self.known if known.weights.model == model)

    def with_weights(self, look: Look, weights: str, before: Look | None = None) -> Look:
        """The look of other weights, with all that they have of a look's settings.

        Args:
            look: in use.
            weights: the others.
            before: how it looked with those last, if it has: its settings that `look` lacks stay.
        """
        own = {} if before is None else before.settings
        rest = {n: v for n, v in look.settings.items() if n not in self._neutral(look.weights)}
        return self.fitting(weights, {**own, **rest, **self.masks_for(weights, look)})

    def mended(self, stack: Stack) -> Stack:
        """A stack whose weights are all there: the first of the same tool for those that are not.

        One whose weights are others of that name, which lack a setting, gets that, too.
        """
        return stack.with_each(self._mended)

    def _mended(self, look: Look) -> Look:
        names = {control.name for control in self.controls(look.weights)}
        models = [tool.model for tool in self.photo_tools]
        if not models or (look.weights in self and names == set(look.settings)):
            return look
        model = look.weights.partition("/")[0]
        first = self.first_of(model if model in models else models[0])
        return self.fitting(look.weights if look.weights in self else first, look.settings)

    def first_look(self, weights: str = "") -> Look:
        """The look of weights, or of the first weights for photos, as nobody has touched it."""
        chosen = weights or self.first_of(self.photo_tools[0].model)
        return Look(chosen, complete(self.controls(chosen), {}))

    def fitting(self, weights: str, settings: Settings) -> Look:
        """The look of weights with those of some settings that they have and that fit them."""
        kept: dict[str, Value] = {}
        for control in self.controls(weights):
            if control.name in settings:
                with suppress(StudioError):
                    kept[control.name] = control.check(settings[control.name])
        return Look(weights, complete(self.controls(weights), kept))

    def masks(self, look: Look) -> dict[str, Value]:
        """Those of a look's settings that are masks: they are made for one photo."""
        return {name: look.settings[name] for name in self._neutral(look.weights)}

    def masks_for(self, weights: str, look: Look) -> dict[str, Value]:
        """The masks of a look that mean to other weights what they mean to its own."""
        same = self._neutral(look.weights).items() & self._neutral(weights).items()
        return {name: look.settings[name] for name, _ in same}

    def _neutral(self, weights: str) -> dict[str, float]:
        """The level of an untouched mask, of each control that is one."""
        return {c.name: c.neutral for c in self.controls(weights) if isinstance(c, Mask)}

    def unmasked(self, look: Look) -> Look:
        """The look for other photos: without masks."""
        untouched = self.masks(self.first_look(look.weights))
        return replace(look, settings={**look.settings, **untouched})

    def chain_of(self, weights: str) -> Chain | None:
        """The chain that begins with weights, where all of it is there."""
        return next(
            (c for c in CHAINS if c.ids[0] == weights and all(i in self for i in c.ids)), None
        )

    def steps(self, stack: Stack) -> tuple[Step, ...]:
        """The steps of a stack that are on, for a request; none where weights are not there.

        What comes behind one that shows a mask does not count: it would act on that.
        """
        if not all(look.weights in self for look in stack.active):
            return ()
        steps: list[Step] = []
        for look in stack.active:
            steps.append(Step(look.weights, self.find(look.weights).sha256, dict(look.settings)))
            if self._shows(look):
                break
        return tuple(steps)

    def shown_instead(self, stack: Stack) -> str:
        """What a step shows in the place of its result, such as ``Mask alone``; empty: nothing."""
        return next(filter(None, map(self._shows, stack.active)), "")

    def _shows(self, look: Look) -> str:
        for control in self.controls(look.weights):
            if isinstance(control, Choice) and control.name == SHOW:
                value = look.settings.get(SHOW, control.default)
                other = (o.title for o in control.options if o.id == value != control.default)
                return next(other, "")
        return ""

    def made(self, stack: Stack) -> str:
        """What a photo is behind a stack, such as ``enhanced-styled``; a part of file names."""
        tools = (tool_of(self.model_of(look.weights)) for look in stack.active)
        return "-".join(dict.fromkeys(tool.made for tool in tools))

    def with_masks(self, stack: Stack, own: Stack) -> Stack:
        """Another photo's stack with the masks that the steps of this one's own have.

        Each has those of the first step with its weights, or else of the one in its place.
        """
        same = {step.look.weights: step.look for step in reversed(own.steps)}
        steps: list[OfStack] = []
        for place, step in enumerate(stack.steps):
            look = self.unmasked(step.look)
            in_place = own.steps[place].look if place < len(own) else look
            masks = self.masks_for(look.weights, same.get(look.weights, in_place))
            masked = replace(look, settings={**look.settings, **masks})
            steps.append(replace(step, look=masked))
        return replace(stack, steps=tuple(steps))

    def first_of(self, model: str) -> str:
        """Id of a model's first weights."""
        return next(k.weights.id for k in self.known if k.weights.model == model)

    @property
    def upscaler(self) -> Known | None:
        """What makes pictures twice as large; None: there is nothing for that."""
        found = (k for k in self.known if k.weights.model == "enhance" and k.weights.scale == 2)
        return next(found, None)

    def thumbnails(self, weights: str) -> list[tuple[str, str]]:
        """(control's name, option's id) of every tile of a gallery."""
        return _styles(self.controls(weights))
