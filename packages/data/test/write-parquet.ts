import { gzipSync } from "node:zlib";

/** A table of required UTF-8 columns, and what its file should say that is not so. */
export interface TableToWrite {
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Rows of a row group at most; all in one by default. */
  readonly rowsPerGroup?: number;
  readonly gzip?: boolean;
  /** Added to the number of rows in the footer. */
  readonly extraRows?: number;
  /** Added to the number of rows in each row group, and to the footer's. */
  readonly extraGroupRows?: number;
  /** Added to the values that each page claims. */
  readonly extraPageValues?: number;
  /** Added to the stored size that each page claims. */
  readonly extraPageBytes?: number;
  /** Added to the unpacked size that each page claims. */
  readonly extraUnpackedBytes?: number;
  /** Added to the place of each column. */
  readonly shift?: number;
}

type Field = readonly [id: number, type: number, bytes: number[]];
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** The bytes of a Parquet file: one plain page per column and row group, as the format's thrift definition says. */
export function parquetBytes(table: TableToWrite): Uint8Array {
  const { columns, rowsPerGroup = Number.POSITIVE_INFINITY, gzip = false } = table;
  const { extraRows = 0, extraGroupRows = 0, extraPageValues = 0, extraPageBytes = 0 } = table;
  const names = Object.keys(columns);
  const rows = columns[names[0] ?? ""]?.length ?? 0;
  const out: number[] = [...Buffer.from("PAR1")];
  const groups: number[][] = [];
  let claimed = extraRows;
  for (let start = 0; start < rows; start += rowsPerGroup) {
    const count = Math.min(rowsPerGroup, rows - start);
    const chunks = names.map((name) => {
      const plain = (columns[name] ?? []).slice(start, start + count).flatMap(byteArray);
      const data = gzip ? [...gzipSync(Uint8Array.from(plain))] : plain;
      const header = struct([
        [1, I32, varint(zigzag(0))],
        [2, I32, varint(zigzag(plain.length + (table.extraUnpackedBytes ?? 0)))],
        [3, I32, varint(zigzag(data.length + extraPageBytes))],
        [5, STRUCT, struct([number(1, count + extraPageValues), number(2, 0), number(3, 3), number(4, 3)])],
      ]);
      const place = out.length + (table.shift ?? 0);
      for (const byte of [...header, ...data]) out.push(byte);
      const meta = struct([
        number(1, 6),
        [2, LIST, list(I32, [varint(zigzag(0))])],
        [3, LIST, list(BINARY, [binary(name)])],
        number(4, gzip ? 2 : 0),
        long(5, count + extraGroupRows),
        long(6, plain.length + header.length),
        long(7, data.length + header.length),
        long(9, place),
      ]);
      return struct([long(2, place), [3, STRUCT, meta]]);
    });
    claimed += count + extraGroupRows;
    groups.push(struct([[1, LIST, list(STRUCT, chunks)], long(2, 0), long(3, count + extraGroupRows)]));
  }
  const leaves = names.map((name) =>
    struct([number(1, 6), number(3, 0), [4, BINARY, binary(name)], number(6, 0)]),
  );
  const root = struct([[4, BINARY, binary("schema")], number(5, names.length)]);
  const footer = struct([
    number(1, 1),
    [2, LIST, list(STRUCT, [root, ...leaves])],
    long(3, claimed),
    [4, LIST, list(STRUCT, groups)],
  ]);
  const length = new Uint8Array(Uint32Array.of(footer.length).buffer);
  return Uint8Array.from([...out, ...footer, ...length, ...Buffer.from("PAR1")]);
}

function byteArray(text: string): number[] {
  const bytes = Buffer.from(text);
  return [...new Uint8Array(Uint32Array.of(bytes.length).buffer), ...bytes];
}

const number = (id: number, value: number): Field => [id, I32, varint(zigzag(value))];
const long = (id: number, value: number): Field => [id, I64, varint(zigzag(value))];
const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

function varint(value: number): number[] {
  const low = value % 128;
  return value < 128 ? [low] : [low + 128, ...varint(Math.floor(value / 128))];
}

function binary(text: string): number[] {
  const bytes = Buffer.from(text);
  return [...varint(bytes.length), ...bytes];
}

function list(type: number, items: readonly number[][]): number[] {
  const head = items.length < 15 ? [items.length * 16 + type] : [240 + type, ...varint(items.length)];
  return [...head, ...items.flat()];
}

function struct(fields: readonly Field[]): number[] {
  let last = 0;
  const bytes = fields.flatMap(([id, type, content]) => {
    const head = (id - last) * 16 + type;
    last = id;
    return [head, ...content];
  });
  return [...bytes, 0];
}
