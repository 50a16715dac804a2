/** An entry of a TensorBoard event file. */
export interface SummaryEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  /** The first entry of a file says `brain.Event:2`. */
  readonly fileVersion?: string;
  /** This file goes on behind a run that was cut off: TensorBoard forgets what it knows of this step and later ones. */
  readonly restart?: boolean;
  /** Numbers by tag. */
  readonly scalars?: Readonly<Record<string, number>>;
}

/**
 * A `tensorflow.Event` message: wall_time (1, double), step (2, int64), file_version (3), summary (5) of values (1) with
 * tag (1) and simple_value (2, float), session_log (7) with status (1).
 *
 * @remarks `tensorflow/core/util/event.proto` and `summary.proto`; the wire format of Protocol Buffers. Numbers that are 0 in
 * `step` are left out, as proto3 does.
 */
export function encodeSummaryEvent({
  wallTime,
  step,
  fileVersion,
  restart = false,
  scalars = {},
}: SummaryEvent): Uint8Array {
  const values = Object.entries(scalars).flatMap(([tag, value]) =>
    bytesField(1, [
      ...bytesField(1, text(tag)),
      0x15,
      ...little(4, (view) => view.setFloat32(0, value, true)),
    ]),
  );
  return Uint8Array.from([
    0x09,
    ...little(8, (view) => view.setFloat64(0, wallTime, true)),
    ...(step === 0 ? [] : [0x10, ...varint(step)]),
    ...(fileVersion === undefined ? [] : bytesField(3, text(fileVersion))),
    ...(values.length === 0 ? [] : bytesField(5, values)),
    ...(restart ? bytesField(7, [0x08, 1]) : []),
  ]);
}

/** A length-delimited field. */
function bytesField(field: number, bytes: readonly number[]): number[] {
  return [(field << 3) | 2, ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

function little(size: number, write: (view: DataView) => void): number[] {
  const view = new DataView(new ArrayBuffer(size));
  write(view);
  return [...new Uint8Array(view.buffer)];
}

function text(value: string): number[] {
  return [...new TextEncoder().encode(value)];
}
