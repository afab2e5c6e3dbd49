"""Playback of sealed clips in the browser while they are downloaded and decrypted."""

import threading

import pytest

from archive.film import film
from archive.sealer import interrupt, seal

pytestmark = pytest.mark.parallel

BEGIN = """async ([addresses, code]) => {
    const { open } = await import("/ui/archive/sealed/open.js");
    const { readCode } = await import("/ui/archive/sealed/code.js");
    const { RangeSource } = await import("/ui/archive/sealed/source.js");
    const { SealedPlayer } = await import("/ui/archive/playback/player.js");
    const secret = await readCode(code);
    const clips = [];
    for (const address of addresses) clips.push(await open(new RangeSource(address), secret));
    window.player = new SealedPlayer();
    window.faults = [];
    player.addEventListener("fault", (event) => faults.push(event.detail.message));
    document.body.append(player.video);
    await player.open(clips);
}"""


def begin(page, site, clips, owner):
    for number, clip in enumerate(clips):
        site.answers[f"/clip{number}"] = clip
    page.evaluate(BEGIN, [[f"/clip{number}" for number in range(len(clips))], owner.code])


@pytest.fixture(scope="module")
def long_clip():
    return film(60)


def test_it_plays_before_the_download_is_complete(page, site, owner, long_clip):
    """The server withholds the rest of the object until a frame is shown."""
    shown = threading.Event()
    sealed = seal(long_clip, [(owner, "X-Wing")]).bytes
    assert len(sealed) > 1_200_000
    held = []

    def pace(path, at):
        if path == "/clip0" and at >= 786_432:
            held.append(at)
            assert shown.wait(60)

    site.pace = pace
    try:
        begin(page, site, [sealed], owner)
        page.wait_for_function("() => player.position > 0.4 && player.video.videoWidth === 320")
        assert held
    finally:
        shown.set()
    assert page.evaluate("player.duration") == pytest.approx(60, abs=0.2)
    assert page.evaluate("faults") == []


@pytest.mark.parametrize("keyframe", [1, 2, 10])
def test_it_seeks_to_ranges_that_are_not_downloaded_yet(page, site, owner, keyframe):
    sealed = seal(film(90, keyframe=keyframe, noise=20), [(owner, "X-Wing")]).bytes
    begin(page, site, [sealed], owner)
    page.wait_for_function("() => player.position > 0.2")
    page.evaluate("player.pause()")
    for target in (75, 33.3, 89, 0, 80):
        page.evaluate("(at) => player.seek(at)", target)
        page.wait_for_function("(at) => !player.video.seeking && player.video.readyState >= 2 && Math.abs(player.position - at) < 0.1", arg=target)
    page.evaluate("player.seek(player.duration - 1); player.play()")
    page.wait_for_function("() => player.video.ended")
    assert page.evaluate("faults") == []


def test_parts_play_one_after_the_other(page, site, owner):
    parts = [film(3), film(4), film(3)]
    sealed, previous = [], b""
    for number, part in enumerate(parts):
        one = seal(part, [(owner, "X-Wing")], part=number, previous=previous)
        previous = one.bind
        sealed.append(one.bytes)
    begin(page, site, sealed, owner)
    page.wait_for_function("() => player.duration > 9.5")
    assert page.evaluate("player.duration") == pytest.approx(10, abs=0.3)
    page.wait_for_function("() => player.video.ended")
    assert page.evaluate("player.position") == pytest.approx(10, abs=0.3)
    page.evaluate("player.seek(8)")
    page.wait_for_function("() => !player.video.seeking && player.video.readyState >= 2")
    assert page.evaluate("faults") == []


def test_an_interrupted_clip_plays_to_where_it_ends(page, site, owner, long_clip):
    sealed = seal(long_clip, [(owner, "X-Wing")])
    begin(page, site, [interrupt(sealed, len(sealed.bytes) // 4096 // 3)], owner)
    page.wait_for_function("() => player.position > 0.2")
    length = page.evaluate("player.duration")
    assert 10 < length < 30
    page.evaluate("player.seek(player.duration - 0.6)")
    page.wait_for_function("() => player.video.ended")
    assert page.evaluate("faults") == []


def test_a_damaged_clip_plays_to_where_it_is_damaged_and_says_so(page, site, owner):
    sealed = bytearray(seal(film(20), [(owner, "X-Wing")]).bytes)
    sealed[len(sealed) // 2] ^= 1
    begin(page, site, [bytes(sealed)], owner)
    page.wait_for_function("() => faults.length === 1")
    assert "damaged" in page.evaluate("faults[0]")
    page.wait_for_function("() => player.position > 0.2")


def test_it_plays_sound_and_video(page, site, owner):
    begin(page, site, [seal(film(5, tone=True), [(owner, "X-Wing")]).bytes], owner)
    page.wait_for_function("() => player.position > 0.3")
    assert page.evaluate("player.video.webkitAudioDecodedByteCount") > 0
    assert page.evaluate("faults") == []
