import { useEffect } from "react";
import { replace, useLoaderData, useNavigate, useRevalidator } from "react-router";
import { isApiError } from "#src/web/api/api-error.ts";
import { call } from "#src/web/api/call.ts";
import { takeCode } from "#src/web/features/sign-in/code.ts";
import { SignInPage } from "#src/web/features/sign-in/sign-in-page.tsx";
import { paths } from "#src/web/paths.ts";

/** Uses the code of the address, or a sign-in that this browser has meanwhile; what stops it is shown. */
export async function loader() {
  const code = takeCode() ?? unanswered;
  unanswered = null;
  try {
    if (code) await call("POST /sign-in", { body: { code } });
    else await call("GET /me");
    return replace(paths.home());
  } catch (error) {
    if (isApiError(error, "network")) unanswered = code;
    const isJustSignedOut = !code && isApiError(error) && error.status === 401;
    return { problem: isJustSignedOut ? null : error };
  }
}

/** A code that the server did not answer for: it is in no address any more, and the next try uses it. */
let unanswered: string | null = null;

export function Component() {
  const { problem } = useLoaderData<{ problem: unknown }>();
  const navigate = useNavigate();
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    document.title = "Sign in · Sandbar";
    // The link may be opened in another tab: coming back here then leads in.
    const handleFocus = () => void revalidate();
    window.addEventListener("focus", handleFocus);
    return () => window.removeEventListener("focus", handleFocus);
  }, [revalidate]);
  return (
    <SignInPage
      problem={problem}
      onSignedIn={() => void navigate(paths.home(), { replace: true })}
      onRetry={() => void revalidate()}
      retrying={state === "loading"}
    />
  );
}
