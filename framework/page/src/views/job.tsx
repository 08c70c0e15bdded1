// A job: what it does as a whole, and the parts that show more of it.
import { useEffect } from "preact/hooks";
import { href } from "../router";
import { watched } from "../store";
import { watch } from "../watch";
import { Head } from "./job_head";
import Graph from "./graph";
import { Charts } from "./charts";
import Events from "./events";
import Log from "./log";
import Results from "./results";

const tabs = { "": "Graph", charts: "Charts", data: "Data", events: "Events", log: "Log" };

export default function JobView({ id, tab }: { id: number; tab: string }) {
  useEffect(() => watch(id), [id]);
  const known = watched.value;
  useEffect(() => {
    if (known?.job) document.title = `${known.job.graph} ${id} · leat`;
  }, [known?.job?.graph]);
  if (!known || known.id !== id) return null;
  if (known.refused) return <p class="sentence" role="alert">{known.refused}</p>;
  if (!known.job) return <p class="quiet">…</p>;
  return (
    <section class="job">
      <Head job={known.job} why={known.why} nodes={known.snapshot?.nodes.length} />
      <nav class="tabs" aria-label="Of this job">
        {Object.entries(tabs).map(([name, shown]) => (
          <a key={name} href={name ? href("jobs", id, name) : href("jobs", id)} aria-current={tab === name ? "page" : undefined}>{shown}</a>
        ))}
      </nav>
      {tab === "charts" ? <Charts job={known.job} />
        : tab === "data" ? <Results job={known.job} />
        : tab === "events" ? <Events job={known.job} />
        : tab === "log" ? <Log job={known.job} />
        : <Graph {...known} job={known.job} />}
    </section>
  );
}
