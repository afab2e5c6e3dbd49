"""Films of a browser session, for people to watch: made only when GUARDIAN_FILMS names a folder for them."""

import json
import os
import pathlib
import shutil

import playwright

FOLDER = os.environ.get("GUARDIAN_FILMS")


def prepare(folder):
    """Makes Playwright record with this machine's FFmpeg instead of one that it would download. Called before it starts; `folder`: for
    links. Its browsers are in no folder of its own: kit/browser.py."""
    if FOLDER is None:
        return
    known = json.loads((pathlib.Path(playwright.__file__).parent / "driver" / "package" / "browsers.json").read_text())["browsers"]
    revision = next(each["revision"] for each in known if each["name"] == "ffmpeg")
    link = folder / f"ffmpeg-{revision}" / "ffmpeg-linux"
    link.parent.mkdir(parents=True)
    link.symlink_to(shutil.which("ffmpeg"))
    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(folder)


def options(size):
    """Returns what makes a browser context record its pages; `size`: of the window, in pixels. A film is whole once its context is closed."""
    width, height = size
    return {} if FOLDER is None else {"record_video_dir": FOLDER, "record_video_size": {"width": width, "height": height}}
