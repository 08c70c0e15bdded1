// The graph as a list: for readers, for who looks for a name, and for more cells than can be drawn.
import { useState } from "preact/hooks";
import type { Box, Flow } from "../flow";
import { percent } from "../format";
import { Mark } from "../states";
import { labelOf } from "./drawing";

const kShown = 100;

function goesTo(flow: Flow, box: Box): string {
  const name = (id: number) => flow.boxes.find((one) => one.id === id)?.stages[0] ?? "?";
  return flow.wires.filter((wire) => wire.from === box.id).map((wire) => `${name(wire.to)} (${labelOf(wire)})`).join(", ");
}

export function GraphList({ flow, chosen, choose }: { flow: Flow; chosen: number | null; choose: (id: number) => void }) {
  const [wanted, setWanted] = useState("");
  const fit = flow.boxes.filter((box) => box.stages.some((stage) => stage.toLowerCase().includes(wanted.toLowerCase())));
  const shown = fit.slice(0, kShown);
  return (
    <div class="wide">
      {flow.boxes.length > 12 && (
        <label class="search">Stage <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} /></label>
      )}
      <table class="cells">
        <thead><tr>{["Cell", "State", "Replicas", "Goes to"].map((name) => <th scope="col" key={name}>{name}</th>)}</tr></thead>
        <tbody>
          {shown.map((box) => (
            <tr key={box.id} aria-selected={chosen === box.id}>
              <td><button type="button" class="plain" id={`cell-${box.id}`} onClick={() => choose(box.id)}>{box.stages.join(" · ")}</button></td>
              <td class="state"><Mark state={box.state} /> {box.state}{box.state === "done" ? "" : " " + percent(box.share)}</td>
              <td>{box.count}</td>
              <td class="why">{goesTo(flow, box)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {fit.length > shown.length && <p class="quiet">{fit.length - shown.length} more: search for a stage.</p>}
    </div>
  );
}
