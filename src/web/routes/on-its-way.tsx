import { SkeletonRows } from "#src/web/ui/skeleton.tsx";

/** In the frame while the first page's own part loads. */
export function PageOnItsWay() {
  return (
    <div className="mx-auto w-full max-w-4xl p-4 sm:p-6">
      <SkeletonRows rows={5} rowClassName="h-13" label="Loading the page" />
    </div>
  );
}

/** In place of the sign-in page while it loads, or while the code of the address is used. */
export function SignInOnItsWay() {
  return (
    // Its look is in index.html, where the same words stand before anything has loaded.
    <output className="starting">Waiting for Sandbar's server. The page comes when it answers.</output>
  );
}
