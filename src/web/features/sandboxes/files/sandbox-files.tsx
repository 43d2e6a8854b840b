import type { Backend } from "#src/domain/backend.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { Breadcrumb } from "./breadcrumb.tsx";
import { folderOf } from "./file-path.logic.ts";
import { FileView } from "./file-view.tsx";
import { FolderView } from "./folder-view.tsx";
import { RunCommand } from "./run-command.tsx";
import { usePlace } from "./use-place.ts";

type SandboxFilesProps = { sandbox: Sandbox; backend: Backend | undefined };

/** A sandbox's files, and commands to run among them. */
export function SandboxFiles({ sandbox, backend }: SandboxFilesProps) {
  const { place, linkTo, goTo } = usePlace();
  const can = backend?.capabilities.sandboxes;
  const notes = backend?.capabilities.notes;
  return (
    <div className="flex flex-col gap-6 pt-4">
      {can && !can.files ? (
        <EmptyState
          title="Its files cannot be seen here"
          text={notes?.["sandboxes.files"] ?? "Its backend shows no files."}
        />
      ) : (
        <section aria-label="Files" className="flex flex-col gap-3">
          <Breadcrumb sandbox={sandbox} place={place} linkTo={linkTo} />
          {place.file === null ? (
            <FolderView
              key={place.folder}
              sandbox={sandbox}
              folder={place.folder}
              canArrange={can?.arrange_files ?? false}
              linkTo={linkTo}
            />
          ) : (
            <FileView
              key={place.file}
              sandbox={sandbox}
              folder={place.folder}
              file={place.file}
              canArrange={can?.arrange_files ?? false}
              onMoved={(path) => goTo({ folder: folderOf(path), file: path })}
              onDeleted={() => goTo({ ...place, file: null })}
            />
          )}
        </section>
      )}
      <RunCommand
        sandbox={sandbox}
        folder={place.folder}
        why={can && !can.exec ? (notes?.["sandboxes.exec"] ?? "Its backend runs no commands.") : null}
      />
    </div>
  );
}
