import {
  memo,
  type ReactElement,
  type Ref,
  type RefObject,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { Places } from "./places.ts";

export type VirtualListHandle = Pick<Places, "topIndex" | "extent" | "center">;

type VirtualListProps = {
  ref?: Ref<VirtualListHandle>;
  scroller: RefObject<HTMLElement | null>;
  /** Height of what stands above the list in the scroller, px. */
  start: number;
  keys: readonly string[];
  /** The last change of the keys put some in front: what is in view stays where it is. */
  shift: boolean;
  /** The element of a key, the same every time. */
  elementOf: (key: string) => ReactElement;
  onScroll: () => void;
  /** The height of the list changed. */
  onResize: () => void;
};

/** Mounts those of many items that are in view or near it. */
export function VirtualList({ ref, scroller, start, keys, shift, elementOf, ...on }: VirtualListProps) {
  const container = useRef<HTMLDivElement>(null);
  const [places] = useState(() => new Places(keys.length));
  const [, render] = useReducer((count: number) => count + 1, 0);
  const [first, last] = places.rangeFor(keys.length, shift, start);
  const onScroll = useEffectEvent(on.onScroll);
  const onResize = useEffectEvent(on.onResize);

  useLayoutEffect(() => {
    let detach = () => {};
    let isGone = false;
    // The scroller is further out: its ref is set after the effects of what is inside.
    queueMicrotask(() => {
      if (isGone || !container.current || !scroller.current) return;
      detach = places.attach(container.current, scroller.current, {
        onRange: (sync) => (sync ? flushSync(render) : render()),
        onScroll: () => onScroll(),
        onResize: () => onResize(),
      });
    });
    return () => {
      isGone = true;
      detach();
    };
  }, [places, scroller]);

  useLayoutEffect(() => places.write());
  useImperativeHandle(ref, () => places, [places]);

  return (
    <div ref={container} className="relative [contain:size_style] [overflow-anchor:none]">
      {keys.slice(first, last + 1).map((key, offset) => (
        <Item key={key} places={places} index={first + offset}>
          {elementOf(key)}
        </Item>
      ))}
    </div>
  );
}

type ItemProps = { places: Places; index: number; children: ReactElement };

const Item = memo(function Item({ places, index, children }: ItemProps) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(
    () => (element.current ? places.mount(element.current, index) : undefined),
    [places, index],
  );
  return (
    <div ref={element} className="absolute inset-x-0 [contain:layout_style]">
      {children}
    </div>
  );
});
