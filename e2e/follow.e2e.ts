import { expect, makeSandbox, test } from "./fixtures.ts";
import { openSession, say } from "./steps.ts";

test("the end stays in view with every line that comes", async ({ signedIn: page, server }) => {
  const sandbox = await makeSandbox(server);
  await openSession(page, server, sandbox.id);
  await say(page, "long 1500 2");
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
  await expect(log.getByText(/^Done/)).toBeInViewport({ timeout: 20_000 });
});
