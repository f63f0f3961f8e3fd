"""The journal in a folder of results: what it is trusted with, and what it knows."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from studio.core.events import Cancelled, ItemEnded, Progressed
from studio.core.requests import Batch, SaveOptions
from tests.conftest import draw_photo
from tests.engine.conftest import JOURNAL, Front, ended, files, refused

SIZE = 9


def interrupted(front: Front, batch: Batch) -> list[str]:
    """The lines of a batch that was cancelled when its first picture was done."""
    front.at = lambda e: front.engine.cancel(e.job) if isinstance(e, ItemEnded) else None
    assert isinstance(front.run(batch)[-1], Cancelled)
    front.at = lambda _: None
    return Path(batch.output, JOURNAL).read_text().splitlines()


def rewrite(batch: Batch, lines: list[str], end: str = "\n") -> Path:
    journal = Path(batch.output, JOURNAL)
    journal.write_text("\n".join(lines) + end)
    return journal


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize(
    ("part", "output"),
    [
        ("../victim", "e.png"),
        ("{folder}/victim", "e.png"),
        ("victim", "e.png"),
        (".studio-{batch}-0123456789ab.part", "../stolen.png"),
        (".studio-{batch}-0123456789ab.part", "{folder}/stolen.png"),
        (".studio-{batch}-0123456789ab.part", "sub/../../stolen.png"),
        (".studio-{batch}-0123456789ab.part", JOURNAL),
        ("../.studio-{batch}-0123456789ab.part", "../stolen.png"),
        (7, "e.png"),
        (".studio-{batch}-0123456789ab.part", None),
    ],
)
def test_that_a_journal_moves_nothing_out_of_its_folder_or_into_it(
    front: Front, batch: Batch, tmp_path: Path, overwrite: bool, part: object, output: object
) -> None:
    save = SaveOptions(overwrite=overwrite)
    lines = interrupted(front, replace(batch, save=save))
    names = {"folder": str(tmp_path), "batch": json.loads(lines[0])["batch"]}
    entry = {
        "item": "a.png", "seconds": 1.0, "size": SIZE, "replace": True,
        "part": part.format(**names) if isinstance(part, str) else part,
        "output": output.format(**names) if isinstance(output, str) else output,
    }  # fmt: skip
    victims = [
        tmp_path / "victim", Path(batch.output, "victim"),
        tmp_path / f".studio-{names['batch']}-0123456789ab.part",
    ]  # fmt: skip
    for victim in (*victims, Path(batch.output, f".studio-{names['batch']}-0123456789ab.part")):
        victim.write_bytes(SIZE * b"v")
    rewrite(batch, [lines[0], json.dumps(entry)])
    for name in files(Path(batch.source)).keys() & files(Path(batch.output)).keys():
        Path(batch.output, name).unlink()
    assert ended(front.run(replace(batch, resume=not overwrite, save=save))).done == 5
    assert [victim.read_bytes() for victim in victims] == 3 * [SIZE * b"v"]
    assert not (tmp_path / "stolen.png").exists()
    assert {p.name for p in tmp_path.iterdir()} == {"in", "out", "weights", *(
        victim.name for victim in victims if victim.parent == tmp_path
    )}  # fmt: skip


def test_that_a_line_that_is_not_known_costs_no_other_line(front: Front, batch: Batch) -> None:
    ended(front.run(batch))
    lines = Path(batch.output, JOURNAL).read_text().splitlines()
    strange = ['{"mood": "sunny"}', "\x00\x00 damaged", '["item"]', "[" * 100_000, '{"item": 3}']
    first, *rest = [line for line in lines if "ended" not in line]
    newer = [json.dumps({**json.loads(line), "pages": 3}) for line in rest]
    journal = rewrite(batch, [first, *strange, *newer], end='\n{"item": "unfin')
    end = ended(front.run(replace(batch, resume=True)))
    assert (end.done, end.done_before) == (0, 5)
    now = journal.read_text()
    assert all(line in now for line in strange)
    assert "unfin" not in now


def test_that_a_batch_of_a_newer_studio_is_refused_in_words_and_left_as_it_is(
    front: Front, batch: Batch
) -> None:
    first, *rest = interrupted(front, batch)
    said = json.loads(first)
    said["request"]["mood"] = "sunny"
    journal = rewrite(batch, [json.dumps(said), *rest])
    before = journal.read_bytes()
    failed = refused(front.run(replace(batch, resume=True)))
    assert "mood" in failed.message
    assert "newer" in failed.hint
    assert journal.read_bytes() == before


@pytest.mark.parametrize(
    "change", [{"batch": "*"}, {"batch": 5}, {"request": 5}, {"request": {"settings": 5}}]
)
def test_that_a_journal_with_a_wrong_first_line_is_named(
    front: Front, batch: Batch, change: dict[str, object]
) -> None:
    first, *rest = interrupted(front, batch)
    said = json.loads(first)
    if isinstance(change.get("request"), dict):
        change = {"request": {**said["request"], "settings": 5}}
    rewrite(batch, [json.dumps({**said, **change}), *rest])
    failed = refused(front.run(replace(batch, resume=True)))
    assert JOURNAL in failed.message
    assert "report" not in failed.hint


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_that_a_linked_journal_is_not_followed(front: Front, batch: Batch, tmp_path: Path) -> None:
    lines = interrupted(front, batch)
    journal, target = Path(batch.output, JOURNAL), tmp_path / "diary"
    target.write_text("\n".join([*lines, "dear diary"]))
    journal.unlink()
    journal.symlink_to(target)
    for again in (replace(batch, resume=True), replace(batch, save=SaveOptions(overwrite=True))):
        assert "link" in refused(front.run(again)).message
        assert target.read_text().endswith("dear diary")


KILLED = """
import os, signal, sys
import studio.engine.batch.work as work
from studio.__main__ import main

