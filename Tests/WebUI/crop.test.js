// common/crop.js: the part of a picture that a thumbnail shows.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { load } from "./kit.js";

const { around, placeBox } = await load("common/crop.js");
const nearly = 1e-9;

test("a crop lies in the picture, has the view's shape and holds the box, wherever the box is", () => {
    for (const aspect of [16 / 9, 4 / 3, 9 / 16]) {
        for (const view of [16 / 10, 1, 2]) {
            for (let x = 0; x < 1; x += 0.13) {
                for (let y = 0; y < 1; y += 0.13) {
                    const box = { x, y, width: Math.min(0.1, 1 - x), height: Math.min(0.2, 1 - y) };
                    const crop = around([box], aspect, view);
                    assert.ok(crop.x >= -nearly && crop.y >= -nearly && crop.x + crop.width <= 1 + nearly && crop.y + crop.height <= 1 + nearly);
                    assert.ok(Math.abs((crop.width / crop.height) * aspect - view) < nearly);
                    assert.ok(crop.x <= box.x + nearly && crop.x + crop.width >= box.x + box.width - nearly);
                    assert.ok(crop.y <= box.y + nearly && crop.y + crop.height >= box.y + box.height - nearly);
                }
            }
        }
    }
});

test("a distant person is not enlarged without end", () => {
    const crop = around([{ x: 0.5, y: 0.5, width: 0.001, height: 0.002 }], 16 / 9, 16 / 9, { least: 0.36 });
    assert.ok(Math.abs(crop.width - 0.36) < nearly);
});

test("several boxes are all in the crop", () => {
    const crop = around([{ x: 0.1, y: 0.4, width: 0.1, height: 0.1 }, { x: 0.6, y: 0.5, width: 0.1, height: 0.2 }], 16 / 9, 16 / 9);
    assert.ok(crop.x <= 0.1 && crop.x + crop.width >= 0.7 && crop.y <= 0.4 && crop.y + crop.height >= 0.7);
});

test("a box that fills the picture gives the whole picture", () => {
    assert.deepEqual(around([{ x: 0, y: 0, width: 1, height: 1 }], 16 / 9, 16 / 9), { x: 0, y: 0, width: 1, height: 1 });
});

test("a box is placed in fractions of the crop", () => {
    const element = document.createElement("span");
    placeBox(element, { x: 0.5, y: 0.25, width: 0.125, height: 0.25 }, { x: 0.25, y: 0.25, width: 0.5, height: 0.5 });
    assert.deepEqual([element.style.left, element.style.top, element.style.width, element.style.height], ["50%", "0%", "25%", "50%"]);
});
