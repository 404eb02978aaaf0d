// Lighthouse's scores of the consent page and of a page with questions, as on a slow phone. Prints JSON.
// The second is measured by a reload in the tab that holds the draft: no other address leads there.
import { startFlow } from "lighthouse";
import puppeteer from "puppeteer-core";

const [link, executablePath] = process.argv.slice(2);
const CATEGORIES = ["performance", "accessibility", "best-practices"];
// The tab's memory is part of what is measured: without it a reload asks for consent again.
const flags = { onlyCategories: CATEGORIES, disableStorageReset: true };

const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox"], headless: true });
try {
  const page = await browser.newPage();
  const flow = await startFlow(page, { flags });
  await flow.navigate(link);
  await press(page, ["Ja, jeg vil gerne svare", "Yes, I want to answer"]);
  for (let moved = 0; moved < 12 && (await page.$$(".answering-matrix, fieldset")).length < 8; moved += 1) {
    await press(page, ["Vis spørgsmålene", "Næste", "Show the questions", "Next"]);
  }
  await flow.navigate(async () => {
    await page.reload();
  });
  const { steps } = await flow.createFlowResult();
  console.log(JSON.stringify(steps.map(({ lhr }) => summary(lhr))));
} finally {
  await browser.close();
}

/** Presses the first button that has one of these words. */
async function press(page, words) {
  const before = await page.$eval("h1", (heading) => heading.innerText);
  await page.waitForFunction((words) => [...document.querySelectorAll("button")].some((b) => words.includes(b.innerText.trim())), {}, words);
  await page.evaluate((words) => [...document.querySelectorAll("button")].find((b) => words.includes(b.innerText.trim())).click(), words);
  await page.waitForFunction((before) => document.querySelector("h1")?.innerText !== before, {}, before);
}

function summary(lhr) {
  const scores = Object.fromEntries(Object.entries(lhr.categories).map(([id, { score }]) => [id, Math.round(100 * score)]));
  const metrics = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"];
  const failed = Object.values(lhr.audits)
    .filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && ["binary", "numeric", "metricSavings"].includes(scoreDisplayMode))
    .map(({ id }) => id);
  return {
    scores,
    metrics: Object.fromEntries(metrics.map((id) => [id, lhr.audits[id]?.displayValue ?? null])),
    failed,
    version: lhr.lighthouseVersion,
    throttling: `${lhr.configSettings.throttlingMethod}, ${lhr.configSettings.throttling.cpuSlowdownMultiplier}x CPU`,
  };
}
