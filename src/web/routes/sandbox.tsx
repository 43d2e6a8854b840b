import { useParams } from "react-router";
import { SandboxPage } from "#src/web/features/sandboxes/sandbox-page.tsx";

export function Component() {
  const { sandbox_id = "" } = useParams();
  return <SandboxPage key={sandbox_id} sandbox_id={sandbox_id} />;
}
