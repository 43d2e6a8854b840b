import { describeContract } from "./backend-contract.ts";
import { describeTroubles } from "./backend-troubles.ts";
import { type BackendHarness, type Spared, TOKEN } from "./conformance-bench.ts";

/** The whole suite of an adapter, against a fake upstream that speaks real HTTP: the port's contract, then the troubles. */
export function describeBackend(
  name: string,
  spared: Spared,
  makeHarness: (token: string) => Promise<BackendHarness>,
): void {
  describeContract(name, async () => {
    const harness = await makeHarness(TOKEN);
    const backend = harness.connect(TOKEN);
    return {
      ...harness,
      backend,
      async close() {
        await backend.close();
        await harness.close();
      },
    };
  });
  describeTroubles(name, spared, makeHarness);
}
