import { useMutation } from "@tanstack/react-query";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { createSignInLinkMutation, signOutMutation } from "#src/web/api/queries/system.ts";
import { paths } from "#src/web/paths.ts";
import { Button } from "#src/web/ui/button.tsx";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { Section } from "#src/web/ui/section.tsx";

/** Into another browser, and out of this one. */
export function SignInSection() {
  const link = useMutation(createSignInLinkMutation);
  const signOut = useMutation(signOutMutation);
  const handleSignOut = () =>
    signOut.mutate(undefined, {
      // A new page: nothing that was shown here stays in memory.
      onSuccess: () => window.location.assign(paths.signIn()),
      onError: (error) => toast.error(failureTitle(error, "You are still signed in"), messageOf(error)),
    });
  const handleLink = () =>
    link.mutate(undefined, {
      onError: (error) => toast.error(failureTitle(error, "No sign-in link was made"), messageOf(error)),
    });
  return (
    <Section title="Sign-in" text="A sign-in link works once; a browser that used one stays signed in.">
      {link.data && (
        <div className="rounded-control border border-border bg-surface p-2">
          <div className="flex items-center gap-2">
            <code className="min-w-0 flex-1 break-all">{link.data.link}</code>
            <CopyButton text={link.data.link} label="Copy" withLabel />
          </div>
          <p className="pt-1 text-xs text-faint">
            Works once and ends <RelativeTime at={link.data.expires_at} />.
          </p>
        </div>
      )}
      <div className="flex flex-wrap gap-2">
        <Button onClick={handleLink} busy={link.isPending}>
          Make a link for another browser
        </Button>
        <Button onClick={handleSignOut} busy={signOut.isPending}>
          Sign out
        </Button>
      </div>
    </Section>
  );
}
