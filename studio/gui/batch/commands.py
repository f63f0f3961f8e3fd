"""Opens the batch page, and brings it together with look, preferences and the running batch."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.core.events import BatchFinished, ItemEnded
from studio.core.files.leftovers import TemporaryFolder
from studio.core.requests import Batch, SaveOptions
from studio.core.words.tongue import tr
from studio.gui.batch.files import Begun, copy_report, find_begun
from studio.gui.batch.form import BatchChoice
from studio.gui.batch.page import BatchPage
from studio.gui.state.look import Look
from studio.gui.state.look_words import describe
from studio.gui.state.place import BATCH
from studio.gui.state.running.batch_runner import BatchRunner
from studio.gui.state.running.job_list import ListedJob
from studio.gui.state.stack import Stack
from studio.gui.state.workspace import Workspace

_REST_MS = 300  # typing in the folder of results must rest before it is looked into


class BatchCommands(QObject):
    """Does what the page's buttons say.

    Args:
        workspace: has the look, the engine and the preferences.
        parent: of the dialog.
    """

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._parent = workspace, parent
        self._page: BatchPage | None = None
        self._begun: Begun | None = None
        self._reports = TemporaryFolder()
        self._started = 0
        self.runner = BatchRunner(workspace.jobs, workspace.activity, self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look_for_begun)
        self.runner.changed.connect(self._show)
        self.runner.item_failed.connect(self._take_failure)
        self.runner.written.connect(self._remember_output)
        self.runner.ended.connect(self._look_for_begun)
        workspace.photos.look_changed.connect(self._show)
        workspace.job_list.folder_retried.connect(self._try_again)
        workspace.activity.opened.connect(lambda _: self.open())
        workspace.place.changed.connect(self._place_changed)

    @property
    def page(self) -> BatchPage:
        """The page; made when it is first asked for."""
        if self._page is None:
            self._page = self._make_page()
        return self._page

    def open(self) -> None:
        """Shows the page with the weights and settings of the panel."""
        self._workspace.place.show(BATCH)

    def act(self, what: str, job: ListedJob) -> None:
        """Holds the batch, lets it go on or stops it, as the list of jobs asks."""
        acts = {"pause": self.runner.pause, "resume": self.runner.resume, "cancel": self._stop}
        if self.runner.job is not None and job.handle.id == self.runner.job.id and what in acts:
            acts[what]()

    def _place_changed(self) -> None:
        if self._workspace.place.page == BATCH:
            self._show()
            self._look_for_begun()
            self.page.take_focus()

    def close(self) -> None:
        """Removes what was kept for a report."""
        self._reports.remove()

    def _make_page(self) -> BatchPage:
        page, kept = BatchPage(), self._workspace.preferences
        save = SaveOptions(kept.batch_quality, metadata=kept.batch_metadata)
        _fill(
            page,
            Batch(
                "", kept.batch_source, kept.batch_output, recursive=kept.batch_recursive,
                file_format=kept.batch_format,
                save=save,  # never with what was chosen of replacing: that takes files away
            ),
        )  # fmt: skip
        page.left.connect(self._workspace.place.leave)
        page.form.changed.connect(self._show)
        page.form.output_changed.connect(self._rest.start)
        progress = page.progress
        progress.started.connect(self._start)
        progress.gone_on.connect(self._go_on)
        progress.paused.connect(self.runner.pause)
        progress.resumed.connect(self.runner.resume)
        progress.cancelled.connect(self._stop)
        progress.folder_wanted.connect(self._open_results)
        progress.report_wanted.connect(self._save_report)
        show = self._workspace.messages.show_file
        page.failures.opened.connect(lambda path: show(Path(path).parent))
        return page

    def _show(self) -> None:
        """Makes the page show the state of things."""
        page = self._page
        if page is None:
            return
        stack, running = self._workspace.photos.next_stack, self.runner.under_way
        request = self.runner.request
        if running and request is not None:
            stack = Stack.of(*(Look(s.weights, s.settings) for s in request.steps))
        if stack is not None:
            self._show_stack(page, stack)
        page.form.setEnabled(not running)
        begun = None if running else self._begun
        ours = request is not None and begun is not None and request.output == begun.request.output
        page.show_begun("" if begun is None or ours else _words(begun))
        complete = stack is not None and not self._workspace.toolbox.lacks_painting(stack)
        fits = complete and page.form.choice() is not None
        page.progress.show_state(
            self.runner.state, None if begun is None else begun.done, fits=fits
        )

    def _show_stack(self, page: BatchPage, stack: Stack) -> None:
        photos, toolbox = self._workspace.photos, self._workspace.toolbox
        titles, words = zip(*map(self._words_of, stack.active), strict=True)
        said = "\n".join(filter(None, words))
        if stack == photos.next_stack and photos.stack not in (None, stack):
            said = tr("{settings} · without the mask, which is this photo's", settings=said)
        page.show_look(tr(", then ").join(titles), said)
        page.form.name_results(toolbox.made(stack))

    def _words_of(self, look: Look) -> tuple[str, str]:
        """The title and the settings of a step."""
        toolbox = self._workspace.toolbox
        if look.weights not in toolbox:  # of a batch of the command line, with weights of its own
            return look.weights, ""
        settings = toolbox.fitting(look.weights, look.settings).settings
        return toolbox.title(look.weights), describe(toolbox.controls(look.weights), settings)

    def _start(self) -> None:
        stack = self._workspace.photos.next_stack
        steps = () if stack is None else self._workspace.toolbox.steps(stack)
        choice = None if self._page is None else self._page.form.choice()
        if not steps or choice is None:
            return
        first, *then = steps
        self._run(
            Batch(
                weights=first.weights,
                source=str(choice.source),
                output=str(choice.output),
                sha256=first.sha256,
                settings=first.settings,
                then=tuple(then),
                recursive=choice.recursive,
                file_format=choice.file_format,
                save=SaveOptions(
                    quality=choice.quality,
                    overwrite=choice.overwrite,
                    metadata=choice.metadata,
                    recorded=self._workspace.preferences.save_recorded,
                ),
            )
        )

    def _go_on(self) -> None:
        """Goes on as it was begun, whatever the panel says by now."""
        last = self.runner.request if self._begun is None else self._begun.request
        if last is not None:
            self._try_again(last)

    def _try_again(self, request: Batch) -> None:
        """Does what is left of a batch."""
        page = self.page
        self._run(replace(request, resume=True))
        _fill(page, request)

    def _stop(self) -> None:
        if self.runner.job is not None:
            self._workspace.stopping.stop(self.runner.job, self.runner.cancel)

    def _run(self, request: Batch) -> None:
        page = self._page
        if page is None or self.runner.under_way:
            return
        self._remember(request)
        self._begun = None
        page.failures.clear()
        self._started += 1
        report = self._reports.path / f"report-{self._started}.json"
        self.runner.start(replace(request, report=str(report)))

    def _remember(self, request: Batch) -> None:
        self._workspace.remember(
            batch_source=request.source,
            batch_recursive=request.recursive,
            batch_format=request.file_format,
            batch_quality=request.save.quality,
            batch_metadata=request.save.metadata,
        )

    def _remember_output(self) -> None:
        if self.runner.request is not None:
            self._workspace.remember(batch_output=self.runner.request.output)

    def _take_failure(self, event: ItemEnded) -> None:
        if self._page is not None and self.runner.request is not None:
            self._page.failures.add(event.source, self.runner.request.source, event.error)

    def _look_for_begun(self) -> None:
        folder = None if self._page is None else self._page.form.output.path
        if folder is None or self.runner.under_way:
            self._take_begun(folder, None)
        else:
            self._workspace.background.run(
                partial(find_begun, folder),
                partial(self._take_begun, folder),
                self._workspace.messages.error,
            )

    def _take_begun(self, folder: Path | None, begun: Begun | None) -> None:
        if self._page is not None and self._page.form.output.path == folder:
            self._begun = begun
            self._show()

    def _open_results(self) -> None:
        if self.runner.request is not None:
            self._workspace.messages.show_file(Path(self.runner.request.output))

    def _save_report(self) -> None:
        finished = self.runner.state.finished
        if finished is None:
            return
        proposal = Path(finished.output).with_name(f"{Path(finished.output).name}-report.json")
        dialog = QFileDialog(self._parent, tr("Save report"), str(proposal), tr("JSON (*.json)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(lambda name: self._copy_report(finished, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def copy_report(self, to: Path) -> None:
        """Saves the report of the batch that has ended."""
        if self.runner.state.finished is not None:
            self._copy_report(self.runner.state.finished, to)

    def _copy_report(self, finished: BatchFinished, to: Path) -> None:
        self._workspace.background.run(
            partial(copy_report, finished, to),
            self._report_saved,
            self._workspace.messages.error,
        )

    def _report_saved(self, path: Path) -> None:
        self._workspace.messages.saved(path)


def _fill(page: BatchPage, request: Batch) -> None:
    """Shows the folders and options of a batch."""
    page.form.show_choice(
        request.source,
        request.output,
        BatchChoice(
            Path(request.source), Path(request.output), request.recursive, request.file_format,
            request.save.quality, request.save.metadata, request.save.overwrite,
        ),
    )  # fmt: skip


def _words(begun: Begun) -> str:
    return tr(
        "A batch with {weights} was begun in this folder of results and has not ended; {count}"
        " picture is done. It can be gone on with, with the settings that it has.",
        "A batch with {weights} was begun in this folder of results and has not ended; {count}"
        " pictures are done. It can be gone on with, with the settings that it has.",
        weights=begun.request.weights,
        count=begun.done,
    )
