"""Weights that a person brings in, and takes away again."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QFile, QObject, Signal
from PySide6.QtGui import QImage, QImageWriter

from studio.core.catalogue import own_weights
from studio.core.errors import StudioError
from studio.core.files.disk import write_whole
from studio.core.own_weights import free_name, import_weights
from studio.core.weights_file import Weights, read_weights
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.state.background import Background
from studio.gui.state.library import Library
from studio.gui.state.messages import Messages
from studio.gui.state.photo.loading import ScreenCopy
from studio.gui.state.photo.reading import Reading
from studio.gui.state.toolbox import Known, has_tool

SUFFIX = ".safetensors"
_PREVIEW = 960  # px, longest side
_IMPORT = "import"  # what a message is about


class OwnModels(QObject):
    """Copies weights into the person's own folder, and moves them to the bin.

    Args:
        library: the weights that are there.
        background: copies and moves.
        reading: opens the preview that comes with weights, which anybody may have made.
        messages: to say what has become of it.
        read_weights: reads anew which weights there are, and then calls what it is given.

    Signals:
        arrived: (id) these weights are there, now or already.
    """

    arrived = Signal(str)

    def __init__(
        self,
        library: Library,
        background: Background,
        reading: Reading,
        messages: Messages,
        read_weights: Callable[[Callable[[], None]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library, self._background, self._reading = library, background, reading
        self._messages, self._read_weights = messages, read_weights
        self._coming: set[Path] = set()  # where files are being copied to
        self._refused: list[Path] = []  # when files were last brought
        self._under_way = 0  # what is being looked at or copied

    def bring(self, paths: Sequence[Path]) -> None:
        """Imports weights files, or those in folders; nothing that is there is replaced."""

        def failed(error: StudioError) -> None:
            self._end()
            self._messages.error(error)

        for path in self._refused:
            self._messages.settle(path)
        self._begin()
        self._background.run(partial(_look_at, paths), self._take, failed)

    def remove(self, weights: Weights) -> None:
        """Moves own weights and their pictures to the bin."""

        def gone() -> None:
            self._messages.settle(weights.path)
            self._messages.note(tr("{title} is in the bin.", title=weights.title))

        def failed(error: StudioError) -> None:
            self._messages.error(error, about=weights.path)
            self._read_weights(lambda: None)

        def moved(_: None) -> None:
            self._read_weights(gone)

        self._background.run(partial(_to_bin, weights), moved, failed)

    def is_gone(self, id_: str) -> bool:
        """Whether a file of weights has gone; if so, it is said, and they are read anew."""
        toolbox = self._library.toolbox
        weights = toolbox.find(id_).weights if id_ in toolbox else None
        if weights is None or weights.path.is_file():
            return False
        words = say("{title} is no longer there", title=weights.title)
        self._messages.error(StudioError(words, str(weights.path)), about=weights.path)
        self._read_weights(lambda: None)
        return True

    def _take(self, found: tuple[list[Known], list[tuple[Path, StudioError]]]) -> None:
        usable, refused = found
        self._refused = [path for path, _ in refused]
        for path, error in refused:
            self._messages.error(error, about=path, run=say("files were not imported"))
        for known in usable:
            self._decide(known.weights, known.sha256)
        self._end()

    def _begin(self) -> None:
        """Files are read whole, for their hashes: a large one takes seconds."""
        self._under_way += 1
        self._messages.going_on(tr("Importing…"), about=_IMPORT)

    def _end(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._messages.settle(_IMPORT)

    def _decide(self, weights: Weights, sha256: str) -> None:
        toolbox, path = self._library.toolbox, weights.path
        same = next((each for each in toolbox.known if each.sha256 == sha256), None)
        if same is not None:
            self._messages.note(
                tr(
                    "{name} is here already: {title}.",
                    name=path.name,
                    title=toolbox.title(same.weights.id),
                )
            )
            self.arrived.emit(same.weights.id)
        elif weights.id in toolbox:
            there = toolbox.title(weights.id)
            keep = partial(self._copy, weights)
            self._messages.ask(
                tr(
                    "There is another {id} here, “{there}”, which stays. Keep {name} beside it?",
                    id=weights.id,
                    there=there,
                    name=path.name,
                ),
                tr("Keep both"),
                keep,
                about=path,
            )
        else:
            self._copy(weights)

    def _copy(self, weights: Weights) -> None:
        self._messages.settle(weights.path)
        folder = own_weights() / weights.model
        target = folder / f"{free_name(weights.path.stem, partial(self._is_taken, folder))}{SUFFIX}"
        self._coming.add(target)
        self._begin()

        def failed(error: StudioError) -> None:
            self._coming.discard(target)
            self._end()
            about = weights.path
            self._messages.error(error, about=about, run=say("files were not imported"))

        take = partial(self._copied, weights)
        self._background.run(partial(import_weights, weights.path, target), take, failed)

    def _is_taken(self, folder: Path, name: str) -> bool:
        path = folder / f"{name}{SUFFIX}"
        taken = f"{folder.name}/{name}" in self._library.toolbox
        return taken or path in self._coming or path.exists()

    def _copied(self, source: Weights, copy: Weights) -> None:
        """Takes the preview along, as far as the reader can make anything of it."""
        self._coming.discard(copy.path)
        read = partial(self._read, copy)

        def take(opened: ScreenCopy) -> None:
            self._background.run(partial(_write_preview, opened.image, copy), read, read)

        if source.preview.is_file():
            self._reading.picture(source.preview, _PREVIEW, take, read)
        else:
            read(None)

    def _read(self, copy: Weights, _: object) -> None:
        def tell() -> None:
            self._end()
            self._messages.note(
                tr("{title} was imported.", title=self._library.toolbox.title(copy.id))
            )
            self.arrived.emit(copy.id)

        self._read_weights(tell)


def _look_at(paths: Iterable[Path]) -> tuple[list[Known], list[tuple[Path, StudioError]]]:
    """What files are, with their hashes; off the window's thread."""
    found: list[Known] = []
    refused: list[tuple[Path, StudioError]] = []
    for path in _files(paths):
        try:
            weights = read_weights(path)
        except StudioError as error:
            refused.append((path, error))
            continue
        if has_tool(weights):
            found.append(Known(weights, weights.sha256, own=True))
        else:
            words = say("{path} is for no tool of this window", path=path)
            refused.append((path, StudioError(words, "the command line can use it")))
    return found, refused


def _files(paths: Iterable[Path]) -> list[Path]:
    """Files as they are, folders as the weights in them.

    Raises:
        StudioError: there are none in a folder.
    """
    files: list[Path] = []
    for path in paths:
        inside = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not inside:
            raise StudioError(
                say("there are no weights in {path}", path=path),
                say("their names end with {suffix}", suffix=SUFFIX),
            )
        files += inside
    return files


def _write_preview(image: QImage, weights: Weights) -> None:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"webp").write(image)
    write_whole(weights.preview, bytes(buffer.data().data()), overwrite=True)


def _to_bin(weights: Weights) -> None:
    """Raises StudioError where the system has no bin for that disk; the file is left there then."""
    for path in (weights.path, weights.preview, weights.path.with_suffix("")):
        if path.exists() and not QFile(str(path)).moveToTrash():
            raise StudioError(
                say("{path} cannot be moved to the bin", path=path), "remove it in its folder"
            )
