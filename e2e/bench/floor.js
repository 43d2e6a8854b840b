// The least a page can do with a stream: one text node at the end of the page, once a frame.
const session_id = location.pathname.split("/").at(-1);
const text = document.createTextNode("");
const column = document.createElement("div");
column.style.cssText = "white-space: pre-wrap; max-width: 80ch; height: 90vh; overflow: auto";
column.append(text);
document.body.append(column);

let waiting = "";
const stream = new EventSource(`/api/v1/stream?sessions=${session_id}`);
stream.addEventListener("text_delta", (event) => {
  if (waiting === "") {
    requestAnimationFrame(() => {
      text.appendData(waiting);
      waiting = "";
      column.scrollTop = column.scrollHeight;
    });
  }
  waiting += JSON.parse(event.data).data.text;
});
stream.addEventListener("resume", () => (window.ready = true));
