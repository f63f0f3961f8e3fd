"""Reading and writing the tensors of a weights file; its header is `core.catalogue`'s."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import nn
from torch.overrides import TorchFunctionMode

from studio.core.errors import StudioError
from studio.core.files.disk import made_whole, write_error, write_part
from studio.core.weights_file import Weights, controls_to_json, read_weights
from studio.core.words.said import say
from studio.models._header import check_header
from studio.models._spec import ModelSpec


def load_net(weights: Weights, spec: ModelSpec) -> nn.Module:
    """The net of a weights file, in float32 on the CPU, ready for inference.

    Raises:
        StudioError: header or tensors do not fit the model, or cannot be read.
    """
    check_header(weights, spec)
    try:
        tensors = load_file(weights.path)
    except (OSError, SafetensorError):
        raise StudioError(
            say("{path} cannot be read", path=weights.path), "it may be damaged; get it anew"
        ) from None
    with _Unfilled():  # so that numbers are held once, and none is drawn in vain
        net = spec.build(weights.hyperparameters)
    expected = net.state_dict()
    if {n: t.shape for n, t in tensors.items()} != {n: t.shape for n, t in expected.items()}:
        raise StudioError(
            say(
                "the tensors of {path} do not fit the model {name}",
                path=weights.path,
                name=repr(spec.id),
            ),
            "the file may come from another version; get it anew",
        )
    # Copies, for those of the file are lent by it.
    tensors = {n: t.to(expected[n].dtype, copy=True) for n, t in tensors.items()}
    if not all(bool(tensor.isfinite().all()) for tensor in tensors.values()):
        raise StudioError(
            say("the tensors of {path} have values that are no numbers", path=weights.path),
            "the training may have failed; get it anew, or train it again",
        )
    net.load_state_dict(tensors, assign=True)
    return net.requires_grad_(False).eval()


class _Unfilled(TorchFunctionMode):
    """Within it a net's layers have shapes and no numbers: they take no memory, and no time.

    `torch.device("meta")` does so to all tensors; but whatever is drawn or reckoned with there
    needs torch's compiler, which takes a second to load.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        del types
        given = dict(kwargs or {})
        if func is nn.init.normal_:
            return given["tensor"]
        if func in {torch.empty, torch.zeros, torch.ones}:
            given["device"] = "meta"
        return func(*args, **given)


def save_weights(
    path: Path,
    net: nn.Module,
    spec: ModelSpec,
    *,
    title: str,
    licence: str,
    hyperparameters: Mapping[str, Any],
    training: Mapping[str, Any],
    metrics: Mapping[str, Any],
    check: Callable[[Weights], None] | None = None,
    overwrite: bool = True,
) -> Weights:
    """Writes a weights file in float16: to a temporary file, loaded back, run, then renamed.

    Args:
        path: ``<folder>/<model>/<name>.safetensors``.
        net: made by the spec's ``build`` with the same hyperparameters.
        spec: the model.
        title: for people.
        licence: grade and notice.
        hyperparameters: JSON.
        training: data sets and grades, steps, hours, hardware, command, commit; JSON.
        metrics: measured figures; JSON.
        check: runs the file that was written, and raises if it is not right.
        overwrite: replace a file of that name.

    Raises:
        StudioError: the file cannot be written.
    """
    header = {
        "studio.model": spec.id,
        "studio.title": title,
        "studio.licence": licence,
        "studio.controls": controls_to_json(spec.controls(hyperparameters)),
        "studio.local": json.dumps(spec.local),
        "studio.gradual": json.dumps(bool(spec.gradual)),
        "studio.scale": json.dumps(spec.scale(hyperparameters)),
        "studio.latent": json.dumps(spec.latent(hyperparameters)),
        "studio.hyperparameters": json.dumps(hyperparameters),
        "studio.training": json.dumps(training),
        "studio.metrics": json.dumps(metrics),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {k: v.detach().cpu().half().contiguous() for k, v in net.state_dict().items()}
    with made_whole(path, overwrite=overwrite) as part:
        try:
            write_part(part, save(tensors, header))
        except OSError as error:
            raise write_error(error, str(path)) from error
        written = read_weights(part)
        load_net(written, spec)
        if check is not None:
            check(written)
    return read_weights(path)
