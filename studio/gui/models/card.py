"""What a model is: how it was trained, on what, how good it is, and what may be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QMovie, QPixmap
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio.core.catalogue import Weights
from studio.core.words.said import say
from studio.core.words.tongue import number, tr
from studio.gui.state.tools import tool_of
from studio.gui.widgets.labels import bold_label
from studio.gui.widgets.rows.more import More

# What the grades of `weights/README.md` mean for whoever uses a result.
_GRADES = {
    "A": say("Free to use, also commercially, with credit to its sources."),
    "A-": say("Free to use; a part of its sources states no licence."),
    "B": say("Free to use; the notice of its sources goes along."),
    "C": say(
        "Free to use at home: rights in what it learned from belong to others, so check before "
        "commercial use."
    ),
}
_WIDE = QSize(448, 320)  # px, the largest picture
_LEAST = 160
_SMALL = 100_000  # bytes, of a file whose size is told in kB


@dataclass(frozen=True)
class Preview:
    """A picture, and the bytes of the film that it begins, if it does."""

    image: QImage
    film: bytes


class ModelCard(QWidget):
    """Tells what stands in the header of a weights file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = bold_label("")
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self.title.setFont(font)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        policy = QSizePolicy.Policy
        self.picture.setSizePolicy(policy.Ignored, policy.Preferred)
        self.picture.hide()
        self.details: More
        self._movie: QMovie | None = None
        self._told = QWidget()
        inside = QWidget()
        self._inside = QVBoxLayout(inside)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.setSpacing(16)
        self._inside.addWidget(self.picture)
        self._inside.addWidget(self._told)
        self._inside.addStretch()
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(tr("About this model"))
        self._area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(self.title)
        layout.addWidget(self._area, 1)

    def show_model(self, weights: Weights) -> None:
        """Tells of other weights, without a picture as yet."""
        self.title.setText(weights.title)
        self._put_away_picture()
        self.details = More([_form(facts_of(weights))], tr("Details"), tr("How it was made"))
        told = QWidget()
        layout = QVBoxLayout(told)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(_form(told_of(weights)))
        layout.addWidget(self.details)
        self._inside.replaceWidget(self._told, told)
        self._told.deleteLater()
        self._told = told

    def show_preview(self, preview: Preview) -> None:
        """Shows a picture, or a film over and over; nothing where it is neither."""
        self._put_away_picture()
        image = preview.image
        if image.isNull():
            return
        self.picture.show()
        if preview.film:
            buffer = QBuffer()
            buffer.setData(QByteArray(preview.film))
            movie = QMovie(buffer, QByteArray(), self)
            buffer.setParent(movie)
            movie.setCacheMode(QMovie.CacheMode.CacheAll)
            movie.setScaledSize(self._fitting(image.size()))
            self._movie = movie
            self.picture.setMovie(movie)
            movie.start()
        else:
            aspect, smooth = Qt.AspectRatioMode, Qt.TransformationMode.SmoothTransformation
            size = self._fitting(image.size()) * self.devicePixelRatioF()
            pixmap = QPixmap.fromImage(image.scaled(size, aspect.KeepAspectRatio, smooth))
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            self.picture.setPixmap(pixmap)

    def _fitting(self, size: QSize) -> QSize:
        width = max(_LEAST, self._area.viewport().width())
        return size.scaled(_WIDE.boundedTo(QSize(width, width)), Qt.AspectRatioMode.KeepAspectRatio)

    def _put_away_picture(self) -> None:
        self.picture.clear()
        self.picture.hide()
        if self._movie is not None:
            self._movie.deleteLater()
            self._movie = None


def read_preview(path: Path) -> Preview:
    """Decodes what shows the use of weights, which may be missing; not for the window's thread."""
    data = path.read_bytes() if path.is_file() else b""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    reader = QImageReader(buffer)
    moves, image = reader.imageCount() > 1, reader.read()
    most = _WIDE * 2  # sharp on a screen of 200 %
    if image.width() > most.width():
        aspect, smooth = Qt.AspectRatioMode, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(most, aspect.KeepAspectRatio, smooth)
    return Preview(image, data if moves else b"")


def told_of(weights: Weights) -> dict[str, str]:
    """What most people want to know of weights; what the header does not say is left out."""
    grade, _, said = weights.licence.removeprefix("grade ").partition(": ")
    source = tr(weights.learned_from)
    steps = weights.training.get("steps")
    told = {
        tr("For"): tool_of(weights.model).does,
        tr("Learned from"): source[:1].upper() + source[1:],
        tr("Licence"): tr(_GRADES.get(grade, "" if said else weights.licence)),
        tr("Size"): _size(weights),
        tr("Folder"): str(weights.path.parent),
    }
    if steps == 0:
        told[tr("Learned from")] = tr("Nothing: it computes by rules.")
    return {name: words for name, words in told.items() if words}


def facts_of(weights: Weights) -> dict[str, str]:
    """What is known of how weights were made; what the header does not say is left out."""
    training = weights.training
    steps, hours = training.get("steps"), training.get("hours")
    facts = {
        tr("File"): f"{weights.id}, {_size(weights)}",
        tr("Licence"): weights.licence,
        tr("Trained"): _listed(
            tr("{steps:,} steps", steps=steps) if steps else "",
            tr("{hours:g} hours", hours=hours) if hours else "",
            str(training.get("hardware", "")),
        ),
        tr("Data"): _listed(*(f"{name} ({grade})" for name, grade in _pairs(training.get("data")))),
        tr("Command"): str(training.get("command", "")),
        tr("Figures"): "\n".join(
            f"{name}: {number(value)}"
            for name, value in _pairs(weights.metrics)
            if isinstance(value, int | float)
        ),
    }  # fmt: skip
    return {name: words for name, words in facts.items() if words}


def _pairs(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []


def _listed(*words: str) -> str:
    return ", ".join(word for word in words if word)


def _form(facts: Mapping[str, str]) -> QWidget:
    form = QWidget()
    layout = QFormLayout(form)
    layout.setContentsMargins(0, 0, 12, 0)
    layout.setHorizontalSpacing(16)
    layout.setVerticalSpacing(8)
    for name, words in facts.items():
        label = QLabel(words)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        title = QLabel(name)
        title.setObjectName("dim")
        title.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addRow(title, label)
    return form


def _size(weights: Weights) -> str:
    if weights.size < _SMALL:
        return tr("{size:.0f} kB", size=weights.size / 1e3)
    return tr("{size:.1f} MB", size=weights.size / 1e6)
