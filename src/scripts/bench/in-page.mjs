// What runs inside the page to measure it. Each function is sent as text, so it uses nothing but its arguments and what
// `prepare` has put into the page.

/** Runs in every page first: `afterPaint` calls back when the frame that is being made has been painted. */
export function prepare() {
  const painted = new MessageChannel();
  const waiting = [];
  painted.port1.addEventListener("message", () => waiting.shift()());
  painted.port1.start();
  window.afterPaint = (work) => {
    waiting.push(work);
    painted.port2.postMessage(null);
  };
}

/** Resolves with the milliseconds from the next click to the paint in which the end of the transcript shows `words`. */
export function clickToPaint(words) {
  return new Promise((resolve) => {
    let clicked = 0;
    addEventListener("click", (event) => (clicked = event.timeStamp), { capture: true, once: true });
    const look = () => {
      const log = clicked > 0 && document.querySelector('[role="log"]');
      const atEnd = log && log.scrollHeight - log.clientHeight - log.scrollTop < 4;
      if (!atEnd || !log.textContent.includes(words)) return requestAnimationFrame(look);
      return window.afterPaint(() => resolve(performance.now() - clicked));
    };
    requestAnimationFrame(look);
  });
}

/** The same from the start of the navigation, for a page opened at the session's address. */
export function loadToPaint(words) {
  return new Promise((resolve) => {
    const look = () => {
      if (!document.querySelector('[role="log"]')?.textContent.includes(words)) {
        return requestAnimationFrame(look);
      }
      return window.afterPaint(() => resolve(performance.now()));
    };
    look();
  });
}

/** Resolves once the page has loaded nothing and its thread had no long task for 0.7 s. */
export function untilQuiet() {
  const QUIET_MS = 700;
  return new Promise((resolve) => {
    let since = performance.now();
    const busy = new PerformanceObserver(() => (since = performance.now()));
    for (const type of ["longtask", "resource"]) busy.observe({ type });
    const look = () => {
      if (performance.now() - since < QUIET_MS) return requestIdleCallback(look);
      busy.disconnect();
      return resolve();
    };
    requestIdleCallback(look);
  });
}

/** Every node of the document, text and comments too. */
export function countNodes() {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
  let count = 1;
  while (walker.nextNode()) count += 1;
  return count;
}

/** Milliseconds of every frame for a while. */
export function watchFrames(milliseconds) {
  return new Promise((resolve) => {
    const frames = [];
    let last = 0;
    const end = performance.now() + milliseconds;
    const tick = (now) => {
      if (last > 0) frames.push(now - last);
      last = now;
      if (now < end) requestAnimationFrame(tick);
      else resolve(frames);
    };
    requestAnimationFrame(tick);
  });
}

/** Collects milliseconds from each key press to the paint after it, in `window.keystrokes`. */
export function watchKeys() {
  window.keystrokes = [];
  const onKey = (event) =>
    requestAnimationFrame(() =>
      window.afterPaint(() => window.keystrokes.push(performance.now() - event.timeStamp)),
    );
  addEventListener("keydown", onKey, { capture: true });
}

/**
 * Scrolls the transcript from its end to its start, `step` pixels a frame, waiting wherever older rows have to come.
 * Gives the milliseconds of the frames and how many were painted with a fifth of the view or more empty.
 */
export function scrollToStart(step) {
  return new Promise((resolve) => {
    const log = document.querySelector('[role="log"]');
    const view = log.getBoundingClientRect();
    const covered = () => {
      let height = 0;
      for (const row of log.querySelectorAll("[data-row]")) {
        const { top, bottom } = row.getBoundingClientRect();
        height += Math.max(0, Math.min(bottom, view.bottom) - Math.max(top, view.top));
      }
      return height / view.height;
    };
    const frames = [];
    let blank = 0;
    let still = 0;
    let last = 0;
    const tick = (now) => {
      if (last > 0) frames.push(now - last);
      last = now;
      const before = log.scrollTop;
      log.scrollTop = before - step;
      still = before === 0 ? still + 1 : 0;
      // A second at the top without anything coming: it is the start.
      if (still > 60) return resolve({ frames: frames.slice(0, -60), blank });
      window.afterPaint(() => {
        if (covered() < 0.8) blank += 1;
      });
      return requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
}

/** Milliseconds from the time that an agent printed, the newest number in the transcript, to the paint that shows it. */
export function watchPrintedTimes(milliseconds) {
  return new Promise((resolve) => {
    const log = document.querySelector('[role="log"]');
    const delays = [];
    let newest = 0;
    const end = performance.now() + milliseconds;
    const tick = () => {
      const times = log.textContent.match(/1\d{12}/g)?.map(Number) ?? [];
      const printed = Math.max(0, ...times);
      if (printed > newest) {
        newest = printed;
        window.afterPaint(() => delays.push(Date.now() - printed));
      }
      if (performance.now() < end) requestAnimationFrame(tick);
      else resolve(delays);
    };
    requestAnimationFrame(tick);
  });
}
