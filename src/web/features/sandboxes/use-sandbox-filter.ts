import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { filterParams, readFilter, writeFilter, type SandboxFilter } from "./sandbox-filter.logic.ts";

/** The filter of the page's address, and how to change it. The rest of the address stays. */
export function useSandboxFilter(): [SandboxFilter, (filter: SandboxFilter) => void] {
  const [params, setParams] = useSearchParams();
  const filter = useMemo(() => readFilter(params), [params]);
  const setFilter = (next: SandboxFilter) => {
    const rest = [...params].filter(([name]) => !filterParams.has(name));
    // Typing in the search field would otherwise fill the history with every letter.
    setParams([...writeFilter(next), ...rest], { replace: true });
  };
  return [filter, setFilter];
}
