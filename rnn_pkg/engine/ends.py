"""What a network reads and what it says, which depends on what it is to learn."""

from typing import NamedTuple


class Ends(NamedTuple):
    """The two ends of a network, below its first layer and above its last.

    Attributes:
        inputs: I, how long each input is: the columns of the first layer's W_ih.
        outputs: O, how long each output is: the rows of the decoder.
        loss: which of LOSSES tells how wrong an output is.
        one_hot: inputs are one-hot by meaning, and given by their ids; otherwise by their numbers.
    """

    inputs: int
    outputs: int
    loss: str
    one_hot: bool = False


def character_ends(vocabulary_size: int) -> Ends:
    """Return those of a network that reads characters and expects the next one."""
    return Ends(vocabulary_size, vocabulary_size, "cross_entropy", one_hot=True)
