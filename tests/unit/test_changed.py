"""What would follow if one score were another; other changes are tested in test_lessondesk."""

import numpy as np
import pytest

from rnn_pkg.look.changed import scores_if
from rnn_pkg.rnn import log_softmax


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
@pytest.mark.parametrize("probability", [1e-3, 0.25, 0.999, 1.0])
def test_one_probability_is_chosen_and_the_others_keep_their_ratio(shape, probability):
    y = np.array([1000.0, 1002.0, 1001.0]).reshape(shape)
    changed = scores_if(y, 1, probability)
    p = np.exp(log_softmax(changed)).reshape(-1)
    assert p[1] == pytest.approx(probability)
    assert p[0] / p[2] == pytest.approx(np.exp(-1))
    np.testing.assert_array_equal(np.delete(changed, 1), np.delete(y, 1))
    assert y.reshape(-1)[1] == 1002
