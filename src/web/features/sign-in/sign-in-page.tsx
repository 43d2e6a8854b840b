import { useMutation } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { isApiError, messageOf } from "#src/web/api/api-error.ts";
import { signInMutation } from "#src/web/api/queries/system.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Button } from "#src/web/ui/button.tsx";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { Field } from "#src/web/ui/field.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { codeIn } from "./code.ts";

type SignInPageProps = {
  /** Why the link that led here did not work; null when there was none. */
  problem: unknown;
  onSignedIn: () => void;
  /** Tries what led here again. */
  onRetry: () => void;
  retrying: boolean;
};

/** For a browser that nobody is signed in on: how to get a link that works. */
export function SignInPage({ problem, onSignedIn, onRetry, retrying }: SignInPageProps) {
  const [pasted, setPasted] = useState("");
  const signIn = useMutation(signInMutation);
  const error = signIn.error ?? problem;
  const handleSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const code = codeIn(pasted);
    if (code && !signIn.isPending) signIn.mutate(code, { onSuccess: onSignedIn });
  };
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-5 p-6">
      <div className="flex items-center gap-3">
        <img src="/favicon.svg" alt="" className="size-8" />
        <h1 className="text-xl font-semibold">Sign in to Sandbar</h1>
      </div>
      {error !== null && (
        <Problem error={error} onRetry={signIn.isError ? null : onRetry} retrying={retrying} />
      )}
      <div className="flex flex-col gap-2">
        <p>Sandbar prints a sign-in link in its terminal. Each link works once. To get a new one:</p>
        <ul className="flex list-disc flex-col gap-1 pl-5">
          <li>press Enter in the terminal where Sandbar runs, or</li>
          <li>
            run{" "}
            <span className="inline-flex items-center gap-1 rounded-control border border-border bg-surface pl-1.5">
              <code>npm run link</code>
              <CopyButton text="npm run link" label="Copy command" />
            </span>{" "}
            in Sandbar's folder.
          </li>
        </ul>
      </div>
      <form onSubmit={handleSubmit} className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <Field label="Or paste the link here">
            <Input
              mono
              autoComplete="off"
              spellCheck={false}
              value={pasted}
              onChange={(event) => setPasted(event.target.value)}
            />
          </Field>
        </div>
        <Button type="submit" variant="primary" busy={signIn.isPending} disabled={pasted.trim() === ""}>
          Sign in
        </Button>
      </form>
    </main>
  );
}

type ProblemProps = { error: unknown; onRetry: (() => void) | null; retrying: boolean };

/** A link that does not work is one thing, a server that does not answer another: that link may still be good. */
function Problem({ error, onRetry, retrying }: ProblemProps) {
  if (!isApiError(error, "network")) {
    return (
      <Banner tone="error" title="That link did not work.">
        {messageOf(error)}
      </Banner>
    );
  }
  const retry = onRetry && (
    <Button size="sm" onClick={onRetry} busy={retrying}>
      Try again
    </Button>
  );
  return (
    <Banner tone="error" title="You are not signed in yet." actions={retry}>
      Sandbar's server does not answer. Check that it still runs in its terminal; then try again.
    </Banner>
  );
}
