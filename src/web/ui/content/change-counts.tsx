/** How many lines a change adds and removes: `+12 −3`. */
export function ChangeCounts({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="shrink-0 font-mono text-xs leading-5">
      <span className="text-added">+{added}</span> <span className="text-removed">−{removed}</span>
    </span>
  );
}
