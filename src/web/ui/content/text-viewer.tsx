import { lazy, startTransition, Suspense, useState } from "react";
import { Button } from "#src/web/ui/button.tsx";

const TextViewer = lazy(async () => ({ default: (await import("./text-viewer-dialog.tsx")).TextViewer }));

/** A button that opens a long text in the viewer, which loads when it is first asked for. */
export function ShowAllButton({ label, title, text }: { label: string; title: string; text: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" variant="ghost" onClick={() => startTransition(() => setOpen(true))}>
        {label}
      </Button>
      <Suspense>{open && <TextViewer title={title} text={text} open onOpenChange={setOpen} />}</Suspense>
    </>
  );
}
