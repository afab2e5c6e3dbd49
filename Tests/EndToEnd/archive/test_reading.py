"""Reads archived clips: while they are recorded, through edge and node, and after they are stored."""

import subprocess


from kit.places import GUARDIAN
from kit.probe import probe
from kit.waiting import until


def guardian(*arguments):
    return subprocess.run([GUARDIAN, *map(str, arguments)], capture_output=True, timeout=120, text=True, stdin=subprocess.DEVNULL)


def test_a_clip_is_listed_fetched_and_opened_while_it_is_recorded(minute_demo, tmp_path):
    demo = minute_demo.running.until_up()

    def uploading():
        items = demo.edge.json("/api/v1/archive", params={"status": "uploading"})["items"]
        # The first checkpoint may come after the first bytes.
        return next((item for item in items if item["size"] > 500_000 and item["parts"][0]["checkpoint"]), None)

    item = until(uploading, 60, "a clip is being uploaded, has more than 500 kB and a checkpoint")
    assert item["camera"] in ("street", "campus") and item["parts"][0]["checkpoint"]["plaintextLength"] > 0
    listed = guardian("archive", "list", "--config", demo.state / "edge.yaml", "--camera", item["camera"])
    assert item["clipId"] in listed.stdout, listed.stderr
    sealed, opened = tmp_path / "clip.grdn", tmp_path / "clip.mp4"
    fetched = guardian("archive", "fetch", item["clipId"], "--config", demo.state / "edge.yaml", "--output", sealed)
    assert fetched.returncode == 0, fetched.stderr
    done = guardian("archive", "open", sealed, "--code-file", demo.state / "owner.code", "--output", opened)
    assert done.returncode == 0 and "interrupted" in done.stdout, done.stderr
    assert float(probe(opened)["format"]["duration"]) > 1
    address = f"/api/v1/archive/{item['clipId']}?part=0"
    for api in (demo.edge, demo.node):
        part = api.get(address, headers={"Range": "bytes=1000-200999"}, timeout=60)
        assert part.status_code == 206 and part.content == sealed.read_bytes()[1000:201_000]


def test_the_journal_proves_every_stored_clip(minute_demo, tmp_path):
    code, summary, _ = minute_demo.finish()
    demo = minute_demo.running
    assert code == 0 and summary["archived"] == summary["events"]
    objects = sorted((demo.state / "archive").glob("*/clips/*/0.grdn"))
    assert objects
    for config in ("edge.yaml", "node.yaml"):
        for sealed in objects:
            proof = guardian("archive", "verify", sealed, "--config", demo.state / config, "--code-file", demo.state / "owner.code")
            assert proof.returncode == 0, proof.stdout
            assert "Every byte except the list of recipients matches the hash in the journal" in proof.stdout
            assert "open:" not in proof.stdout
    cut = tmp_path / "cut.grdn"
    whole = objects[0].read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    proof = guardian("archive", "verify", cut, "--config", demo.state / "edge.yaml")
    assert proof.returncode == 1 and "refuted: The file is cut" in proof.stdout
