"""The browser's opener on every vector of the format: verdict and plaintext."""

import pytest

from archive.conftest import VECTORS
from archive.opener import open_in

pytestmark = pytest.mark.parallel


@pytest.mark.parametrize("kind", ["blob", "range"])
def test_every_vector_gets_the_expected_verdict_in_the_browser(page, site, vectors, kind):
    wrong = []
    for case in vectors["cases"]:
        site.answers["/" + case["file"]] = (VECTORS / case["file"]).read_bytes()
        said = open_in(page, "/" + case["file"], vectors[case["owner"] + "Code"], kind)
        assert said["words"].endswith(".")
        if said["verdict"] != case["reason"] or case["size"] is not None and (said["size"], said["length"], said["sha256"]) != (case["size"], case["size"], case["sha256"]):
            wrong.append((case, said))
    assert len(vectors["cases"]) == 72 and not wrong, wrong
