import type { Page } from "@playwright/test";
import { expect, makeSandbox, test } from "./fixtures.ts";
import type { TestServer } from "./server.ts";
import { openSession, say } from "./steps.ts";

for (const anchoring of ["with", "without"] as const) {
  test(`the end stays in view with every line that comes, ${anchoring} scroll anchoring`, async ({
    signedIn: page,
    server,
  }) => {
    if (anchoring === "without") await page.addInitScript(withoutAnchoring);
    await staysAtEnd(page, server);
  });
}

/** As in a browser that has none. */
function withoutAnchoring(): void {
  const supports = CSS.supports.bind(CSS);
  CSS.supports = (property: string, value?: string) =>
    property !== "overflow-anchor" && (value === undefined ? supports(property) : supports(property, value));
  const none = new CSSStyleSheet();
  none.replaceSync("* { overflow-anchor: none !important }");
  document.adoptedStyleSheets = [none];
}

async function staysAtEnd(page: Page, server: TestServer): Promise<void> {
  const sandbox = await makeSandbox(server);
  await openSession(page, server, sandbox.id);
  // More than any machine shows before the look is over: the turn is stopped then.
  await say(page, "long 100000 2");
  const log = page.getByRole("log");
  await expect(log).toContainText("250");
  const furthest = await log.evaluate(async (element) => {
    const painted = new MessageChannel();
    painted.port1.start();
    let pixels = 0;
    for (let frame = 0; frame < 60; frame += 1) {
      await new Promise(requestAnimationFrame);
      // A message of the frame's beginning arrives after its layout: this is what was painted.
      await new Promise((resolve) => {
        painted.port1.addEventListener("message", resolve, { once: true });
        painted.port2.postMessage(null);
      });
      pixels = Math.max(pixels, element.scrollHeight - element.clientHeight - element.scrollTop);
    }
    return pixels;
  });
  expect(furthest).toBeLessThan(4);
  await page.setViewportSize({ width: 1000, height: 500 });
  await expect.poll(() => log.evaluate(belowView), "the end stays when the window shrinks").toBeLessThan(4);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(log.getByText(/^Stopped/)).toBeInViewport();
  await expect.poll(() => log.evaluate(belowView)).toBeLessThan(4);
}

const belowView = (element: HTMLElement) => element.scrollHeight - element.clientHeight - element.scrollTop;
