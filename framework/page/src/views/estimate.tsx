// What the data will need in memory, as f64, f32 and f16, against the bound: of programs that can tell.
import { useEffect, useState } from "preact/hooks";
import { Refused, get } from "../api";
import { bytes, count, duration } from "../format";

interface Said {
  bound: number;
  rows?: number;
  seconds?: number;
  f64: number;
  f32: number;
  f16: number;
  sentence?: string;
}

const kSettled = 300; // ms after the last change
let cannot = false;   // this program tells none

export default function Estimate({ data, args }: { data: string; args: Record<string, string> }) {
  const [said, setSaid] = useState<Said | null>(null);
  const [wrong, setWrong] = useState("");
  const query = new URLSearchParams({ ...args, data }).toString();
  useEffect(() => {
    setSaid(null);
    setWrong("");
    if (!data || cannot) return;
    const control = new AbortController();
    const timer = setTimeout(() => {
      get<Said>("/estimate?" + query, control.signal).then(setSaid, (error: Error) => {
        if (error instanceof Refused && error.status === 404 && !/data|upload|result/.test(error.message)) cannot = true;
        else if (!control.signal.aborted && !cannot) setWrong(error.message);
      });
    }, kSettled);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [query, data]);
  if (wrong) return <p class="sentence">{wrong}</p>;
  if (!said) return null;
  const most = Math.max(said.bound, said.f64);
  return (
    <div class="estimate" role="group" aria-label="Memory that it will need">
      {(["f64", "f32", "f16"] as const).map((type) => (
        <div class={said[type] > said.bound ? "beyond" : undefined} key={type}>
          <span>{type}</span>
          <meter min={0} max={most} high={said.bound} value={said[type]} aria-label={type} />
          <span class="figure">{bytes(said[type])}{said[type] > said.bound ? " ✕" : ""}</span>
        </div>
      ))}
      <p class="quiet">of {bytes(said.bound)}{said.rows ? `, ${count(said.rows)} rows` : ""}{said.seconds ? `, about ${duration(said.seconds)}` : ""}</p>
      {said.sentence && <p class="sentence">{said.sentence}</p>}
    </div>
  );
}
