// node measure.mjs PROGRAMS DATA SECONDS MESSAGES: the page measured once; one line of JSON. What takes long, scrolling for so
// many seconds and hearing so many messages, is left out where that is 0.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Service } from "../../tests/page/service.mjs";
import { launch } from "./browser.mjs";
import { live } from "./live.mjs";
import { tables } from "./tables.mjs";

const [programs, data, seconds, messages] = process.argv.slice(2);
const graphs = process.env.LEAT_PAGE_GRAPHS ?? fileURLToPath(new URL("graphs", import.meta.url));
const service = await Service.of(join(programs, "leat"), "--threads", "2", "--graphs", graphs, "--data-root", resolve(data));
const browser = await launch();
try {
  console.log(JSON.stringify({ ...await tables(browser, service, Number(seconds)), ...await live(browser, service, join(data, "page-1m.csv"), Number(messages)) }));
} finally {
  await browser.close();
  await service.end();
}
