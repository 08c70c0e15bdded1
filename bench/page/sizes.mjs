// node sizes.mjs PROGRAMS DATA TABLE...: frames a second while every row of a table is another one in each frame, by table file of
// the folder DATA, and of an empty page; one line of JSON.
import { join, resolve } from "node:path";
import { Service } from "../../tests/page/service.mjs";
import { emptyFrames, launch, pageOf } from "./browser.mjs";
import { sweep } from "./tables.mjs";

const [programs, data, ...names] = process.argv.slice(2);
const service = await Service.of(join(programs, "streaming_csv"), "--threads", "2", "--data-root", resolve(data));
const browser = await launch();
try {
  const page = await pageOf(browser, service), said = { empty: (await emptyFrames(page, 4000)).rate };
  await page.context().close();
  for (const name of names) said[name] = (await sweep(browser, service, name, {}, "data:" + name))[name].rate;
  console.log(JSON.stringify(said));
} finally {
  await browser.close();
  await service.end();
}
