import { Eye, EyeOff } from "lucide-react";
import { useState, type ClipboardEvent } from "react";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { Textarea } from "#src/web/ui/textarea.tsx";

type SecretInputProps = {
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  placeholder?: string;
};

/**
 * A field for a value that is written and never read back: hidden unless its owner asks to see what they just typed. A
 * one-line field would swallow line ends, so a value of several lines, such as a key, is edited in the open.
 */
export function SecretInput({ value, onChange, onBlur, placeholder }: SecretInputProps) {
  const [asked, setAsked] = useState(false);
  const several = value.includes("\n");
  const shown = asked || several;

  const handlePaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!text.includes("\n")) return;
    event.preventDefault();
    const { selectionStart, selectionEnd } = event.currentTarget;
    onChange(value.slice(0, selectionStart ?? 0) + text + value.slice(selectionEnd ?? value.length));
  };

  const common = { onBlur, placeholder, autoComplete: "off", spellCheck: false, mono: true };
  return (
    <div className="flex items-start gap-1">
      {shown ? (
        <Textarea {...common} rows={1} value={value} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <Input
          {...common}
          type="password"
          autoComplete="new-password"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onPaste={handlePaste}
        />
      )}
      <IconButton
        label={
          several
            ? "A value of several lines stays in view"
            : shown
              ? "Hide what you typed"
              : "Show what you typed"
        }
        icon={shown ? <EyeOff size={16} /> : <Eye size={16} />}
        disabled={several || value === ""}
        onClick={() => setAsked(!shown)}
      />
    </div>
  );
}
