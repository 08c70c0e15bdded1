import "./style.css";
import { render } from "preact";
import { App } from "./app";
import { begin } from "./connection";

begin();
render(<App />, document.getElementById("page")!);
