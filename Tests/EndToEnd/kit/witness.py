"""The person detector in OpenVINO's own Python: an independent check of Guardian's detections."""

import numpy as np

from kit.places import TOOLS

SIDE = 300


class Witness:
    def __init__(self):
        import openvino

        model = openvino.Core().read_model(TOOLS / "model" / "model.xml")
        self.compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_NUM_THREADS": 1})

    def persons(self, picture, box, score=0.25):
        """Returns the boxes of persons near `box` (x, y, width, height as fractions), best score first.

        Analyses two squares around the box, of 1.7 and 2.4 times its longer side."""
        height, width = picture.shape[:2]
        x, y, w, h = box[0] * width, box[1] * height, box[2] * width, box[3] * height
        found = []
        for scale in (1.7, 2.4):
            side = int(min(max(scale * max(w, h), 150), width, height))
            left = int(np.clip(x + w / 2 - side / 2, 0, width - side))
            top = int(np.clip(y + h / 2 - side / 2, 0, height - side))
            answer = self.compiled(_square(picture[top : top + side, left : left + side])[None])
            boxes, scores = np.asarray(answer[0]).reshape(-1, 4), np.asarray(answer[1]).reshape(-1, 2)[:, 1]
            for index in np.flatnonzero(scores >= score):
                y1, x1, y2, x2 = boxes[index] * side
                at = ((left + x1) / width, (top + y1) / height, (x2 - x1) / width, (y2 - y1) / height)
                found.append((float(scores[index]), at))
        return [at for _, at in sorted(found, key=lambda one: -one[0])]


def _square(crop):
    rows = np.minimum((np.arange(SIDE) + 0.5) * crop.shape[0] / SIDE, crop.shape[0] - 1)
    columns = np.minimum((np.arange(SIDE) + 0.5) * crop.shape[1] / SIDE, crop.shape[1] - 1)
    return np.ascontiguousarray(crop[rows.astype(int)][:, columns.astype(int)])


def overlap(a, b):
    """Returns the intersection over union of two boxes (x, y, width, height)."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (a[2] * a[3] + b[2] * b[3] - both)
