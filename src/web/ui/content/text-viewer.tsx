import { startTransition, Suspense, useState } from "react";
import { Button } from "#src/web/ui/button.tsx";
import { lazyPart } from "#src/web/ui/load-code.ts";

const TextViewer = lazyPart(async () => (await import("./text-viewer-dialog.tsx")).TextViewer);

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
