import { fromFolder } from "#src/lib/from-folder.ts";
import { cn } from "#src/web/ui/cn.ts";
import { useFolder } from "./folder-context.ts";
import { shortPath } from "./short-path.ts";
import { visibleText } from "./visible-text.ts";

/** A path from the session's folder, by its last parts, which gives up its folders before its name where there is little room. */
export function FilePath({ path, className }: { path: string; className?: string }) {
  const shown = visibleText(shortPath(fromFolder(path, useFolder())));
  const name = shown.lastIndexOf("/") + 1;
  return (
    <bdi className={cn("flex min-w-0 font-mono text-xs", className)} title={visibleText(path)}>
      <span className="min-w-0 truncate">{shown.slice(0, name)}</span>
      <span className="max-w-full shrink-0 truncate">{shown.slice(name)}</span>
    </bdi>
  );
}
