"""`make demo S3=…`: archives into S3 servers that check every signature."""

import re
import subprocess

import pytest
from botocore.config import Config
from botocore.session import get_session

from kit.archive import opened
from kit.demo import Demo
from kit.places import ROOT
from kit.rest import doctor
from kit.s3 import S3Server

BUCKET = "guardian-demo"
CLIP = re.compile(r"clips/[0-9a-f-]{36}/0\.grdn")
PICTURE = re.compile(r"events/[0-9a-f-]{36}/snapshot\.grdn")


def client(server, **configuration):
    return get_session().create_client(
        "s3", endpoint_url=server.endpoint, aws_access_key_id=server.key_id, aws_secret_access_key=server.secret,
        region_name=server.region, config=Config(s3={"addressing_style": "path"}, proxies={}, **configuration),
    )


def contents(s3, bucket=BUCKET):
    """Returns all sealed objects of a bucket: {key: bytes}."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    names = [item["Key"] for page in pages for item in page.get("Contents", []) if not item["Key"].startswith(".guardian/")]
    return {name: s3.get_object(Bucket=bucket, Key=name)["Body"].read() for name in names}


def test_make_demo_passes_the_server_on():
    # Within `make test` this is a recursive make, which would print the directories that it enters.
    said = subprocess.run(
        ["make", "--no-print-directory", "-n", "demo", "S3=http://127.0.0.1:9000", "ARGS=--headless --for 40"], cwd=ROOT,
        capture_output=True, text=True,
    )
    assert said.stdout.splitlines()[-1] == ".build/release/guardian demo --s3 http://127.0.0.1:9000 --headless --for 40"


@pytest.mark.timeout(400)
@pytest.mark.parametrize("kind, per_camera", [
    pytest.param("swift", True, id="swift, a bucket a camera"), pytest.param("moto", False, id="moto, one bucket", marks=pytest.mark.torture),
])
def test_the_demo_archives_into_a_server(kind, per_camera, tmp_path):
    with S3Server(kind) as server:
        state = tmp_path / "state"
        environment = {**server.environment, **({"GUARDIAN_ARCHIVE_BUCKET_PER_CAMERA": "true"} if per_camera else {})}
        running = Demo(state, "--for", "20", "--s3", server.endpoint, environment=environment)
        try:
            code, summary = running.finish(240)
        finally:
            running.stop()
        s3 = client(server)
        buckets = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if not bucket["Name"].endswith("+segments")]
        found = {name: body for bucket in buckets for name, body in contents(s3, bucket).items()}
        assert not any(s3.list_multipart_uploads(Bucket=bucket).get("Uploads") for bucket in buckets)
    assert code == 0, summary
    assert summary["archived"] == summary["events"] >= 2
    if per_camera:
        assert len(buckets) == 2 and all(re.fullmatch(r"camera-[0-9a-f-]{36}", bucket) for bucket in buckets), buckets
    else:
        assert buckets == [BUCKET]
    kinds = {name: CLIP.fullmatch(name) and ".mp4" or PICTURE.fullmatch(name) and ".jpg" for name in found}
    assert set(kinds.values()) == {".mp4", ".jpg"}, list(found)
    for number, (name, body) in enumerate(found.items()):
        sealed = tmp_path / f"{number}.grdn"
        sealed.write_bytes(body)
        assert opened(state, sealed, tmp_path / f"{number}{kinds[name]}") == "complete"
    # No file of the demo contains the secret key: no configuration, database or log.
    secrets = [server.secret.encode()]
    for path in state.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            assert not any(secret in body for secret in secrets), path
    assert not list((state / "node").rglob("*.grdn")), "the spool is not empty"
    assert doctor(state, "edge") == (0, [])


def test_the_demo_says_what_is_missing_before_it_starts(tmp_path):
    running = Demo(tmp_path / "state", "--s3", "http://127.0.0.1:9", environment={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
    try:
        assert running.process.wait(60) != 0
    finally:
        running.stop()
    assert "AWS_ACCESS_KEY_ID" in running.process.printed()
