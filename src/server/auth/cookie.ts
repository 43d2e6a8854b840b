import type { Context } from "hono";
import { generateCookie, getCookie } from "hono/cookie";

const NAME = "sandbar";
export const COOKIE_DAYS = 30;

/** The value of the browser's cookie. */
export function readCookie(context: Context): string | null {
  return getCookie(context, NAME) ?? null;
}

/** The `Set-Cookie` of a sign-in. */
export function signInCookie(value: string, context: Context): string {
  return cookie(value, COOKIE_DAYS * 24 * 60 * 60, context);
}

/** The `Set-Cookie` that takes it back. */
export function signOutCookie(context: Context): string {
  return cookie("", 0, context);
}

function cookie(value: string, maxAge: number, context: Context): string {
  return generateCookie(NAME, value, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    maxAge,
    secure: isHttps(context),
  });
}

/** A proxy's word is enough here: a cookie marked Secure by mistake is lost, not leaked. */
function isHttps({ req }: Context): boolean {
  return new URL(req.url).protocol === "https:" || req.header("x-forwarded-proto") === "https";
}
