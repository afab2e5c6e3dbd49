import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";

const { filmOf } = await load("common/film.js");

test("a complete clip is played with an index, and one that is being recorded without", () => {
    assert.equal(filmOf({ id: "a", state: "complete" }), "/api/v1/clips/a.mp4?index=true");
    assert.equal(filmOf({ id: "a", state: "recording" }), "/api/v1/clips/a.mp4");
    assert.equal(filmOf({ id: "a", url: "/api/v1/clips/b.mp4", state: "complete" }), "/api/v1/clips/b.mp4?index=true");
});
