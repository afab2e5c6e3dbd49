"""Live video of nine cameras, as in a large home. Two cores decode so many only with difficulty: `make torture` only."""

import pytest

from kit.demo import Demo
from ui.test_live import wait_until_all_play

pytestmark = pytest.mark.torture


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """Returns the address of an edge with nine cameras."""
    demo = Demo(tmp_path_factory.mktemp("nine") / "state", "--cameras", "9")
    try:
        yield demo.until_up(240).base
    finally:
        demo.stop()


def test_every_tile_plays(visit):
    assert len(wait_until_all_play(visit("/").page, 120_000)) == 9
