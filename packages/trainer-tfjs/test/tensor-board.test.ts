import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseBackend } from "@colm/lm-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { crc32c, maskedCrc32c } from "../src/crc32c.ts";
import { tensorBoard } from "../src/index.ts";
import { encodeSummaryEvent } from "../src/summary-event.ts";
import { tfRecord } from "../src/tf-record.ts";
import { tinyLora } from "./tiny.ts";
import { events, tinyRun } from "./tiny-run.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const hex = (data: Uint8Array): string => Buffer.from(data).toString("hex");

describe("crc32c", () => {
  it("gives the values of RFC 3720, B.4", () => {
    expect(crc32c(new Uint8Array(32)).toString(16)).toBe("8a9136aa");
    expect(crc32c(new Uint8Array(32).fill(255)).toString(16)).toBe("62a8ab43");
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)).toString(16)).toBe("46dd794e");
    expect(crc32c(new TextEncoder().encode("123456789")).toString(16)).toBe("e3069283");
  });

  it("is masked as in TensorFlow", () => {
    // e3069283 turned right by 15 bits is 2507c60d, plus a282ead8 is c78ab0e5
    expect(maskedCrc32c(new TextEncoder().encode("123456789")).toString(16)).toBe("c78ab0e5");
  });
});

describe("tfRecord", () => {
  it("is length, checksum, data, checksum", () => {
    const record = tfRecord(new TextEncoder().encode("123456789"));
    expect(record).toHaveLength(25);
    expect(hex(record.subarray(0, 8))).toBe("0900000000000000");
    expect(hex(record.subarray(12, 21))).toBe("313233343536373839");
    expect(hex(record.subarray(21))).toBe("e5b08ac7");
    expect(new DataView(record.buffer).getUint32(8, true)).toBe(maskedCrc32c(bytes("0900000000000000")));
  });
});

describe("encodeSummaryEvent", () => {
  it("is a message of tensorflow.Event, byte by byte", () => {
    // wall_time (field 1, 64 bits) 1.5 = 3ff8000000000000; file_version (field 3) of 13 letters
    expect(hex(encodeSummaryEvent({ wallTime: 1.5, step: 0, fileVersion: "brain.Event:2" }))).toBe(
      "09000000000000f83f1a0d627261696e2e4576656e743a32",
    );
    // step (field 2, varint) 300 = ac 02; summary (field 5) of 13 bytes: value (field 1) of 11 bytes: tag (field 1) "loss",
    // simple_value (field 2, 32 bits) 0.25 = 3e800000
    expect(hex(encodeSummaryEvent({ wallTime: 1.5, step: 300, scalars: { loss: 0.25 } }))).toBe(
      `09000000000000f83f 10ac02 2a0d 0a0b 0a04 6c6f7373 15 0000803e`.replaceAll(" ", ""),
    );
    // session_log (field 7) with status (field 1) START = 1
    expect(hex(encodeSummaryEvent({ wallTime: 0, step: 1, restart: true }))).toBe(
      "0900000000000000001001" + "3a020801",
    );
  });
});

/** The scalars of an event file: a second, independent reader of the two formats. */
function readEvents(file: string): { step: number; restart: boolean; scalars: Record<string, number> }[] {
  const data = readFileSync(file);
  const found = [];
  for (let at = 0; at < data.length; ) {
    const length = Number(data.readBigUInt64LE(at));
    const body = data.subarray(at + 12, at + 12 + length);
    expect(data.readUInt32LE(at + 8)).toBe(maskedCrc32c(data.subarray(at, at + 8)));
    expect(data.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(body));
    const fields = readFields(body);
    const summary = fields.get(5)?.[0];
    const values = summary instanceof Buffer ? (readFields(summary).get(1) ?? []) : [];
    const scalars = values.map((value) => {
      const parts = value instanceof Buffer ? readFields(value) : new Map<number, (Buffer | number)[]>();
      return [String(parts.get(1)?.[0]), Number(parts.get(2)?.[0])] as const;
    });
    found.push({
      step: Number(fields.get(2)?.[0] ?? 0),
      restart: fields.has(7),
      scalars: Object.fromEntries(scalars),
    });
    at += length + 16;
  }
  return found;
}

function readFields(data: Buffer): Map<number, (Buffer | number)[]> {
  const fields = new Map<number, (Buffer | number)[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = data[at++];
      value += (byte % 128) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < data.length) {
    const key = varint();
    const take = (length: number): Buffer => {
      at += length;
      return data.subarray(at - length, at);
    };
    const read = [
      varint,
      () => take(8).readDoubleLE(),
      () => take(varint()),
      undefined,
      undefined,
      () => take(4).readFloatLE(),
    ][key % 8];
    if (read === undefined) throw new Error(`wire type ${key % 8}`);
    const value = read();
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

describe("tensorBoard", () => {
  beforeAll(async () => {
    await chooseBackend("wasm");
  });

  it("writes what a run tells, readable by the formats' rules", async () => {
    const outputDir = mkdtempSync(join(tmpdir(), "colm-board-"));
    const model = tinyLora();
    const { trainDataset: evalDataset } = tinyRun;
    const seen = await events({ ...tinyRun, model, evalDataset, outputDir, reportTo: "tensorboard" });
    const [name, ...others] = readdirSync(join(outputDir, "runs"));
    expect(others).toEqual([]);
    expect(name).toMatch(/^events\.out\.tfevents\.\d+\./);
    const read = readEvents(join(outputDir, "runs", name));
    expect(read[0]).toEqual({ step: 0, restart: false, scalars: {} });
    const losses = seen.flatMap((event) => (event.type === "step" ? Math.fround(event.loss) : []));
    expect(read.slice(1, 5).map(({ scalars }) => scalars["train/loss"])).toEqual(losses);
    expect(read.slice(1, 5).map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    const stages = Object.keys(read[1].scalars).filter((tag) => /^seconds\/training/.test(tag));
    expect(stages).toEqual(["seconds/trainingForward", "seconds/trainingBackward"]);
    const last = seen.find((event) => event.type === "evaluate");
    expect(read.at(-1)?.scalars["eval/loss"]).toBe(Math.fround(last?.evaluation.micro ?? 0));
    model.dispose();
  });

  it("tells TensorBoard what a resumed run makes anew", async () => {
    const folder = mkdtempSync(join(tmpdir(), "colm-board-"));
    const sink = tensorBoard(folder, { resumedAt: 7, clock: () => 1000 });
    const model = tinyLora();
    const [event] = await events({ ...tinyRun, model, maxSteps: 1, sinks: [sink] });
    const read = readEvents(join(folder, readdirSync(folder)[0]));
    expect(read.map(({ step, restart }) => [step, restart])).toEqual([
      [0, false],
      [8, true],
      [event.step, false],
    ]);
    model.dispose();
  });
});
