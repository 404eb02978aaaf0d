import assert from "node:assert/strict";
import { test } from "node:test";
import { type Draft, newDraft } from "../src/draft.ts";
import { entry, FIRST, placeAfter, placeIn } from "../src/place.ts";
import { passedBy, stepAfter, stepNamed, stepsOf, takenUp, tidied, total } from "../src/steps.ts";
import { questionnaire } from "./fixtures.ts";

const workplace = questionnaire("workplace.json");
const section = (id: string) => workplace.sections.find((candidate) => candidate.id === id)!;
const draft = (changes: Partial<Draft> = {}): Draft => ({ ...newDraft("ABCDEFGHJKMNPQRS", null), ...changes });
const ids = (changes: Partial<Draft> = {}, hasUnits = false) =>
  stepsOf(workplace, hasUnits, draft(changes)).map((step) => step.id);

const EXPOSED = { b05_body_comments: "once" };

test("whoever has answered nothing is asked everything but what happened", () => {
  assert.deepEqual(ids(), [
    "consent",
    "section about_place",
    "section climate",
    "section knowledge",
    "warning behaviour",
    "section behaviour",
    "section witness",
    "section needs",
    "section about_you",
    "review",
    "sending",
  ]);
});

test("units come first where there are any", () => {
  assert.equal(ids({}, true)[1], "unit");
});

test("whoever has been exposed meets the warning, then what happened", () => {
  const steps = ids({ answers: EXPOSED });

  assert.deepEqual(steps.slice(6, 9), ["section witness", "warning incident", "section incident"]);
});

test("a skipped section leaves its warning, where it can be taken up, and takes what follows from it", () => {
  const steps = ids({ answers: { s01_self_label: "once" }, skipped: ["behaviour"] });

  assert.ok(steps.includes("warning behaviour"));
  assert.ok(!steps.includes("section behaviour"));
  assert.ok(!steps.includes("section incident"));
});

test("a warning and its section are one numbered step", () => {
  const steps = stepsOf(workplace, true, draft({ answers: EXPOSED }));
  const number = (id: string) => stepNamed(steps, id).number;

  assert.equal(number("unit"), 1);
  assert.equal(number("warning behaviour"), number("section behaviour"));
  assert.equal(total(steps), 10);
  assert.equal(number("review"), 10);
});

test("a step that the path no longer leads to gives way to its warning, else to the review", () => {
  const skipped = stepsOf(workplace, false, draft({ skipped: ["behaviour"] }));

  assert.equal(stepNamed(skipped, "section behaviour").id, "warning behaviour");
  assert.equal(stepNamed(skipped, "section incident").id, "review");
});

test("one step follows another", () => {
  const steps = stepsOf(workplace, false, draft());
  const forwards = { review: false, seen: [] };

  assert.equal(stepAfter(steps, "consent", forwards).id, "section about_place");
  assert.equal(stepAfter(steps, "section about_you", forwards).id, "review");
  assert.equal(stepAfter(steps, "sending", forwards).id, "review");
});

test("a change from the review leads back to it, through new steps only", () => {
  const seen = ids();
  const before = stepsOf(workplace, false, draft());
  const after = stepsOf(workplace, false, draft({ answers: EXPOSED }));

  assert.equal(stepAfter(before, "section behaviour", { review: true, seen }).id, "review");
  assert.equal(stepAfter(after, "section behaviour", { review: true, seen }).id, "warning incident");
  assert.equal(stepAfter(after, "warning behaviour", { review: true, seen }).id, "section behaviour");
});

test("an abandoned path takes its answers with it, and they are counted", () => {
  const answers = { ...EXPOSED, i01_source: ["colleague"], r01_told: ["hr"], r03_handling: "s4" };

  const stays = tidied(workplace, draft({ answers }));
  const changed = tidied(workplace, draft({ answers: { ...answers, b05_body_comments: "never" } }));

  assert.equal(stays.left.offPath, 0);
  assert.equal(changed.left.offPath, 3);
  assert.deepEqual(changed.draft.answers, { b05_body_comments: "never" });
});

test("passing a section by takes its answers and what followed from them", () => {
  const answers = { k02_contact: "yes", ...EXPOSED, i01_source: ["colleague"] };

  const passed = passedBy(workplace, draft({ answers }), section("behaviour"));

  assert.deepEqual(passed.draft.answers, { k02_contact: "yes" });
  assert.deepEqual(passed.left, { inSkippedSection: 1, offPath: 1 });
  assert.deepEqual(takenUp(passed.draft, section("behaviour")).skipped, []);
});

test("a place is kept in the history's entry, and an entry of somebody else's is the beginning", () => {
  const there = placeAfter(FIRST, "review", { fromReview: true, target: "k02_contact" });

  assert.deepEqual(placeIn(entry(there)), { step: "review", depth: 1, fromReview: true, target: "k02_contact", item: null });
  assert.deepEqual(placeIn(null), FIRST);
  assert.deepEqual(placeIn({ other: 1 }), FIRST);
});
