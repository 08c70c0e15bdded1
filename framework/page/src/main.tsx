import "./style.css";
import { render } from "preact";
import { App } from "./app";
import { begin } from "./connection";
import { beginCurves } from "./curves";
import { beginFeed } from "./jobs_feed";

begin();
beginFeed();
beginCurves();
render(<App />, document.getElementById("page")!);
