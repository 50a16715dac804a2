// `node tools/bench/submodular/extra-bytes-part.ts N COUNT` prints the figure of extra-bytes.ts

import { facilityLocation, maximize } from "@colm/submodular";
import { startArrayMeter } from "../array-meter.ts";
import { symmetric } from "./matrices.ts";

const [n, count] = process.argv.slice(2).map(Number);
const s = symmetric(n);
const bytes = await startArrayMeter().peak(async () => maximize(facilityLocation(s), { count }));
console.log(bytes / s.data.byteLength);
