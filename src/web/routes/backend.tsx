import { useParams } from "react-router";
import { BackendPage } from "#src/web/features/backends/backend-page.tsx";

export function Component() {
  const { backend_id = "" } = useParams();
  return <BackendPage key={backend_id} backend_id={backend_id} />;
}
