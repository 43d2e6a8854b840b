import { ChevronDown, Search, X } from "lucide-react";
import type { Backend } from "#src/domain/backend.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { Button } from "#src/web/ui/button.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { Menu, MenuCheckboxItem } from "#src/web/ui/menu.tsx";
import {
  clearFilter,
  filterChips,
  isNarrowed,
  labelsInUse,
  sandboxStates,
  toggle,
  type SandboxFilter,
} from "./sandbox-filter.logic.ts";

type FilterBarProps = {
  filter: SandboxFilter;
  onChange: (filter: SandboxFilter) => void;
  sandboxes: readonly Sandbox[];
  backends: readonly Backend[];
};

/** Search and filters above the table; only what could narrow it is offered. */
export function FilterBar({ filter, onChange, sandboxes, backends }: FilterBarProps) {
  const inUse = new Set(sandboxes.map(({ state }) => state));
  const states = sandboxStates.filter((state) => inUse.has(state) || filter.states.includes(state));
  const labels = [...new Set([...filter.labels, ...labelsInUse(sandboxes)])];
  return (
    <search className="flex flex-wrap items-center gap-2">
      <div className="relative min-w-0 flex-1 basis-48 sm:max-w-64">
        <Search
          size={14}
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint"
        />
        <Input
          type="search"
          aria-label="Search sandboxes"
          placeholder="Search…"
          value={filter.q}
          onChange={(event) => onChange({ ...filter, q: event.target.value })}
          className="pl-8"
        />
      </div>
      <FilterMenu
        label="State"
        chosen={filter.states}
        items={states.map((state) => ({ value: state, label: state }))}
        onToggle={(state) => onChange({ ...filter, states: toggle(filter.states, state) })}
      />
      {backends.length > 1 && (
        <FilterMenu
          label="Backend"
          chosen={filter.backends}
          items={backends.map(({ id, name }) => ({ value: id, label: name }))}
          onToggle={(id) => onChange({ ...filter, backends: toggle(filter.backends, id) })}
        />
      )}
      {labels.length > 0 && (
        <FilterMenu
          label="Label"
          chosen={filter.labels}
          items={labels.map((label) => ({ value: label, label }))}
          onToggle={(label) => onChange({ ...filter, labels: toggle(filter.labels, label) })}
        />
      )}
    </search>
  );
}

type FilterMenuProps<V extends string> = {
  label: string;
  chosen: readonly V[];
  items: readonly { value: V; label: string }[];
  onToggle: (value: V) => void;
};

function FilterMenu<V extends string>({ label, chosen, items, onToggle }: FilterMenuProps<V>) {
  return (
    <Menu
      align="start"
      trigger={
        <Button>
          {label}
          {chosen.length > 0 && <span className="text-accent">{chosen.length}</span>}
          <ChevronDown size={14} aria-hidden className="text-faint" />
        </Button>
      }
    >
      {items.map(({ value, label: text }) => (
        <MenuCheckboxItem
          key={value}
          checked={chosen.includes(value)}
          onCheckedChange={() => onToggle(value)}
        >
          {text}
        </MenuCheckboxItem>
      ))}
    </Menu>
  );
}

type FilterChipsProps = Pick<FilterBarProps, "filter" | "onChange" | "backends">;

/** What narrows the list, each part with a button that takes it away. Nothing when nothing does. */
export function FilterChips({ filter, onChange, backends }: FilterChipsProps) {
  const chips = filterChips(filter, new Map(backends.map(({ id, name }) => [id, name])));
  if (chips.length === 0) return null;
  return (
    <ul aria-label="Filters" className="flex flex-wrap items-center gap-1.5">
      {chips.map(({ key, field, value, without }) => (
        <li key={key}>
          <button
            type="button"
            aria-label={`Remove filter ${field}: ${value}`}
            onClick={() => onChange(without)}
            className="inline-flex h-6 max-w-64 items-center gap-1 rounded-control border border-border bg-surface px-1.5 text-xs transition-colors hover:bg-hover pointer-coarse:h-9"
          >
            <span className="text-faint">{field}</span>
            <span className="truncate">{value}</span>
            <X size={12} aria-hidden className="shrink-0 text-faint" />
          </button>
        </li>
      ))}
      {isNarrowed(filter) && (
        <li>
          <Button variant="ghost" size="sm" onClick={() => onChange(clearFilter(filter))}>
            Clear all
          </Button>
        </li>
      )}
    </ul>
  );
}
