import { useEffect } from "react";
import { replace, useLoaderData, useNavigate, useRevalidator } from "react-router";
import { isApiError, messageOf } from "#src/web/api/api-error.ts";
import { call } from "#src/web/api/call.ts";
import { takeCode } from "#src/web/features/sign-in/code.ts";
import { SignInPage } from "#src/web/features/sign-in/sign-in-page.tsx";
import { paths } from "#src/web/paths.ts";

/** Uses the code of the address, or a sign-in that this browser has meanwhile; what stops it is shown. */
export async function loader() {
  const code = takeCode();
  try {
    if (code) await call("POST /sign-in", { body: { code } });
    else await call("GET /me");
    return replace(paths.home());
  } catch (error) {
    const isJustSignedOut = !code && isApiError(error) && error.status === 401;
    return { problem: isJustSignedOut ? null : messageOf(error) };
  }
}

export function Component() {
  const { problem } = useLoaderData<{ problem: string | null }>();
  const navigate = useNavigate();
  const { revalidate } = useRevalidator();
  useEffect(() => {
    document.title = "Sign in · Sandbar";
    // The link may be opened in another tab: coming back here then leads in.
    const handleFocus = () => void revalidate();
    window.addEventListener("focus", handleFocus);
    return () => window.removeEventListener("focus", handleFocus);
  }, [revalidate]);
  return <SignInPage problem={problem} onSignedIn={() => void navigate(paths.home(), { replace: true })} />;
}
