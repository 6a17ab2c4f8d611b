"""What a page runs on, as far as browsers tell, and how many workers help there."""

from typing import NamedTuple

ENOUGH_TO_SHARE = 400_000
"""Characters from which several networks share a text: a shorter one is soon known by one, and by
several, which read it more often, sooner learned by heart."""

MOST = 4
"""So many workers are started unasked: more help less and less, and take memory."""

MEMORY_A_WORKER = 2.0
"""GB of a machine's memory for each worker, of which it takes a tenth or so."""

HELPERS_MEMORY = 0.25
"""The part of a machine's memory that further workers may take, if somebody wants as many."""

UNTOLD_MEMORY, UNTOLD_PHONES_MEMORY = 4.0, 2.0
"""GB that are assumed where a browser doesn't tell."""


class Machine(NamedTuple):
    """What a browser tells of the machine.

    Attributes:
        cores: those that there are, as the system counts them.
        memory: GB, roughly; None if it isn't told.
        phone: whether it is one, or a tablet.
    """

    cores: int = 1
    memory: float | None = None
    phone: bool = False

    @property
    def likely_memory(self) -> float:
        """GB, assumed if not told."""
        return self.memory or (UNTOLD_PHONES_MEMORY if self.phone else UNTOLD_MEMORY)


def workers_that_help(characters: int, machine: Machine) -> int:
    """Return how many networks should learn a text of so many characters at once.

    Of many cores half are taken: often two of them share what computes, and somebody else may want
    to compute too.
    """
    if characters < ENOUGH_TO_SHARE:
        return 1
    cores = machine.cores // 2
    if not machine.phone:
        cores = max(cores, min(machine.cores, 2))
    return max(1, min(cores, MOST, int(machine.likely_memory / MEMORY_A_WORKER)))


def helpers_that_fit(wanted: int, size: int, machine: Machine) -> int:
    """Return how many of the wanted further workers the machine can hold, each of so many bytes; of
    a phone, no more than take half of its cores. The first worker does the part of the others."""
    held = int(HELPERS_MEMORY * machine.likely_memory * 1e9 / size)
    cores = max(0, machine.cores // 2 - 1) if machine.phone else wanted
    return min(wanted, held, cores)
