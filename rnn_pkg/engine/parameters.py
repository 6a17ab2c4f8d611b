"""The parameters of a network: their names, as torch.nn has them, and their shapes."""

from typing import Protocol

from rnn_pkg.engine.cells import cell_of
from rnn_pkg.engine.ends import Ends


class Architecture(Protocol):
    """What a network is made by; a `Config` has all of it."""

    @property
    def cell(self) -> str: ...
    @property
    def cell_source(self) -> str: ...
    @property
    def hidden_size(self) -> int: ...
    @property
    def layers(self) -> int: ...
    @property
    def dropout(self) -> float: ...
    @property
    def input_dropout(self) -> float: ...
    @property
    def input_noise(self) -> float: ...


def parameter_name(layer: int, name: str) -> str:
    """Return the torch.nn name of a cell's parameter in a layer."""
    return f"rnn.{name}_l{layer}"


FIRST = parameter_name(0, "weight_ih")
"""It has a column for each number of an input; of a one-hot input, for each character."""

CHARACTER_AXES = {FIRST: 1, "decoder.weight": 0, "decoder.bias": 0}
"""Of the parameters that have a place for each character: along which axis."""


def parameter_shapes(architecture: Architecture, ends: Ends) -> dict[str, tuple[int, ...]]:
    """Return the shape of every parameter, by its torch.nn name.

    For layer k, with G gates: rnn.weight_ih_lk (G*H, I or H), rnn.weight_hh_lk (G*H, H),
    rnn.bias_ih_lk and rnn.bias_hh_lk (G*H,), and what the cell has of its own; then decoder.weight
    (O, H) and decoder.bias (O,). I inputs and O outputs: see Ends.
    """
    size, cell = architecture.hidden_size, cell_of(architecture.cell, architecture.cell_source)
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in range(architecture.layers):
        for name, parameter in cell.parameters.items():
            below = size if layer else ends.inputs
            shapes[parameter_name(layer, name)] = parameter.shape(below, size)
    shapes["decoder.weight"] = (ends.outputs, size)
    shapes["decoder.bias"] = (ends.outputs,)
    return shapes
