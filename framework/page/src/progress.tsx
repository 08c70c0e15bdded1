// How far a job is, as far as it can be known.
import { bytes, count, left, percent, unknown } from "./format";
import { hasEnded } from "./states";
import type { Job, Progress } from "./types";

export function progressOf(job: Job): Progress | null {
  return job.outcome ?? job.process?.progress ?? job.progress ?? null;
}

/// 0 to 1; null where nobody knows.
export function shareOf(job: Job): number | null {
  if (job.stage === "done") return 1;
  return progressOf(job)?.done ?? null;
}

export function rateOf(job: Job): string {
  const progress = progressOf(job);
  const rows = progress?.rows_per_s_now ?? progress?.rows_per_s;
  return progress && progress.rows > 0 && rows ? count(rows) + " rows/s" : unknown;
}

/// "41.2 M / 98 M rows", or bytes where rows are not counted.
export function amountOf(job: Job): string {
  const progress = progressOf(job);
  if (!progress) return unknown;
  if (progress.rows_total > 0) return `${count(progress.rows)} / ${count(progress.rows_total)} rows`;
  if (progress.rows > 0) return count(progress.rows) + " rows";
  if (progress.bytes_total > 0) return `${bytes(progress.bytes)} / ${bytes(progress.bytes_total)}`;
  return progress.bytes > 0 ? bytes(progress.bytes) : `${unknown} rows`;
}

export function leftOf(job: Job): string {
  const progress = hasEnded(job) ? null : progressOf(job);
  return left(progress?.eta_least_s, progress?.eta_most_s);
}

export function Bar({ share, name }: { share: number | null; name: string }) {
  return (
    <progress class="bar" max={1} value={share ?? 0} aria-label={name} title={share === null ? unknown : percent(share)}>
      {percent(share)}
    </progress>
  );
}
