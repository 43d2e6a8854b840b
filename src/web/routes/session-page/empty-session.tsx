import { Button } from "#src/web/ui/button.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";

const mockPrompts = [
  { prompt: "demo", tells: "a tour of everything a session can show" },
  { prompt: "permission", tells: "the agent asks before it acts" },
  { prompt: "question", tells: "the agent asks you something" },
  { prompt: "run ls", tells: "a real command in this sandbox" },
];

type EmptySessionProps = { agent: string; onTry: (prompt: string) => void };

/** A session in which nothing was said yet; the mock agent offers prompts to try. */
export function EmptySession({ agent, onTry }: EmptySessionProps) {
  return (
    <div className="flex flex-col items-center gap-4 px-4 py-16 text-center">
      <div>
        <h2 className="text-lg font-semibold">Nothing has been said yet</h2>
        <p className="mt-1 max-w-md text-muted">
          {agent === "mock"
            ? "The mock agent needs no keys and no network, and works for real in its folder. Try one of these, or write help to see all of its words."
            : `Tell ${visibleText(agent)} what to do. It works in the folder of this sandbox and asks before it does what needs your permission.`}
        </p>
      </div>
      {agent === "mock" && (
        <ul className="flex w-full max-w-md flex-col gap-1.5 text-left">
          {mockPrompts.map(({ prompt, tells }) => (
            <li key={prompt}>
              <Button className="w-full justify-start! gap-3!" onClick={() => onTry(prompt)}>
                <code className="w-24 shrink-0 text-left font-mono text-accent">{prompt}</code>
                <span className="truncate font-normal text-muted">{tells}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
