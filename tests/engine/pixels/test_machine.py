"""What a person leaves to the engine, and what goes into the files."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from studio.core.catalogue import Catalogue
from studio.core.events import Failed, Finished
from studio.core.machine import Machine
from studio.core.picture_files import open_picture, read_request
from studio.core.progress import CancelledError
from studio.core.requests import Apply, Batch, SaveOptions
from studio.engine.jobs.interrupt import Interrupt
from studio.engine.pixels.nets import LoadedNets
from studio.models._spec import find_spec
from studio.models._weights import load_net
from tests.conftest import same_state, write_tiny
from tests.engine.conftest import Front


def test_that_the_device_that_was_set_is_that_of_every_job_that_names_none(
    front: Front, photo: Path
) -> None:
    front.engine.use(Machine(device="toaster"))
    failed = front.run(Apply("style/tiny", str(photo)))[-1]
    assert isinstance(failed, Failed)
    assert "toaster" in failed.message
    assert isinstance(front.run(Apply("style/tiny", str(photo), device="cpu"))[-1], Finished)
    front.engine.use(Machine())
    assert isinstance(front.run(Apply("style/tiny", str(photo)))[-1], Finished)


def test_that_the_workers_of_a_cluster_keep_their_own_devices() -> None:
    machine = Machine(device="cuda:1")
    assert machine.serve(Batch("a", "b", "c")).device == "cuda:1"
    assert machine.serve(Batch("a", "b", "c", cluster="auto")).device == "auto"


@pytest.mark.parametrize(("full", "kept"), [(False, torch.float16), (True, torch.float32)])
def test_that_nets_are_kept_in_the_precision_that_was_set(
    catalogue: Catalogue, full: bool, kept: torch.dtype
) -> None:
    weights = catalogue.find("style/tiny")
    spec = find_spec(weights.spec)
    # A device that computes nothing, and so is on every machine.
    net = LoadedNets(full_precision=full).get(weights, spec, torch.device("meta"))
    assert {each.dtype for each in net.parameters()} == {kept}


def test_that_gradients_are_as_before_once_work_was_given_up_in_the_midst_of_it() -> None:
    given_up = Interrupt().asking(lambda: not torch.is_grad_enabled())
    with pytest.raises(CancelledError), given_up, torch.no_grad():
        torch.zeros(1)
    assert torch.is_grad_enabled()


def test_that_a_save_gets_its_net_whatever_is_looked_at_at_each_of_its_steps(
    weights_folder: Path,
) -> None:
    spec, cpu, nets, interrupt = find_spec("style"), torch.device("cpu"), LoadedNets(), Interrupt()
    saved, *others = (
        write_tiny(weights_folder, spec, name, width=width)
        for name, width in (("one", 8), ("two", 16), ("three", 24))
    )
    looks = itertools.cycle(others)

    def look() -> bool:
        with interrupt.asking(lambda: False):
            nets.get(next(looks), spec, cpu)
        return False

    for _ in range(2):  # to be loaded, and kept
        with interrupt.asking(look):
            net = nets.get(saved, spec, cpu)
    same_state(net.state_dict(), load_net(saved, spec).state_dict())


@pytest.mark.parametrize("tile", ["auto", "16"])  # without torch, and with it
def test_that_a_file_has_16_bits_and_no_word_of_how_it_was_made_if_that_is_wished(
    front: Front, tmp_path: Path, tile: str
) -> None:
    source, output = tmp_path / "photo.jpg", tmp_path / "result.png"
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    Image.new("RGB", (64, 48), "teal").save(source, exif=exif)
    request = Apply("style/tiny", str(source), str(output), tile=tile)
    front.run(request)
    assert open_picture(output).metadata.bits == 8
    assert json.loads(read_request(output) or "")["weights"] == "style/tiny"
    wished = SaveOptions(overwrite=True, deep=True, recorded=False)
    front.run(replace(request, save=wished))
    result = open_picture(output)
    assert result.metadata.bits == 16
    assert result.metadata.exif is not None
    assert b"Camera" in result.metadata.exif
    assert read_request(output) is None
