import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenCodes, plaintext, ticked, withAnswer, without } from "../src/answers.ts";
import { questionnaire } from "./fixtures.ts";

const workplace = questionnaire("workplace.json");
const item = (id: string) => workplace.items.find((candidate) => candidate.id === id)!;

test("an answer can be given, changed and taken back", () => {
  const given = withAnswer({}, "k01_guidelines", "no");

  assert.deepEqual(given, { k01_guidelines: "no" });
  assert.deepEqual(withAnswer(given, "k01_guidelines", "dk"), { k01_guidelines: "dk" });
  assert.deepEqual(withAnswer(given, "k01_guidelines", null), {});
  assert.deepEqual(withAnswer({ n01_needs: ["dk"] }, "n01_needs", []), {});
});

test("what is not answered has no codes", () => {
  assert.deepEqual(chosenCodes({}, "n01_needs"), []);
  assert.deepEqual(chosenCodes({ a: "x" }, "a"), ["x"]);
  assert.deepEqual(without({ a: "x", b: "y" }, ["a"]), { b: "y" });
});

test("nobody was told, or somebody was, but not both", () => {
  const told = item("r01_told");

  assert.deepEqual(ticked(told, ["colleague", "hr"], "nobody").codes, ["nobody"]);
  assert.deepEqual(ticked(told, ["nobody"], "colleague").codes, ["colleague"]);
});

test("whoever would rather not answer has not answered anything else", () => {
  const needs = item("n01_needs");

  assert.deepEqual(ticked(needs, ["leaders"], "dk").codes, ["dk"]);
  assert.deepEqual(ticked(needs, ["dk"], "leaders").codes, ["leaders"]);
});

test("a fourth choice of three is stopped, and nothing is lost", () => {
  const three = ["guidelines", "dialogue", "leaders"];

  assert.deepEqual(ticked(item("n01_needs"), three, "contact"), { codes: three, stoppedBy: "max_choices" });
  assert.deepEqual(ticked(item("n01_needs"), three, "fine"), { codes: ["fine"], stoppedBy: null });
  assert.deepEqual(ticked(item("n01_needs"), three, "leaders").codes, ["guidelines", "dialogue"]);
});

test("a plaintext tells neither language nor order of clicking", () => {
  const first = plaintext(workplace, null, { r01_told: ["hr", "private"] });
  const second = plaintext(workplace, null, { r01_told: ["private", "hr"] });

  assert.deepEqual(first, second);
});

test("a code that the item does not have is never sent", () => {
  assert.throws(() => plaintext(workplace, null, { k02_contact: "perhaps" }), /k02_contact/);
});
