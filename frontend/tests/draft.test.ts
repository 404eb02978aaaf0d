import assert from "node:assert/strict";
import { test } from "node:test";
import { draftFor, newDraft, sentDraft, type Store, TabMemory, tabStore } from "../src/draft.ts";
import { invitationIn, takenFragment } from "../src/invitation.ts";

class FakeStore implements Store {
  readonly kept = new Map<string, string>();
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.kept.set(key, value);
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
  clear(): void {
    this.kept.clear();
  }
}

const CODE = "ABCDEFGHJKMNPQRS";
const PIN = "0123456789ABCDEF";

test("a reload in the same tab finds everything again", () => {
  const store = new FakeStore();
  const draft = { ...newDraft(CODE, PIN), answers: { k01_guidelines: "no" } };

  new TabMemory(store, "wave").remember(draft);

  assert.deepEqual(new TabMemory(store, "wave").draft(), draft);
  assert.equal(new TabMemory(store, "another").draft(), null);
});

test("what was erased is not brought back by work that was under way", () => {
  const store = new FakeStore();
  const memory = new TabMemory(store, "wave");
  memory.remember(newDraft(CODE, PIN));
  memory.rememberLanguage("en");

  memory.forgetAll();
  memory.remember(newDraft(CODE, PIN));

  assert.equal(store.kept.size, 0);
});

test("the language is remembered by itself", () => {
  const memory = new TabMemory(new FakeStore(), "wave");

  assert.equal(memory.language(), null);
  memory.rememberLanguage("en");
  assert.equal(memory.language(), "en");
});

test("what is damaged or of another version is forgotten", () => {
  const store = new FakeStore();
  for (const text of ["{", '{"format":1}']) {
    store.setItem("tillid wave", text);
    assert.equal(new TabMemory(store, "wave").draft(), null);
  }
});

test("a browser that keeps nothing is no fault", () => {
  const refusing = {
    get sessionStorage(): Storage {
      throw new DOMException("denied", "SecurityError");
    },
  };
  const memory = new TabMemory(tabStore(refusing), "wave");

  memory.remember(newDraft(CODE, PIN));
  memory.rememberLanguage("da");
  memory.forgetAll();

  assert.equal(memory.survivesReload, false);
  assert.equal(memory.draft(), null);
  assert.ok(tabStore({ sessionStorage: new FakeStore() as unknown as Storage }));
});

test("after sending, neither answers, code, secret nor receipt is left", () => {
  const draft = { ...newDraft(CODE, PIN), unit: "drift", answers: { a: "b" }, skipped: ["x"], seen: ["y"] };

  const left = JSON.stringify(sentDraft(draft));

  assert.equal(left, JSON.stringify({ ...newDraft("", PIN), sent: true }));
  assert.ok(!left.includes(CODE));
});

test("the same link goes on, another one begins anew", () => {
  const draft = { ...newDraft(CODE, PIN), answers: { a: "b" } };

  assert.equal(draftFor(null, draft), draft);
  assert.deepEqual(draftFor({ code: CODE, pin: PIN }, draft), draft);
  assert.deepEqual(draftFor({ code: CODE, pin: null }, draft), draft);
  assert.deepEqual(draftFor({ code: "0000000000000000", pin: PIN }, draft), newDraft("0000000000000000", PIN));
  assert.equal(draftFor(null, null), null);
});

test("a link's fragment is a code and a pin, or a code alone, or nothing", () => {
  assert.deepEqual(invitationIn(`#${CODE}.${PIN}`), { code: CODE, pin: PIN });
  assert.deepEqual(invitationIn(`#${CODE.toLowerCase()}`), { code: CODE, pin: null });
  for (const fragment of ["", "#", "#main", `#${CODE}.`, `#${CODE}.${PIN}.x`, `#.${PIN}`]) {
    assert.equal(invitationIn(fragment), null, fragment);
  }
});

test("the fragment leaves the address bar as it is read", () => {
  const replaced: unknown[][] = [];
  const page = {
    location: { hash: `#${CODE}.${PIN}`, pathname: "/w/wave" },
    history: { state: null, replaceState: (...given: unknown[]) => replaced.push(given) },
  } as unknown as Window;

  assert.equal(takenFragment(page), `#${CODE}.${PIN}`);
  assert.deepEqual(replaced, [[null, "", "/w/wave"]]);
});

test("an address without a fragment stays as it is", () => {
  const page = { location: { hash: "", pathname: "/w/wave" }, history: {} } as unknown as Window;

  assert.equal(takenFragment(page), "");
});
