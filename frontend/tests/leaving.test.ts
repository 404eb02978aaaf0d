import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { escapeCounter, replacePage } from "../src/leaving.ts";

test("three presses of Escape within two seconds leave, fewer or slower do not", () => {
  const isThird = escapeCounter();

  assert.deepEqual([0, 900, 1900].map((at) => isThird("Escape", false, at)), [false, false, true]);
});

test("slow presses are forgotten one by one", () => {
  const isThird = escapeCounter();

  assert.deepEqual([0, 1500, 3000, 3100].map((at) => isThird("Escape", false, at)), [false, false, false, true]);
});

test("another key between them, or a key held down, leaves nothing", () => {
  const between = escapeCounter();
  const held = escapeCounter();

  assert.ok(![["Escape", 0], ["Escape", 1], ["a", 2], ["Escape", 3]].some(([key, at]) => between(String(key), false, Number(at))));
  assert.ok(![0, 1, 2, 3].some((at) => held("Escape", at > 0, at)));
});

class FakePage {
  readonly log: string[] = [];
  popped: (() => void) | null = null;
  readonly location = { replace: (address: string) => this.log.push(`replace ${address}`) };
  readonly history = { go: (entries: number) => this.log.push(`go ${entries}`) };
  addEventListener(_: string, listener: () => void): void {
    this.popped = listener;
  }
}

const ELSEWHERE = "https://example.org/";

test("at the first step the page is replaced at once", () => {
  const page = new FakePage();

  replacePage(page as unknown as Window, ELSEWHERE, 0);

  assert.deepEqual(page.log, [`replace ${ELSEWHERE}`]);
});

test("further on, the journey's entries are gone back over first", () => {
  const page = new FakePage();
  mock.timers.enable({ apis: ["setTimeout"] });

  replacePage(page as unknown as Window, ELSEWHERE, 4);
  page.popped?.();

  assert.deepEqual(page.log, ["go -4", `replace ${ELSEWHERE}`]);
  mock.timers.reset();
});

test("a browser that does not go back is not waited for", () => {
  const page = new FakePage();
  mock.timers.enable({ apis: ["setTimeout"] });

  replacePage(page as unknown as Window, ELSEWHERE, 4);
  mock.timers.tick(200);

  assert.deepEqual(page.log, ["go -4", `replace ${ELSEWHERE}`]);
  mock.timers.reset();
});
