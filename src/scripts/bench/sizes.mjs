// How much script a view loads, and how long the server takes to start.
import { scriptBytes } from "../bundle-size.mjs";
import { median, repeat } from "./numbers.mjs";
import { makeServer } from "./server.mjs";

export async function size() {
  return [
    { name: "First view, JavaScript, gzip", value: scriptBytes() / 1000, unit: "KB", budget: 150 },
    {
      name: "Session route, JavaScript, gzip, in all",
      value: scriptBytes("src/web/routes/session.tsx") / 1000,
      unit: "KB",
      budget: 250,
    },
  ];
}

export async function start({ runs }) {
  const server = makeServer();
  try {
    const first = await server.start();
    await server.stop();
    const again = await repeat(runs, async () => {
      const took = await server.start();
      await server.stop();
      return took;
    });
    return [
      { name: "Server start, empty data directory", value: first, unit: "ms", budget: 1000 },
      { name: "Server start, again", value: median(again), unit: "ms", budget: 1000 },
    ];
  } finally {
    await server.dispose();
  }
}
