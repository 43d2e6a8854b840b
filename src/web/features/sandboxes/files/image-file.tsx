import { useCallback, useState } from "react";

type ImageFileProps = { bytes: Uint8Array<ArrayBuffer>; type: string; name: string };

/** An image from its bytes alone: as an image, an SVG neither runs scripts nor loads anything. */
export function ImageFile({ bytes, type, name }: ImageFileProps) {
  const [broken, setBroken] = useState(false);
  const show = useCallback(
    (image: HTMLImageElement) => {
      const url = URL.createObjectURL(new Blob([bytes], { type }));
      image.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [bytes, type],
  );
  if (broken)
    return <p className="text-muted">It is no image that the browser can show. Download it instead.</p>;
  return (
    <div className="flex justify-center rounded-control border border-border bg-surface p-4">
      <img
        ref={show}
        alt={name}
        className="max-h-[70dvh] max-w-full object-contain"
        onError={() => setBroken(true)}
      />
    </div>
  );
}
