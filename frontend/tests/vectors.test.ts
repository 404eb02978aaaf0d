/** The vectors that Python meets as well: tests/questionnaires/test_vectors.py. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import conditionVectors from "../../tests/vectors/conditions.json";
import pathVectors from "../../tests/vectors/paths.json";
import plaintextVectors from "../../tests/vectors/plaintexts.json";
import { type Answers, plaintext } from "../src/answers.ts";
import { truth } from "../src/conditions.ts";
import type { Questionnaire } from "../src/questionnaire.ts";
import { routed } from "../src/routing.ts";
import { questionnaire } from "./fixtures.ts";

interface Vector {
  readonly name: string;
  readonly definition: string;
  readonly answers: Answers;
  readonly skipped: readonly string[];
  readonly truths: Readonly<Record<string, "true" | "false" | "unknown">>;
}

interface PathVector extends Vector {
  readonly path: readonly string[];
  readonly kept: Answers;
  readonly dropped: number;
}

interface PlaintextVector {
  readonly name: string;
  readonly definition: string;
  readonly unit: number | null;
  readonly answers: Answers;
  readonly plaintext: string;
}

describe("what is known of a condition", () => {
  for (const vector of conditionVectors.vectors as unknown as Vector[]) {
    test(vector.name, () => assert.deepEqual(truths(vector), vector.truths));
  }
});

describe("what is asked, and which answers stand", () => {
  for (const vector of pathVectors.vectors as unknown as PathVector[]) {
    test(vector.name, () => {
      const { path, answers, dropped } = routed(questionnaire(vector.definition), vector.answers, vector.skipped);

      assert.deepEqual(path, vector.path);
      assert.deepEqual(answers, vector.kept);
      assert.equal(dropped.length, vector.dropped);
      assert.deepEqual(truths(vector), vector.truths);
    });
  }
});

describe("the bytes of a response", () => {
  for (const vector of plaintextVectors.encoded as unknown as PlaintextVector[]) {
    test(vector.name, () => {
      const bytes = plaintext(questionnaire(vector.definition), vector.unit, vector.answers);

      assert.equal(new TextDecoder().decode(bytes), vector.plaintext);
    });
  }
});

function truths(vector: Vector): Record<string, string> {
  const asked = questionnaire(vector.definition);
  const { answers } = routed(asked, vector.answers, vector.skipped);
  const scope = { questionnaire: asked, answers, skippedItems: itemsOf(asked, vector.skipped) };
  const named = Object.keys(vector.truths).map((name) => [name, WORDS[truth({ ref: name }, scope)]]);
  return Object.fromEntries(named) as Record<string, string>;
}

const WORDS = ["false", "unknown", "true"];

function itemsOf({ sections }: Questionnaire, ids: readonly string[]): ReadonlySet<string> {
  const chosen = sections.filter(({ id }) => ids.includes(id));
  return new Set(chosen.flatMap(({ items }) => items.map(({ id }) => id)));
}
