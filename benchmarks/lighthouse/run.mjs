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
  await press(page);
  // The unit, the section before, and on to a page whose answers lie on a scale.
  while (!(await page.$("input[type=radio][name^=c0]"))) await press(page);
  await flow.navigate(async () => {
    await page.reload();
  });
  const { steps } = await flow.createFlowResult();
  console.log(JSON.stringify(steps.map(({ lhr }) => summary(lhr))));
} finally {
  await browser.close();
}

/** Presses the button that leads on, and waits for the next page. */
async function press(page) {
  const before = await page.waitForSelector("main button.button-primary");
  const shown = await page.$eval("main", (main) => main.textContent);
  await before.click();
  await page.waitForFunction((shown) => document.querySelector("main").textContent !== shown, {}, shown);
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
    // How fast this machine was: 4x is a middling phone from about 1,300 on, and a slower one below.
    index: lhr.environment.benchmarkIndex,
    throttling: `${lhr.configSettings.throttlingMethod}, ${lhr.configSettings.throttling.cpuSlowdownMultiplier}x CPU`,
  };
}
