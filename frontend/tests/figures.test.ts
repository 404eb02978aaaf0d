import assert from "node:assert/strict";
import { test } from "node:test";
import { banded, bands, exactOrBanded, picture, written } from "../src/figures.ts";
import type { Manifest } from "../src/manifest.ts";
import { testWave } from "./fixtures.ts";

const wave = testWave();

async function pictured(changes: Partial<Manifest>) {
  const { verified, questionnaire } = (await wave).loaded;
  return picture({ ...verified.manifest, ...changes }, questionnaire);
}

const DIVIDED: Partial<Manifest> = { publication: [{ table: "c01 by unit", kind: "item", item: "c01", by: "unit" }] };

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

test("a wave whose plan divides nothing shows everyone only, and acts in bands", async () => {
  const [climate, acts] = await pictured({ publication: [] });

  assert.deepEqual(climate!.groups.map(({ group, base, shown }) => [group, base, shown?.map(written)]), [
    ["everyone", 46, ["28", "11", "7"]],
  ]);
  assert.deepEqual(acts!.groups[0]!.shown?.map(written), ["42–46", "0–4", "0–4"]);
});

test("a group under the wave's own threshold is not shown, and cannot be worked out from the others", async () => {
  for (const raised of [{}, { general: 25, sensitive: 60 }]) {
    const [climate, acts] = await pictured({ ...DIVIDED, policy: { version: "policy/1", raised } });
    const [everyone, larger, smaller] = climate!.groups;

    assert.equal(smaller!.base, "general" in raised ? 25 : 10);
    assert.equal(smaller!.shown, null);
    assert.equal(acts!.groups.at(-1)!.base, "sensitive" in raised ? 60 : 20);
    assert.ok(acts!.groups[0]!.base >= acts!.groups.at(-1)!.base);
    everyone!.shown!.forEach(([, most], option) => {
      const [least, greatest] = larger!.shown![option]!;
      assert.ok(Math.max(0, most - greatest) < most - least, "a band less another leaves a range");
    });
  }
});
