// Loads the page again when a part that it begins with does not come: nothing of its own could say or mend that. A file of
// its own because the CSP forbids inline scripts.
(() => {
  const key = "sandbar.starts";
  const longestWait = 15_000;
  let hasFailed = false;

  /** How many starts of this tab failed in a row; a storage that is blocked counts none. */
  const count = (next) => {
    try {
      if (next === 0) sessionStorage.removeItem(key);
      else if (next !== undefined) sessionStorage.setItem(key, String(next));
      return Number(sessionStorage.getItem(key) ?? 0);
    } catch {
      return 0;
    }
  };

  const startAgain = async (wait) => {
    await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      const answer = await fetch("/", {
        method: "HEAD",
        cache: "no-store",
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.ok) return location.reload();
    } catch {
      // Not there yet.
    }
    return startAgain(Math.min(wait * 2, longestWait));
  };

  const handleError = ({ target }) => {
    const isPart = target instanceof HTMLScriptElement || target instanceof HTMLLinkElement;
    if (!isPart || target.rel === "icon" || target.rel === "modulepreload" || hasFailed) return;
    hasFailed = true;
    void startAgain(Math.min(1000 * 2 ** count(count() + 1), longestWait));
  };
  addEventListener("error", handleError, true);
  addEventListener("load", () => {
    removeEventListener("error", handleError, true);
    if (!hasFailed) count(0);
  });
})();
