import { ChevronRight } from "lucide-react";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { type Crumb, crumbsOf, nameOf } from "./file-path.logic.ts";
import type { Place, PlaceLinks } from "./use-place.ts";

type BreadcrumbProps = PlaceLinks & { sandbox: Sandbox; place: Place };

/** Where one is among the files, and the ways up. After a step the focus is on the name of the place it led to. */
export function Breadcrumb({ sandbox, place: { folder, file }, linkTo }: BreadcrumbProps) {
  const here = useRef<HTMLSpanElement>(null);
  const at = file ?? folder;
  const shown = useRef(at);
  useEffect(() => {
    if (shown.current === at) return;
    shown.current = at;
    here.current?.focus();
  }, [at]);

  const folders: Crumb[] = [{ name: sandbox.name, path: "" }, ...crumbsOf(folder)];
  const last = file === null ? folders.pop() : { name: nameOf(file), path: file };
  return (
    <nav aria-label="Folders" className="flex min-w-0 flex-wrap items-center gap-x-1 font-mono text-code">
      {folders.map(({ name, path }) => (
        <span key={path} className="flex min-w-0 items-center gap-1">
          <Link
            to={linkTo({ folder: path, file: null })}
            className="truncate rounded-control text-muted hover:text-text hover:underline"
          >
            {visibleText(name)}
          </Link>
          <ChevronRight size={12} aria-hidden className="shrink-0 text-faint" />
        </span>
      ))}
      <span ref={here} tabIndex={-1} aria-current="page" className="rounded-control font-medium break-all">
        {visibleText(last?.name ?? "")}
      </span>
    </nav>
  );
}
