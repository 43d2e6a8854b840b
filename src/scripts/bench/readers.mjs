// Many readers of one server's streams, in a process of their own. It says `ready` when every stream has begun, and
// `done` when every one has had the event that it is told is the last.
import { request } from "node:http";

const [port, count] = process.argv.slice(2).map(Number);
const newest = Array.from({ length: count }, () => 0);
let last = Infinity;
let begun = 0;

function read(index) {
  const call = request({ host: "127.0.0.1", port, path: "/", agent: false }, (response) => {
    let rest = "";
    let first = true;
    response.setEncoding("latin1");
    response.on("data", (chunk) => {
      if (first) {
        first = false;
        begun += 1;
        if (begun === count) process.send({ ready: true });
      }
      // Ids rise, so the last one in a chunk tells all; a frame may be cut anywhere.
      const text = rest + chunk;
      const at = text.lastIndexOf("\nid: ");
      const id = at < 0 ? null : /^\nid: (\d+)\n/.exec(text.slice(at, at + 32));
      if (id) newest[index] = Number(id[1]);
      rest = text.slice(-64);
      report();
    });
  });
  call.on("error", (error) => {
    process.stderr.write(`${error}\n`);
    process.exit(1);
  });
  call.end();
}

function report() {
  if (newest.every((id) => id >= last)) {
    last = Infinity;
    process.send({ done: true });
  }
}

process.on("message", (message) => {
  last = message.last;
  report();
});
for (let index = 0; index < count; index += 1) read(index);