opened = work.open_picture


def deadly(path, **more):
    picture = opened(path, **more)
    if path.name == "c.WEBP":  # as memory that does not suffice would
        os.kill(os.getpid(), signal.SIGKILL)
    return picture


work.open_picture = deadly
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_that_a_picture_that_kills_the_program_twice_is_named_and_the_others_are_done(
    batch: Batch, folder: Path, tmp_path: Path, weights_folder: Path
) -> None:
    command = [sys.executable, "-c", KILLED, "batch", "style/tiny", str(folder), "-o", batch.output]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    ends: list[int] = []
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    while done.returncode < 0 and len(ends) < 5:
        ends.append(done.returncode)
        again = [*command, "--resume"]
        done = subprocess.run(again, env=env, capture_output=True, text=True, check=False)
    assert len(ends) == 2
    assert done.returncode == 1, done.stderr
    assert "c.WEBP" in done.stderr
    assert "ended 2 times" in done.stderr
    assert set(files(Path(batch.output))) == {
        "a.png", "b.jpg", "sub/d.png", "sub/deep/größe 1.jpg"
    }  # fmt: skip


def test_that_a_picture_is_not_blamed_for_a_batch_that_was_stopped_at_it(
    front: Front, batch: Batch, folder: Path
) -> None:
    slow = replace(batch, settings={"stroke": 0.1}, tile="16")
    Image.fromarray(draw_photo(900, 700)).save(folder / "b2.png", compress_level=1)
    for resume in (False, True, True):
        front.at = lambda e: front.engine.cancel(e.job) if isinstance(e, Progressed) else None
        front.run(replace(slow, resume=resume))
    front.at = lambda _: None
    end = ended(front.run(replace(slow, resume=True)))
    assert (end.done + end.done_before, end.failed) == (6, 0)


def test_that_a_picture_beyond_what_memory_is_left_is_named_before_it_is_opened(
    front: Front, batch: Batch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.fromarray(draw_photo(400, 300)).save(folder / "large.png")
    monkeypatch.setattr("studio.core.memory.available", lambda: 1_000_000)
    seen = front.run(batch)
    assert (ended(seen).done, ended(seen).failed) == (5, 1)
    (error,) = [e.error for e in seen if isinstance(e, ItemEnded) and e.error]
    assert "large.png needs about" in error
    assert "memory" in error
