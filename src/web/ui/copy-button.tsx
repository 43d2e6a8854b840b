import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { IconButton } from "./icon-button.tsx";
import { toast } from "./toast.tsx";

type CopyButtonProps = {
  /** What goes to the clipboard; a function when it is made only then. */
  text: string | (() => string);
  /** "Copy id": the name, and the tooltip when there is no room for words. */
  label: string;
  withLabel?: boolean;
  size?: "sm" | "md";
  className?: string;
};

/** Copies text and says that it did. */
export function CopyButton({ text, label, withLabel = false, size = "sm", className }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  const handleClick = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === "function" ? text() : text);
      setCopied(true);
    } catch {
      toast.error(
        "The text was not copied",
        "The browser refused access to the clipboard. Select it and copy it.",
      );
    }
  };
  const icon = copied ? <Check size={14} className="text-ok" /> : <Copy size={14} />;
  const name = copied ? "Copied" : label;
  return (
    <>
      {withLabel ? (
        <Button size={size} icon={icon} onClick={() => void handleClick()} className={className}>
          {name}
        </Button>
      ) : (
        <IconButton
          size={size}
          label={name}
          icon={icon}
          onClick={() => void handleClick()}
          className={className}
        />
      )}
      <output className="sr-only">{copied && "Copied"}</output>
    </>
  );
}
