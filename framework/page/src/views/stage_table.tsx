// The stages of a job of which no snapshot is there: one that waits has none yet, one that has ended had these in the end.
import { bytes, count, duration, unknown } from "../format";
import { progressOf } from "../progress";
import { hasEnded } from "../states";
import type { Job } from "../types";

export function StageTable({ job }: { job: Job }) {
  const stages = progressOf(job)?.stages ?? [];
  if (!stages.length) return <p class="quiet">{hasEnded(job) ? "It has said nothing of its stages." : "Its cells are shown once they run."}</p>;
  const names = ["Stage", "Replicas", "Busy", "Chunks in", "Chunks out", "Bytes out", "Restarts", "Dead letters", "Counts"];
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="Stages">
      <table>
        <thead><tr>{names.map((name) => <th scope="col" key={name}>{name}</th>)}</tr></thead>
        <tbody>
          {stages.map((stage) => (
            <tr key={stage.name}>
              <td>{stage.name}</td>
              <td>{stage.replicas}</td>
              <td>{duration(stage.busy_s)}</td>
              <td>{count(stage.chunks_in)}</td>
              <td>{count(stage.chunks_out)}</td>
              <td>{bytes(stage.bytes_out)}</td>
              <td>{stage.restarts || unknown}</td>
              <td>{stage.dead_letters || unknown}</td>
              <td class="why">{Object.entries(stage.counts).map(([name, number]) => `${name} ${count(number)}`).join(", ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
