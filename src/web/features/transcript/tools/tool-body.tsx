import { Fragment } from "react";
import type { ToolLocation } from "#src/domain/event.ts";
import { fromFolder, placeWords } from "#src/lib/from-folder.ts";
import { fileChanges } from "#src/transcript/file-changes.ts";
import { diffsOf } from "#src/transcript/tool-diffs.ts";
import { describeTool } from "#src/transcript/tool-view.ts";
import type { ToolCall } from "#src/transcript/rows.ts";
import { CodeText } from "#src/web/ui/content/code-text.tsx";
import { DiffView } from "#src/web/ui/content/diff-view.tsx";
import { JsonView } from "#src/web/ui/content/json-view.tsx";
import { KeyValues } from "#src/web/ui/content/key-values.tsx";
import { OutputBox } from "#src/web/ui/content/output-box.tsx";
import { ScrollRegion } from "#src/web/ui/content/scroll-region.tsx";
import { useFolder } from "#src/web/ui/content/folder-context.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { Disclosure } from "#src/web/ui/disclosure.tsx";
import { ContentBlocks } from "../rows/content-blocks.tsx";
import { isRunning } from "./tool.logic.ts";

/** What a tool call was given and what it gave back, by its kind. */
export function ToolBody({ tool }: { tool: ToolCall }) {
  return (
    <>
      <ToolInput tool={tool} />
      {fileChanges(diffsOf(tool)).map((file) => (
        <DiffView key={file.path} {...file} />
      ))}
      {tool.progress && isRunning(tool) && <p className="text-xs text-muted">{visibleText(tool.progress)}</p>}
      {tool.output !== "" && (
        <OutputBox text={tool.output} label={`Output of ${tool.title}`} live={isRunning(tool)} />
      )}
      {tool.content.length > 0 && <ContentBlocks content={tool.content} />}
      {tool.kind === "execute" && !isRunning(tool) && tool.output === "" && tool.exit_code !== null && (
        <p className="text-xs text-faint">It printed nothing.</p>
      )}
    </>
  );
}

function ToolInput({ tool }: { tool: ToolCall }) {
  switch (tool.kind) {
    case "execute":
      return <Command tool={tool} />;
    case "edit":
    case "delete":
    case "move":
      return diffsOf(tool).length > 0 ? null : <Locations locations={tool.locations} />;
    case "read":
    case "search":
      return (
        <>
          <Locations locations={tool.locations} />
          {tool.locations.length === 0 && <Given tool={tool} />}
        </>
      );
    case "think":
    case "fetch":
    case "switch_mode":
    case "subagent":
    case "other":
      return <Given tool={tool} />;
    default:
      return tool.kind satisfies never;
  }
}

/** The whole command, which the line above cuts, and where it ran. */
function Command({ tool }: { tool: ToolCall }) {
  const folder = useFolder();
  const command = describeTool(tool).command ?? tool.title;
  return (
    <div className="flex items-start gap-1">
      <div className="min-w-0 flex-1">
        {tool.directory && (
          <p className="truncate text-xs text-faint" title={visibleText(tool.directory)}>
            {visibleText(placeWords(tool.directory, folder))}
          </p>
        )}
        {command.includes("\n") || command.length > 80 ? (
          <ScrollRegion
            as="pre"
            label="Command"
            className="max-h-48 overflow-auto font-mono text-code break-all whitespace-pre-wrap"
          >
            <CodeText text={command} language="bash" />
          </ScrollRegion>
        ) : null}
      </div>
      <CopyButton text={command} label="Copy command" />
    </div>
  );
}

function Locations({ locations }: { locations: readonly ToolLocation[] }) {
  const folder = useFolder();
  if (locations.length === 0) return null;
  return (
    <p className="font-mono text-xs break-all text-muted">
      {locations.map(({ path, line }, index) => (
        <Fragment key={`${path}:${line}:${index}`}>
          {index > 0 && ", "}
          <bdi title={visibleText(path)}>
            {visibleText(fromFolder(path, folder))}
            {line !== null && `:${line}`}
          </bdi>
        </Fragment>
      ))}
    </p>
  );
}

function Given({ tool }: { tool: ToolCall }) {
  if (tool.input_json !== null)
    return <OutputBox text={tool.input_json} label="Input, still arriving" live />;
  if (tool.input === undefined || tool.input === null) return null;
  return <KeyValues value={tool.input} />;
}

/** Everything as it came, on demand. */
export function RawCall({ tool }: { tool: ToolCall }) {
  const { permissions: _, output: __, diffs: ___, ...raw } = tool;
  return (
    <Disclosure summary={<span className="text-xs">Raw</span>}>
      <JsonView value={raw} label="raw tool call" />
    </Disclosure>
  );
}
