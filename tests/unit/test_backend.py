"""The seam: functions can be replaced by name, and come back."""

import numpy as np
import pytest

from rnn_pkg.engine import backend, linalg


@pytest.fixture(autouse=True)
def numpy_again():
    before = backend.installed()
    yield
    backend.install(before)


def test_what_is_installed_is_used_and_the_rest_is_numpys():
    backend.install({"dot": lambda a, b: "replaced"})
    assert linalg.dot(np.eye(2), np.eye(2)) == "replaced"
    assert backend.installed().keys() == {"dot"}
    assert linalg.column_sums(np.ones((3, 2))).tolist() == [3, 3]
    backend.install({})
    assert backend.installed() == {}
    np.testing.assert_array_equal(linalg.dot(np.eye(2), np.eye(2)), np.eye(2))


def test_what_is_installed_may_leave_arguments_to_numpy():
    def only_float32(a, b):
        return "replaced" if a.dtype == np.float32 else NotImplemented

    backend.install({"dot": only_float32})
    assert linalg.dot(np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32)) == "replaced"
    np.testing.assert_array_equal(linalg.dot(np.eye(2), np.eye(2)), np.eye(2))


def test_a_name_that_is_not_replaceable_is_told():
    with pytest.raises(
        ValueError, match=r"not replaceable: tanh; these are: adam_update, add_rows"
    ):
        backend.install({"tanh": np.tanh})
