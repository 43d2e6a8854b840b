import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useNavigate, useParams } from "react-router";
import { paths } from "#src/web/paths.ts";
import { lookAt } from "./looking.ts";
import { useNoticePermission, useNoticeSettings } from "./notice-settings.ts";
import { startNotifier } from "./notifier.ts";

/** Tells of what happens in other sessions, while that is switched on and the browser allows it. Draws nothing. */
export function Notifications() {
  const { on, wanted } = useNoticeSettings();
  const isOn = useNoticePermission() === "granted" && on;
  const { session_id } = useParams();
  const client = useQueryClient();
  const navigate = useNavigate();
  const latest = useRef({ wanted, navigate });
  useEffect(() => {
    latest.current = { wanted, navigate };
  });

  useEffect(() => {
    if (!isOn) return;
    return startNotifier({
      client,
      wanted: () => latest.current.wanted,
      onOpen: (id) => void latest.current.navigate(paths.session({ session_id: id })),
    });
  }, [isOn, client]);
  useEffect(() => (isOn && session_id ? lookAt(session_id) : undefined), [isOn, session_id]);
  return null;
}
