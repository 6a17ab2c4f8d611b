"""What a cell is: a recurrence, forward over a whole sequence and backward through time.

A cell works on a sequence of T steps for B texts at once. What its input contributes to its G gates
(the projection W_ih x_t + b_ih) is computed for all T outside, so that only the product with the
hidden state is left inside the loop over time. Shapes, throughout:

    projected   (T, B, G*H)     the input's share of every gate
    weight_hh   (G*H, H)        hidden to hidden
    bias_hh     (G*H,)
    hidden      (T, B, H)       h_1 ... h_T
    state       a tuple of (B, H): (h,), or (h, c) where there is a cell state

Each cell is three functions. `forward(projected, weights, state)` returns the hidden states, the
state after the last step, and a cache: whatever `backward` needs. `backward(cache, dhidden,
dstate)` takes the gradients with respect to what forward returned and gives them with respect to
what it took. `activations(cache)` names what went on inside. The cells there are stand in cells.py.

The lessons show a cell's equations, which they find in the docstrings of `forward` and `backward`:
each is a line there, `h_t = o tanh(c_t)`, and what stands four spaces behind it says what it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rnn_pkg.engine.linalg import Array
from rnn_pkg.engine.recurrence import Cache, Parameter, Range, State, Weights

LETTERS = {
    "hidden state": "h_t",
    "cell state": "c_t",
    "input gate": "i",
    "forget gate": "f",
    "candidate": "g",
    "output gate": "o",
    "reset gate": "r",
    "update gate": "z",
}
"""How equations write what units do, where a cell doesn't say otherwise."""


@dataclass(frozen=True)
class Cell:
    """A recurrence.

    Attributes:
        label: what people call it.
        gates: what each of the G blocks of H rows of its weights is for.
        states: the arrays of its state, the hidden state first.
        shows: the names of its activations, "hidden state" first, and what they lie between.
        forward, backward, activations: see the module.
        own: its parameters besides those that every cell has.
        letters: how its equations write what its units do, where not as LETTERS has it.
        start: changes the weights that a network begins with, in place.
        source: what somebody wrote to make it; None for those of cells.py.
    """

    label: str
    gates: tuple[str, ...]
    states: tuple[str, ...]
    shows: Mapping[str, Range]
    forward: Callable[[Array, Weights, State], tuple[Array, State, Cache]]
    backward: Callable[[Cache, Array, State], tuple[Array, Weights, State]]
    activations: Callable[[Cache], dict[str, Array]]
    own: Mapping[str, Parameter] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    start: Callable[[Weights], object] | None = None
    source: str | None = None

    @classmethod
    def from_source(cls, source: str) -> "Cell":
        """Return a cell that somebody wrote; the source is run for that. See written.py.

        Raises:
            CellFault, a ValueError: it isn't the source of a cell; the message says what is wrong.
        """
        from rnn_pkg.engine import written  # few runs have a cell of one's own

        cell = written.from_source(source)
        contract = cell.contract
        return cls(
            label=written.label_of(source),
            gates=contract.gates,
            states=contract.states,
            shows=dict.fromkeys(contract.states),
            forward=cell.forward,
            backward=cell.backward,
            activations=cell.activations,
            own=contract.parameters,
            start=cell.start,
            source=source,
        )

    def letter(self, name: str) -> str:
        """Return how equations write an activation or a gate of this name; itself if there is no
        letter for it."""
        return self.letters.get(name, LETTERS.get(name, name))

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """All its parameters. Those of the input (ih) are used outside, for all steps at once."""
        gates = len(self.gates)
        return {
            "weight_ih": Parameter("input to hidden", lambda size, hidden: (gates * hidden, size)),
            "weight_hh": Parameter("hidden to hidden", lambda _, hidden: (gates * hidden, hidden)),
            "bias_ih": Parameter("bias of input to hidden", lambda _, hidden: (gates * hidden,)),
            "bias_hh": Parameter("bias of hidden to hidden", lambda _, hidden: (gates * hidden,)),
            **self.own,
        }
