import { clock, exactly, unknown } from "./format";

/// A time as the reader's clock has it, and in UTC for who hovers.
export function Time({ at }: { at: string | null | undefined }) {
  if (!at) return <>{unknown}</>;
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? <>{unknown}</> : <time dateTime={at} title={exactly(time)}>{clock(time)}</time>;
}
