import assert from "node:assert/strict";
import { test } from "node:test";
import { banded, bands, exactOrBanded, written } from "../src/figures.ts";

test("bands are those of the disclosure policy's own example", () => {
  assert.deepEqual(bands(23).map(written), ["0–4", "5–9", "10–18", "19–23"]);
});

test("bands part every base without a gap, and every count lies in one", () => {
  for (let base = 10; base <= 300; base += 1) {
    const found = bands(base);
    assert.equal(found[0]![0], 0);
    assert.equal(found.at(-1)![1], base);
    found.slice(1).forEach(([least], at) => assert.equal(least, found[at]![1] + 1));
    for (let count = 0; count <= base; count += 1) assert.ok(banded(count, base));
  }
});

test("an exact figure is never small, and neither is what is left", () => {
  assert.deepEqual(exactOrBanded(5, 46), [5, 5]);
  assert.deepEqual(exactOrBanded(4, 46), [0, 4]);
  assert.deepEqual(exactOrBanded(0, 46), [0, 4]);
  assert.deepEqual(exactOrBanded(42, 46), [42, 46]);
});
