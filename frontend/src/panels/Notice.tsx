/** Says something for a few seconds. */
import { useEffect, useState } from "react";
import { useWorkspace } from "@/workspace/workspace";
import "./help.css";

const SECONDS = 6;

export function Notice() {
  const notice = useWorkspace((state) => state.notice);
  const [gone, setGone] = useState(0);
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => setGone(notice.count), SECONDS * 1000);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div className="notice" role="status" data-testid="notice">
      {notice && notice.count !== gone ? notice.text : ""}
    </div>
  );
}
