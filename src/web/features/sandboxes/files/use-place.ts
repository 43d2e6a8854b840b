import { useSearchParams } from "react-router";

export type Place = {
  /** The folder that is shown; "" is the sandbox's own. */
  folder: string;
  /** The file that is open. */
  file: string | null;
};

/** The folder and the file in the address, and the addresses of others. */
export function usePlace() {
  const [params, setParams] = useSearchParams();
  const place: Place = { folder: params.get("folder") ?? "", file: params.get("file") };

  const searchOf = ({ folder, file }: Place): URLSearchParams => {
    const next = new URLSearchParams(params);
    next.delete("folder");
    next.delete("file");
    if (folder !== "") next.set("folder", folder);
    if (file !== null) next.set("file", file);
    return next;
  };

  return {
    place,
    /** For a link, so that it can be opened in another tab. */
    linkTo: (next: Place) => ({ search: `?${searchOf(next)}` }),
    goTo: (next: Place) => setParams(searchOf(next)),
  };
}

export type PlaceLinks = Pick<ReturnType<typeof usePlace>, "linkTo">;
