// The frame around the views: where one can go, and how the service is heard.
import { useEffect, useState } from "preact/hooks";
import { get } from "./api";
import { zone } from "./format";
import { Heard } from "./heard";
import { href, place } from "./router";
import { link, picture, silent } from "./store";
import Jobs from "./views/jobs";
import JobView from "./views/job";
import Data from "./views/data";
import Monitor from "./views/monitor";
import New, { UploadLine, current } from "./views/new";
import Panel, { type PanelEntry } from "./views/panel";

function View() {
  const { view, id, tab } = place.value;
  if (view === "jobs") return id ? <JobView id={Number(id)} tab={tab} key={id} /> : <Jobs />;
  if (view === "data") return <Data id={id} />;
  if (view === "new") return <New data={id} key={id} />;
  if (view === "panels" && id) return <Panel name={id} key={id} />;
  return <p class="sentence">There is nothing at {location.hash}: go to <a href="#/jobs">Jobs</a>.</p>;
}

function Unknown() {
  return (
    <p class="sentence" role="alert">
      The service does not know this browser: open the link that <code>serve</code> has printed, or one of <code>/api/v1/links</code>.
    </p>
  );
}

function Tab({ to, name, current }: { to: string; name: string; current: boolean }) {
  return <a href={to} aria-current={current ? "page" : undefined}>{name}</a>;
}

export function App() {
  const [panels, setPanels] = useState<PanelEntry[]>([]);
  const [monitor, setMonitor] = useState(false);
  const known = link.value !== "unknown" && link.value !== "connecting";
  useEffect(() => {
    if (known) get<{ panels: PanelEntry[] }>("/api/v1/panels").then((said) => setPanels(said.panels), () => {});
  }, [known]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).closest("input, textarea, select, [contenteditable]");
      if (event.key === "m" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) setMonitor((shown) => !shown);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  const { view, id } = place.value;
  return (
    <div class={silent.value ? "silent" : undefined}>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>To the content</a>
      <header>
        <b>leat</b>
        <nav aria-label="Views">
          <Tab to="#/jobs" name="Jobs" current={view === "jobs"} />
          <Tab to="#/data" name="Data" current={view === "data"} />
          <Tab to="#/new" name="New" current={view === "new"} />
          {panels.map(({ name }) => <Tab to={href("panels", name)} name={name} current={view === "panels" && id === name} key={name} />)}
        </nav>
        <Heard />
      </header>
      <main id="main" tabIndex={-1}>
        {link.value === "unknown" && <Unknown />}
        {view !== "new" && current.value && current.value.progress.value.state !== "done" && <UploadLine upload={current.value} />}
        {(link.value !== "unknown" || picture.value) && <View />}
      </main>
      {monitor && <Monitor />}
      <footer>Times are of {zone}. <a href="/assets/licences.txt">Licences</a></footer>
    </div>
  );
}
