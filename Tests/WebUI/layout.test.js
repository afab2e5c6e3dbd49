// live/layout.js: pictures must never overlap or leave their space, for any number of cameras and any shape of window.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";

const { arrange, cut, full, grid, mostCut, narrow } = await load("live/layout.js");
const gap = 12;
const nearly = 0.01;
const counts = Array.from({ length: 16 }, (_, index) => index + 1);
/** Cameras of different shapes: wide, old, upright, square, panorama. */
const cameras = (count) => Array.from({ length: count }, (_, index) => [16 / 9, 4 / 3, 9 / 16, 1, 32 / 9][index % 5]);
const wide = (count) => new Array(count).fill(16 / 9);

function checkApart(tiles, width, height) {
    tiles.forEach((tile, index) => {
        assert.ok(tile.width > 0 && tile.height > 0, `tile ${index} has a size`);
        assert.ok(tile.left >= -nearly && tile.left + tile.width <= width + nearly, `tile ${index} is between left and right`);
        assert.ok(tile.top >= -nearly && tile.top + tile.height <= height + nearly, `tile ${index} is between top and bottom`);
        for (const other of tiles.slice(index + 1)) {
            const isApart = Math.max(other.left - tile.left - tile.width, tile.left - other.left - other.width, other.top - tile.top - tile.height, tile.top - other.top - other.height);
            assert.ok(isApart >= gap - nearly, `tile ${index} keeps its distance`);
        }
    });
}

test("the lost fraction of a picture is zero in its own shape and the same for the opposite case", () => {
    assert.equal(cut(16 / 9, 16 / 9), 0);
    assert.ok(Math.abs(cut(4 / 3, 16 / 9) - 0.25) < 1e-12);
    assert.equal(cut(4 / 3, 16 / 9), cut(16 / 9, 4 / 3));
    assert.ok(cut(4 / 3, 16 / 9) <= mostCut && cut(1, 16 / 9) > mostCut, "4:3 fills a wide tile, a square picture does not");
});

test("a grid of 1 to 16 cameras fits every window and keeps the gap", () => {
    for (const count of counts) {
        for (const [width, height] of [[1600, 900], [900, 1600], [3000, 500], [1000, 1000]]) {
            const tiles = grid(cameras(count), width, height, gap);
            assert.equal(tiles.length, count);
            checkApart(tiles, width, height);
        }
    }
});

test("equal cameras are arranged in the expected number of columns", () => {
    const columns = (count, width, height) => arrange(wide(count), width, height, gap).columns;
    assert.deepEqual([1, 2, 3, 4, 6, 9, 16].map((count) => columns(count, 1600, 900)), [1, 2, 2, 2, 3, 3, 4]);
    assert.equal(columns(2, 600, 1000), 1);
    assert.equal(columns(3, 2400, 450), 3);
});

test("one camera gets all the space that its shape allows", () => {
    const [tile] = grid(wide(1), 1600, 900, gap);
    assert.ok(Math.abs(tile.width - 1600) < nearly && Math.abs(tile.height - 900) < nearly);
});

test("a grid is centred", () => {
    const tiles = grid(wide(2), 3000, 500, gap);
    assert.ok(Math.abs(tiles[0].left - (3000 - tiles[1].left - tiles[1].width)) < nearly);
});

test("a space that is too small for tiles still has a layout", () => {
    for (const tile of grid(wide(4), 30, 20, gap)) assert.ok(Number.isFinite(tile.left + tile.top + tile.width + tile.height) && tile.width > 0);
    assert.deepEqual(grid([], 800, 600, gap), []);
});

test("on a narrow screen up to three cameras are below each other, more are in two columns", () => {
    for (const count of counts) {
        const tiles = narrow(cameras(count), 390, gap);
        checkApart(tiles, 390, Infinity);
        assert.equal(new Set(tiles.map((tile) => tile.left)).size, count > 3 ? 2 : 1);
    }
    assert.ok(narrow([9 / 16], 390, gap)[0].height < 300, "an upright camera does not fill the whole phone");
});

test("one large camera keeps its shape and the others are in a strip below it", () => {
    for (const count of counts) {
        for (const isNarrow of [false, true]) {
            const shapes = cameras(count);
            const [width, height] = isNarrow ? [390, 700] : [1600, 900];
            shapes.forEach((shape, chosen) => {
                const tiles = full(shapes, chosen, width, height, gap, isNarrow);
                checkApart(tiles, width, isNarrow ? Infinity : height);
                assert.ok(Math.abs(tiles[chosen].width / tiles[chosen].height - shape) < 1e-9);
                const others = tiles.filter((_, index) => index !== chosen);
                for (const other of others) assert.ok(other.top >= tiles[chosen].height + gap - nearly);
                for (const [index, other] of others.slice(1).entries()) assert.ok(other.top > others[index].top || other.left > others[index].left, "in their order");
            });
        }
    }
});
