import { expect, it } from "vitest";
import { ApiError, networkError } from "./api-error.ts";
import { createResender } from "./resend.ts";

function setUp() {
  let count = 0;
  const resender = createResender(() => `key ${(count += 1)}`);
  /** Sends something that ends with `error`, or well, and tells its key. */
  const keyOf = async (content: unknown, error: Error | null): Promise<string> => {
    let used = "";
    const sent = resender.send(content, async (key) => {
      used = key;
      if (error) throw error;
    });
    if (error) await expect(sent).rejects.toBe(error);
    else await sent;
    return used;
  };
  return { resender, keyOf };
}

it("gives the same thing the same key while no answer came", async () => {
  const { keyOf } = setUp();
  expect(await keyOf(["fix it"], networkError(0))).toBe("key 1");
  expect(await keyOf(["fix it"], networkError(502))).toBe("key 1");
  expect(await keyOf(["fix it"], null)).toBe("key 1");
  expect(await keyOf(["fix it"], null)).toBe("key 2");
});

it("gives another key to what is something else, was refused or is meant anew", async () => {
  const { resender, keyOf } = setUp();
  expect(await keyOf(["fix it"], networkError(0))).toBe("key 1");
  expect(await keyOf(["fix it all"], new ApiError(409, "session_invalid_state", "It is stopped"))).toBe(
    "key 2",
  );
  expect(await keyOf(["fix it all"], networkError(0))).toBe("key 3");
  resender.forget();
  expect(await keyOf(["fix it all"], null)).toBe("key 4");
});

it("takes the same thing sent twice at once for two", async () => {
  const { keyOf } = setUp();
  expect(await Promise.all([keyOf("yes", null), keyOf("yes", null)])).toEqual(["key 1", "key 2"]);
});
