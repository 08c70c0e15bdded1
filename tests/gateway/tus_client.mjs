// tus_client.mjs MODULES URL FILE KNOWN: uploads FILE to the tus server at URL with tus-js-client from the folder MODULES, with
// the token in LEAT_TOKEN, and prints how many bytes were sent as they are; what KNOWN, a file, says of an earlier attempt is
// gone on with. At last it prints where the upload is.
import { createReadStream, statSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, endpoint, path, known] = process.argv.slice(2);
const tus = createRequire(`${modules}/`)("tus-js-client");

const upload = new tus.Upload(createReadStream(path), {
  endpoint,
  headers: { Authorization: `Bearer ${process.env.LEAT_TOKEN}` },
  uploadSize: statSync(path).size,
  chunkSize: 256 << 20,
  metadata: { filename: "content" },
  urlStorage: new tus.FileUrlStorage(known),
  fingerprint: async () => path,
  retryDelays: [0, 100, 300, 1000, 3000],
  onProgress: (sent) => console.log(`sent ${sent}`),
  onError: (error) => {
    console.error(String(error));
    process.exit(1);
  },
  onSuccess: () => console.log(`at ${upload.url}`),
});
const [previous] = await upload.findPreviousUploads();
if (previous) upload.resumeFromPreviousUpload(previous);
upload.start();
